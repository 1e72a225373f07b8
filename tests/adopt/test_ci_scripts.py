"""The scripts of the files for pipelines, run on sources with a finding in them that also want to be run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
import yaml
from ci_schemas import scripts_in
from repositories import user_cache

from pat_audit.adopt.parts import template
from pat_audit.adopt.provenance import Provenance
from pat_audit.tokens.samples import sample

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECKOUT = Path(__file__).parents[2]
ACTION = CHECKOUT / ".github/actions/check"
REQUIREMENT = "pat-audit==1.0.0"
pytestmark = pytest.mark.skipif(shutil.which("bash") is None or sys.platform == "win32", reason="needs bash")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """What a pipeline has checked out: a finding, a folder with a space, and files that want to be run."""
    sources = tmp_path / "sources"
    (sources / "with space").mkdir(parents=True)
    (sources / "clean").mkdir()
    (sources / "with space/found.py").write_text(f'TOKEN = "{sample("azure-devops-pat")}"\n')
    (sources / "clean/x.py").write_text("x = 1\n")
    for name in ("pip.py", "venv.py", "click.py", "yaml.py", "re.py"):
        (sources / name).write_text("raise SystemExit('the sources were run')\n")
    return sources


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A `python3` that makes no environment and installs nothing, but writes down what it was asked to install."""
    folder = tmp_path / "bin"
    folder.mkdir()
    stub = folder / "python3"
    stub.write_text(
        f"""#!/usr/bin/env bash
[ "$1" = -I ] || {{ echo "without -I: $*" >&2; exit 99; }}
if [ "$2" = -c ]; then
  exit 0
elif [ "$3" = venv ]; then
  home="${{@: -1}}"
  mkdir -p "$home/bin"
  cp "$0" "$home/bin/python"
  printf '#!/bin/sh\\nPYTHONPATH={CHECKOUT} exec {sys.executable} -P -m pat_audit "$@"\\n' > "$home/bin/pat-audit"
  chmod +x "$home/bin/pat-audit"
else
  echo "${{@: -1}}" > {tmp_path}/installed
fi
"""
    )
    stub.chmod(0o755)
    (folder / "python").symlink_to(stub)
    return stub


