"""Which lines a work tree has that a revision has not, and which findings have to do with one of them."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from pat_audit.boundary import repository_of
from pat_audit.git_commands import GitError, git, no_filters
from pat_audit.source import display_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.model import Finding, Location
    from pat_audit.run_report import Report

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_NAMED = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13}


_OF_THE_RUN = "PAT904"  # a baseline's entry past its date fails every run


class ChangedLines:
    """The lines of each changed file, by its path from `top`; None stands for all of a file's lines."""

    def __init__(self, top: str, lines: dict[str, list[range] | None]) -> None:
        self._top = top
        self._lines = lines

    def has(self, place: Location) -> bool:
        """Whether one of the lines of a place is changed."""
        path = os.path.relpath(place.path, self._top).replace(os.sep, "/")  # however it was asked for
        if path not in self._lines:
            return False
        ranges = self._lines[path]
        last = max(place.line, place.end_line if place.end_column > 1 else place.end_line - 1)
        return ranges is None or any(place.line < lines.stop and lines.start <= last for lines in ranges)

    def concern(self, finding: Finding) -> bool:
        """Whether a finding stands on a changed line, or its credential's way leads over one."""
        return self.has(finding.location) or any(self.has(step.location) for step in finding.trail)

    def of(self, report: Report) -> Report:
        """The report with those findings alone that concern changed lines, or the run as a whole."""
        kept = (each for each in report.findings if self.concern(each) or each.rule == _OF_THE_RUN)
        return report._replace(findings=tuple(kept))


def changed_since(revision: str) -> ChangedLines:
    """The lines that the work tree has, committed or not, and the revision has not.

    Where the revision is no ancestor, it is where the two histories part that counts: what came since on the other
    side is nobody's change here. A file that is only renamed has no changed line, one that git does not know
    consists of them. Raises GitError, also for what is no revision.
    """
    top = repository_of(".")
    if top is None:
        raise GitError("there is no git repository here")
    if revision.startswith("-"):
        raise GitError(f"{revision!r} is no revision")
    commit = git(top, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", accept=(0, 1)).decode().strip()
    if not commit:
        raise GitError(f"there is no revision {revision!r} in this repository (in a shallow clone: fetch it first)")
    parted = git(top, "merge-base", commit, "HEAD", accept=(0, 1)).decode().strip()
    words = ["diff", "-U0", "--find-renames", "--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all"]
    words += ["--src-prefix=a/", "--dst-prefix=b/", "--diff-filter=d", "--text", "--no-relative"]
    patch = git(top, *no_filters(top), *words, parted or commit, "--")
    others = os.fsdecode(git(top, "ls-files", "-z", "--others", "--exclude-standard"))
    lines: dict[str, list[range] | None] = {display_path(path): ranges for path, ranges in _read(patch)}
    lines.update((display_path(path), None) for path in others.split("\0") if path)
    return ChangedLines(top, lines)


def _read(patch: bytes) -> Iterator[tuple[str, list[range]]]:
    """Each file of a patch without context, and the ranges of its new lines."""
    path = b""
    ranges: list[range] = []
    lines = patch.split(b"\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.startswith(b"diff --git "):
            if path and ranges:
                yield os.fsdecode(path), ranges
            path, ranges = b"", []
        elif line.startswith(b"+++ "):
            path = _unquoted(line[4:].rstrip(b"\t"))[2:]
        else:
            hunk = _HUNK.match(line)
            if hunk:
                gone, start, new = (1 if part is None else int(part) for part in hunk.groups())
                if new:
                    ranges.append(range(start, start + new))
                left = gone + new
                while left and at < len(lines):  # the text itself says nothing here, whatever it looks like
                    left -= not lines[at].startswith(b"\\")  # `\ No newline at end of file`
                    at += 1
    if path and ranges:
        yield os.fsdecode(path), ranges


def _unquoted(name: bytes) -> bytes:
    if not (name.startswith(b'"') and name.endswith(b'"')):
        return name
    return _ESCAPE.sub(_escaped, name[1:-1])


def _escaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) if len(code) == 3 else _NAMED.get(code, code[0])])
