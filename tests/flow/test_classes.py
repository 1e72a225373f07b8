"""Credentials in instances: set in one method and used in another, inherited or computed."""

from __future__ import annotations

import pytest
from programs import URL, check, notes

START = """\
import base64, os, requests
from dataclasses import dataclass, field
from functools import cached_property
from requests.auth import AuthBase, HTTPBasicAuth
URL = "https://dev.azure.com/contoso/_apis/projects"
"""

INSTANCES = {
    "header made in the constructor": """
class Client:
    def __init__(self, pat):
        token = base64.b64encode(f":{pat}".encode()).decode()
        self.headers = {"Authorization": f"Basic {token}"}  # <- PAT201 parameter:pat <URL>
    def projects(self):
        return requests.get(URL, headers=self.headers)
""",
    "credential kept, header made in a method": """
class Client:
    def __init__(self, pat):
        self.pat = pat
    def headers(self):
        token = base64.b64encode(f":{self.pat}".encode()).decode()
        return {"Authorization": "Basic " + token}  # <- PAT201 parameter:pat
    def projects(self):
        return requests.get(URL, headers=self.headers())
""",
    "encoded in the constructor, header made in a method": """
class Client:
    def __init__(self, pat):
        self.token = base64.b64encode(f":{pat}".encode()).decode()
    def projects(self):
        requests.get(URL, headers={"Authorization": "Basic " + self.token})  # <- PAT201 parameter:pat
""",
    "pair kept": """
class Client:
    def __init__(self):
        self.auth = ("", os.environ["ADO_PAT"])  # <- PAT202 env:ADO_PAT <URL>
    def projects(self):
        return requests.get(URL, auth=self.auth)
""",
    "helper kept": """
class Client:
    def __init__(self, pat):
        self._auth = HTTPBasicAuth("", pat)  # <- PAT202 parameter:pat <URL>
    def projects(self):
        return requests.get(URL, auth=self._auth)
""",
    "session kept": """
class Client:
    def __init__(self, pat):
        self.session = requests.Session()
        self.session.auth = ("", pat)  # <- PAT202 parameter:pat
    def projects(self):
        return self.session.get(URL)
""",
    "session kept, header set later": """
class Client:
    def __init__(self):
        self.session = requests.Session()
    def sign_in(self, pat):
        token = base64.b64encode(f":{pat}".encode()).decode()
        self.session.headers["Authorization"] = "Basic " + token  # <- PAT201 parameter:pat
    def projects(self):
        return self.session.get(URL)
""",
    "session headers updated by another method's result": """
class Client:
    def __init__(self, pat):
        self._pat = pat
        self._session = requests.Session()
        self._session.headers.update(self._make())
    def _make(self):
        raw = base64.b64encode((":" + self._pat).encode())
        return {"Authorization": "Basic " + raw.decode()}  # <- PAT201 parameter:pat
    def projects(self):
        return self._session.get(URL)
""",
    "set from outside": """
class Client:
    pat = None
    def projects(self):
        return requests.get(URL, auth=("", self.pat))  # <- PAT202 env:ADO_PAT
client = Client()
client.pat = os.environ["ADO_PAT"]
client.projects()
""",
    "read by the constructor": """
class Client:
    def __init__(self):
        self.secret = os.environ["ADO_PAT"]
    def projects(self):
        return requests.get(URL, auth=("", self.secret))  # <- PAT202 env:ADO_PAT
""",
    "read by another method": """
class Client:
    def load(self):
        self.secret = os.environ["ADO_PAT"]
    def projects(self):
        return requests.get(URL, auth=("", self.secret))  # <- PAT202 env:ADO_PAT
""",
    "class attribute": """
class Client:
    secret = os.environ["ADO_PAT"]
    def projects(self):
        return requests.get(URL, auth=("", self.secret))  # <- PAT202 env:ADO_PAT
""",
    "class attribute by the class's name": """
class Settings:
    SECRET = os.environ["ADO_PAT"]
requests.get(URL, auth=("", Settings.SECRET))  # <- PAT202 env:ADO_PAT
""",
    "class attribute by type": """
class Client:
    URL = "https://dev.azure.com/contoso"
    secret = os.environ["ADO_PAT"]
    @classmethod
    def projects(cls):
        return requests.get(cls.URL, auth=("", cls.secret))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
""",
    "property": """
class Client:
    def __init__(self, pat):
        self._pat = pat
    @property
    def headers(self):
        token = base64.b64encode(f":{self._pat}".encode()).decode()
        return {"Authorization": f"Basic {token}"}  # <- PAT201 parameter:pat
    def projects(self):
        return requests.get(URL, headers=self.headers)
""",
    "cached property": """
class Client:
    @cached_property
    def secret(self):
        return os.environ["ADO_PAT"]
    def projects(self):
        return requests.get(URL, auth=("", self.secret))  # <- PAT202 env:ADO_PAT
""",
    "property of a property": """
class Client:
    @property
    def secret(self):
        return os.environ["ADO_PAT"]
    @property
    def auth(self):
        return HTTPBasicAuth("", self.secret)  # <- PAT202 env:ADO_PAT <URL>
    def projects(self):
        return requests.get(URL, auth=self.auth)
""",
    "static method": """
class Client:
    @staticmethod
    def header(secret):
        return "Basic " + base64.b64encode(f":{secret}".encode()).decode()  # <- PAT201 env:ADO_PAT
    def projects(self):
        return requests.get(URL, headers={"Authorization": self.header(os.environ["ADO_PAT"])})
""",
    "url kept in pieces": """
class Client:
    def __init__(self, organization, pat):
        self.base = f"https://dev.azure.com/{organization}"
        self.api = self.base + "/_apis"
        self.pat = pat
    def projects(self):
        return requests.get(f"{self.api}/projects", auth=("", self.pat))  # <- PAT202 parameter:pat https://dev.azure.com/{}/_apis/projects
""",
    "one method for all requests": """
class Client:
    def __init__(self, pat):
        self.auth = ("", pat)  # <- PAT202 parameter:pat <URL>
    def _get(self, path):
        return requests.get("https://dev.azure.com/contoso/_apis/" + path, auth=self.auth)
    def projects(self):
        return self._get("projects")
""",
    "instance of another class": """
class Keys:
    def __init__(self):
        self.ado = os.environ["ADO_PAT"]
class Client:
    def __init__(self, keys):
        self.keys = keys
    def projects(self):
        return requests.get(URL, auth=("", self.keys.ado))  # <- PAT202 env:ADO_PAT
Client(Keys()).projects()
""",
    "context manager of one's own": """
class Client:
    def __enter__(self):
        self.secret = os.environ["ADO_PAT"]
        return self
    def __exit__(self, *error):
        pass
    def projects(self):
        return requests.get(URL, auth=("", self.secret))  # <- PAT202 env:ADO_PAT
with Client() as client:
    client.projects()
""",
}


