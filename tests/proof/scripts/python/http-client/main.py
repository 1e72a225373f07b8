import base64
import http.client
import json
import os

PAT = os.environ["ADO_PAT"]

connection = http.client.HTTPSConnection("dev.azure.com")
headers = {"Authorization": "Basic " + base64.b64encode(f":{PAT}".encode()).decode()}
connection.request("GET", "/fabrikam/_apis/projects?api-version=7.1", headers=headers)
response = connection.getresponse()
content = json.loads(response.read())
connection.close()
for project in content["value"]:
    print(project["name"])
