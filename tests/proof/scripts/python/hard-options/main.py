import os

import requests

OPTIONS = {"auth": ("", os.environ["ADO_PAT"]), "timeout": 30}

for path in ("projects", "git/repositories"):
    print(requests.get(f"https://dev.azure.com/fabrikam/_apis/{path}", **OPTIONS).json()["count"])
