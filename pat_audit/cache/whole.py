"""The whole of a run over a repository: where nothing that it depends on changed, its report is the last one's."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.cache.contents import key_on_disk
from pat_audit.cache.git_state import GitState
from pat_audit.cache.kept import load, save
from pat_audit.cache.stamp import stamp
from pat_audit.discover import entries
from pat_audit.trees import names_beside

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from pat_audit.catalogue import Catalogue
    from pat_audit.config import Config
    from pat_audit.run_report import Report

_NAME = "whole"
_MOST = 2000  # files that git does not vouch for: with more of them it is as cheap to look at each
_MANY = 20_000  # bytes of an index: some 250 files


class _Kept(NamedTuple):
    """A report, and all that it depends on; paths are from the top of the repository."""

    state: bytes
    loose: dict[str, str]  # files that git does not vouch for, with their keys
    outside: dict[str, str]  # files that are not of the run, there or not, with their keys
    folders: dict[str, tuple[str, ...]]  # folders that were looked into, with the names in them
    report: Report


class Whole:
    """The last run over all of the repository whose top is the working directory, and this one."""

    def __init__(self, config: Config, catalogue: Catalogue, today: datetime.date) -> None:
        self._home = os.getcwd()  # noqa: PTH109
        self._catalogue = catalogue
        settings = replace(config, enabled=frozenset(), jobs=0, output_format="")
        self._stamp = (*stamp(catalogue, today), repr(settings), *sorted(config.enabled))
        self._depends: tuple[dict[str, str], dict[str, tuple[str, ...]]] | None = None
        self.state = GitState(self._home, unknown=True)

    def report(self) -> Report | None:
        """The report of the last run, where nothing that it depends on changed since."""
        kept = load(self._home, _NAME, self._stamp, _Kept)
        if kept is None or kept.state != self._digest:
            return None
        keys = {**kept.loose, **kept.outside}
        if any(not key or key_on_disk(path, self.state.began) != key for path, key in keys.items()):
            return None
        if any(_names_in(folder) != names for folder, names in kept.folders.items()):
            return None
        return kept.report

    def depends_on(self, outside: Mapping[str, str], folders: Mapping[str, tuple[str, ...]]) -> None:
        """Take note of what this run asked for beside its own files."""
        self._depends = dict(outside), dict(folders)

    def keep(self, report: Report) -> None:
        """Keep the report for the next run, without a secret in any of its texts."""
        loose = self._loose
        if self._depends is None or loose is None or any(problem.fatal for problem in report.problems):
            return
        outside, folders = self._depends
        if not all((*loose.values(), *outside.values())):
            return
        from pat_audit.report.masking import mask_for
        from pat_audit.report.shown import masked

        mask = mask_for(self._catalogue)
        texts = [edit.text for finding in report.findings for fix in finding.fixes for edit in fix.edits]
        if any(mask(text) != text for text in texts):
            return  # what a fix writes cannot be kept without it
        findings = tuple(masked(finding, mask) for finding in report.findings)
        kept = _Kept(self._digest, loose, outside, folders, report._replace(findings=findings, masked=True))
        save(self._home, _NAME, self._stamp, kept)

    def listed(self) -> bytes | None:
        """The files of the repository, as git lists them for `discover`; None where it cannot say."""
        return self.state.listed

    def close(self) -> None:
        """End what was asked of git and is not wanted."""
        self.state.close()

    @cached_property
    def _digest(self) -> bytes:
        answer = self.state.answer
        return b"" if answer is None else hashlib.sha256(b"\0\0".join(answer)).digest()

    @cached_property
    def _loose(self) -> dict[str, str] | None:
        """The files that git does not vouch for, with their keys; None: there are too many, or repositories inside."""
        answer = self.state.answer
        if answer is None:
            return None
        paths = set(entries(answer.changed))
        for entry in entries(answer.listed):
            if entry.startswith("H 160000"):
                return None
            if not entry.startswith("H "):
                paths.add(entry[2:] if entry.startswith("? ") else entry.partition("\t")[2])
        if len(paths) > _MOST or any(path.endswith("/") for path in paths):
            return None
        return {path: key_on_disk(path, self.state.began) for path in sorted(paths)}


def is_worth_it() -> bool:
    """Whether the working directory is the top of a repository, of so many files that their report is worth keeping."""
    try:
        return os.stat(os.path.join(".git", "index")).st_size >= _MANY  # noqa: PTH116, PTH118
    except OSError:
        return False  # no repository, an empty one, or a further work tree of one


def _names_in(folder: str) -> tuple[str, ...]:
    return tuple(sorted(names_beside("", folder)))
