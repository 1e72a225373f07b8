import os

import requests
from requests.auth import HTTPBasicAuth

BUILD_SERVER = "https://ci.fabrikam.example"


def job_colour(name):
    auth = HTTPBasicAuth("deploy", os.environ["BUILD_SERVER_PASSWORD"])
    response = requests.get(f"{BUILD_SERVER}/job/{name}/api/json", auth=auth)
    response.raise_for_status()
    return response.json()["color"]


def project_count():
    auth = HTTPBasicAuth("", os.environ["ADO_PAT"])
    response = requests.get("https://dev.azure.com/fabrikam/_apis/projects", auth=auth)
    response.raise_for_status()
    return response.json()["count"]


print("build server:", job_colour("loom"))
print("Azure DevOps:", project_count(), "projects")
