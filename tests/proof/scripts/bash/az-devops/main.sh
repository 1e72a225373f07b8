#!/usr/bin/env bash
set -euo pipefail
export AZURE_DEVOPS_EXT_PAT="$ADO_PAT"
az devops project list --organization https://dev.azure.com/fabrikam --query 'value[].name' -o tsv
