"""Severity, confidence and place of a finding: where the credential was born, and where it goes."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.scan import scan_files
from pat_audit.tokens.samples import expand

if TYPE_CHECKING:
    from pat_audit.model import Finding

CATALOGUE = load_catalogue(plugins=False)
TODAY = datetime.date(2026, 11, 23)
START = "import base64, os, requests\n"


def judged(program: str, path: str = "a.py", today: datetime.date = TODAY) -> list[Finding]:
    """The findings of a program, its inventory aside."""
    report = scan_files({path: expand(START + program).encode()}, CATALOGUE, today)
    assert report.problems == ()
    return [finding for finding in report.findings if finding.category != "pat-env-usage"]


def one(program: str, path: str = "a.py") -> Finding:
    """The only finding of a program."""
    (found,) = judged(program, path)
    return found


def send(secret: str, url: str = "https://dev.azure.com/contoso", user: str = '""') -> str:
    """A request that signs in with a pair."""
    return f'requests.get("{url}", auth=({user}, {secret}))\n'


POLICY = {
    "written down, valid": (send('"<<azure-devops-pat>>"'), "PAT101", "error"),
    "from the environment": (send('os.environ["ADO_PAT"]'), "PAT202", "warning"),
    "of no telling name, host known": (send('os.environ["X"]'), "PAT202", "warning"),
    "OAuth only": (
        send('os.environ["ADO_PAT"]', "https://app.vssps.visualstudio.com/_apis/accounts"), "PAT301", "error",
    ),
    "OAuth only, written down": (
        send('"<<azure-devops-pat>>"', "https://app.vssps.visualstudio.com/_apis/accounts"), "PAT301", "error",
    ),
    "over http": (send('os.environ["TFS_PAT"]', "http://tfs.corp.local/tfs/DefaultCollection"), "PAT603", "error"),
    "on a server": (send('os.environ["TFS_PAT"]', "https://tfs.corp.local/tfs/DefaultCollection"), "PAT202", "warning"),
    "in an address": ('url = "https://me:" + os.environ["ADO_PAT"] + "@dev.azure.com/contoso"', "PAT102", "warning"),
}  # fmt: skip


@pytest.mark.parametrize(("program", "rule", "severity"), POLICY.values(), ids=POLICY)
def test_rule_and_severity(program: str, rule: str, severity: str) -> None:
    found = one(program)
    assert (found.rule, found.severity) == (rule, severity)
    assert found.location.line == 2


def test_a_broken_header_is_a_header_first() -> None:
    found = one('header = "Basic " + base64.encodebytes((":" + os.environ["ADO_PAT"]).encode()).decode()')
    assert (found.rule, found.severity, found.also) == ("PAT201", "warning", ("PAT501", "PAT601"))
    assert found.location.line == 2


SILENT = {
    "Entra": "from azure.identity import DefaultAzureCredential\n"
    + send('DefaultAzureCredential().get_token("x/.default").token'),
    "job token": send('os.environ["SYSTEM_ACCESSTOKEN"]'),
    "right service": send('os.environ["ELASTIC_PASSWORD"]', "http://elastic:9200/x", '"elastic"'),
    "nobody's host": send('os.environ["PASSWORD"]', "https://example.com", '"me"'),
    "empty": send('""', "https://example.com"),
}


@pytest.mark.parametrize("program", SILENT.values(), ids=SILENT)
def test_what_is_no_finding(program: str) -> None:
    assert judged(program) == []


def test_one_site_is_one_finding_that_names_the_others() -> None:
    found = one(send('"<<azure-devops-pat>>"', "https://app.vssps.visualstudio.com/_apis/accounts"))
    assert "PAT101" in found.also
    assert found.credential == "literal"


def test_a_known_host_and_a_telling_name_are_sure() -> None:
    assert one(send('os.environ["ADO_PAT"]')).confidence == "high"


def test_a_name_alone_is_less_sure() -> None:
    found = one('header = "Basic " + base64.b64encode((":" + os.environ["ADO_PAT"]).encode()).decode()\n')
    assert found.confidence == "medium"
    assert found.service == "azure-devops"
    assert found.url is None


def test_a_file_of_tests_is_a_note_where_the_host_does_not_tell() -> None:
    program = 'header = "Basic " + base64.b64encode((":" + os.environ["ADO_PAT"]).encode()).decode()\n'
    assert one(program, "tests/test_x.py").severity == "note"
    assert one(program, "tools/x.py").severity == "warning"


@pytest.mark.parametrize(
    ("path", "hosts", "service"),
    [
        ("docker/download.py", "https://dev.azure.com/contoso", "azure-devops"),
        ("docker/download.py", "https://example.com", "docker-hub"),
        ("github/download.py", "https://dev.azure.com/contoso", "github"),
    ],
)
def test_the_hosts_of_a_file_say_more_than_a_word_that_may_mean_a_service(path: str, hosts: str, service: str) -> None:
    program = f'# {hosts}\nheader = "Basic " + base64.b64encode((":" + os.environ["MY_PAT"]).encode()).decode()\n'
    assert one(program, path).service == service


def test_the_secret_is_in_no_part_of_a_finding() -> None:
    token = expand("<<azure-devops-pat>>")
    found = one(send(f'"{token}"'))
    assert token not in repr(found)


def test_a_general_helper_is_mended_at_its_callers() -> None:
    found = judged(
        """def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()



one = basic("", os.environ["ADO_PAT"])
two = basic("", os.environ["GITHUB_PAT"])
"""
    )
    assert [(each.location.line, each.severity, each.credential) for each in found] == [
        (7, "warning", "env:ADO_PAT"),
        (8, "warning", "env:GITHUB_PAT"),
    ]


def test_a_helper_with_many_callers_is_the_place() -> None:
    callers = "".join(f'x{n} = basic("", os.environ["A{n}_PAT"])\n' for n in range(12))
    found = judged(
        "def basic(user, password):\n"
        f'    return "Basic " + base64.b64encode(f"{{user}}:{{password}}".encode()).decode()\n{callers}'
    )
    assert [(each.location.line, each.severity) for each in found] == [(3, "warning")]


def test_a_helper_of_a_credential_is_mended_itself() -> None:
    found = one(
        """def basic(pat):
    return "Basic " + base64.b64encode(f":{pat}".encode()).decode()
one = basic(os.environ["ADO_PAT"])
"""
    )
    assert (found.rule, found.location.line, found.severity) == ("PAT201", 3, "warning")
