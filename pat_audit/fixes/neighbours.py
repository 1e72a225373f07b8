"""The files whose definitions a file can use as its own: in Go, those of its package."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.fixes.file_text import FileText

    Files = Callable[[str], FileText]

_ENDINGS = {"go": "*.go"}
_PACKAGE = re.compile(rb"(?m)^package[ \t]+(\w+)")
_CONSTRAINT = re.compile(rb"(?m)^//go:build[ \t]++([^\r\n]+)")
_MOST = 400  # files of a folder that are looked at


def share_definitions(path: str) -> bool:
    """Whether a file's definitions are those of the files beside it, too."""
    return any(path.endswith(pattern.removeprefix("*")) for pattern in _ENDINGS.values())


def order(path: str) -> tuple[bool, str]:
    """In which order files get their definitions: tests can use those of others, others not those of tests."""
    return path.endswith("_test.go"), path


def neighbours(file: FileText, files: Files) -> list[FileText]:
    """The other files of a file's package."""
    pattern = _ENDINGS.get(file.language)
    if pattern is None:
        return []
    folder = file.path.rpartition("/")[0]
    try:
        names = sorted(path.name for path in Path(folder or ".").glob(pattern))[:_MOST]
    except (OSError, ValueError):
        return []
    found: list[FileText] = []
    for name in names:
        path = f"{folder}/{name}" if folder else name
        if path == file.path:
            continue
        try:
            other = files(path)
        except OSError:
            continue
        if _package(other) == _package(file):
            found.append(other)
    return found


def can_use(file: FileText, other: FileText) -> bool:
    """Whether what `other` defines is there wherever `file` is compiled."""
    if other.path.endswith("_test.go") and not file.path.endswith("_test.go"):
        return False
    there = _constraint(other)
    return there in (b"", _constraint(file))


def _package(file: FileText) -> bytes:
    match = _PACKAGE.search(file.data)
    return b"" if match is None else match[1]


def _constraint(file: FileText) -> bytes:
    match = _CONSTRAINT.search(file.data)
    return b"" if match is None else match[1]
