import os
from base64 import b64encode

import requests


class Service:
    base = ""
    headers = {
        "Authorization": "Basic " + b64encode(f":{os.environ['ADO_PAT']}".encode()).decode(),
        "Accept": "application/json",
    }

    def get(self, path):
        response = requests.get(self.base + path, headers=self.headers)
        response.raise_for_status()
        return response.json()


class Fabrikam(Service):
    base = "https://dev.azure.com/fabrikam/"

    def projects(self):
        return self.get("_apis/projects")["count"]

    def repositories(self):
        return self.get("_apis/git/repositories")["count"]


service = Fabrikam()
assert service.repositories() == 2
print(service.projects(), "projects")
