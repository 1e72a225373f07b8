"""A whole run gives the same whatever the number of processes, and loses nothing to one bad file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pat_audit import inspection, parallel, workers
from pat_audit import scan as scan_module
from pat_audit.catalogue import load_catalogue
from pat_audit.config import Config
from pat_audit.inspection import Inspector
from pat_audit.scan import batch_up, scan, scan_files
from pat_audit.target import Target
from pat_audit.tokens.samples import sample

if TYPE_CHECKING:
    from pat_audit.model import Report

CATALOGUE = load_catalogue(plugins=False)
TOKEN = sample("azure-devops-pat")
USE = """\
import requests
from settings import TOKEN
requests.get("https://dev.azure.com/o/_apis/x", auth=("", TOKEN))
"""
HEADER = """\
import base64, os
h = {"Authorization": "Basic " + base64.b64encode((":" + os.environ["ADO_PAT"]).encode()).decode()}
"""
CALL = """\
from pkg1 import header
import requests
requests.get("https://dev.azure.com/o/_apis/projects", headers=header.h)
"""


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory outside of any repository."""
    folder = tmp_path / "tree"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def write(name: str, text: str | bytes) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def found(report: Report) -> list[tuple[str, int]]:
    return sorted({(finding.path, finding.location.line) for finding in report.findings})


