"""Authenticators that a program writes itself: they sign in as the libraries' own do."""

from __future__ import annotations

import pytest
from programs import check

START = """\
import base64, os, requests
from dataclasses import dataclass, field
from functools import cached_property
from requests.auth import AuthBase, HTTPBasicAuth
URL = "https://dev.azure.com/contoso/_apis/projects"
"""

AUTHENTICATORS = {
    "header set in __call__": """
class Pat(AuthBase):
    def __init__(self, pat):
        self.pat = pat
    def __call__(self, request):
        token = base64.b64encode(f":{self.pat}".encode()).decode()
        request.headers["Authorization"] = f"Basic {token}"  # <- PAT201 env:ADO_PAT
        return request
requests.get(URL, auth=Pat(os.environ["ADO_PAT"]))
""",
    "without a base class": """
class Pat:
    def __init__(self, value):
        self.value = value
    def __call__(self, r):
        token = base64.b64encode((":" + self.value).encode()).decode()
        r.headers.update({"Authorization": "Basic " + token})  # <- PAT201 env:ADO_PAT
        return r
requests.get(URL, auth=Pat(os.environ["ADO_PAT"]))
""",
    "a function": """
def sign(request):
    token = base64.b64encode((":" + os.environ["ADO_PAT"]).encode()).decode()
    request.headers["Authorization"] = "Basic " + token  # <- PAT201 env:ADO_PAT
    return request
requests.get(URL, auth=sign)
""",
    "derived from the helper": """
class Pat(HTTPBasicAuth):
    def __init__(self, pat):
        super().__init__("", pat)  # <- PAT202 env:ADO_PAT
requests.get(URL, auth=Pat(os.environ["ADO_PAT"]))
""",
    "one's own BasicAuth": """
class BasicAuth:
    def __init__(self, user, password):
        self.user = user
        self.password = password
    def header(self):
        pair = f"{self.user}:{self.password}"
        return "Basic " + base64.b64encode(pair.encode()).decode()  # <- PAT201 env:ADO_PAT
auth = BasicAuth("", os.environ["ADO_PAT"])
requests.get(URL, headers={"Authorization": auth.header()})
""",
}


@pytest.mark.parametrize("program", AUTHENTICATORS.values(), ids=AUTHENTICATORS)
def test_authenticators_of_ones_own(program: str) -> None:
    check(START + program)
