"""All that a finding says: place, message, way, fixes, and how the credential is used, for whoever mends it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.model import Finding, Location
from pat_audit.scan import scan_files
from pat_audit.tokens.samples import expand

CATALOGUE = load_catalogue(plugins=False)
TODAY = datetime.date(2026, 11, 23)
START = "import base64, os, requests\n"
USUAL: dict[str, Any] = {
    "rule": "PAT202",
    "name": "basic-auth-helper",
    "category": "basic-client",
    "severity": "warning",
    "confidence": "high",
    "message": "requests.get signs in to Azure DevOps Services over Basic: Azure DevOps personal access token from "
    "environment variable ADO_PAT",
    "place": "3:52-3:61",
    "provider": "azure-devops",
    "service": "azure-devops",
    "url": "https://dev.azure.com/contoso",
    "credential": "env:ADO_PAT",
    "trail": [
        "2:7-2:28 read from environment variable ADO_PAT",
        "3:52-3:61 handed to requests.get for basic sign-in",
        "3:1-3:62 sent to https://dev.azure.com/contoso",
    ],
    "fixes": ["Send a Microsoft Entra token with requests, through auth=", "Use the pipeline's own job token"],
    "act": "client",
    "made": "3:52-3:61",
    "callables": ["requests.get"],
    "recipes": ["entra-token-requests", "pipeline-job-token"],
    "sends": ["3:1-3:62"],
    "variable": "AZURE_DEVOPS_EXT_PAT",
    "shared": False,
}
FINDINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "a pair": (
        ('pat = os.environ["ADO_PAT"]\nrequests.get("https://dev.azure.com/contoso", auth=("", pat))\n'),
        {},
    ),
    "a client that keeps it": (
        (
            "session = requests.Session()\n"
            'session.auth = ("me", os.environ["ADO_PAT"])\n'
            'session.get("https://dev.azure.com/contoso")\n'
        ),
        {
            "message": (
                "requests.Session.get signs in to Azure DevOps Services over Basic: Azure DevOps "
                "personal access token from environment variable ADO_PAT"
            ),
            "place": "3:16-3:45",
            "trail": [
                "3:23-3:44 read from environment variable ADO_PAT",
                "3:16-3:45 handed to requests.Session for basic sign-in",
                "4:1-4:45 sent to https://dev.azure.com/contoso",
            ],
            "made": "3:16-3:45",
            "callables": ["requests.Session", "requests.Session.get"],
            "sends": ["2:11-2:29 keeps"],
        },
    ),
    "an endpoint that a caller says": (
        (
            "def get(url):\n"
            '    return requests.get(url, auth=("", os.environ["ADO_PAT"]))\n'
            "\n"
            "\n"
            'get("https://app.vssps.visualstudio.com/_apis/accounts")\n'
        ),
        {
            "rule": "PAT301",
            "name": "oauth-only-endpoint",
            "category": "oauth-only-endpoint",
            "severity": "error",
            "message": (
                "Azure DevOps Services, organizations (accounts): takes OAuth only, not Azure DevOps "
                "personal access token from environment variable ADO_PAT"
            ),
            "place": "3:35-3:62",
            "url": "https://app.vssps.visualstudio.com/_apis/accounts",
            "trail": [
                "3:40-3:61 read from environment variable ADO_PAT",
                "3:35-3:62 handed to requests.get for basic sign-in",
                "6:1-6:57 handed over here",
                "3:12-3:63 sent to https://app.vssps.visualstudio.com/_apis/accounts",
            ],
            "made": "3:35-3:62",
            "sends": ["3:12-3:63"],
        },
    ),
    "a header": (
        (
            'header = "Basic " + base64.b64encode((":" + '
            'os.environ["ADO_PAT"]).encode()).decode()\n'
            'requests.get("https://dev.azure.com/contoso", headers={"Authorization": header})\n'
        ),
        {
            "rule": "PAT201",
            "name": "hand-built-basic-header",
            "category": "basic-header",
            "message": (
                "A Basic header for Azure DevOps Services is built by hand: Azure DevOps personal "
                "access token from environment variable ADO_PAT"
            ),
            "place": "2:10-2:86",
            "trail": [
                "2:45-2:66 read from environment variable ADO_PAT",
                "2:21-2:77 base64-encoded",
                "2:10-2:86 put into a Basic header",
                "3:1-3:81 sent to https://dev.azure.com/contoso",
            ],
            "act": "header",
            "made": "2:10-2:86",
            "sends": ["3:1-3:81"],
        },
    ),
    "plain http": (
        ('requests.get("http://tfs.corp.local/tfs/DefaultCollection", auth=("", os.environ["TFS_PAT"]))\n'),
        {
            "rule": "PAT603",
            "name": "credential-over-http",
            "category": "broken-auth",
            "severity": "error",
            "confidence": "medium",
            "message": (
                "Azure DevOps personal access token from environment variable TFS_PAT goes to Azure "
                "DevOps Server (TFS) over plain http"
            ),
            "place": "2:66-2:93",
            "service": "azure-devops-server",
            "url": "http://tfs.corp.local/tfs/DefaultCollection",
            "credential": "env:TFS_PAT",
            "trail": [
                "2:71-2:92 read from environment variable TFS_PAT",
                "2:66-2:93 handed to requests.get for basic sign-in",
                "2:1-2:94 sent to http://tfs.corp.local/tfs/DefaultCollection",
            ],
            "fixes": ["Send the credential over https", "Sign in to the server with Windows authentication"],
            "made": "2:66-2:93",
            "recipes": ["https-only", "on-premises-negotiate", "on-premises-pat-over-https"],
            "sends": ["2:1-2:94"],
        },
    ),
    "one sign-in for two services": (
        (
            "def auth():\n"
            '    return requests.auth.HTTPBasicAuth("", os.environ["ADO_PAT"])\n'
            "\n"
            "\n"
            'requests.get("https://dev.azure.com/contoso", auth=auth())\n'
            'requests.get("https://api.github.com/x", auth=auth())\n'
        ),
        {
            "message": (
                "requests.get signs in to GitHub over Basic: Azure DevOps personal access token from "
                "environment variable ADO_PAT"
            ),
            "place": "3:12-3:66",
            "provider": "github",
            "service": "github",
            "url": "https://api.github.com/x",
            "trail": [
                "3:44-3:65 read from environment variable ADO_PAT",
                "3:12-3:66 handed to requests.auth.HTTPBasicAuth for basic sign-in",
                "7:1-7:54 sent to https://api.github.com/x",
            ],
            "fixes": ["Use GITHUB_TOKEN or a GitHub App instead of a password or PAT"],
            "made": "3:12-3:66",
            "callables": ["requests.auth.HTTPBasicAuth", "requests.get"],
            "recipes": ["github-app-or-token"],
            "sends": ["6:1-6:59", "7:1-7:54"],
            "shared": True,
        },
    ),
    "a read": (
        'pat = os.environ["ADO_PAT"]\n',
        {
            "rule": "PAT501",
            "name": "pat-from-environment",
            "category": "pat-env-usage",
            "severity": "note",
            "confidence": "medium",
            "message": "Azure DevOps personal access token is expected in environment variable ADO_PAT",
            "place": "2:7-2:28",
            "url": None,
            "trail": [],
            "fixes": ["Send a Microsoft Entra token instead of the PAT", "Use the pipeline's own job token"],
            "act": "read",
            "made": "2:7-2:28",
            "callables": [],
            "recipes": ["entra-token", "pipeline-job-token", "pipeline-service-connection"],
            "sends": [],
        },
    ),
    "an address": (
        'url = "https://me:" + os.environ["ADO_PAT"] + "@dev.azure.com/contoso"\n',
        {
            "rule": "PAT102",
            "name": "credential-in-url",
            "category": "pat-in-url",
            "message": (
                "A URL for Azure DevOps Services carries a credential: Azure DevOps personal access "
                "token from environment variable ADO_PAT"
            ),
            "place": "2:7-2:71",
            "trail": ["2:23-2:44 read from environment variable ADO_PAT"],
            "fixes": ["Take the credential out of the URL", "Let Git Credential Manager sign in, with OAuth"],
            "act": "url",
            "made": "2:7-2:71",
            "callables": [],
            "recipes": [
                "url-without-credential",
                "git-credential-manager",
                "revoke-leaked-token",
                "pipeline-job-token",
            ],
            "sends": [],
        },
    ),
    "of no telling name": (
        'requests.get("https://dev.azure.com/contoso", auth=("", os.environ["X"]))\n',
        {
            "message": "requests.get signs in to Azure DevOps Services over Basic: environment variable X",
            "place": "2:52-2:73",
            "credential": "env:X",
            "trail": [
                "2:57-2:72 read from environment variable X",
                "2:52-2:73 handed to requests.get for basic sign-in",
                "2:1-2:74 sent to https://dev.azure.com/contoso",
            ],
            "made": "2:52-2:73",
            "sends": ["2:1-2:74"],
            "variable": "",
        },
    ),
    "an authenticator of its own": (
        (
            "class A(requests.auth.AuthBase):\n"
            "    def __call__(self, r):\n"
            '        r.headers["Authorization"] = "Basic " + base64.b64encode((":" + '
            'os.environ["ADO_PAT"]).encode()).decode()\n'
            "        return r\n"
            "\n"
            "\n"
            'requests.get("https://dev.azure.com/contoso", auth=A())\n'
        ),
        {
            "rule": "PAT201",
            "name": "hand-built-basic-header",
            "category": "basic-header",
            "message": (
                "A Basic header for Azure DevOps Services is built by hand: Azure DevOps personal "
                "access token from environment variable ADO_PAT"
            ),
            "place": "4:38-4:114",
            "trail": [
                "4:73-4:94 read from environment variable ADO_PAT",
                "4:49-4:105 base64-encoded",
                "4:38-4:114 put into a Basic header",
                "8:1-8:56 sent to https://dev.azure.com/contoso",
            ],
            "act": "header",
            "made": "4:38-4:114",
            "sends": ["8:1-8:56 signs"],
        },
    ),
    "a random password": (
        ('requests.get("https://dev.azure.com/contoso", auth=("me", "kT9vQ2mX7pL4wZ8nB3rD6yF1"))\n'),
        {
            "rule": "PAT104",
            "name": "written-credential",
            "category": "hardcoded-pat",
            "confidence": "low",
            "message": "A credential for Azure DevOps Services is written in the code",
            "place": "2:52-2:86",
            "credential": "literal",
            "trail": [
                "2:52-2:86 handed to requests.get for basic sign-in",
                "2:1-2:87 sent to https://dev.azure.com/contoso",
            ],
            "fixes": [
                "Revoke the credential that was written down",
                "Read the credential from the environment, and revoke the one that was written down",
            ],
            "made": "2:52-2:86",
            "recipes": [
                "revoke-leaked-token",
                "environment-variable",
                "keyring",
                "entra-token-requests",
                "pipeline-job-token",
            ],
            "sends": ["2:1-2:87"],
            "variable": "",
        },
    ),
}


def judged(program: str) -> list[Finding]:
    """The findings of a program."""
    return list(scan_files({"a.py": expand(START + program).encode()}, CATALOGUE, TODAY).findings)


def place(location: Location) -> str:
    """A place as `line:column-line:column`."""
    return f"{location.line}:{location.column}-{location.end_line}:{location.end_column}"


def said(found: Finding) -> dict[str, Any]:
    """What a finding says, by word."""
    use = found.use
    assert use is not None
    words = {word: getattr(found, word) for word in USUAL if hasattr(Finding, word) and word not in ("trail", "fixes")}
    return words | {
        "place": place(found.location),
        "trail": [f"{place(step.location)} {step.note}" for step in found.trail],
        "fixes": [fix.title for fix in found.fixes],
        "act": use.act,
        "made": place(use.made),
        "callables": list(use.callables),
        "recipes": list(use.recipes),
        "sends": [place(send.location) + " keeps" * send.keeps + " signs" * send.signs for send in use.sends],
        "variable": use.variable,
        "shared": use.shared,
    }


@pytest.mark.parametrize(("program", "differs"), FINDINGS.values(), ids=FINDINGS)
def test_all_that_a_finding_says(program: str, differs: dict[str, Any]) -> None:
    assert said(judged(program)[0]) == USUAL | differs


def test_an_endpoint_that_a_caller_says_is_reported_at_the_caller_as_well() -> None:
    found = judged(FINDINGS["an endpoint that a caller says"][0])
    assert [(each.rule, each.location.line) for each in found] == [("PAT301", 3), ("PAT301", 6)]


def test_a_written_token_shows_no_way() -> None:
    (found,) = judged('requests.get("https://dev.azure.com/contoso", auth=("", "<<azure-devops-pat>>"))\n')
    assert (found.rule, place(found.location)[:5], found.trail, found.credential) == ("PAT101", "2:58-", (), "literal")
    assert found.use is not None
    assert (found.use.act, found.use.made, found.use.callables, found.use.sends) == ("written", found.location, (), ())
    assert found.use.recipes == ("revoke-leaked-token", "environment-variable", "entra-token")
