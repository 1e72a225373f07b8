"""Programs that are run with a credential on their command line."""

from __future__ import annotations

import pytest
from programs import check

START = """\
import base64, os, shlex, subprocess
pat = os.environ["ADO_PAT"]
token = base64.b64encode(f":{pat}".encode()).decode()
URL = "https://dev.azure.com/contoso/_apis/projects"
GIT = "https://dev.azure.com/contoso/web/_git/web"
"""
WITHOUT_TOKEN = START.replace('token = base64.b64encode(f":{pat}".encode()).decode()\n', "")

COMMANDS = {
    "curl as list": 'subprocess.run(["curl", "-u", ":" + pat, URL])  # <- PAT203 env:ADO_PAT',
    "curl as f-string": 'subprocess.run(f"curl -u :{pat} {URL}", shell=True)  # <- PAT203 env:ADO_PAT',
    "curl by os.system": 'os.system("curl -u :" + pat + " " + URL)  # <- PAT203 env:ADO_PAT',
    "curl by os.popen": 'os.popen("curl --user user:%s %s" % (pat, URL))  # <- PAT203 env:ADO_PAT',
    "curl by check_output": 'subprocess.check_output(["curl", "--user", f"x:{pat}", URL])  # <- PAT203 env:ADO_PAT',
    "curl by Popen": 'subprocess.Popen(args=["curl", "-u", f":{pat}", URL])  # <- PAT203 env:ADO_PAT',
    "curl by call of split text": 'subprocess.call(shlex.split(f"curl -u :{pat} {URL}"))  # <- PAT203 env:ADO_PAT',
    "curl in steps": 'command = ["curl"]\ncommand += ["-u", ":" + pat]  # <- PAT203 env:ADO_PAT\n'
    "command.append(URL)\nsubprocess.run(command)",
    "curl with equals": 'subprocess.run(["curl", f"--user=:{pat}", URL])  # <- PAT203 env:ADO_PAT',
}


@pytest.mark.parametrize("program", COMMANDS.values(), ids=COMMANDS)
def test_a_command_that_signs_in(program: str) -> None:
    (found,) = check(f"{WITHOUT_TOKEN}{program}\n")
    assert found.service == "azure-devops"


HEADERS = {
    "curl in one text": """
os.system(f'curl -H "Authorization: Basic {token}" {URL}')
""",
    "git extra header": """
subprocess.run(["git", "-c", f"http.extraheader=AUTHORIZATION: basic {token}", "clone", GIT])
""",
    "git extra header in a variable": """
header = f"http.extraHeader=Authorization: Basic {token}"
subprocess.check_call(["git", "-c", header, "fetch", GIT])
""",
}


@pytest.mark.parametrize("program", HEADERS.values(), ids=HEADERS)
def test_a_command_with_a_header_is_found_where_that_is_encoded(program: str) -> None:
    start = START.replace(".decode()\n", ".decode()  # <- PAT201 env:ADO_PAT\n")
    check(start + program)


def test_a_header_that_stands_by_itself_is_found_there() -> None:
    check(START + 'subprocess.run(["curl", "-H", f"Authorization: Basic {token}", URL])  # <- PAT201 env:ADO_PAT\n')


URLS = {
    "git clone": """
subprocess.run(["git", "clone", f"https://{pat}@dev.azure.com/contoso/web/_git/web"])  # <-
""",
    "git clone with user": """
subprocess.run(["git", "clone", f"https://me:{pat}@dev.azure.com/contoso/web/_git/web"])  # <-
""",
    "built by a helper": """
def signed(url, secret):
    return url.replace("https://", f"https://:{secret}@")
subprocess.run(["git", "push", signed(GIT, pat)])  # <-
""",
    "GitPython": """
import git
git.Repo.clone_from(f"https://{pat}@dev.azure.com/contoso/web/_git/web", "web")  # <-
""",
    "pip": """
os.system(f"pip install --index-url https://x:{pat}@pkgs.dev.azure.com/contoso/_packaging/f/pypi/simple/ web")  # <-
""",
}


@pytest.mark.parametrize("program", URLS.values(), ids=URLS)
def test_a_command_with_a_credential_in_its_address(program: str) -> None:
    check(WITHOUT_TOKEN + program.replace("# <-", "# <- PAT102 env:ADO_PAT"))


SILENT = {
    "variable of the shell": 'os.system("curl -u :$ADO_PAT https://example.com")',
    "no credential": 'subprocess.run(["git", "clone", GIT])',
    "login by environment": 'subprocess.run(["az", "devops", "project", "list"], env={"AZURE_DEVOPS_EXT_PAT": pat})',
    "another program": 'subprocess.run(["echo", "-u", "x:y"])',
}


@pytest.mark.parametrize("program", SILENT.values(), ids=SILENT)
def test_a_command_that_does_not(program: str) -> None:
    check(f"{WITHOUT_TOKEN}{program}\n")


def test_through_a_runner_of_ones_own() -> None:
    check(
        WITHOUT_TOKEN
        + """
def run(*command):
    subprocess.run(list(command), check=True)
run("curl", "-u", ":" + pat, URL)  # <- PAT203 env:ADO_PAT
"""
    )


SHELL_PROGRAMS = {
    "a variable and a substitution": '''
os.system(f"""
set -e
TOKEN=$(printf ':%s' '{pat}' | base64 -w0)
curl -H "Authorization: Basic $TOKEN" {URL}  # <- PAT201 env:ADO_PAT
""")
''',
    "a substitution in an argument": """
subprocess.run(f"curl -u :$(echo {pat}) {URL}", shell=True)  # <- PAT203 env:ADO_PAT
""",
    "handed in by a caller": '''
def fetch(secret):
    os.system(f"""
export TOKEN={secret}
curl -u ":$TOKEN" {URL}  # <- PAT203 env:ADO_PAT
""")
fetch(pat)
''',
    "what it prints": """
auth = subprocess.check_output(f"X={pat}; printf ':%s' $X | base64 -w0", shell=True, text=True)
requests.get(URL, headers={"Authorization": "Basic " + auth})  # <- PAT201 env:ADO_PAT
""",
}


@pytest.mark.parametrize("program", SHELL_PROGRAMS.values(), ids=SHELL_PROGRAMS)
def test_text_for_a_shell_is_a_program(program: str) -> None:
    check("import requests\n" + WITHOUT_TOKEN + program)


def test_text_for_a_shell_that_asks_for_an_entra_token() -> None:
    check(
        WITHOUT_TOKEN
        + """
os.system(f"curl -u :$(az account get-access-token --query accessToken -o tsv) {URL}")
os.system(f"TOKEN=$(cat '; curl {URL}")  # broken off
"""
    )
