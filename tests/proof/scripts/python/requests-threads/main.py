import base64
import os
from concurrent.futures import ThreadPoolExecutor

import requests

BASE = "https://dev.azure.com/fabrikam"


def headers():
    token = base64.b64encode(f":{os.environ['ADO_PAT']}".encode()).decode()
    return {"Authorization": f"Basic {token}", "X-TFS-FedAuthRedirect": "Suppress"}


def repositories(project):
    response = requests.get(f"{BASE}/{project}/_apis/git/repositories", headers=headers())
    response.raise_for_status()
    return f"{project}={response.json()['count']}"


with ThreadPoolExecutor(3) as pool:
    print(*pool.map(repositories, ["Fiber", "Loom", "Tailspin"]))
