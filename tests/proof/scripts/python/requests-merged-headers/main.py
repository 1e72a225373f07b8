import base64
import os

import requests

BASE = "https://dev.azure.com/fabrikam/Fiber"


def common_headers():
    pat = os.environ["ADO_PAT"]
    token = base64.b64encode(f":{pat}".encode()).decode()
    return {"Authorization": f"Basic {token}"}


def rename(number, title):
    change = [{"op": "replace", "path": "/fields/System.Title", "value": title}]
    response = requests.patch(
        f"{BASE}/_apis/wit/workitems/{number}?api-version=7.1",
        json=change,
        headers={**common_headers(), "Content-Type": "application/json-patch+json"},
    )
    response.raise_for_status()
    return response.json()["fields"]["System.Title"]


print("7 is now:", rename(7, "Mend the loom soon"))
