#!/usr/bin/env bash
set -eu
curl -sSfL -u "user:$ADO_PAT" -o attachment.txt "https://dev.azure.com/fabrikam/Fiber/_apis/wit/attachments/1"
cat attachment.txt
rm attachment.txt
