from base64 import b64encode as encode
from os import environ
from requests import get, Session as Web

token = encode((":" + environ["ADO_PAT"]).encode()).decode()
print(get("https://dev.azure.com/fabrikam/_apis/projects", headers={"Authorization": "Basic " + token}).json()["count"])

web = Web()
web.headers["Authorization"] = "Basic " + token
print(web.get("https://dev.azure.com/fabrikam/_apis/git/repositories").json()["count"])
