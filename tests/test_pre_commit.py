"""The hook as people meet it: installed from this repository by pre-commit and by prek, and run by `git commit`."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from pat_audit.tokens.samples import sample

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKOUT = Path(__file__).parent.parent
SCRIPTS = Path(sys.executable).parent
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT", "PREK_"))},
    "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
    "NO_COLOR": "1",
}  # fmt: skip


def git(folder: Path, *words: str, environment: Mapping[str, str] = ENVIRONMENT) -> str:
    return subprocess.run(
        ["git", *words], cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the session, the same in every process of it: our repository, and the runners' environments."""
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "hooks"
    home.mkdir(exist_ok=True)
    with FileLock(home / "lock"):
        source = home / "pat-audit"
        if not source.exists():
            names = git(CHECKOUT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
            for name in filter(None, names):
                if (CHECKOUT / name).is_file():
                    (source / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(CHECKOUT / name, source / name, follow_symlinks=False)
            git(source, "init", "-q")
            git(source, "add", "-A")
            git(source, "commit", "-qm", "all")
    return home


@dataclass(frozen=True)
class Work:
    """A repository with the hook installed."""

    top: Path
    environment: Mapping[str, str]

    def put(self, name: str, text: str) -> None:
        place = self.top / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def commit(self) -> tuple[bool, str]:
        """Whether a commit of what is staged went through, and what the person who made it saw."""
        done = subprocess.run(
            ["git", "commit", "-m", "change"],
            cwd=self.top,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=300,
        )
        return done.returncode == 0, done.stdout

    def commit_all(self) -> tuple[bool, str]:
        git(self.top, "add", "-A", environment=self.environment)
        return self.commit()


RUNNERS = ("pre-commit", "prek")


def installed(runner: str, home: Path, top: Path, hook: str) -> Work:
    """A repository in `top` in which `pre-commit install` or `prek install` was run, its environment ready."""
    top.mkdir()
    environment = {
        **ENVIRONMENT,
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "PREK_HOME": str(home / "prek"),
        "XDG_CACHE_HOME": str(home / "cache"),
    }
    git(top, "init", "-q", environment=environment)
    revision = git(home / "pat-audit", "rev-parse", "HEAD")
    (top / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {home / 'pat-audit'}\n  rev: {revision}\n  hooks:\n  - {hook}\n"
    )
    with FileLock(home / "lock"):
        done = subprocess.run(
            [SCRIPTS / runner, "install", "--install-hooks"],
            cwd=top,
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    git(top, "add", "-A", environment=environment)
    git(top, "commit", "-qnm", "first", environment=environment)
    return Work(top, environment)


@pytest.fixture(params=RUNNERS)
def work(request: pytest.FixtureRequest, home: Path, tmp_path: Path) -> Work:
    """A repository with the hook `pat-audit`."""
    return installed(request.param, home, tmp_path / "work", "id: pat-audit")


def found(path: str, line: int, text: str) -> bool:
    return any(row.lstrip().startswith(f"{path}:{line}:") for row in text.splitlines())


def test_a_clean_file_is_committed(work: Work) -> None:
    work.put("clean.py", "x = 1\n")
    passed, seen = work.commit_all()
    assert passed, seen
    assert [row.rstrip() for row in seen.splitlines() if row.startswith("pat-audit")] == [f"pat-audit{'.' * 64}Passed"]


def test_a_finding_stops_the_commit_and_says_what_to_do(work: Work) -> None:
    token = sample("azure-devops-pat")
    work.put(
        "tools/projects.py",
        "import requests\n\n\ndef projects(pat):\n"
        '    return requests.get("https://dev.azure.com/fabrikam/_apis/projects", auth=("", pat)).json()\n',
    )
    work.put("deploy.sh", f"export TOKEN={token}\n")
    passed, seen = work.commit_all()
    assert not passed
    for words in ("Failed", "- hook id: pat-audit", "- exit code: 1", "PAT202", "instead:", "2 findings"):
        assert words in seen
    assert found("tools/projects.py", 5, seen)
    assert found("deploy.sh", 1, seen)
    assert token not in seen
    assert git(work.top, "rev-list", "--count", "HEAD") == "1"


def test_a_file_that_has_no_type_but_text(work: Work) -> None:
    password = base64.b64encode(sample("azure-devops-pat").encode()).decode()
    work.put(".npmrc", f"//pkgs.dev.azure.com/fabrikam/_packaging/feed/npm/registry/:_password={password}\n")
    passed, seen = work.commit_all()
    assert not passed
    assert found(".npmrc", 1, seen)
    assert password not in seen


def test_only_what_is_staged_counts(work: Work) -> None:
    clean, bad = "x = 1\n", f'x = "{sample("azure-devops-pat")}"\n'
    work.put("a.py", clean)
    git(work.top, "add", "-A")
    work.put("a.py", bad)
    passed, seen = work.commit()
    assert passed, seen
    assert (work.top / "a.py").read_text() == bad

    git(work.top, "add", "-A")
    work.put("a.py", clean)
    passed, seen = work.commit()
    assert not passed
    assert found("a.py", 1, seen)
    assert (work.top / "a.py").read_text() == clean


def test_names_that_a_shell_or_a_parser_could_trip_over(work: Work) -> None:
    names = ("with space.py", "häßlich.py", "--exit-zero", "-q.py", "$(id);.py")
    for name in names:
        work.put(name, f'x = "{sample("azure-devops-pat")}"\n')
    passed, seen = work.commit_all()
    assert not passed
    assert [name for name in names if not found(name, 1, seen)] == []


def test_excluded_files_are_left_out_even_when_they_are_named(work: Work) -> None:
    work.put("pat-audit.toml", 'extend-exclude = ["vendor/"]\n')
    work.put("vendor/a.py", f'x = "{sample("azure-devops-pat")}"\n')
    passed, seen = work.commit_all()
    assert passed, seen


def test_ten_thousand_files_in_several_command_lines(work: Work) -> None:
    for number in range(10_000):
        work.put(f"package_{number % 20}/module_{number:05}_of_ten_thousand.py", f"x = {number}\n")
    bad = f'x = "{sample("azure-devops-pat")}"\n'
    work.put("a_first.py", bad)
    work.put("z_last.py", bad)
    passed, seen = work.commit_all()
    assert not passed
    assert found("a_first.py", 1, seen)
    assert found("z_last.py", 1, seen)
    assert seen.count("finding") < 20  # a summary for each command line, and not for each file


FIXABLE = """\
import os

import requests


def projects():
    return requests.get("https://dev.azure.com/fabrikam/_apis/projects", auth=("", os.environ["ADO_PAT"])).json()
"""


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_fix_is_written_and_committed_once_it_was_looked_at(runner: str, home: Path, tmp_path: Path) -> None:
    hook = "{id: pat-audit-fix, args: [--unsafe-fixes, --]}"
    work = installed(runner, home, tmp_path / "work", hook)
    work.put("projects.py", FIXABLE)
    passed, seen = work.commit_all()
    assert not passed
    assert "files were modified by this hook" in seen
    assert "mended 1 finding in 1 file" in seen
    assert "exit code: 1" not in seen
    fixed = (work.top / "projects.py").read_text()
    assert "DefaultAzureCredential()" in fixed
    assert "ADO_PAT" not in fixed

    passed, seen = work.commit()  # what is staged is still the old text, which the hook was not asked to leave
    assert not passed, seen
    passed, seen = work.commit_all()
    assert passed, seen
    assert git(work.top, "show", "HEAD:projects.py") == fixed.strip()


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_fix_that_takes_a_second_look_is_not_written_unasked(runner: str, home: Path, tmp_path: Path) -> None:
    work = installed(runner, home, tmp_path / "work", "id: pat-audit-fix")
    work.put("projects.py", FIXABLE)
    passed, seen = work.commit_all()
    assert not passed
    assert found("projects.py", 7, seen)
    assert "files were modified" not in seen
    assert (work.top / "projects.py").read_text() == FIXABLE


def test_a_file_that_could_be_fixed_is_shown_with_how_by_the_other_hook(work: Work) -> None:
    work.put("projects.py", FIXABLE)
    passed, seen = work.commit_all()
    assert not passed
    assert found("projects.py", 7, seen)
    assert "1 fixable with --fix --unsafe-fixes" in seen
    assert (work.top / "projects.py").read_text() == FIXABLE
