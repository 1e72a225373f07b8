"""Credentials through functions: arguments, defaults, returns, closures, decorators, callables as values."""

from __future__ import annotations

import pytest
from programs import check, notes

START = """\
import asyncio, base64, contextlib, functools, os, requests
from requests.auth import HTTPBasicAuth
URL = "https://dev.azure.com/contoso/_apis/projects"
"""

HELPERS = {
    "encode": """
def encode(text):
    return base64.b64encode(text.encode()).decode()
token = encode(":" + os.environ["ADO_PAT"])
requests.get(URL, headers={"Authorization": "Basic " + token})  # <- PAT201 env:ADO_PAT <URL>
""",
    "encode a pair": """
def encode(user, password):
    pair = "%s:%s" % (user, password)
    return base64.b64encode(pair.encode("utf-8")).decode("utf-8")
headers = {"Authorization": "Basic {}".format(encode("", os.environ["ADO_PAT"]))}  # <- PAT201 env:ADO_PAT <URL>
requests.get(URL, headers=headers)
""",
    "header of a token": """
def header(token):
    return {"Authorization": f"Basic {token}"}  # <- PAT201 env:ADO_PAT <URL>
token = base64.b64encode(f":{os.environ['ADO_PAT']}".encode()).decode()
requests.get(URL, headers=header(token))
""",
    "header of a credential": """
def headers(pat):
    token = base64.b64encode(f":{pat}".encode()).decode()
    return {"Accept": "x", "Authorization": "Basic " + token}  # <- PAT201 env:ADO_PAT <URL>
requests.get(URL, headers=headers(os.environ["ADO_PAT"]))
""",
    "header by nested functions": """
def pair(pat): return ":" + pat
def encoded(pat): return base64.b64encode(pair(pat).encode()).decode()
def header(pat): return "Basic " + encoded(pat)  # <- PAT201 env:ADO_PAT <URL>
def headers(pat): return {"Authorization": header(pat)}
requests.get(URL, headers=headers(os.environ["ADO_PAT"]))
""",
    "header put into what is handed in": """
def sign(headers, pat):
    headers["Authorization"] = "Basic " + base64.b64encode((":" + pat).encode()).decode()  # <- PAT201 env:ADO_PAT <URL>
headers = {}
sign(headers, os.environ["ADO_PAT"])
requests.get(URL, headers=headers)
""",
    "session made": """
def session(pat):
    made = requests.Session()
    made.auth = ("", pat)  # <- PAT202 env:ADO_PAT
    return made
session(os.environ["ADO_PAT"]).get(URL)
""",
    "session signed in": """
def sign(session, pat):
    session.auth = HTTPBasicAuth("", pat)  # <- PAT202 env:ADO_PAT
session = requests.Session()
sign(session, os.environ["ADO_PAT"])
session.get(URL)
""",
    "pair returned": """
def auth():
    return "", os.environ["ADO_PAT"]  # <- PAT202 env:ADO_PAT <URL>
requests.get(URL, auth=auth())
""",
    "pair returned and unpacked": """
def keys():
    return "", os.environ["ADO_PAT"]
user, secret = keys()
requests.get(URL, auth=(user, secret))  # <- PAT202 env:ADO_PAT
""",
    "one of several returns": """
def secret():
    if os.environ.get("CI"):
        return os.environ["ADO_PAT"]
    return None
requests.get(URL, auth=("", secret()))  # <- PAT202 env:ADO_PAT
""",
    "read by a helper": """
def variable(name, default=None):
    return os.environ.get(name, default)
requests.get(URL, auth=("", variable("ADO_PAT")))  # <- PAT202 env:ADO_PAT
""",
    "read by a helper that insists": """
def variable(name):
    value = os.getenv(name)
    if not value:
        raise SystemExit(name)
    return value
secret = variable("ADO_PAT")
requests.get(URL, auth=("", secret))  # <- PAT202 env:ADO_PAT
""",
    "request made by a helper": """
def call(url, secret):
    return requests.get(url, auth=("", secret))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
call("https://dev.azure.com/contoso", os.environ["ADO_PAT"])
""",
    "request made by a helper of the credential's name": """
def call(url, pat):
    return requests.get(url, auth=("", pat))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
call("https://dev.azure.com/contoso", os.environ["ADO_PAT"])
""",
    "keyword arguments": """
def call(*, url, pat):
    requests.get(url, auth=("", pat))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
call(pat=os.environ["ADO_PAT"], url="https://dev.azure.com/contoso")
""",
    "default argument": """
def call(path, secret=os.environ["ADO_PAT"]):
    requests.get(URL, auth=("", secret))  # <- PAT202 env:ADO_PAT <URL>
call("x")
""",
    "default of a name": """
def secret(name="ADO_PAT"):
    return os.environ[name]
requests.get(URL, auth=("", secret()))  # <- PAT202 env:ADO_PAT
""",
    "url by default": """
def call(pat, url="https://dev.azure.com/contoso"):
    requests.get(url, auth=("", pat))  # <- PAT202 parameter:pat https://dev.azure.com/contoso
""",
    "generator": """
def secrets():
    yield os.environ["ADO_PAT"]
for secret in secrets():
    requests.get(URL, auth=("", secret))  # <- PAT202 env:ADO_PAT
""",
    "recursion": """
def call(pat, tries=3):
    if tries:
        return call(pat, tries - 1)
    return requests.get(URL, auth=("", pat))  # <- PAT202 env:ADO_PAT
call(os.environ["ADO_PAT"])
""",
    "closure": """
def make(pat):
    def call(url):
        return requests.get(url, auth=("", pat))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
    return call
make(os.environ["ADO_PAT"])("https://dev.azure.com/contoso")
""",
    "closure over the environment": """
def make():
    secret = os.environ["ADO_PAT"]
    def call():
        return requests.get(URL, auth=("", secret))  # <- PAT202 env:ADO_PAT
    return call
make()()
""",
    "nonlocal": """
def make():
    secret = None
    def load():
        nonlocal secret
        secret = os.environ["ADO_PAT"]
    def call():
        return requests.get(URL, auth=("", secret))  # <- PAT202 env:ADO_PAT
    load()
    return call
""",
    "lambda": """
header = lambda pat: "Basic " + base64.b64encode(f":{pat}".encode()).decode()  # <- PAT201 env:ADO_PAT <URL>
requests.get(URL, headers={"Authorization": header(os.environ["ADO_PAT"])})
""",
    "lambda that reads": """
secret = lambda: os.environ["ADO_PAT"]
requests.get(URL, auth=("", secret()))  # <- PAT202 env:ADO_PAT
""",
    "lambda in a table": """
READERS = {"env": lambda: os.environ["ADO_PAT"]}
requests.get(URL, auth=("", READERS["env"]()))  # <- PAT202 env:ADO_PAT
""",
    "comprehension": """
headers = [
    {"Authorization": "Basic " + base64.b64encode(f":{pat}".encode()).decode()}  # <- PAT201 env:ADO_PAT <URL>
    for pat in [os.environ["ADO_PAT"]]
]
requests.get(URL, headers=headers[0])
""",
    "requests in a comprehension": """
def all_of(pat, urls):
    return [requests.get(f"https://dev.azure.com/{url}", auth=("", pat)) for url in urls]  # <- PAT202 parameter:pat https://dev.azure.com/{}
""",
    "partial with the credential": """
def call(pat, url):
    return requests.get(url, auth=("", pat))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
get = functools.partial(call, os.environ["ADO_PAT"])
get("https://dev.azure.com/contoso")
""",
    "partial by keyword": """
def call(url, pat=None):
    return requests.get(url, auth=("", pat))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
get = functools.partial(call, pat=os.environ["ADO_PAT"])
get("https://dev.azure.com/contoso")
""",
    "partial of a library's function": """
get = functools.partial(requests.get, auth=("", os.environ["ADO_PAT"]))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
get("https://dev.azure.com/contoso")
""",
    "partial of a client's method": """
session = requests.Session()
get = functools.partial(session.request, "GET")
send = functools.partial(get, auth=("", os.environ["ADO_PAT"]))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
send("https://dev.azure.com/contoso")
""",
    "an attribute set by its name": """
session = requests.Session()
setattr(session, "auth", ("", os.environ["ADO_PAT"]))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
session.get("https://dev.azure.com/contoso")
""",
    "positional arguments passed through": """
def call(*args):
    return requests.get(*args, auth=("", os.environ["ADO_PAT"]))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
call("https://dev.azure.com/contoso")
""",
    "keyword arguments passed through": """
def call(url, **kwargs):
    return requests.get(url, **kwargs)
call("https://dev.azure.com/contoso", auth=("", os.environ["ADO_PAT"]))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
""",
    "all arguments passed through": """
def call(*args, **kwargs):
    return requests.get(*args, **kwargs)
call("https://dev.azure.com/contoso", auth=HTTPBasicAuth("", os.environ["ADO_PAT"]))  # <- PAT202 env:ADO_PAT
""",
    "keyword arguments added to": """
def call(url, **kwargs):
    kwargs["auth"] = ("", os.environ["ADO_PAT"])  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
    return requests.get(url, **kwargs)
call("https://dev.azure.com/contoso")
""",
    "header taken from keyword arguments": """
def call(url, **options):
    return requests.get(url, auth=("", options["pat"]))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
call("https://dev.azure.com/contoso", pat=os.environ["ADO_PAT"])
""",
    "helper class as a value": """
def call(secret, auth_type=HTTPBasicAuth):
    return requests.get(URL, auth=auth_type("", secret))  # <- PAT202 parameter:secret
""",
    "helper class handed in": """
def call(auth_type, pat):
    return requests.get(URL, auth=auth_type("", pat))  # <- PAT202 env:ADO_PAT
call(HTTPBasicAuth, os.environ["ADO_PAT"])
""",
    "helper class in a table": """
KINDS = {"basic": HTTPBasicAuth}
requests.get(URL, auth=KINDS["basic"]("", os.environ["ADO_PAT"]))  # <- PAT202 env:ADO_PAT
""",
    "function of a library as a value": """
def call(method, pat):
    return method(URL, auth=("", pat))  # <- PAT202 env:ADO_PAT <URL>
call(requests.get, os.environ["ADO_PAT"])
""",
    "method by name": """
def call(verb):
    return getattr(requests, verb)(URL, auth=("", os.environ["ADO_PAT"]))  # <- PAT202 env:ADO_PAT
call("get")
""",
    "decorator that passes through": """
def logged(function):
    def inner(*args, **kwargs):
        print("called")
        return function(*args, **kwargs)
    return inner
@logged
def headers(pat):
    return {"Authorization": "Basic " + base64.b64encode(f":{pat}".encode()).decode()}  # <- PAT201 env:ADO_PAT <URL>
requests.get(URL, headers=headers(os.environ["ADO_PAT"]))
""",
    "decorator of a library": """
@functools.lru_cache(maxsize=None)
def secret():
    return os.environ["ADO_PAT"]
requests.get(URL, auth=("", secret()))  # <- PAT202 env:ADO_PAT
""",
    "async": """
import httpx
async def secret():
    return os.environ["ADO_PAT"]
async def call():
    async with httpx.AsyncClient() as client:
        await client.get(URL, auth=("", await secret()))  # <- PAT202 env:ADO_PAT <URL>
asyncio.run(call())
""",
    "aiohttp": """
import aiohttp
async def call(pat):
    auth = aiohttp.BasicAuth("", pat)  # <- PAT202 parameter:pat <URL>
    async with aiohttp.ClientSession(auth=auth) as session:
        async with session.get(URL) as answer:
            return await answer.json()
""",
    "gathered": """
import httpx
async def call(pat):
    async with httpx.AsyncClient(auth=("", pat)) as client:  # <- PAT202 parameter:pat
        return await asyncio.gather(*[client.get(URL) for _ in range(3)])
""",
    "context manager": """
@contextlib.contextmanager
def signed_in(pat):
    session = requests.Session()
    session.auth = ("", pat)  # <- PAT202 env:ADO_PAT
    yield session
with signed_in(os.environ["ADO_PAT"]) as session:
    session.get(URL)
""",
    "global session": """
session = requests.Session()
def sign_in(pat):
    session.auth = ("", pat)  # <- PAT202 parameter:pat
def projects():
    return session.get(URL)
""",
    "executor": """
from concurrent.futures import ThreadPoolExecutor
def call(pat):
    return requests.get(URL, auth=("", pat))  # <- PAT202 env:ADO_PAT
with ThreadPoolExecutor() as pool:
    pool.submit(call, os.environ["ADO_PAT"])
""",
    "map": """
def call(pat):
    return requests.get(URL, auth=("", pat))  # <- PAT202 parameter:pat
list(map(call, [os.environ["ADO_PAT"]]))
""",
    "main guard": """
def main():
    secret = os.environ["ADO_PAT"]
    requests.get(URL, auth=("", secret))  # <- PAT202 env:ADO_PAT
if __name__ == "__main__":
    main()
""",
}


@pytest.mark.parametrize("program", HELPERS.values(), ids=HELPERS)
def test_through_functions(program: str) -> None:
    check(START + program)


def test_the_trail_of_a_call_names_who_handed_over() -> None:
    (found,) = check(
        START
        + """
def headers(pat):
    token = base64.b64encode(f":{pat}".encode()).decode()
    return {"Authorization": "Basic " + token}  # <- PAT201 env:ADO_PAT <URL>
requests.get(URL, headers=headers(os.environ["ADO_PAT"]))
"""
    )
    lines = [line for line, _ in notes(found)]
    assert lines == [8, 6, 7, 8]
    assert notes(found)[0] == (8, "read from environment variable ADO_PAT")


def test_each_caller_of_a_general_helper_is_named() -> None:
    check(
        START
        + """
def encode(user, password):
    return base64.b64encode(f"{user}:{password}".encode()).decode()
def ado():
    header = "Basic " + encode("", os.environ["ADO_PAT"])  # <- PAT201 env:ADO_PAT <URL>
    requests.get(URL, headers={"Authorization": header})
def wiki():
    requests.get("https://example.com/x", headers={"Authorization": "Basic " + encode("me", os.environ["WIKI"])})
"""
    )
