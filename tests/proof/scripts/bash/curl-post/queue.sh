#!/bin/bash
set -e

AUTH_HEADER="Authorization: Basic $(echo -n ":$ADO_PAT" | base64 | tr -d '\n')"

response=$(curl -s -X POST \
  -H "$AUTH_HEADER" \
  -H "Content-Type: application/json" \
  -d '{"definition": {"id": 3}}' \
  "https://dev.azure.com/fabrikam/Fiber/_apis/build/builds?api-version=7.1")

echo "queued $(echo "$response" | sed 's/.*"id": \([0-9]*\), "status".*/\1/')"
