import base64
import os

import requests

AZURE_DEVOPS_PAT = os.environ["ADO_PAT"]
HEADERS = {
    "Authorization": "Basic " + base64.b64encode(f":{AZURE_DEVOPS_PAT}".encode()).decode(),
    "Content-Type": "application/json",
}


def title(number):
    url = f"https://dev.azure.com/fabrikam/_apis/wit/workitems/{number}?api-version=7.1"
    response = requests.get(url, headers=HEADERS)
    if response.status_code != 200:
        raise SystemExit(f"{response.status_code} for {url}")
    return response.json()["fields"]["System.Title"]


for number in (7, 8, 9):
    print(title(number))
