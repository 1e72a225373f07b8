import base64
import os

import httpx

token = base64.b64encode(f":{os.environ['ADO_PAT']}".encode()).decode()
client = httpx.Client(
    headers={"Authorization": f"Basic {token}", "Accept": "application/json"},
    base_url="https://dev.azure.com/fabrikam/",
)


def title(number):
    response = client.get(f"_apis/wit/workitems/{number}")
    assert response.status_code == 200, response.status_code
    return response.json()["fields"]["System.Title"]


print(title(7))
print(title(9))
