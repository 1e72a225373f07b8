import os
from base64 import b64encode

import requests

BASE = "https://dev.azure.com/fabrikam"

session = requests.Session()
session.headers.update(
    {
        "Authorization": "Basic " + b64encode((":" + os.environ["ADO_PAT"]).encode()).decode(),
        "User-Agent": "project-report/1.0",
    }
)


def state_of(name):
    response = session.get(f"{BASE}/_apis/projects/{name}", params={"api-version": "7.1"})
    response.raise_for_status()
    return response.json()["state"]


projects = session.get(f"{BASE}/_apis/projects", params={"api-version": "7.1"}).json()["value"]
for project in projects:
    print(project["name"], state_of(project["name"]))
