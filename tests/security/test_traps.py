"""Nothing of a scanned repository is run or imported: not by us, not by git, not by Python for us."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from repositories import CHECKOUT

from security.trap_repository import DEPENDENCIES, FILTERS, TrapRepository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the traps are shell scripts")

COMMANDS = (
    "check --exit-zero",
    "check --exit-zero --jobs 2 .",
    "check --exit-zero --staged",
    "check --exit-zero --changed-since HEAD",
    "check --exit-zero --fix --unsafe-fixes --diff",
    "check --exit-zero --fix --unsafe-fixes",
    "baseline",
    "check --exit-zero --baseline",
    "baseline --prune",
    "history --exit-zero",
    "init --diff --source pat-audit==0.1 pre-commit github azure gitlab config",
    "rules list",
    "rules check own-rules",
    "rules docs pages",
    "explain PAT101",
)
RUNNER = "if __name__ == '__main__':\n    {}\n    from pat_audit.cli import main\n    main()\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TrapRepository:
    """The repository, made once."""
    folder = tmp_path_factory.mktemp("traps")
    return TrapRepository(folder / "work", folder / "cache")


@pytest.fixture
def traps(made: TrapRepository) -> Iterator[TrapRepository]:
    """The repository without a mark."""
    made.clear()
    yield made
    made.clear()


CONTROLS = {
    "fsmonitor": ["status"],
    "hooksPath": ["update-index", "--really-refresh"],
    "hook": ["-c", "core.hooksPath=.git/hooks", "update-index", "--really-refresh"],
    "editor": ["-c", "core.hooksPath=/dev/null", "commit", "--allow-empty"],
    "ssh": ["ls-remote", "ssh://localhost/x"],
    "proxy": ["ls-remote", "git://localhost/x"],
    "external": ["diff", "app.py", "plain.txt"],
    "textconv": ["diff", "--no-ext-diff", "plain.txt"],
    "diff command": ["diff", "a.b.txt"],
    "alias": ["trap"],
    "credential": ["credential", "fill"],
    "gpg": ["log", "--all", "--reflog"],
    "submodule": ["submodule", "update", "--init", "--force"],
    "alternates": ["rev-list", "--alternate-refs", "--count"],
    "promisor": ["cat-file", "--batch-all-objects", "--batch-check", "--unordered"],
    **{f"filter {name}": ["diff", "--no-ext-diff", "--", f"{name}.txt"] for name in FILTERS},
}


@pytest.mark.parametrize("trap", CONTROLS)
def test_each_trap_works_with_plain_git(traps: TrapRepository, trap: str) -> None:
    words = ["cat-file", "-p", traps.missing] if trap == "promisor" else CONTROLS[trap]
    traps.plain(*words)
    assert trap in traps.sprung()


def test_the_pager_works_with_plain_git_on_a_terminal_and_not_with_us(traps: TrapRepository) -> None:
    def on_terminal(*command: str) -> None:
        ours, theirs = os.openpty()
        environment = {**traps.environment, "TERM": "xterm"}
        subprocess.run(
            command, cwd=traps.folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, timeout=60
        )
        os.close(theirs)
        os.close(ours)

    on_terminal("git", "log", "--oneline", "-1")
    assert "pager" in traps.sprung()
    traps.clear()
    on_terminal(sys.executable, "-P", "-m", "pat_audit", "check", "-q", "app.py")
    assert traps.sprung() == []


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_springs_one(traps: TrapRepository, command: str) -> None:
    done = traps.run(*command.split())
    assert "Traceback" not in done.stderr
    assert traps.sprung() == []
    # the odd filter cannot be switched off, so what would run it is refused
    refused = "--changed-since" in command
    assert (done.returncode == 2 and "= in its name" in done.stderr) if refused else "= in its name" not in done.stderr
    if command in ("check --exit-zero", "history --exit-zero"):
        assert "PAT101" in done.stdout


def test_the_traps_work_that_python_would_import(traps: TrapRepository) -> None:
    for name in (*DEPENDENCIES, "json", "tomllib", "pickle"):
        subprocess.run([sys.executable, "-c", f"import {name}"], cwd=traps.folder, check=False, capture_output=True)
    assert set(traps.sprung()) >= {f"module {name}" for name in (*DEPENDENCIES, "json", "tomllib", "pickle")}


@pytest.mark.parametrize("how", ["-P -m pat_audit", "-I -c", "-m pat_audit"])
def test_however_it_is_started(traps: TrapRepository, how: str) -> None:
    away = []
    if how == "-m pat_audit":  # what Python itself imports for `-m`, from the working directory: none of our doing
        early = subprocess.run(
            [sys.executable, "-P", "-c", "import runpy, pkgutil, sys; print(*sys.modules)"],
            capture_output=True, text=True, check=True,
        ).stdout.split()  # fmt: skip
        away = [file for name in early if (file := traps.folder / f"{name}.py").is_file()]
        assert not any(file.stem in (*DEPENDENCIES, "json", "subprocess", "tomllib", "tempfile") for file in away)
    kept = {file: file.read_bytes() for file in away}
    for file in away:
        file.unlink()
    text = f"import sys; sys.path.insert(0, {str(CHECKOUT)!r}); from pat_audit.cli import main; main()"
    start = [*how.split(), text] if how.endswith("-c") else how.split()
    done = traps.run_as([sys.executable, *start], "check", "--exit-zero", ".")
    for file, content in kept.items():
        file.write_bytes(content)
    assert done.returncode == 0, done.stderr
    assert "PAT101" in done.stdout
    assert traps.sprung() == []


@pytest.mark.parametrize("safe", [True, False], ids=["ours", "control"])
def test_workers_that_are_started_afresh_import_nothing_from_it(
    traps: TrapRepository, tmp_path: Path, safe: bool
) -> None:
    """As on macOS and Windows: a new interpreter for each worker, with the repository as its working directory."""
    script = tmp_path / "run.py"
    if safe:
        body = "import pat_audit.workers as w, pat_audit.scan as s; w.can_fork = lambda: False; s.WORTH_PROCESSES = 0"
        script.write_text(RUNNER.format(body))
    else:
        body = "import multiprocessing as m; p = m.get_context('spawn').Process(target=print); p.start(); p.join()"
        script.write_text(f"if __name__ == '__main__':\n    {body}\n")
    (traps.folder / "many").mkdir(exist_ok=True)
    for number in range(600):
        (traps.folder / "many" / f"f{number}.py").write_text(f'import requests\nPAT = "{"x" * 3000}"\n')
    try:
        done = traps.run_as([sys.executable, str(script)], "check", "--exit-zero", "--jobs", "2", ".")
    finally:
        shutil.rmtree(traps.folder / "many")
    if safe:
        assert done.returncode == 0, done.stderr
        assert "PAT101" in done.stdout
        assert traps.sprung() == []
    else:
        assert any(mark.startswith("module ") for mark in traps.sprung())


@pytest.mark.parametrize("path", [".", ""], ids=["dot", "empty"])
def test_a_git_that_lies_in_the_repository_is_not_taken(traps: TrapRepository, path: str) -> None:
    planted = traps.script("git", "planted git")
    try:
        search = f"{path}{os.pathsep}{traps.environment['PATH']}"
        traps.run_as(["sh", "-c", "git status"], PATH=search)
        assert traps.sprung() == ["planted git"]
        traps.clear()
        for command in ("check --exit-zero .", "history --exit-zero", "check --exit-zero --staged"):
            done = traps.run(*command.split(), PATH=search)
            assert done.returncode == 0, done.stderr
        assert traps.sprung() == []
    finally:
        planted.unlink()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_repository_of_somebody_else_is_walked_and_its_git_left_alone(made: TrapRepository, tmp_path: Path) -> None:
    traps = TrapRepository(tmp_path / "work", made.cache)
    subprocess.run(["chown", "-R", "65534", str(traps.folder)], check=True)
    refused = subprocess.run(
        ["git", "status"], cwd=traps.folder, env=traps.environment, capture_output=True, text=True, check=False
    )
    assert "dubious ownership" in refused.stderr
    for command in (COMMANDS[0], COMMANDS[2], COMMANDS[6], COMMANDS[9]):
        done = traps.run(*command.split())
        assert "Traceback" not in done.stderr
        assert traps.sprung() == []
        if command == COMMANDS[0]:
            assert "PAT101" in done.stdout
            assert "all files are scanned" in done.stdout + done.stderr