class Runner(Protocol):
    def __call__(self, command: Sequence[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture
def run(tmp_path: Path, sources: Path, python: Path) -> Runner:
    def run(command: Sequence[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "XDG_CACHE_HOME": str(user_cache(tmp_path / "cache")),
            **variables,
        }
        return subprocess.run(command, cwd=sources, env=environment, capture_output=True, text=True, timeout=120)

    return run


@pytest.mark.parametrize(
    ("paths", "arguments", "code"),
    [
        (".", "", 1),
        ("clean\nwith space", "", 1),
        ("clean\n", "", 0),
        (".", "--fail-on\nerror\n--exclude\nwith space/", 0),
        (".", "--exit-zero", 0),
        ("--exit-zero", "", 2),
        ("nowhere", "", 2),
        (".", "--select\nPAT999", 2),
    ],
)
def test_the_action_scans(run: Runner, python: Path, tmp_path: Path, paths: str, arguments: str, code: int) -> None:
    outputs, summary = tmp_path / "outputs", tmp_path / "summary"
    done = run(
        ["bash", str(ACTION / "check.sh")],
        {
            "RUNNER_TEMP": str(tmp_path / "runner"),
            "GITHUB_ACTION_PATH": str(ACTION),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(summary),
            "AUDIT_PYTHON": str(python),
            "AUDIT_PATHS": paths,
            "AUDIT_ARGUMENTS": arguments,
        },
    )
    assert done.returncode == code, done.stderr
    assert Path((tmp_path / "installed").read_text().strip()).resolve() == CHECKOUT
    told = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
    assert told["exit-code"] == str(code)
    if "PAT999" in arguments:
        assert "sarif-file" not in told
        return
    results = json.loads(Path(told["sarif-file"]).read_text())["runs"][0]["results"]
    assert ("found.py,line=1," in done.stdout) == bool(results) == (code == 1 or arguments == "--exit-zero")
    assert ("found.py" in summary.read_text()) == bool(results)
    assert sample("azure-devops-pat") not in done.stdout + done.stderr + summary.read_text()


@pytest.mark.parametrize(
    ("paths", "arguments", "fail", "code", "says"),
    [
        (".", "", "True", 1, "##vso[task.logissue type=error;"),
        (".", "", "False", 0, "##vso[task.complete result=SucceededWithIssues;]"),
        ("clean\n", "", "True", 0, "##vso[task.uploadsummary]"),
        ("nowhere", "", "False", 2, "##vso[task.uploadsummary]"),
        ("with space", "--exclude\nfound.py", "True", 0, "##vso[task.uploadsummary]"),
    ],
)
def test_the_steps_of_azure_pipelines_scan(
    run: Runner, tmp_path: Path, paths: str, arguments: str, fail: str, code: int, says: str
) -> None:
    (script,) = scripts_in(yaml.safe_load(template("azure-steps.yml", Provenance(REQUIREMENT))))
    reports = tmp_path / "temp/CodeAnalysisLogs"
    done = run(
        ["bash", "-c", script],
        {
            "AGENT_TEMPDIRECTORY": str(tmp_path / "temp"),
            "AUDIT_REQUIREMENT": REQUIREMENT,
            "AUDIT_PATHS": paths,
            "AUDIT_ARGUMENTS": arguments,
            "AUDIT_FAIL": fail,
            "AUDIT_REPORTS": str(reports),
        },
    )
    assert done.returncode == code, done.stderr
    assert says in done.stdout
    assert (tmp_path / "installed").read_text().strip() == REQUIREMENT
    assert [place.name for place in reports.iterdir()] == ["pat-audit.sarif"]
    summary = re.search(r"##vso\[task\.uploadsummary\](.+)", done.stdout)
    assert summary
    assert Path(summary[1]).read_text()


def test_the_steps_say_that_there_is_no_python(run: Runner, tmp_path: Path, python: Path) -> None:
    (script,) = scripts_in(yaml.safe_load(template("azure-steps.yml", Provenance(REQUIREMENT))))
    python.write_text("#!/bin/sh\nexit 1\n")
    done = run(["bash", "-c", script], {"AGENT_TEMPDIRECTORY": str(tmp_path)})
    assert done.returncode == 2
    assert "##vso[task.logissue type=error]pat-audit needs Python 3.11 or newer" in done.stdout


def test_the_plain_workflow_scans(run: Runner, tmp_path: Path) -> None:
    install, scan = scripts_in(yaml.safe_load(template("github-workflow.yml", Provenance(REQUIREMENT))))
    assert install.endswith(f'"{REQUIREMENT}"')
    own = tmp_path / "bin/pat-audit"
    own.write_text(f'#!/bin/sh\nPYTHONPATH={CHECKOUT} exec {sys.executable} -P -m pat_audit "$@"\n')
    own.chmod(0o755)
    summary = tmp_path / "summary"
    done = run(["bash", "-e", "-c", scan], {"RUNNER_TEMP": str(tmp_path), "GITHUB_STEP_SUMMARY": str(summary)})
    assert done.returncode == 1, done.stderr
    assert "::error " in done.stdout
    assert "found.py" in summary.read_text()


def test_the_gitlab_job_scans(run: Runner, tmp_path: Path, sources: Path) -> None:
    job = yaml.safe_load(template("gitlab-job.yml", Provenance(REQUIREMENT)))["pat-audit"]
    own = tmp_path / "bin/pat-audit"
    own.write_text(f'#!/bin/sh\nPYTHONPATH={CHECKOUT} exec {sys.executable} -P -m pat_audit "$@"\n')
    own.chmod(0o755)
    done = run(["bash", "-e", "-c", job["script"][-1]], {})
    assert done.returncode == 1, done.stderr
    report = json.loads((sources / job["artifacts"]["reports"]["codequality"]).read_text())
    assert [each["location"]["path"] for each in report] == ["with space/found.py"]
