import base64
import json
import os

import requests

organization, project = "fabrikam", "Fiber"
pat = os.environ["ADO_PAT"]
authorization = str(base64.b64encode(bytes(":" + pat, "ascii")), "ascii")

headers = {
    "Accept": "application/json",
    "Content-Type": "application/json",
    "Authorization": "Basic " + authorization,
}

query = {"query": "SELECT [System.Id] FROM workitems WHERE [System.State] <> 'Closed'"}
response = requests.post(
    url=f"https://dev.azure.com/{organization}/{project}/_apis/wit/wiql?api-version=7.1",
    headers=headers,
    data=json.dumps(query),
)
response.raise_for_status()
print([item["id"] for item in response.json()["workItems"]])