@pytest.mark.parametrize("program", INSTANCES.values(), ids=INSTANCES)
def test_instances_hold_credentials(program: str) -> None:
    check(START + program)


INHERITED = {
    "constructor of the base": """
class Base:
    def __init__(self, pat):
        token = base64.b64encode(f":{pat}".encode()).decode()
        self.headers = {"Authorization": "Basic " + token}  # <- PAT201 parameter:pat
class Client(Base):
    def projects(self):
        return requests.get(URL, headers=self.headers)
""",
    "constructor of the base by super": """
class Base:
    def __init__(self, secret):
        self.secret = secret
class Client(Base):
    def __init__(self):
        super().__init__(os.environ["ADO_PAT"])
    def projects(self):
        return requests.get(URL, auth=("", self.secret))  # <- PAT202 env:ADO_PAT
""",
    "constructor of the base by its name": """
class Base:
    def __init__(self, secret):
        self.secret = secret
class Client(Base):
    def __init__(self):
        Base.__init__(self, os.environ["ADO_PAT"])
    def projects(self):
        return requests.get(URL, auth=("", self.secret))  # <- PAT202 env:ADO_PAT
""",
    "two bases up": """
class One:
    def __init__(self, secret):
        self.secret = secret
class Two(One):
    def __init__(self, secret, url):
        super().__init__(secret)
        self.url = url
class Three(Two):
    def __init__(self):
        super().__init__(os.environ["ADO_PAT"], "https://dev.azure.com/contoso")
    def projects(self):
        return requests.get(self.url, auth=("", self.secret))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
""",
    "hook of the derived class": """
class Base:
    def projects(self):
        return requests.get(URL, headers=self.headers())
class Client(Base):
    def headers(self):
        token = base64.b64encode((":" + os.environ["ADO_PAT"]).encode()).decode()
        return {"Authorization": "Basic " + token}  # <- PAT201 env:ADO_PAT
""",
    "class attribute of the base": """
class Base:
    secret = os.environ["ADO_PAT"]
class Client(Base):
    def projects(self):
        return requests.get(URL, auth=("", self.secret))  # <- PAT202 env:ADO_PAT
""",
    "class attribute overridden": """
class Base:
    url = None
    def projects(self, secret):
        return requests.get(self.url, auth=("", os.environ["ADO_PAT"]))  # <- PAT202 env:ADO_PAT
class Client(Base):
    url = "https://dev.azure.com/contoso"
""",
    "derived from a session": """
class Client(requests.Session):
    def __init__(self, pat):
        super().__init__()
        self.auth = ("", pat)  # <- PAT202 parameter:pat
    def projects(self):
        return self.get(URL)
""",
    "derived from a session, header set": """
class Client(requests.Session):
    def __init__(self, pat):
        super().__init__()
        token = base64.b64encode(f":{pat}".encode()).decode()
        self.headers.update({"Authorization": "Basic " + token})  # <- PAT201 parameter:pat
""",
    "mixin": """
class Signed:
    def sign(self):
        return ("", os.environ["ADO_PAT"])  # <- PAT202 env:ADO_PAT <URL>
class Client(Signed, object):
    def projects(self):
        return requests.get(URL, auth=self.sign())
""",
}


@pytest.mark.parametrize("program", INHERITED.values(), ids=INHERITED)
def test_what_is_inherited(program: str) -> None:
    check(START + program)


def test_the_trail_leads_from_the_constructor_to_the_request() -> None:
    (found,) = check(
        START
        + """
class Client:
    def __init__(self):
        self.pat = os.environ["ADO_PAT"]
    def projects(self):
        token = base64.b64encode(f":{self.pat}".encode()).decode()
        return requests.get(URL, headers={"Authorization": f"Basic {token}"})  # <- PAT201 env:ADO_PAT
"""
    )
    assert [line for line, _ in notes(found)] == [9, 11, 12, 12]
    assert notes(found)[-1] == (12, f"sent to {URL}")


def test_a_method_of_the_class_is_handed_what_it_is_called_with() -> None:
    check(
        START
        + """
class Client:
    def __init__(self, pat):
        self.pat = pat

    @classmethod
    def of(cls, pat):
        return cls(pat)

    def projects(self):
        return requests.get(URL, auth=("", self.pat))  # <- PAT202 env:ADO_PAT <URL>


Client.of(os.environ["ADO_PAT"]).projects()
"""
    )
