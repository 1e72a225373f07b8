import base64
import json
import os
import urllib.request

pat = os.environ["ADO_PAT"]
token = base64.b64encode(f":{pat}".encode()).decode()
request = urllib.request.Request(
    "https://dev.azure.com/fabrikam/_apis/projects?api-version=7.1",
    headers={"Authorization": f"Basic {token}"},
)
with urllib.request.urlopen(request) as response:
    print(json.load(response)["count"], "projects")
