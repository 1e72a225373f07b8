import os

import requests

session = requests.Session()
request = requests.Request(
    "GET", "https://dev.azure.com/fabrikam/_apis/projects", auth=("", os.environ["ADO_PAT"])
)
prepared = session.prepare_request(request)
settings = session.merge_environment_settings(prepared.url, {}, None, None, None)
response = session.send(prepared, timeout=30, **settings)
response.raise_for_status()
print(response.json()["count"])
