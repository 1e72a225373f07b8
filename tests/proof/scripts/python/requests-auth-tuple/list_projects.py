import os

import requests

ORGANIZATION = "https://dev.azure.com/fabrikam"

response = requests.get(
    f"{ORGANIZATION}/_apis/projects?api-version=7.1",
    auth=("", os.environ["ADO_PAT"]),
    timeout=30,
)
response.raise_for_status()
for project in response.json()["value"]:
    print(project["name"])
