import base64
import os
import subprocess
import tempfile
from pathlib import Path

import requests

PAT = os.environ["ADO_PAT"]
ENCODED = base64.b64encode(f":{PAT}".encode()).decode()


def clone(folder):
    header = f"http.extraheader=AUTHORIZATION: Basic {ENCODED}"
    command = ["git", "-c", header, "clone", "-q", "https://dev.azure.com/fabrikam/Fiber/_git/tools", folder]
    subprocess.run(command, check=True)


def repositories():
    url = "https://dev.azure.com/fabrikam/Fiber/_apis/git/repositories"
    return requests.get(url, headers={"Authorization": f"Basic {ENCODED}"}).json()["count"]


with tempfile.TemporaryDirectory() as target:
    clone(target)
    print(Path(target, "README.md").read_text().strip())
print(repositories())
