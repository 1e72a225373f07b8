"""Fixes in shell scripts: exact texts before and after."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from fixes.mended import TOKEN, mended

if TYPE_CHECKING:
    from pathlib import Path

_FUNCTION = f"""\
# prints a Microsoft Entra token for Azure DevOps, of whoever az is signed in as
entra_token() {{
  {TOKEN}
}}
"""
URL = "https://dev.azure.com/fabrikam/_apis/projects"
ONE_LINE = {
    "a pair": (f'curl -s -u ":$PAT" {URL}', f'curl -s -H "Authorization: Bearer $({TOKEN})" {URL}'),
    "a user": (f"curl --user me:$PAT {URL}", f'curl -H "Authorization: Bearer $({TOKEN})" {URL}'),
    "with an equals sign": (f'curl --user=":$PAT" {URL}', f'curl -H "Authorization: Bearer $({TOKEN})" {URL}'),
    "attached": (f'curl -u":$PAT" {URL}', f'curl -H "Authorization: Bearer $({TOKEN})" {URL}'),
    "among letters": (f'curl -sSu ":$PAT" {URL}', f'curl -sS -H "Authorization: Bearer $({TOKEN})" {URL}'),
    "encoded in place": (
        f'curl -H "authorization: Basic $(printf ":%s" "$PAT" | base64)" {URL}',
        f'curl -H "authorization: Bearer $({TOKEN})" {URL}',
    ),
    "both quotes": (
        f'curl -H \'Authorization: Basic \'"$(printf ":$PAT" | base64)" {URL}',
        f'curl -H "Authorization: Bearer $({TOKEN})" {URL}',
    ),
    "wget": (
        f'wget -q --user=me --password="$PAT" {URL}',
        f'wget -q --header="Authorization: Bearer $({TOKEN})" {URL}',
    ),
    "wget, other order": (
        f'wget --password "$PAT" -q --user me {URL}',
        f'wget --header="Authorization: Bearer $({TOKEN})" -q {URL}',
    ),
    "git's header": (
        (
            'git -c http.extraheader="AUTHORIZATION: Basic $(printf ":%s" "$PAT" | base64)" fetch'
            " https://dev.azure.com/fabrikam/web/_git/web"
        ),
        f'git -c http.extraheader="AUTHORIZATION: Bearer $({TOKEN})" fetch https://dev.azure.com/fabrikam/web/_git/web',
    ),
    "a URL": (
        'git clone --depth 1 "https://user:${PAT}@dev.azure.com/fabrikam/web/_git/web" here',
        (
            f'git -c http.extraheader="AUTHORIZATION: bearer $({TOKEN})" clone --depth 1'
            ' "https://dev.azure.com/fabrikam/web/_git/web" here'
        ),
    ),
    "a URL without quotes": (
        "git clone https://$PAT@dev.azure.com/fabrikam/web/_git/web || exit 1",
        (
            f'git -c http.extraheader="AUTHORIZATION: bearer $({TOKEN})" clone'
            " https://dev.azure.com/fabrikam/web/_git/web || exit 1"
        ),
    ),
}


@pytest.mark.parametrize("case", ONE_LINE)
def test_one_command(tmp_path: Path, case: str) -> None:
    before, after = ONE_LINE[case]
    assert mended(tmp_path, "x.sh", f"#!/bin/sh\n{before}\n").decode() == f"#!/bin/sh\n{after}\n"


LEFT = {
    "a remote, which later commands use": (
        'git remote set-url origin "https://$PAT@dev.azure.com/fabrikam/web/_git/web"\ngit push\n'
    ),
    "another host": 'git clone "https://x-access-token:$GITHUB_TOKEN@github.com/fabrikam/web.git"\n',
    "a server of one's own": 'curl -u ":$TFS_PAT" https://tfs.corp.local/tfs/DefaultCollection/_apis/projects\n',
    "a URL that something else uses too": (
        'URL="https://$PAT@dev.azure.com/fabrikam/web/_git/web"\ngit clone "$URL"\nregister "$URL"\n'
    ),
    "quoted here-document": "cat <<'EOF' > token\n<<azure-devops-pat>>\nEOF\n",
}


@pytest.mark.parametrize("case", LEFT)
def test_left_to_a_person(tmp_path: Path, case: str) -> None:
    from pat_audit.tokens.samples import expand

    text = expand(f"#!/bin/sh\n{LEFT[case]}")
    assert mended(tmp_path, "x.sh", text.encode()).decode() == text


def test_several_uses_share_a_function_and_leftovers_go(tmp_path: Path) -> None:
    before = f"""\
#!/usr/bin/env bash
# Lists projects.
set -euo pipefail

ORG=https://dev.azure.com/fabrikam

