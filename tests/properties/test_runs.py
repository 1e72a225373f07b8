"""A run says the same however it is done: searched first or not, in what order, in how many processes, from memory."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from fuzz.seeds import catalogue, prefilter
from hypothesis import given
from hypothesis import strategies as st

from pat_audit import scan as scan_module
from pat_audit import target as target_module
from pat_audit.cache import contents
from pat_audit.config import Config, with_rules
from pat_audit.inspection import Inspector, Outcome
from pat_audit.prefilter import Prefilter, Verdict
from pat_audit.scan import scan, scan_files
from pat_audit.target import Target
from pat_audit.trees_in_memory import MemoryTree

from .repositories import few, repositories

if TYPE_CHECKING:
    from pat_audit.run_report import Report


class Open(Prefilter):
    """A prefilter that lets everything through."""

    def look(self, data: bytes, language: str = "", formats: frozenset[str] = frozenset()) -> Verdict | None:
        return Verdict(True, True, True, True)

    def possibly_signs_in(self, data: bytes, language: str) -> bool:
        return True

    def possibly_evidence(self, data: bytes, language: str) -> bool:
        return True

    def for_more(self, catalogue: object, looked: int) -> Prefilter:
        return self


OPEN = Open(catalogue(), 0)
ONE = patch.object(target_module, "Prefilter", lambda *_, **__: prefilter())  # nothing of it depends on the files
CONFIG = with_rules(Config(cache=False), catalogue().rule_names)


@given(repositories())
@few(40)
def test_whatever_analysis_finds_the_prefilter_lets_through(files: dict[str, bytes]) -> None:
    # only of findings: a file in which there is nothing to find is not read, and its syntax not complained of
    searched, all_of_it = (scan_files(files, catalogue(), None, each).findings for each in (prefilter(), OPEN))
    assert searched == all_of_it


@given(repositories(), st.randoms(use_true_random=False))
@few(20)
def test_what_is_found_in_a_file_does_not_depend_on_which_was_looked_at_before(
    files: dict[str, bytes], random: object
) -> None:
    paths = sorted(files)
    shuffled = list(paths)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert _evaluated(files, paths) == _evaluated(files, shuffled)
    alone = [finding for path in paths for finding in _evaluated(files, [path])]
    assert _evaluated(files, paths) == sorted(set(alone), key=repr)


def _evaluated(files: dict[str, bytes], paths: list[str]) -> list[object]:
    inspector = Inspector(catalogue(), MemoryTree(files), None, prefilter())
    outcome: Outcome = inspector.evaluate(paths, lambda path: None)
    return sorted(set(outcome.findings), key=repr)


@given(repositories(most=4))
@few(3)
def test_processes_and_memory_change_nothing(files: dict[str, bytes]) -> None:
    with _on_disk(files) as folder, patch.dict(os.environ, {"XDG_CACHE_HOME": f"{folder}-cache"}), ONE:
        plain = scan(Target(["."], CONFIG, catalogue()))
        with patch.object(scan_module, "_workers", lambda *_: 2), patch.object(scan_module, "SMALL_BATCH", 1):
            assert scan(Target(["."], CONFIG, catalogue())) == plain, "two processes say something else"
        paths = sorted(files, reverse=True)
        assert _same(scan(Target(paths, CONFIG, catalogue())), plain), "files in another order say something else"
        remembering = replace(CONFIG, cache=True)
        with (
            patch.object(scan_module, "FEW", 0), patch.object(contents, "_GRAIN", 0),
            patch.object(scan_module, "_workers", lambda *_: 0),
        ):  # fmt: skip
            for _ in range(2):
                assert scan(Target(["."], remembering, catalogue())) == plain, "a remembered run says something else"
            changed = Path(paths[0])
            changed.write_bytes(b"\n" + changed.read_bytes() + b"\n")
            again = scan(Target(["."], CONFIG, catalogue()))
            assert scan(Target(["."], remembering, catalogue())) == again, "a changed file is remembered as it was"
        shutil.rmtree(f"{folder}-cache", ignore_errors=True)


def _same(one: Report, other: Report) -> bool:
    return (one.findings, one.problems) == (other.findings, other.problems)


def _on_disk(files: dict[str, bytes]) -> _Folder:
    return _Folder(files)


class _Folder:
    """The files in a working directory of their own, for a `with`."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def __enter__(self) -> str:
        self._made = tempfile.mkdtemp()
        for path, text in self._files.items():
            file = Path(self._made) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text)
        self._there = chdir(self._made)
        self._there.__enter__()
        return self._made

    def __exit__(self, *_: object) -> None:
        self._there.__exit__(None, None, None)
        shutil.rmtree(self._made)


LINES = {
    **dict.fromkeys(("py", "sh", "yml", "ps1"), b"# a line\n\n"),
    **dict.fromkeys(("cs", "js", "ts", "go", "java"), b"// a line\n\n"),
}


@given(repositories(), st.integers(1, 40))
@few(40)
def test_lines_above_change_no_fingerprint(files: dict[str, bytes], count: int) -> None:
    moved = {path: LINES.get(path.rpartition(".")[2], b"") * count + text for path, text in files.items()}
    moved = {path: files[path] if files[path].startswith(b"#!") else text for path, text in moved.items()}
    assert _names(files) == _names(moved)


def _names(files: dict[str, bytes]) -> list[tuple[str, str, str]]:
    found = scan_files(files, catalogue(), None, prefilter()).findings
    return sorted((each.path, each.rule, each.fingerprint) for each in found)
