#!/usr/bin/env bash
set -euo pipefail

organization="https://dev.azure.com/fabrikam"

curl -sS --fail -u ":$ADO_PAT" "$organization/_apis/projects?api-version=7.1" |
  grep -o '"name": "[A-Za-z]*"' | cut -d '"' -f 4
