"""Fixes in configuration files and in the programs that stand in them: exact texts before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixes.mended import TOKEN, mended
from pat_audit.tokens.samples import expand

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://dev.azure.com/fabrikam/_apis/projects"
FEED = "pkgs.dev.azure.com/fabrikam/_packaging/feed"

WRITTEN = {
    ".npmrc": (
        f"; the feed\n//{FEED}/npm/:_authToken=<<azure-devops-pat>>\n",
        f"; the feed\n//{FEED}/npm/:_authToken=${{AZURE_DEVOPS_EXT_PAT}}\n",
    ),
    "encoded/.npmrc": (
        f'//{FEED}/npm/:_password="<<base64(azure-devops-pat)>>"\n',
        f'//{FEED}/npm/:_password="${{AZURE_DEVOPS_EXT_PAT_BASE64}}"\n',
    ),
    ".yarnrc.yml": (
        f'npmRegistries:\n  "https://{FEED}":\n    npmAuthToken: <<azure-devops-pat>> # of a person\n',
        f'npmRegistries:\n  "https://{FEED}":\n    npmAuthToken: ${{NPM_AUTH_TOKEN}} # of a person\n',
    ),
    "NuGet.config": (
        (
            '\ufeff<?xml version="1.0"?>\r\n<configuration>\r\n  <packageSourceCredentials>\r\n    <feed>\r\n'
            '      <add key="ClearTextPassword" value="<<azure-devops-pat>>" />\r\n'
            "    </feed>\r\n  </packageSourceCredentials>\r\n</configuration>\r\n"
        ),
        (
            '\ufeff<?xml version="1.0"?>\r\n<configuration>\r\n  <packageSourceCredentials>\r\n    <feed>\r\n'
            '      <add key="ClearTextPassword" value="%AZURE_DEVOPS_EXT_PAT%" />\r\n'
            "    </feed>\r\n  </packageSourceCredentials>\r\n</configuration>\r\n"
        ),
    ),
    "requirements.txt": (
        f"--extra-index-url https://user:<<azure-devops-pat>>@{FEED}/pypi/simple/\nrequests\n",
        f"--extra-index-url https://user:${{AZURE_DEVOPS_EXT_PAT}}@{FEED}/pypi/simple/\nrequests\n",
    ),
    "docker-compose.yml": (
        'services:\n  agent:\n    image: agent\n    environment:\n      AZP_TOKEN: "<<azure-devops-pat>>"\n',
        'services:\n  agent:\n    image: agent\n    environment:\n      AZP_TOKEN: "${AZP_TOKEN}"\n',
    ),
    ".github/workflows/build.yml": (
        "on: push\njobs:\n  a:\n    env:\n      AZURE_DEVOPS_EXT_PAT: <<azure-devops-pat>>\n",
        "on: push\njobs:\n  a:\n    env:\n      AZURE_DEVOPS_EXT_PAT: ${{ secrets.AZURE_DEVOPS_EXT_PAT }}\n",
    ),
    "azure-pipelines.yml": (
        "variables:\n  pat: <<azure-devops-pat>>\nsteps:\n- script: az devops project list\n",
        "variables:\n  pat: $(AZURE_DEVOPS_EXT_PAT)\nsteps:\n- script: az devops project list\n",
    ),
    "settings.xml": (
        "<settings><servers><server><id>feed</id><password><<azure-devops-pat>></password></server></servers></settings>\n",
        "<settings><servers><server><id>feed</id><password>${env.AZURE_DEVOPS_EXT_PAT}</password></server></servers></settings>\n",
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_written_token_comes_from_outside(tmp_path: Path, name: str) -> None:
    before, after = WRITTEN[name]
    assert mended(tmp_path, name, before, unsafe=False).decode() == after


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config.json", '{"pat": "<<azure-devops-pat>>"}\n'),
        ("appsettings.json", '{"AzureDevOps": {"Pat": "<<azure-devops-pat>>"}}\n'),
        (".pypirc", "[feed]\nusername = x\npassword = <<azure-devops-pat>>\n"),
        (".netrc", "machine dev.azure.com login x password <<azure-devops-pat>>\n"),
    ],
)
def test_a_format_without_a_way_is_left_to_a_person(tmp_path: Path, name: str, text: str) -> None:
    assert mended(tmp_path, name, text).decode() == expand(text)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (
            ".gitmodules",
            '[submodule "web"]\n\tpath = web\n\turl = https://<<azure-devops-pat>>@dev.azure.com/fabrikam/web/_git/web\n',
            '[submodule "web"]\n\tpath = web\n\turl = https://dev.azure.com/fabrikam/web/_git/web\n',
        ),
        (
            "pip.conf",
            f"[global]\nindex-url = https://user:<<azure-devops-pat>>@{FEED}/pypi/simple/\n",
            f"[global]\nindex-url = https://{FEED}/pypi/simple/\n",
        ),
        (
            "package.json",
            '{"dependencies": {"a": "git+https://<<azure-devops-pat>>@dev.azure.com/fabrikam/a/_git/a"}}\n',
            '{"dependencies": {"a": "git+https://dev.azure.com/fabrikam/a/_git/a"}}\n',
        ),
    ],
)
def test_a_url_without_its_user(tmp_path: Path, name: str, before: str, after: str) -> None:
    assert mended(tmp_path, name, before).decode() == after


PIPELINE = f"""\
# lists projects
steps:
  - bash: |
      B64=$(printf ":%s" "$(MyPat)" | base64)
      curl -H "Authorization: Basic $B64" "$(System.CollectionUri)_apis/projects"
      curl -u ":$(MyPat)" \\
        {URL}
  - script: curl -u :$(MyPat) {URL}
    displayName: list
  - script: az devops project list
    env:
      AZURE_DEVOPS_EXT_PAT: $(MyPat) # of a person
