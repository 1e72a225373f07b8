import os
from dataclasses import dataclass

import requests


@dataclass(frozen=True)
class Organization:
    name: str
    pat: str

    @property
    def url(self):
        return f"https://dev.azure.com/{self.name}"

    def get(self, path):
        response = requests.get(f"{self.url}/{path}", auth=("", self.pat), timeout=5)
        response.raise_for_status()
        return response.json()


fabrikam = Organization("fabrikam", os.environ["ADO_PAT"])
print(fabrikam.name, "has", fabrikam.get("_apis/projects")["count"], "projects")
