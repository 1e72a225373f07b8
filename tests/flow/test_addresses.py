"""Addresses that are put together, endpoints that take OAuth only, servers of one's own, and who wants Basic."""

from __future__ import annotations

import pytest
from programs import check

START = """\
import base64, os, requests
from urllib.parse import urljoin, urlencode
ORG = "contoso"
BASE = "https://dev.azure.com"
pat = os.environ["ADO_PAT"]
"""

# How `url` is put together, and what is known of it.
URLS = {
    "literal": ('"https://dev.azure.com/contoso/_apis/projects"', "https://dev.azure.com/contoso/_apis/projects"),
    "f-string": ('f"{BASE}/{ORG}/_apis/projects"', "https://dev.azure.com/contoso/_apis/projects"),
    "f-string with a hole": ('f"{BASE}/{org}/_apis/projects"', "https://dev.azure.com/{}/_apis/projects"),
    "plus": ('BASE + "/" + ORG + "/_apis/projects"', "https://dev.azure.com/contoso/_apis/projects"),
    "format": ('"{}/{}/_apis/projects".format(BASE, ORG)', "https://dev.azure.com/contoso/_apis/projects"),
    "percent": ('"%s/%s/_apis/projects" % (BASE, ORG)', "https://dev.azure.com/contoso/_apis/projects"),
    "join": ('"/".join([BASE, ORG, "_apis", "projects"])', "https://dev.azure.com/contoso/_apis/projects"),
    "urljoin": ('urljoin(BASE, "contoso/_apis/projects")', "https://dev.azure.com/contoso/_apis/projects"),
    "stripped": ('BASE.rstrip("/") + "/contoso"', "https://dev.azure.com/contoso"),
    "replaced": ('"https://dev.azure.com/ORG".replace("ORG", ORG)', "https://dev.azure.com/contoso"),
    "number": ('f"{BASE}/contoso/_apis/wit/workitems/{12}"', "https://dev.azure.com/contoso/_apis/wit/workitems/12"),
    "default": ('os.environ.get("URL", "https://dev.azure.com/contoso")', "https://dev.azure.com/contoso"),
    "organization unknown": ('f"https://{org}.visualstudio.com/_apis"', "https://{}.visualstudio.com/_apis"),
    "old host": ('"https://contoso.visualstudio.com/Web"', "https://contoso.visualstudio.com/Web"),
}


@pytest.mark.parametrize(("url", "known"), URLS.values(), ids=URLS)
def test_an_address_is_put_together(url: str, known: str) -> None:
    check(f'{START}def call(org):\n    requests.get({url}, auth=("", pat))  # <- PAT202 env:ADO_PAT {known}\n')


def test_query_and_parameters_do_not_hide_the_endpoint() -> None:
    check(
        START
        + """
parameters = urlencode({"api-version": "7.1"})
requests.get(BASE + "/contoso/_apis/projects?" + parameters, params={"top": 1}, auth=("", pat))  # <- PAT202 env:ADO_PAT
"""
    )


# Ways to the same endpoint that takes no PAT.
REFUSED = {
    "direct": """
requests.get("https://app.vssps.visualstudio.com/_apis/accounts?x=y", auth=("", pat))  # <- PAT301/error env:ADO_PAT
""",
    "with header": """
token = base64.b64encode(f":{pat}".encode()).decode()
headers = {"Authorization": f"Basic {token}"}  # <- PAT301/error env:ADO_PAT <ACCOUNTS>
requests.get("https://app.vssps.visualstudio.com/_apis/accounts", headers=headers)
""",
    "f-string": """
HOST = "app.vssps.visualstudio.com"
requests.get(f"https://{HOST}/_apis/accounts", auth=("", pat))  # <- PAT301/error env:ADO_PAT
""",
    "session": """
session = requests.Session()
session.auth = ("", pat)  # <- PAT301/error env:ADO_PAT <ACCOUNTS>
session.get("https://app.vssps.visualstudio.com/_apis/accounts")
""",
    "helper": """
def get(url):
    return requests.get(url, auth=("", pat))  # <- PAT301/error env:ADO_PAT <ACCOUNTS>
get("https://app.vssps.visualstudio.com/_apis/accounts")
""",
    "class": """
class Client:
    def __init__(self, secret):
        self.base = "https://app.vssps.visualstudio.com"
        self.auth = ("", secret)  # <- PAT301/error env:ADO_PAT <ACCOUNTS>
    def accounts(self):
        return requests.get(self.base + "/_apis/accounts", auth=self.auth)
Client(pat).accounts()
""",
    "httpx base address": """
import httpx
auth = httpx.BasicAuth("", pat)  # <- PAT301/error env:ADO_PAT <ACCOUNTS>
with httpx.Client(base_url="https://app.vssps.visualstudio.com", auth=auth) as client:
    client.get("/_apis/accounts")
""",
    "constant of a class": """
class Urls:
    ACCOUNTS = "https://app.vssps.visualstudio.com/_apis/accounts"
requests.get(Urls.ACCOUNTS, auth=("", pat))  # <- PAT301/error env:ADO_PAT
""",
    "PAT lifecycle": """
url = f"https://vssps.dev.azure.com/{ORG}/_apis/tokens/pats?api-version=7.1-preview.1"
requests.post(url, auth=("", pat))  # <- PAT301/error env:ADO_PAT
""",
}


