import os

import httpx

PAT = os.environ["ADO_PAT"]

with httpx.Client(base_url="https://dev.azure.com/fabrikam", auth=("", PAT), timeout=30) as client:
    projects = client.get("/_apis/projects", params={"api-version": "7.1"}).json()["value"]
    for project in projects:
        name = project["name"]
        answer = client.get(f"/{name}/_apis/git/repositories", params={"api-version": "7.1"})
        print(name, answer.json()["count"])
