import base64
import os

import requests


def project(name, pat=None):
    headers = {"Accept": "application/json"}
    if pat:
        headers["Authorization"] = "Basic " + base64.b64encode(f":{pat}".encode()).decode()
    response = requests.get(f"https://dev.azure.com/fabrikam/_apis/projects/{name}", headers=headers, timeout=10)
    response.raise_for_status()
    return response.json()


loom = project("Loom", os.environ.get("ADO_PAT"))
print(loom["name"], loom["state"])
