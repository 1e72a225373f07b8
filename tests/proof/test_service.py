"""The service judges as the real one does; without that, a script that passes proves nothing."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

import pytest

from proof import answers, git_repository
from proof.issuer import AZURE_DEVOPS, Issuer
from proof.machine import Done, Machine

if TYPE_CHECKING:
    from pathlib import Path

    from proof.ground import Ground, Ran

TOKEN = """
from azure.identity import DefaultAzureCredential, get_bearer_token_provider
token = get_bearer_token_provider(DefaultAzureCredential(), "499b84ac-1321-427f-aa17-267ca6975798/.default")
URL = "https://dev.azure.com/fabrikam/_apis/projects"
FILE = "https://dev.azure.com/fabrikam/Fiber/_apis/wit/attachments/1"
def entra(request):
    request.headers["Authorization"] = f"Bearer {token()}"
    return request
"""
ONCE = """
import httpx
once = {"Authorization": f"Bearer {token()}"}
print(httpx.get(URL, headers=once).status_code, httpx.get(URL, headers=once).status_code)
"""
DOWNLOAD = "import urllib.request as u; request = u.Request(FILE); request.{}('Authorization', f'Bearer {{token()}}')"
READ = "\nprint(u.urlopen(request).read().decode())"
EACH_TIME = """
import requests
session = requests.Session()
session.auth = entra
print(session.get(URL).status_code, session.get(URL).status_code)
"""
BASIC = """
import os, requests
for url in ("https://dev.azure.com/fabrikam/_apis/projects", "https://dev.azure.com/fabrikam/_apis/connectionData"):
    response = requests.get(url, auth=("", os.environ.get("ADO_PAT", "gone")))
    print(response.status_code, response.headers["Content-Type"].split(";")[0], "WWW-Authenticate" in response.headers)
"""


def python(ground: Ground, home: Path, program: str, *, with_pat: bool = False, expire_after: int | None = None) -> Ran:
    """Run a program in a folder of its own."""
    folder = home.with_name("work")
    folder.mkdir(exist_ok=True)
    (folder / "program.py").write_text(program)
    return ground.run(("python", "program.py"), folder, home, with_pat=with_pat, expire_after=expire_after)


def test_a_pat_signs_in_while_basic_is_taken(ground: Ground, tmp_path: Path) -> None:
    ran = python(ground, tmp_path / "home", BASIC, with_pat=True)
    assert ran.done.output.splitlines() == ["200 application/json False"] * 2
    assert [seen.sign_in for seen in ran.service.seen] == ["pat", "pat"]


def test_refused_basic_gets_a_page_that_looks_like_success_or_a_challenge(ground: Ground, tmp_path: Path) -> None:
    ran = python(ground, tmp_path / "home", BASIC)
    assert ran.done.output.splitlines() == ["203 text/html False", "401 text/html True"]
    assert {seen.sign_in for seen in ran.service.seen} == {"refused basic"}


@pytest.mark.parametrize(
    ("call", "status"),
    [
        ("import requests; print(requests.get(URL, auth=entra).status_code)", 200),
        ("import httpx; print(httpx.get(URL, headers={'Authorization': f'Bearer {token()}'}).status_code)", 200),
        # requests puts what ~/.netrc has for the host in the place of a header that is given by hand
        ("import requests; print(requests.get(URL, headers={'Authorization': f'Bearer {token()}'}).status_code)", 203),
        ("import httpx; print(httpx.get(URL, headers={'Authorization': 'Bearer invented'}).status_code)", 401),
        ("import httpx; print(httpx.get(URL).status_code)", 203),
    ],
    ids=["requests with auth", "httpx with a header", "requests with a header", "invented", "nobody"],
)
def test_bearer(ground: Ground, tmp_path: Path, call: str, status: int) -> None:
    ran = python(ground, tmp_path / "home", TOKEN + call)
    assert ran.done == Done(0, f"{status}\n", ran.done.errors)


def test_a_token_for_something_else_is_refused(ground: Ground, tmp_path: Path) -> None:
    other = (TOKEN + EACH_TIME).replace(AZURE_DEVOPS, "https://management.azure.com")
    assert python(ground, tmp_path / "home", other).done.output == "401 401\n"


@pytest.mark.parametrize(("program", "output"), [(ONCE, "200 401\n"), (EACH_TIME, "200 200\n")])
def test_what_keeps_a_token_is_refused_when_it_has_ended(
    ground: Ground, tmp_path: Path, program: str, output: str
) -> None:
    assert python(ground, tmp_path / "home", TOKEN + program, expire_after=1).done.output == output


def test_a_token_ends_by_the_clock_too() -> None:
    issuer = Issuer(life=0.05)
    token = issuer.issue(AZURE_DEVOPS).token
    assert issuer.judge(token) == "good"
    time.sleep(0.06)
    assert issuer.judge(token) == "expired"


@pytest.mark.parametrize(
    ("download", "leaks"),
    [
        ("import requests; print(requests.get(FILE, auth=entra).text)", False),
        (DOWNLOAD.format("add_unredirected_header") + READ, False),
        (DOWNLOAD.format("add_header") + READ, True),
    ],
    ids=["requests", "urllib, not redirected", "urllib, redirected"],
)
def test_a_credential_that_follows_a_redirect_is_seen(
    ground: Ground, tmp_path: Path, download: str, leaks: bool
) -> None:
    ran = python(ground, tmp_path / "home", TOKEN + download)
    assert (ran.done.output == f"{answers.ATTACHMENT}\n") is not leaks
    assert [seen.host for seen in ran.service.leaks] == [answers.STORAGE] * leaks


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not on this machine")
def test_the_stand_in_for_az_gives_a_token_that_signs_in(ground: Ground, tmp_path: Path) -> None:
    program = (
        f"token=$(az account get-access-token --resource {AZURE_DEVOPS} --query accessToken -o tsv)\n"
        'curl -s -o answer -w "%{http_code}\\n" -H "Authorization: Bearer $token" '
        "https://dev.azure.com/fabrikam/_apis/projects"
    )
    assert ground.run(("bash", "-c", program), tmp_path, tmp_path / "home", with_pat=False).done.output == "200\n"


@pytest.mark.skipif(not shutil.which("git"), reason="git is not on this machine")
@pytest.mark.parametrize("header", ["Bearer", "Basic", None])
def test_git_signs_in_by_a_token_a_header_or_its_credential_helper(
    ground: Ground, tmp_path: Path, header: str | None
) -> None:
    with ground.service(takes_basic=False) as (service, endpoint):
        machine = Machine(tmp_path / "home", service, endpoint, ground.certificates, pat=None)
        token = service.issuer.issue(AZURE_DEVOPS).token if header == "Bearer" else ground.pat
        extra = ["-c", f"http.extraHeader=Authorization: {header} {token}"] if header else []
        url = f"https://dev.azure.com/fabrikam/{git_repository.PATH}"
        done = machine.run(["git", *extra, "clone", "-q", url, "clone"], tmp_path)
    assert (done.status == 0) is (header != "Basic"), done
    assert (tmp_path / "clone" / "README.md").exists() is (header != "Basic")


def test_no_host_but_those_of_the_proof_is_reached(ground: Ground, tmp_path: Path) -> None:
    ran = python(ground, tmp_path / "home", "import httpx; httpx.get('https://example.com/')")
    assert ran.done.status != 0
    assert "example.com is no host of the proof" in ran.done.errors
