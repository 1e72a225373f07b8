"""Credentials, helpers and addresses that come from other files of the repository."""

from __future__ import annotations

import pytest
from programs import check, notes

USE = 'requests.get("https://dev.azure.com/contoso", auth=("", {}))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso'

# Where the constant `SECRET` stands, and how `main.py` gets at it: the expression that is used, and the import.
CONSTANTS = {
    "sibling": ("settings.py", "main.py", "from settings import SECRET", "SECRET"),
    "sibling module": ("settings.py", "main.py", "import settings", "settings.SECRET"),
    "another name": ("settings.py", "main.py", "from settings import SECRET as S", "S"),
    "module under another name": ("settings.py", "main.py", "import settings as s", "s.SECRET"),
    "star": ("settings.py", "main.py", "from settings import *", "SECRET"),
    "package": ("tools/settings.py", "main.py", "from tools.settings import SECRET", "SECRET"),
    "module of a package": ("tools/settings.py", "main.py", "from tools import settings", "settings.SECRET"),
    "dotted": ("tools/settings.py", "main.py", "import tools.settings", "tools.settings.SECRET"),
    "dotted under another name": ("tools/settings.py", "main.py", "import tools.settings as s", "s.SECRET"),
    "package itself": ("tools/__init__.py", "main.py", "from tools import SECRET", "SECRET"),
    "relative": ("tools/settings.py", "tools/main.py", "from .settings import SECRET", "SECRET"),
    "relative module": ("tools/settings.py", "tools/main.py", "from . import settings", "settings.SECRET"),
    "relative, one up": ("tools/settings.py", "tools/ado/main.py", "from ..settings import SECRET", "SECRET"),
    "relative, two up": ("tools/settings.py", "tools/a/b/main.py", "from ...settings import SECRET", "SECRET"),
    "relative, beside": ("tools/a/settings.py", "tools/b/main.py", "from ..a.settings import SECRET", "SECRET"),
    "src layout": ("src/tools/settings.py", "src/tools/main.py", "from tools.settings import SECRET", "SECRET"),
    "src layout, from a script": (
        "src/tools/settings.py", "scripts/main.py", "from tools.settings import SECRET", "SECRET",
    ),
    "package deeper in the repository": (
        "a/b/tools/settings.py", "a/b/main.py", "from tools.settings import SECRET", "SECRET",
    ),
    "root of the repository": ("tools/settings.py", "tools/a/main.py", "from tools.settings import SECRET", "SECRET"),
    "inside a function": (
        "settings.py", "main.py", "def secret():\n    from settings import SECRET\n    return SECRET", "secret()",
    ),
    "tried": (
        "settings.py", "main.py",
        "try:\n    from settings import SECRET\nexcept ImportError:\n    SECRET = None", "SECRET",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("defined", "used", "how", "name"), CONSTANTS.values(), ids=CONSTANTS)
def test_a_constant_of_another_file(defined: str, used: str, how: str, name: str) -> None:
    files = {defined: 'import os\nSECRET = os.environ["ADO_PAT"]', used: f"import requests\n{how}\n{USE.format(name)}"}
    for path in (defined, used):
        folder = path.rpartition("/")[0]
        while folder and folder not in ("src", "scripts", "a", "a/b"):
            files.setdefault(f"{folder}/__init__.py", "")
            folder = folder.rpartition("/")[0]
    check("\n".join(f"# file: {path}\n{text}" for path, text in files.items()))


PROGRAMS = {
    "re-export": """
# file: tools/__init__.py
from .settings import SECRET
# file: tools/settings.py
import os
SECRET = os.environ["ADO_PAT"]
# file: main.py
import requests
from tools import SECRET
requests.get("https://dev.azure.com/contoso", auth=("", SECRET))  # <- PAT202 env:ADO_PAT
""",
    "re-export by star": """
# file: tools/__init__.py
from tools.settings import *
# file: tools/settings.py
import os
SECRET = os.environ["ADO_PAT"]
# file: main.py
import requests, tools
requests.get("https://dev.azure.com/contoso", auth=("", tools.SECRET))  # <- PAT202 env:ADO_PAT
""",
    "re-export twice": """
# file: a.py
from b import SECRET
# file: b.py
from c import KEY as SECRET
# file: c.py
import os
KEY = os.environ["ADO_PAT"]
# file: main.py
import requests
from a import SECRET
requests.get("https://dev.azure.com/contoso", auth=("", SECRET))  # <- PAT202 env:ADO_PAT
""",
    "header of another file": """
# file: signing.py
import base64
def headers(pat):
    token = base64.b64encode(f":{pat}".encode()).decode()
    return {"Authorization": f"Basic {token}"}  # <- PAT201 env:ADO_PAT https://dev.azure.com/contoso
# file: main.py
import os, requests
from signing import headers
requests.get("https://dev.azure.com/contoso", headers=headers(os.environ["ADO_PAT"]))
""",
    "general helper of another file": """
# file: signing.py
import base64
def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()  # <- PAT201/note env:ADO_PAT
# file: main.py
import os, requests
import signing
header = signing.basic("", os.environ["ADO_PAT"])  # <- PAT201 env:ADO_PAT
requests.get("https://dev.azure.com/contoso", headers={"Authorization": header})
""",
    "encoder of another file": """
# file: tools/text.py
import base64
def encode(text):
    return base64.b64encode(text.encode()).decode()  # <- PAT201/note env:ADO_PAT
# file: tools/main.py
import os, requests
from .text import encode
header = "Basic " + encode(":" + os.environ["ADO_PAT"])  # <- PAT201 env:ADO_PAT https://dev.azure.com/contoso
requests.get("https://dev.azure.com/contoso", headers={"Authorization": header})
""",
    "class of another file": """
# file: client.py
import requests
class Client:
    def __init__(self, url, pat):
        self.url = url
        self.session = requests.Session()
        self.session.auth = ("", pat)  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso/_apis/projects
    def projects(self):
        return self.session.get(self.url + "/_apis/projects")
# file: main.py
import os
from client import Client
Client("https://dev.azure.com/contoso", os.environ["ADO_PAT"]).projects()
""",
    "base class of another file": """
# file: base.py
class Base:
    def __init__(self, secret):
        self.secret = secret
        self.url = "https://dev.azure.com/contoso"
# file: client.py
import os, requests
from base import Base
class Client(Base):
    def __init__(self):
        super().__init__(os.environ["ADO_PAT"])
    def projects(self):
        return requests.get(self.url, auth=("", self.secret))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
""",
    "derived class of another file": """
# file: base.py
import base64
class Base:
    def __init__(self, pat):
        token = base64.b64encode(f":{pat}".encode()).decode()
        self.headers = {"Authorization": "Basic " + token}  # <- PAT201 parameter:pat
# file: client.py
import requests
from base import Base
class Client(Base):
    def projects(self):
        return requests.get("https://dev.azure.com/contoso", headers=self.headers)
""",
    "address of another file": """
# file: urls.py
BASE = "https://dev.azure.com/contoso"
PROJECTS = f"{BASE}/_apis/projects"
# file: main.py
import os, requests
from urls import PROJECTS
requests.get(PROJECTS, auth=("", os.environ["KEY"]))  # <- PAT202 env:KEY https://dev.azure.com/contoso/_apis/projects
""",
    "address and path of two files": """
# file: hosts.py
HOST = "dev.azure.com"
# file: paths.py
PROJECTS = "/{organization}/_apis/projects"
# file: main.py
import os, requests
import hosts, paths
url = "https://" + hosts.HOST + paths.PROJECTS.format(organization="contoso")
requests.get(url, auth=("", os.environ["KEY"]))  # <- PAT202 env:KEY https://dev.azure.com/contoso/_apis/projects
""",
    "settings object of another file": """
# file: settings.py
import os
class Settings:
    def __init__(self):
        self.secret = os.environ["ADO_PAT"]
settings = Settings()
# file: main.py
import requests
from settings import settings
requests.get("https://dev.azure.com/contoso", auth=("", settings.secret))  # <- PAT202 env:ADO_PAT
""",
    "dictionary of another file": """
# file: settings.py
import os
CONFIG = {"ado": {"secret": os.environ["ADO_PAT"]}}
# file: main.py
import requests
from settings import CONFIG
requests.get("https://dev.azure.com/contoso", auth=("", CONFIG["ado"]["secret"]))  # <- PAT202 env:ADO_PAT
""",
    "session of another file": """
# file: http.py
import os, requests
session = requests.Session()
session.auth = ("", os.environ["ADO_PAT"])  # <- PAT202 env:ADO_PAT
# file: main.py
from http import session
session.get("https://dev.azure.com/contoso")
""",
    "wrapper of a library in another file": """
# file: web.py
import requests
def get(url, **options):
    return requests.get(url, timeout=10, **options)
# file: main.py
import os
import web
web.get("https://dev.azure.com/contoso", auth=("", os.environ["ADO_PAT"]))  # <- PAT202 env:ADO_PAT
""",
    "a library imported elsewhere": """
# file: compat.py
import requests
from base64 import b64encode
# file: main.py
import os
from compat import requests, b64encode
header = b"Basic " + b64encode(b":" + os.environ["ADO_PAT"].encode())  # <- PAT201 env:ADO_PAT https://dev.azure.com/contoso
requests.get("https://dev.azure.com/contoso", headers={"Authorization": header})
""",
    "a file that imports itself in a circle": """
# file: one.py
from two import TWO
import os
ONE = os.environ["ADO_PAT"]
# file: two.py
from one import ONE
import requests
TWO = 2
def call():
    return requests.get("https://dev.azure.com/contoso", auth=("", ONE))  # <- PAT202 env:ADO_PAT
""",
    "a test file is told apart": """
# file: tests/test_client.py
import requests
def test_it():
    requests.get("https://dev.azure.com/contoso", auth=("", "x"))
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_across_files(program: str) -> None:
    check(program.lstrip())


def test_a_module_of_the_same_name_elsewhere_is_another() -> None:
    check(
        """# file: a/settings.py
import os
SECRET = os.environ["ADO_PAT"]
# file: b/settings.py
SECRET = None
# file: b/main.py
import requests
from settings import SECRET
requests.get("https://dev.azure.com/contoso", auth=SECRET)
"""
    )


def test_the_trail_crosses_files() -> None:
    (found,) = check(
        """# file: settings.py
import os
SECRET = os.environ["ADO_PAT"]
# file: main.py
import requests
from settings import SECRET
requests.get("https://dev.azure.com/contoso", auth=("", SECRET))  # <- PAT202 env:ADO_PAT
"""
    )
    assert [step.location.path for step in found.trail] == ["settings.py", "main.py", "main.py"]
    assert notes(found)[0] == (3, "read from environment variable ADO_PAT")


def test_everything_of_a_library_may_be_imported() -> None:
    check("""
from base64 import *
import os

import requests

pair = b64encode((":" + os.environ["ADO_PAT"]).encode()).decode()
requests.get("https://dev.azure.com/contoso/_apis/projects",
             headers={"Authorization": "Basic " + pair})  # <- PAT201 env:ADO_PAT <URL>
""")


def test_who_calls_what_names_the_endpoint_from_another_file_is_not_reported() -> None:
    check("""# file: settings.py
import os


class Settings:
    def __init__(self, **given):
        self.pat = given.get("pat") or os.getenv("ADO_PAT", "")
        self.organization = given.get("organization") or os.getenv("ORGANIZATION")

    def host(self):
        return f"https://vssps.dev.azure.com/{self.organization}"
# file: client.py
import base64
import requests
from settings import Settings


class Client:
    def __init__(self, settings=None):
        if settings is None:
            settings = Settings()
        self.settings: Settings = settings
        self.session = requests.Session()
        pair = base64.b64encode(f":{settings.pat}".encode()).decode()
        self.session.headers.update({
            "Authorization": f"Basic {pair}",  # <- PAT301/error env:ADO_PAT
        })

    def request(self, method, url, **kwargs):
        kwargs.setdefault("timeout", 5)
        return self.session.request(method, url, **kwargs)

    def me(self):
        url = f"{self.settings.host()}/_apis/profile/profiles/me"
        return self.request("GET", url, params={"api-version": "7.1"})  # <- PAT301/error env:ADO_PAT
# file: main.py
from client import Client
from settings import Settings


def made():
    return Client(settings=Settings(organization="contoso", pat="mine"))


def show():
    client = made()
    print(client.me())
""")
