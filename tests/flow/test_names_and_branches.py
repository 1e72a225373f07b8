"""Names are bound again, branches join, loops run: what a name may stand for is found, and nothing else."""

from __future__ import annotations

import pytest
from programs import check, notes

START = """\
import base64, os, requests
URL = "https://dev.azure.com/contoso/_apis/projects"
"""

HELD = {
    "name that is bound again": """
token = os.environ["ADO_PAT"]
token = ":" + token
token = token.encode()
token = base64.b64encode(token)
token = token.decode()
token = "Basic " + token  # <- PAT201 env:ADO_PAT
requests.get(URL, headers={"Authorization": token})
""",
    "chained assignment": """
first = second = os.environ["ADO_PAT"]
requests.get(URL, auth=("", second))  # <- PAT202 env:ADO_PAT
""",
    "annotated assignment": """
pat: str = os.environ["ADO_PAT"]
requests.get(URL, auth=("", pat))  # <- PAT202 env:ADO_PAT
""",
    "assignment expression": """
if (pat := os.environ["ADO_PAT"]):
    requests.get(URL, auth=("", pat))  # <- PAT202 env:ADO_PAT
""",
    "unpacking": """
user, pat = "", os.environ["ADO_PAT"]
requests.get(URL, auth=(user, pat))  # <- PAT202 env:ADO_PAT
""",
    "unpacking of a list with a rest": """
first, *rest = [os.environ["ADO_PAT"], 1, 2]
requests.get(URL, auth=("", first))  # <- PAT202 env:ADO_PAT
""",
    "nested unpacking": """
(user, (pat, url)) = ("", (os.environ["ADO_PAT"], URL))
requests.get(url, auth=(user, pat))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso/_apis/projects
""",
    "swap": """
one, other = os.environ["ADO_PAT"], ""
one, other = other, one
requests.get(URL, auth=(one, other))  # <- PAT202 env:ADO_PAT
""",
    "global": """
pat = None
def load():
    global pat
    pat = os.environ["ADO_PAT"]
def call():
    load()
    requests.get(URL, auth=("", pat))  # <- PAT202 env:ADO_PAT
""",
    "one branch of two": """
if os.environ.get("CI"):
    pat = os.environ["ADO_PAT"]
else:
    pat = ""
requests.get(URL, auth=("", pat))  # <- PAT202 env:ADO_PAT
""",
    "a branch without else": """
auth = None
if os.environ.get("ADO_PAT"):
    auth = ("", os.environ["ADO_PAT"])  # <- PAT202 env:ADO_PAT
requests.get(URL, auth=auth)
""",
    "the last of three branches": """
kind = os.environ["KIND"]
if kind == "a":
    secret = "x"
elif kind == "b":
    secret = "y"
else:
    secret = os.environ["ADO_PAT"]
requests.get(URL, auth=("", secret))  # <- PAT202 env:ADO_PAT
""",
    "conditional expression": """
pat = os.environ["ADO_PAT"] if "ADO_PAT" in os.environ else ""
requests.get(URL, auth=("", pat))  # <- PAT202 env:ADO_PAT
""",
    "or": """
def call(pat=None):
    pat = pat or os.environ["ADO_PAT"]
    requests.get(URL, auth=("", pat))  # <- PAT202 env:ADO_PAT
""",
    "or of two variables": """
pat = os.environ.get("SYSTEM_PAT") or os.environ.get("ADO_PAT")
requests.get(URL, auth=("", pat))  # <- PAT202 env:SYSTEM_PAT
""",
    "match": """
match os.environ["KIND"]:
    case "a":
        secret = os.environ["ADO_PAT"]
    case _:
        secret = ""
requests.get(URL, auth=("", secret))  # <- PAT202 env:ADO_PAT
""",
    "for": """
for pat in [os.environ["ADO_PAT"], "x"]:
    requests.get(URL, auth=("", pat))  # <- PAT202 env:ADO_PAT
""",
    "for over names": """
for name in ("HOME", "ADO_PAT"):
    value = os.environ[name]
    requests.get(URL, auth=("", value))  # <- PAT202 env:ADO_PAT
""",
    "while": """
pat = ""
while not pat:
    pat = os.environ.get("ADO_PAT")
requests.get(URL, auth=("", pat))  # <- PAT202 env:ADO_PAT
""",
    "try": """
try:
    pat = os.environ["ADO_PAT"]
except KeyError:
    pat = ""
requests.get(URL, auth=("", pat))  # <- PAT202 env:ADO_PAT
""",
    "except": """
try:
    pat = open("x").read()
except OSError:
    pat = os.environ["ADO_PAT"]
finally:
    print("done")
requests.get(URL, auth=("", pat))  # <- PAT202 env:ADO_PAT
""",
    "try else": """
try:
    name = os.environ["NAME"]
except KeyError:
    raise SystemExit
else:
    secret = os.environ["ADO_PAT"]
requests.get(URL, auth=(name, secret))  # <- PAT202 env:ADO_PAT
""",
    "with": """
with requests.Session() as session:
    session.auth = ("", os.environ["ADO_PAT"])  # <- PAT202 env:ADO_PAT
    session.get(URL)
""",
    "url of either branch": """
secret = os.environ["ADO_PAT"]
if os.environ.get("OLD"):
    url = "https://contoso.visualstudio.com"
else:
    url = "https://dev.azure.com/contoso"
requests.get(url, auth=("", secret))  # <- PAT202 env:ADO_PAT https://contoso.visualstudio.com
""",
    "either scheme": """
def sign_in(kind):
    headers = {}
    if kind == "pat":
        token = base64.b64encode((":" + os.environ["ADO_PAT"]).encode()).decode()
        headers["Authorization"] = "Basic " + token  # <- PAT201 env:ADO_PAT
    else:
        headers["Authorization"] = "Bearer " + os.environ["ADO_TOKEN"]
    return requests.get(URL, headers=headers)
""",
}


@pytest.mark.parametrize("program", HELD.values(), ids=HELD)
def test_what_a_name_may_stand_for(program: str) -> None:
    check(START + program)


SILENT = {
    "bound again to something else": """
pat = os.environ["ADO_PAT"]
pat = "x"
requests.get(URL, headers={"Authorization": "Bearer " + pat})
""",
    "deleted branch": """
auth = None
requests.get(URL, auth=auth)
""",
    "another function's name": """
def one():
    pat = os.environ["ADO_PAT"]
def other():
    requests.get(URL, headers={"X": "y"})
""",
    "an inner name does not leak": """
def one():
    secret = os.environ["ADO_PAT"]
    return None
secret = None
requests.get(URL, auth=secret)
""",
}


@pytest.mark.parametrize("program", SILENT.values(), ids=SILENT)
def test_what_a_name_does_not_stand_for(program: str) -> None:
    check(START + program)


def test_both_branches_stand_on_the_trail() -> None:
    (found,) = check(
        START
        + """if os.environ.get("CI"):
    pat = os.environ["CI_PAT"]
else:
    pat = os.environ["ADO_PAT"]
requests.get(URL, auth=("", pat))  # <- PAT202 env:CI_PAT
"""
    )
    assert (4, "read from environment variable CI_PAT") in notes(found)
    assert (6, "read from environment variable ADO_PAT") in notes(found)
