"""Headers and pairs in dictionaries, tuples and lists, built at once or in steps, and handed on."""

from __future__ import annotations

import pytest
from programs import check

START = """\
import base64, os, requests
URL = "https://dev.azure.com/contoso/_apis/projects"
pat = os.environ["ADO_PAT"]
token = base64.b64encode(f":{pat}".encode()).decode()
"""
URL = "https://dev.azure.com/contoso/_apis/projects"

# The header is always built on the marked line; `headers` is what the request is sent with.
HEADERS = {
    "display": 'headers = {"Accept": "x", "Authorization": "Basic " + token}  # <-',
    "item": 'headers = {}\nheaders["Authorization"] = "Basic " + token  # <-',
    "item in lower case": 'headers = {}\nheaders["authorization"] = "Basic " + token  # <-',
    "update": 'headers = {"Accept": "x"}\nheaders.update({"Authorization": "Basic " + token})  # <-',
    "update by keyword": 'headers = {}\nheaders.update(Authorization="Basic " + token)  # <-',
    "update with pairs": 'headers = {}\nheaders.update([("Authorization", "Basic " + token)])  # <-',
    "setdefault": 'headers = {}\nheaders.setdefault("Authorization", "Basic " + token)  # <-',
    "dict call": 'headers = dict(Authorization="Basic " + token)  # <-',
    "dict of pairs": 'headers = dict([("Authorization", "Basic " + token)])  # <-',
    "dict of a dict": 'headers = dict({"Authorization": "Basic " + token}, Accept="x")  # <-',
    "spread": 'base = {"Authorization": "Basic " + token}  # <-\nheaders = {**base, "Accept": "x"}',
    "union": 'base = {"Authorization": "Basic " + token}  # <-\nheaders = {"Accept": "x"} | base',
    "union in place": 'headers = {"Accept": "x"}\nheaders |= {"Authorization": "Basic " + token}  # <-',
    "copy": 'base = {"Authorization": "Basic " + token}  # <-\nheaders = base.copy()',
    "copy by dict": 'base = {"Authorization": "Basic " + token}  # <-\nheaders = dict(base)',
    "deep copy": 'import copy\nbase = {"Authorization": "Basic " + token}  # <-\nheaders = copy.deepcopy(base)',
    "nested": 'settings = {"http": {"headers": {"Authorization": "Basic " + token}}}  # <-\n'
    'headers = settings["http"]["headers"]',
    "nested in steps": 'settings = {"http": {}}\nsettings["http"]["Authorization"] = "Basic " + token  # <-\n'
    'headers = settings["http"]',
    "got": 'settings = {"h": {"Authorization": "Basic " + token}}  # <-\nheaders = settings.get("h")',
    "popped": 'settings = {"h": {"Authorization": "Basic " + token}}  # <-\nheaders = settings.pop("h")',
    "key in a constant": 'KEY = "Authorization"\nheaders = {KEY: "Basic " + token}  # <-',
    "key by format": 'headers = {"{}".format("Authorization"): "Basic " + token}  # <-',
    "value in a dict": 'keys = {"pat": token}\nheaders = {"Authorization": "Basic " + keys["pat"]}  # <-',
    "comprehension": 'base = {"Authorization": "Basic " + token}  # <-\n'
    "headers = {key: value for key, value in base.items()}",
    "case insensitive": "from requests.structures import CaseInsensitiveDict\nheaders = CaseInsensitiveDict()\n"
    'headers["Authorization"] = "Basic " + token  # <-',
    "ordered": "from collections import OrderedDict\n"
    'headers = OrderedDict([("Authorization", "Basic " + token)])  # <-',
    "default dict": "from collections import defaultdict\nheaders = defaultdict(str)\n"
    'headers["Authorization"] = "Basic " + token  # <-',
    "alias": 'headers = {}\nother = headers\nother["Authorization"] = "Basic " + token  # <-',
    "in a list": 'all_headers = [{"Authorization": "Basic " + token}]  # <-\nheaders = all_headers[0]',
    "loop over items": 'base = {"Authorization": "Basic " + token}  # <-\nheaders = {}\n'
    "for key, value in base.items():\n    headers[key] = value",
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_a_header_in_a_mapping(headers: str) -> None:
    marked = headers.replace("# <-", f"# <- PAT201 env:ADO_PAT {URL}")
    check(f"{START}{marked}\nrequests.get(URL, headers=headers)\n")


# The pair is made on the marked line.
PAIRS = {
    "tuple": 'auth = ("", pat)  # <-',
    "tuple call": 'auth = tuple(["", pat])  # <-',
    "list": 'auth = ["", pat]  # <-',
    "items of a list": 'keys = ["", pat]\nauth = (keys[0], keys[1])  # <-',
    "item from the end": 'keys = ["", "x", pat]\nauth = (keys[0], keys[-1])  # <-',
    "spread": 'keys = ["", pat]\nauth = (*keys,)  # <-',
    "plus": 'auth = ("",) + (pat,)  # <-',
    "items of a dict": 'keys = {"user": "", "secret": pat}\nauth = (keys["user"], keys["secret"])  # <-',
    "dict of tuples": 'keys = {"ado": ("", pat), "none": None}  # <-\nauth = keys["ado"]',
    "in a dict of keyword arguments": 'options = {"auth": ("", pat)}  # <-\nauth = options["auth"]',
}


@pytest.mark.parametrize("auth", PAIRS.values(), ids=PAIRS)
def test_a_pair_in_a_sequence(auth: str) -> None:
    marked = auth.replace("# <-", f"# <- PAT202 env:ADO_PAT {URL}")
    start = START.replace('token = base64.b64encode(f":{pat}".encode()).decode()\n', "")
    check(f"{start}{marked}\nrequests.get(URL, auth=auth)\n")


SENT = {
    "keywords spread": """
options = {"headers": {"Authorization": "Basic " + token}, "timeout": 5}  # <-
requests.get(URL, **options)
""",
    "keywords spread, built in steps": """
options = {"timeout": 5}
options["headers"] = {"Authorization": "Basic " + token}  # <-
requests.get(URL, **options)
""",
    "keywords by dict call": """
options = dict(headers={"Authorization": "Basic " + token})  # <-
requests.request("GET", URL, **options)
""",
    "arguments spread": """
arguments = ("GET", URL)
requests.request(*arguments, headers={"Authorization": "Basic " + token})  # <-
""",
    "session header item": """
session = requests.Session()
session.headers["Authorization"] = "Basic " + token  # <-
session.get(URL)
""",
    "session headers update": """
session = requests.Session()
session.headers.update({"Authorization": "Basic " + token})  # <-
session.get(URL)
""",
    "session headers update by name": """
session = requests.session()
headers = {"Accept": "x"}
headers["Authorization"] = "Basic " + token  # <-
session.headers.update(headers)
session.get(URL)
""",
    "session headers set": """
session = requests.Session()
session.headers = {"Authorization": "Basic " + token}  # <-
session.post(URL)
""",
    "urllib's add_header": """
import urllib.request
request = urllib.request.Request(URL)
request.add_header("Authorization", "Basic " + token)  # <-
urllib.request.urlopen(request)
""",
    "urllib's headers": """
import urllib.request
urllib.request.urlopen(urllib.request.Request(URL, headers={"Authorization": "Basic " + token}))  # <-
""",
    "httpx client": """
import httpx
client = httpx.Client(base_url="https://dev.azure.com/contoso", headers={"Authorization": "Basic " + token})  # <-
client.get("/_apis/projects")
""",
    "http.client": """
import http.client
connection = http.client.HTTPSConnection("dev.azure.com")
connection.request("GET", "/contoso/_apis/projects", headers={"Authorization": "Basic " + token})  # <-
""",
}


@pytest.mark.parametrize("program", SENT.values(), ids=SENT)
def test_headers_reach_the_request(program: str) -> None:
    marked = program.replace("# <-", "# <- PAT201 env:ADO_PAT")
    (found,) = check(START + marked)
    assert found.url is not None
    assert "dev.azure.com" in found.url


SESSION_AUTH = {
    "tuple": 'session.auth = ("", pat)',
    "helper": 'session.auth = requests.auth.HTTPBasicAuth("", pat)',
    "imported helper": "from requests.auth import HTTPBasicAuth\n"
    'session.auth = HTTPBasicAuth(username="", password=pat)',
}


@pytest.mark.parametrize("auth", SESSION_AUTH.values(), ids=SESSION_AUTH)
def test_session_auth(auth: str) -> None:
    check(
        f"""import os, requests
pat = os.environ["ADO_PAT"]
session = requests.Session()
{auth}  # <- PAT202 env:ADO_PAT
session.get("https://dev.azure.com/contoso")
"""
    )


def test_what_is_removed_or_replaced_is_not_sent_with_anything_else() -> None:
    check(
        f"""{START.replace('token = base64.b64encode(f":{pat}".encode()).decode()', 'token = "x"')}
headers = {{"Authorization": "Bearer " + token}}
requests.get(URL, headers=headers)
"""
    )
