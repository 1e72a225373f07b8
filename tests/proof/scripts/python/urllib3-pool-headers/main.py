import base64
import os

import urllib3


def pool(pat):
    encoded = base64.b64encode(f":{pat}".encode()).decode()
    return urllib3.PoolManager(headers={"Authorization": f"Basic {encoded}", "Accept": "application/json"})


http = pool(os.environ["ADO_PAT"])
for number in (7, 8):
    response = http.request("GET", f"https://dev.azure.com/fabrikam/_apis/wit/workitems/{number}")
    print(response.json()["fields"]["System.Title"])
