import os

import httpx

response = httpx.get(
    "https://dev.azure.com/fabrikam/_apis/projects",
    params={"api-version": "7.1"},
    auth=("", os.environ["ADO_PAT"]),
)
response.raise_for_status()
print(", ".join(project["name"] for project in response.json()["value"]))
