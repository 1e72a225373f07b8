import base64
import os

import requests

pat = os.environ["ADO_PAT"]
token = base64.b64encode(f":{pat}".encode("ascii")).decode("ascii")  # the user name stays empty
url = "https://dev.azure.com/fabrikam/_apis/projects?api-version=7.1"
response = requests.get(url, headers={"Authorization": f"Basic {token}"})
response.raise_for_status()
print(", ".join(project["name"] for project in response.json()["value"]))
