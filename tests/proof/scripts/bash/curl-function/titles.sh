#!/usr/bin/env bash
# Prints the titles of work items.
set -euo pipefail

: "${ADO_ORGANIZATION:=fabrikam}"

api() {
  local path=$1
  curl --silent --show-error --fail --user ":${ADO_PAT}" \
    "https://dev.azure.com/${ADO_ORGANIZATION}/_apis/${path}"
}

for number in 7 8 9; do
  item=$(api "wit/workitems/${number}?api-version=7.1")
  echo "$item" | sed -n 's/.*"System.Title": "\([^"]*\)".*/\1/p'
done
