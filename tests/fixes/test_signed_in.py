"""Where nobody is signed in: scripts of images and agents, and jobs of other services, are left to a person."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from fixes.mended import TOKEN, mend

if TYPE_CHECKING:
    from pathlib import Path

CURL = 'curl -s -u ":$ADO_PAT" https://dev.azure.com/fabrikam/_apis/projects\n'
FIXED = f'curl -s -H "Authorization: Bearer $({TOKEN})" https://dev.azure.com/fabrikam/_apis/projects\n'
AGENT = """\
#!/bin/bash
curl -s -u user:$(cat /azp/.token) "https://dev.azure.com/fabrikam/_apis/distributedtask/packages/agent"
./config.sh --unattended --url "$AZP_URL" --auth pat --token "$AZP_TOKEN"
"""
GITLAB = f"list:\n  script:\n    - |\n      {CURL}      echo done\n"


@pytest.fixture(autouse=True)
def working(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q"], check=True)


def fixed(files: dict[str, str], root: Path) -> dict[str, str]:
    """The files that fixing changes, written anew, as they are then."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return {path: new.decode() for path, (_, new) in mend(root).texts.items()}


def test_a_script_that_sets_an_agent_up_is_left_alone(tmp_path: Path) -> None:
    assert fixed({"start.sh": AGENT}, tmp_path) == {}


@pytest.mark.parametrize("image", ["tools/Dockerfile", "Dockerfile", "tools/build.Dockerfile"])
def test_a_script_that_an_image_takes_in_is_left_alone(image: str, tmp_path: Path) -> None:
    files = {"tools/list.sh": CURL, image: 'FROM debian\nCOPY tools/list.sh /\nCMD ["/list.sh"]\n'}
    assert fixed(files, tmp_path) == {}
    assert fixed({**files, image: "FROM debian\nCOPY other.sh /\n"}, tmp_path) == {"tools/list.sh": FIXED}
    below = {"tools/list.sh": CURL, image: "FROM debian\n", "tools/images/Dockerfile": files[image]}
    assert fixed(below, tmp_path) == {"tools/list.sh": FIXED}, (
        "a description below it takes it from no folder of its own"
    )


def test_who_signs_in_with_az_is_signed_in(tmp_path: Path) -> None:
    signed_in = "az login --identity\n"
    files = {"list.sh": signed_in + CURL, "Dockerfile": "FROM debian\nCOPY list.sh /\n"}
    assert fixed(files, tmp_path) == {"list.sh": signed_in + FIXED}


def test_jobs_of_other_services_are_left_alone_until_they_sign_in(tmp_path: Path) -> None:
    assert fixed({".gitlab-ci.yml": GITLAB}, tmp_path) == {}
    mended = fixed({".gitlab-ci.yml": GITLAB.replace("script:\n", "script:\n    - az login --identity\n")}, tmp_path)
    assert TOKEN in mended[".gitlab-ci.yml"]


def test_a_block_of_one_line_stays_one_block(tmp_path: Path) -> None:
    text = "steps:\n  - bash: |\n      " + CURL.replace("$ADO_PAT", "$(ADO_PAT)")
    mended = fixed({"azure-pipelines.yml": text}, tmp_path)["azure-pipelines.yml"]
    assert mended.count("|") == 1
    assert "Bearer" in mended
