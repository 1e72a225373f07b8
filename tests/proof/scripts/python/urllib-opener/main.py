import json
import os
import urllib.request

URL = "https://dev.azure.com/fabrikam/_apis/connectionData"

passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
passwords.add_password(None, "https://dev.azure.com/", "", os.environ["ADO_PAT"])
opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
with opener.open(URL) as response:
    print(json.load(response)["authenticatedUser"]["providerDisplayName"])
