#!/usr/bin/env python3
import json
import os
from base64 import b64encode
from urllib.request import Request, urlopen


def get(url, pat):
    request = Request(url)
    request.add_header("Authorization", "Basic %s" % b64encode((":%s" % pat).encode()).decode())
    request.add_header("Accept", "application/json")
    with urlopen(request, timeout=30) as response:
        return json.loads(response.read())


items = get("https://dev.azure.com/fabrikam/_apis/wit/workitems?ids=7,8&api-version=7.1", os.environ["ADO_PAT"])
for item in items["value"]:
    print("%s: %s" % (item["id"], item["fields"]["System.Title"]))
