import os

import requests

entra_token = "an own name"


def entra_auth():
    return entra_token


class DefaultAzureCredential:
    """Nothing of Azure's."""


def first_project():
    response = requests.get("https://dev.azure.com/fabrikam/_apis/projects", auth=("", os.environ["ADO_PAT"]))
    return response.json()["value"][0]["name"]


print(entra_auth())
print(first_project())
