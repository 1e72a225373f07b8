import base64
import os

import requests

headers = {"User-Agent": "loom/1.0"}
print_file = requests.get("https://fabrikamfiles.blob.core.windows.net/attachments/1?sig=signed", headers=headers)

token = base64.b64encode(f":{os.environ['ADO_PAT']}".encode()).decode()
headers["Authorization"] = f"Basic {token}"
projects = requests.get("https://dev.azure.com/fabrikam/_apis/projects", headers=headers)
print(projects.json()["count"])
print(print_file.text)
