#!/usr/bin/env bash
PAT="<<azure-devops-pat>>"
curl -sS -u ":$PAT" https://dev.azure.com/fabrikam/_apis/projects | grep -o '"count": [0-9]*'
