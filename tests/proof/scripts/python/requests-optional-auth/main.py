import os
from typing import Optional

import requests


class Client:
    def __init__(self, organization: str, pat: Optional[str] = None):
        self.organization = organization
        self.pat = pat or os.environ.get("ADO_PAT")
        self.session = requests.Session()
        self.session.auth = ("", self.pat)

    def me(self) -> str:
        url = f"https://dev.azure.com/{self.organization}/_apis/connectionData"
        response = self.session.get(url)
        response.raise_for_status()
        return response.json()["authenticatedUser"]["providerDisplayName"]


print(Client("fabrikam").me())
