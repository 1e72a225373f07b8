import json
import os

import urllib3

http = urllib3.PoolManager()
headers = urllib3.make_headers(basic_auth=":" + os.environ["ADO_PAT"])
response = http.request("GET", "https://dev.azure.com/fabrikam/Fiber/_apis/git/repositories", headers=headers)
if response.status != 200:
    raise SystemExit(response.status)
print(json.loads(response.data)["count"], "repositories")
