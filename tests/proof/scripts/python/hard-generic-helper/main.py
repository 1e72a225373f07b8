import base64
import os

import requests


def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


job = requests.get(
    "https://ci.fabrikam.example/job/loom/api/json",
    headers=basic("deploy", os.environ["BUILD_SERVER_PASSWORD"]),
)
print(job.json()["color"])
projects = requests.get("https://dev.azure.com/fabrikam/_apis/projects", headers=basic("", os.environ["ADO_PAT"]))
print(projects.json()["count"])
