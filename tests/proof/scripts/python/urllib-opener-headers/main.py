import base64
import json
import os
import urllib.request

credentials = base64.b64encode(b":" + os.environ["ADO_PAT"].encode()).decode()
opener = urllib.request.build_opener()
opener.addheaders = [("Authorization", "Basic " + credentials)]
with opener.open("https://dev.azure.com/fabrikam/_apis/projects/Loom") as response:
    print(json.loads(response.read())["state"])