"""
PIPELINE_FIXED = f"""\
# lists projects
steps:
  - bash: |
      curl -H "Authorization: Bearer $(System.AccessToken)" "$(System.CollectionUri)_apis/projects"
      curl -H "Authorization: Bearer $(System.AccessToken)" \\
        {URL}
  - script: |
      curl -H "Authorization: Bearer $(System.AccessToken)" {URL}
    displayName: list
  - script: az devops project list
    env:
      AZURE_DEVOPS_EXT_PAT: $(System.AccessToken) # of a person
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_pipeline_uses_its_job_token(tmp_path: Path, newline: str) -> None:
    after = mended(tmp_path, "azure-pipelines.yml", PIPELINE.replace("\n", newline).encode())
    assert after.decode() == PIPELINE_FIXED.replace("\n", newline)


def test_powershell_in_a_pipeline(tmp_path: Path) -> None:
    before = """\
steps:
- pwsh: |
    $b64 = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes(":$(MyPat)"))
    $headers = @{ Authorization = "Basic $b64" }
    Invoke-RestMethod -Uri "$(System.CollectionUri)_apis/projects" -Headers $headers
"""
    after = """\
steps:
- pwsh: |
    $headers = @{ Authorization = "Bearer $(System.AccessToken)" }
    Invoke-RestMethod -Uri "$(System.CollectionUri)_apis/projects" -Headers $headers
"""
    assert mended(tmp_path, "azure-pipelines.yml", before).decode() == after


def test_a_workflow_signs_in_with_az(tmp_path: Path) -> None:
    before = f"""\
on: push
jobs:
  list:
    runs-on: ubuntu-latest
    steps:
      - run: |
          curl -u ":${{{{ secrets.AZDO_PAT }}}}" {URL}
          git clone https://${{{{ secrets.AZDO_PAT }}}}@dev.azure.com/fabrikam/web/_git/web
      - run: curl -u ":$AZDO_PAT" {URL}
        env:
          AZDO_PAT: ${{{{ secrets.AZDO_PAT }}}}
"""
    after = mended(tmp_path, ".github/workflows/list.yml", before).decode()
    bearer = f'-H "Authorization: Bearer $({TOKEN})"'
    assert f"      - run: |\n          curl {bearer} {URL}\n          git -c http.extraheader=" in after
    assert f"      - run: |\n          curl {bearer} {URL}\n        env:\n" in after
    assert " clone https://dev.azure.com/fabrikam/web/_git/web\n" in after


def test_a_makefile_doubles_dollars(tmp_path: Path) -> None:
    before = f'all:\n\tcurl -u ":$$AZDO_PAT" {URL}\n'
    after = f'all:\n\tcurl -H "Authorization: Bearer $$({TOKEN})" {URL}\n'
    assert mended(tmp_path, "Makefile", before).decode() == after


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Dockerfile", f'FROM alpine\nARG AZDO_PAT\nRUN curl -u ":$AZDO_PAT" {URL}\n'),
        ("azure-pipelines.yml", f'steps:\n- script: "curl -u :$(MyPat) {URL}"\n'),
        ("package.json", f'{{"scripts": {{"list": "curl -u :$AZDO_PAT {URL}"}}}}\n'),
    ],
)
def test_programs_in_quotes_or_images_are_left(tmp_path: Path, name: str, text: str) -> None:
    assert mended(tmp_path, name, text).decode() == text
