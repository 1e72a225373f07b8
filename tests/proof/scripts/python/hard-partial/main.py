import functools
import os

import requests

get = functools.partial(requests.get, auth=("", os.environ["ADO_PAT"]), timeout=30)
base = "https://dev.azure.com/fabrikam/_apis"
print(get(f"{base}/projects").json()["count"], get(f"{base}/git/repositories").json()["count"])
