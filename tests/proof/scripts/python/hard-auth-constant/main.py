import os

import requests

URL = "https://dev.azure.com/fabrikam/Fiber/_apis/wit"
AUTH = ("", os.environ["ADO_PAT"])

ids = [
    item["id"]
    for item in requests.post(
        f"{URL}/wiql",
        params={"api-version": "7.1"},
        json={"query": "select [System.Id] from workitems"},
        auth=AUTH,
    ).json()["workItems"]
]
print(ids)
print(
    requests.get(
        f"{URL}/workitems/{ids[0]}",
        auth=AUTH,  # the same
    ).json()["fields"]["System.Title"]
)