B64=$(printf ':%s' "$AZURE_DEVOPS_PAT" | base64 -w0)  # for the header

AUTH="Authorization: Basic $B64"
curl -H "$AUTH" "$ORG/_apis/projects"
get() {{
  local auth
  auth=$(printf ':%s' "$AZURE_DEVOPS_PAT" | base64 | tr -d '\\n')
  curl -s \\
    -H "Authorization: Basic $auth" \\
    -H 'Accept: application/json' {URL}
}}
put() {{
  curl -s \\
    -X PUT \\
    -u ":$AZURE_DEVOPS_PAT" \\
    -d @body.json {URL}
}}
"""
    after = f"""\
#!/usr/bin/env bash
# Lists projects.
set -euo pipefail

{_FUNCTION}
ORG=https://dev.azure.com/fabrikam

AUTH="Authorization: Bearer $(entra_token)"
curl -H "$AUTH" "$ORG/_apis/projects"
get() {{
  curl -s \\
    -H "Authorization: Bearer $(entra_token)" \\
    -H 'Accept: application/json' {URL}
}}
put() {{
  curl -s \\
    -X PUT \\
    -H "Authorization: Bearer $(entra_token)" \\
    -d @body.json {URL}
}}
"""
    assert mended(tmp_path, "list.sh", before).decode() == after
    bash = shutil.which("bash")
    if bash is not None:
        subprocess.run([bash, "-n", str(tmp_path / "list.sh")], check=True)


def test_line_ends_stay(tmp_path: Path) -> None:
    before = f'#!/bin/sh\r\ncurl -u ":$PAT" {URL}\r\ncurl -u "x:$PAT" {URL}?a=b\r\n'
    after = mended(tmp_path, "x.sh", before)
    assert after.count(b"\n") == after.count(b"\r\n")
    assert after.startswith(b"#!/bin/sh\r\n\r\n" + _FUNCTION.replace("\n", "\r\n").encode())


def test_a_url_in_a_variable(tmp_path: Path) -> None:
    before = '#!/bin/sh\nURL="https://$PAT@dev.azure.com/fabrikam/web/_git/web"\ngit clone "$URL" web\n'
    after = (
        '#!/bin/sh\nURL="https://dev.azure.com/fabrikam/web/_git/web"\n'
        f'git -c http.extraheader="AUTHORIZATION: bearer $({TOKEN})" clone "$URL" web\n'
    )
    assert mended(tmp_path, "x.sh", before).decode() == after


def test_a_block_is_not_left_empty(tmp_path: Path) -> None:
    before = f"""\
#!/bin/sh
if [ -n "$PAT" ]; then
  B64=$(printf ':%s' "$PAT" | base64)
fi
curl -H "Authorization: Basic $B64" {URL}
"""
    after = mended(tmp_path, "x.sh", before).decode()
    assert "then\nfi" not in after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("PAT=<<azure-devops-pat>>", 'PAT="${PAT:?}"'),
        ("export MY_PAT='<<azure-devops-pat>>'", 'export MY_PAT="${MY_PAT:?}"'),
        ('login --token "<<azure-devops-pat>>"', 'login --token "${AZURE_DEVOPS_EXT_PAT:?}"'),
        ("login --token=<<azure-devops-pat>>", "login --token=${AZURE_DEVOPS_EXT_PAT:?}"),
        ('AUTH="me:<<azure-devops-pat>>"', 'AUTH="me:${AZURE_DEVOPS_EXT_PAT:?}"'),
        ("TOKEN=<<github-pat>>", 'TOKEN="${TOKEN:?}"'),
    ],
)
def test_a_written_token_comes_from_the_environment(tmp_path: Path, before: str, after: str) -> None:
    assert mended(tmp_path, "x.sh", f"#!/bin/sh\n{before}\n", unsafe=False).decode() == f"#!/bin/sh\n{after}\n"


def test_command_lists_in_python(tmp_path: Path) -> None:
    before = """\
import os
import subprocess

PAT = os.environ["AZURE_DEVOPS_EXT_PAT"]


def clone():
    subprocess.run(["git", "clone", f"https://{PAT}@dev.azure.com/fabrikam/web/_git/web"], check=True)
    subprocess.run(["curl", "-s", "-u", f":{PAT}", "https://dev.azure.com/fabrikam/_apis/projects"], check=True)
"""
    after = mended(tmp_path, "clone.py", before).decode()
    assert '["git", "-c", f"http.extraheader=AUTHORIZATION: bearer {entra_token()}", "clone", ' in after
    assert '"https://dev.azure.com/fabrikam/web/_git/web"]' in after
    assert '["curl", "-s", "-H", f"Authorization: Bearer {entra_token()}", "https://dev' in after
    compile(after, "clone.py", "exec")
