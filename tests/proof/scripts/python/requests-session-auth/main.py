import os

import requests

PAT = os.environ["ADO_PAT"]

with requests.Session() as session:
    session.auth = ("", PAT)
    found = session.post(
        "https://dev.azure.com/fabrikam/Fiber/_apis/wit/wiql?api-version=7.1",
        json={"query": "SELECT [System.Id] FROM workitems"},
    )
    found.raise_for_status()
    for reference in found.json()["workItems"]:
        url = f"https://dev.azure.com/fabrikam/Fiber/_apis/wit/workitems/{reference['id']}?api-version=7.1"
        item = session.get(url).json()
        print(item["id"], item["fields"]["System.Title"])
