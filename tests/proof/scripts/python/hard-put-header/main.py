import base64
import http.client
import json
import os

connection = http.client.HTTPSConnection("dev.azure.com", timeout=30)
connection.putrequest("GET", "/fabrikam/_apis/projects")
connection.putheader("Authorization", "Basic " + base64.b64encode(f":{os.environ['ADO_PAT']}".encode()).decode())
connection.endheaders()
print(json.loads(connection.getresponse().read())["count"])