@pytest.mark.parametrize("program", REFUSED.values(), ids=REFUSED)
def test_an_endpoint_that_takes_oauth_only(program: str) -> None:
    check(START + program.replace("<ACCOUNTS>", "https://app.vssps.visualstudio.com/_apis/accounts"))


def test_an_endpoint_of_another_file() -> None:
    check(
        """# file: endpoints.py
VSSPS = "https://app.vssps.visualstudio.com"
ACCOUNTS = VSSPS + "/_apis/accounts"
# file: main.py
import os, requests
from endpoints import ACCOUNTS
requests.get(ACCOUNTS, auth=("", os.environ["ADO_PAT"]))  # <- PAT301/error env:ADO_PAT
"""
    )


SILENT = {
    "Entra token as password": """
from azure.identity import DefaultAzureCredential
token = DefaultAzureCredential().get_token("499b84ac-1321-427f-aa17-267ca6975798/.default").token
requests.get("https://dev.azure.com/contoso", auth=("", token))
""",
    "Entra token in a hand-built header": """
from azure.identity import AzureCliCredential
token = AzureCliCredential().get_token("499b84ac-1321-427f-aa17-267ca6975798/.default").token
value = base64.b64encode(f":{token}".encode()).decode()
requests.get("https://dev.azure.com/contoso", headers={"Authorization": "Basic " + value})
""",
    "Entra token through a helper and a class": """
from azure.identity import ClientSecretCredential
class Client:
    def __init__(self, tenant, client, secret):
        self.credential = ClientSecretCredential(tenant, client, secret)
    def token(self):
        return self.credential.get_token("x/.default").token
    def projects(self):
        return requests.get("https://dev.azure.com/contoso", auth=("", self.token()))
""",
    "Entra token for OAuth only": """
from azure.identity import DefaultAzureCredential
token = DefaultAzureCredential().get_token("x/.default").token
url = "https://app.vssps.visualstudio.com/_apis/accounts"
requests.get(url, headers={"Authorization": "Bearer " + token})
""",
    "job token": """
requests.get("https://dev.azure.com/contoso", auth=("", os.environ["SYSTEM_ACCESSTOKEN"]))
""",
    "job token in a hand-built header": """
token = os.environ.get("SYSTEM_ACCESSTOKEN")
value = base64.b64encode(bytes(":" + token, "utf-8")).decode()
requests.get("https://dev.azure.com/contoso", headers={"Authorization": "Basic " + value})
""",
    "Jenkins wants Basic": """
requests.get("https://jenkins.corp.com/job/x/api/json", auth=("me", os.environ["JENKINS_PASSWORD"]))
""",
    "Elasticsearch wants Basic": """
requests.get("http://elastic:9200/_search", auth=("elastic", os.environ["ELASTIC_PASSWORD"]))
""",
    "Stripe wants Basic": """
requests.get("https://api.stripe.com/v1/charges", auth=(os.environ["STRIPE_KEY"], ""))
""",
    "a host that is nobody's": """
requests.get("https://example.com/x", auth=("me", os.environ["PASSWORD"]))
""",
    "bearer": """
requests.get("https://example.com/x", headers={"Authorization": "Bearer " + os.environ["TOKEN"]})
""",
    "token endpoint wants client credentials": """
requests.post("https://login.example.com/oauth/token", auth=(os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]))
""",
}


@pytest.mark.parametrize("program", SILENT.values(), ids=SILENT)
def test_what_is_right_is_silent(program: str) -> None:
    check("import base64, os, requests\n" + program)


SERVERS = {
    "https": ("https://tfs.corp.local/tfs/DefaultCollection/_apis/projects", "PAT202"),
    "http": ("http://tfs.corp.local:8080/tfs/DefaultCollection", "PAT603/error"),
}


@pytest.mark.parametrize(("url", "rule"), SERVERS.values(), ids=SERVERS)
def test_a_server_of_ones_own_is_told_apart(url: str, rule: str) -> None:
    (found,) = check(
        f"""import os, requests
pat = os.environ["TFS_PAT"]
requests.get("{url}", auth=("", pat))  # <- {rule} env:TFS_PAT {url}
"""
    )
    assert found.service == "azure-devops-server"
    assert found.provider == "azure-devops"
