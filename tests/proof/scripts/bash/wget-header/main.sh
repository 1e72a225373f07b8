#!/usr/bin/env bash
set -euo pipefail
token=$(echo -n ":${ADO_PAT}" | base64 -w 0)
wget -q -O - --header="Authorization: Basic ${token}" \
  "https://dev.azure.com/fabrikam/Fiber/_apis/build/builds?api-version=7.1" | grep -o succeeded
