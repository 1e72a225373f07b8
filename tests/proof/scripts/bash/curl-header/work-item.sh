#!/usr/bin/env bash
set -euo pipefail

B64_PAT=$(printf ':%s' "$ADO_PAT" | base64 -w0)
url="https://dev.azure.com/fabrikam/_apis/wit/workitems/$1?api-version=7.1"
answer=$(curl -sS -H "Authorization: Basic $B64_PAT" -H "Accept: application/json" "$url")
echo "$answer" | sed -n 's/.*"System.Title": "\([^"]*\)".*/\1/p'