def many_processes(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(scan_module, "_workers", lambda config, size, batches: count if batches else 0)


def a_repository(count: int = 40) -> None:
    for number in range(count):
        write(f"pkg{number % 5}/clean{number}.py", f"x = {number}\n")
        write(f"pkg{number % 5}/config{number}.ini", f"token = {TOKEN}\n" if number % 7 == 0 else "a = b\n")
    write("pkg1/header.py", HEADER)
    write("pkg2/use.py", CALL)
    write("broken.py", f'def f(:\n    pat = "{TOKEN}"\n')


def test_finds_what_is_written_and_what_is_built() -> None:
    a_repository()
    report = scan(Target(["."], Config(), CATALOGUE))
    assert report.files == 83
    places = found(report)
    assert ("pkg0/config0.ini", 1) in places
    assert ("pkg1/header.py", 2) in places
    assert ("broken.py", 2) in places
    assert TOKEN not in repr(report)


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_processes_change_nothing(start: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_repository()
    alone = scan(Target(["."], Config(), CATALOGUE))
    if start == "spawn":
        monkeypatch.setattr(workers, "can_fork", lambda: False)
    for count in (1, 3):
        many_processes(monkeypatch, count)
        assert scan(Target(["."], Config(), CATALOGUE)) == alone


def test_memory_and_disk_give_the_same() -> None:
    a_repository()
    files = {str(path): path.read_bytes() for path in Path().rglob("*.*") if path.is_file()}
    assert scan_files(files, CATALOGUE) == scan(Target(["."], Config(), CATALOGUE))


def test_part_of_a_repository_sees_the_rest_as_evidence_only(monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q", "."], check=True)
    write("settings.py", 'import os\nTOKEN = os.environ["ADO_PAT"]\n')
    write(
        "tools/ado.py",
        USE,
    )
    whole = scan(Target(["."], Config(), CATALOGUE))
    part = scan(Target(["tools"], Config(), CATALOGUE))
    assert found(part) == [place for place in found(whole) if place[0] == "tools/ado.py"] != []
    (finding,) = part.findings
    assert "settings.py" in {step.location.path for step in finding.trail}
    monkeypatch.chdir("tools")
    inner = scan(Target(["."], Config(), CATALOGUE))
    assert [replace(each.location, path="tools/ado.py") for each in inner.findings] == [finding.location]
    assert inner.findings[0].path == "ado.py"
    assert "../settings.py" in {step.location.path for step in inner.findings[0].trail}
    monkeypatch.chdir("/")
    outer = scan(Target([str(Path("/") / finding_path(part, monkeypatch))], Config(), CATALOGUE))
    assert len(outer.findings) == 1


def finding_path(report: Report, monkeypatch: pytest.MonkeyPatch) -> str:
    base = Path(os.environ["XDG_CACHE_HOME"]).parent / "tree"
    return str(base / report.findings[0].path)


def test_selection_and_per_file_ignores() -> None:
    write("a.ini", f"token = {TOKEN}\n")
    write("b.ini", f"token = {TOKEN}\n")
    rules = {finding.rule for finding in scan(Target(["."], Config(), CATALOGUE)).findings}
    assert len(rules) == 1
    others = frozenset(CATALOGUE.rule_names) - rules
    assert not scan(Target(["."], Config(enabled=others), CATALOGUE)).findings
    ignoring = Config(per_file_ignores=(("b.ini", tuple(rules)),))
    assert found(scan(Target(["."], ignoring, CATALOGUE))) == [("a.ini", 1)]
    assert found(scan(Target(["."], Config(exclude=("a.ini",)), CATALOGUE))) == [("b.ini", 1)]


def test_a_comment_suppresses_and_an_idle_one_is_named() -> None:
    (finding,) = scan_files({"a.ini": f"token = {TOKEN}\n".encode()}, CATALOGUE).findings
    marked = f"token = {TOKEN}  # pat-audit: ignore[{finding.rule}] rotated weekly\n"
    (suppressed,) = scan_files({"a.ini": marked.encode()}, CATALOGUE).findings
    assert suppressed.suppressed == "rotated weekly"
    write("idle.ini", f"a = 1  # pat-audit: ignore[{finding.rule}] nothing here\n")
    (idle,) = scan(Target(["."], Config(), CATALOGUE)).findings
    assert idle.rule == "PAT902"


def test_stdin_is_a_file_among_its_neighbours() -> None:
    write("settings.py", 'import os\nTOKEN = os.environ["ADO_PAT"]\n')
    write("ado.py", "x = 1\n")
    text = USE.encode()
    report = scan(Target(["-"], Config(), CATALOGUE), stdin=text, stdin_filename="ado.py")
    assert found(report) == [("ado.py", 3)]
    assert report.files == 1
    nameless = scan(Target(["-"], Config(), CATALOGUE), stdin=f"token = {TOKEN}\n".encode())
    assert found(nameless) == [("-", 1)]
    assert not nameless.problems
    assert found(scan(Target(["-"], Config(), CATALOGUE), stdin=HEADER.encode())) == [("-", 2)]


def test_a_script_is_known_by_its_first_line() -> None:
    write("deploy", "#!/usr/bin/env python3\n" + HEADER)
    write("other", "#!/bin/sh\n" + HEADER)
    assert found(scan(Target(["."], Config(), CATALOGUE))) == [("deploy", 3)]


def test_progress_reaches_its_end() -> None:
    a_repository()
    told: list[tuple[int, int]] = []
    scan(Target(["."], Config(), CATALOGUE), progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (83, 83)
    assert told == sorted(told)


def test_a_crash_is_named_without_what_was_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    a_repository()
    before = scan(Target(["."], Config(), CATALOGUE))
    look = Inspector._evaluate

    def crash(self: Inspector, path: str, outcome: inspection.Outcome) -> None:
        if path == "pkg1/header.py":
            raise ValueError(f"unexpected {TOKEN}")
        look(self, path, outcome)

    monkeypatch.setattr(Inspector, "_evaluate", crash)
    for count in (0, 2):
        many_processes(monkeypatch, count)
        report = scan(Target(["."], Config(), CATALOGUE))
        fatal = [problem for problem in report.problems if problem.fatal]
        assert [problem.path for problem in fatal] == ["pkg1/header.py"]
        assert "ValueError" in fatal[0].message
        assert TOKEN not in repr(report)
        assert set(found(report)) >= {place for place in found(before) if place[0].endswith(".ini")}


@pytest.mark.skipif(not workers.can_fork(), reason="the trick needs a fork")
@pytest.mark.parametrize("grief", ["hang", "die"])
def test_a_file_that_takes_its_process_along(grief: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_repository()
    before = scan(Target(["."], Config(), CATALOGUE))
    look = Inspector._evaluate

    def come_to_grief(self: Inspector, path: str, outcome: inspection.Outcome) -> None:
        if path == "broken.py":
            if grief == "hang":
                time.sleep(60)
            os.kill(os.getpid(), signal.SIGKILL)
        look(self, path, outcome)

    monkeypatch.setattr(Inspector, "_evaluate", come_to_grief)
    monkeypatch.setattr(parallel.run, "__defaults__", (5.0,))  # a busy machine is slow to answer
    many_processes(monkeypatch, 2)
    report = scan(Target(["."], Config(), CATALOGUE))
    assert [problem.path for problem in report.problems if problem.fatal] == ["broken.py"]
    assert set(found(report)) >= {place for place in found(before) if place[0] != "broken.py"}


def test_batches_keep_folders_whole_and_do_not_depend_on_processors() -> None:
    paths = [f"{folder}/{number:02}.py" for folder in "abc" for number in range(10)]
    batches = list(batch_up(paths, 8))
    assert [path for batch in batches for path in batch] == paths
    assert [len(batch) for batch in batches] == [10, 10, 10]
    assert [len(batch) for batch in batch_up([f"a/{number:03}" for number in range(100)], 8)] == [16] * 6 + [4]
    assert list(batch_up([], 8)) == []


def test_a_clean_file_imports_next_to_nothing() -> None:
    write("clean.py", "x = 1\n")
    program = (
        "import sys\nfrom pat_audit.catalogue import load_catalogue\nfrom pat_audit.config import Config\n"
        "from pat_audit.scan import scan\nfrom pat_audit.target import Target\n"
        "scan(Target(['clean.py'], Config(), load_catalogue()))\n"
        "scan(Target(['clean.py'], Config(), load_catalogue()))\n"
        "heavy = {'libcst', 'rich', 'yaml', 'hyperscan', 'subprocess', 'multiprocessing', 'concurrent',"
        " 'pickle',"
        " 'pathspec', 'pat_audit.judge', 'pat_audit.flow', 'pat_audit.tokens', 'pat_audit.vocabulary'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    root = str(Path(scan_module.__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": root}
    for _ in range(2):  # the first run fills the caches
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
    assert done.stdout.strip() == "[]"
