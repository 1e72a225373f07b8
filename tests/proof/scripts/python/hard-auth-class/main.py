import base64
import os

import requests
from requests.auth import AuthBase


class PatAuth(AuthBase):
    """Signs in with a personal access token."""

    def __init__(self, pat):
        self.pat = pat

    def __call__(self, request):
        token = base64.b64encode(f":{self.pat}".encode()).decode()
        request.headers["Authorization"] = f"Basic {token}"
        return request


session = requests.Session()
session.auth = PatAuth(os.environ["ADO_PAT"])
print(session.get("https://dev.azure.com/fabrikam/_apis/projects").json()["value"][0]["name"])
print(session.get("https://dev.azure.com/fabrikam/_apis/git/repositories").json()["count"])
