"""Where functions and shared variables of a PowerShell program are: in files that it reads in, or of its module."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pat_audit.flow.language import Files

_DEFINES = re.compile(
    rb"^[ \t]*(?:(?:function|filter)\s+(?:(?:script|global|private|local):)?([\w.\-]+)|(class)\s+(\w+))",
    re.IGNORECASE | re.MULTILINE,
)
_SHARES = re.compile(
    rb"\$\{?(?:script|global):(\w+)\}?[ \t]*=[^=]"
    rb"|\b(?:set|new)-variable[ \t](?=[^\r\n]{0,200}-sc\w*[ \t:]+[\"']?(?:global|script)\b)"
    rb"(?:[^\r\n]{0,200}?-n\w*[ \t:]+)?[\"']?(\w+)",
    re.IGNORECASE,
)
_ENDINGS = (".ps1", ".psm1")


class PowerShellLayout:
    """Finds files by the paths that `.` and `Import-Module` name, and functions wherever they are defined."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._defined: dict[str, list[str]] | None = None

    def locate(self, module: str, level: int, importer: str) -> str | None:
        """The file that a path names; one of that name elsewhere if its folder is only known at run time."""
        name = module.replace("\\", "/").strip().lstrip("/")
        folder = posixpath.dirname(importer)
        last = name.rpartition("/")[2]
        for ending in ("",) if last.lower().endswith(_ENDINGS) else (".psm1", ".ps1"):
            stem = name.removesuffix(".psd1") if ending else name
            path = posixpath.normpath(posixpath.join(folder, stem + ending))
            if not path.startswith("..") and self._files.exists(path):
                return path
            others = self._files.named((last.removesuffix(".psd1") if ending else last).lower() + ending)
            if others and last:
                return min(others, key=lambda other: _distance(other, importer))
        return None

    def submodule(self, path: str, name: str) -> str | None:
        """Files have no modules in them."""
        return None

    def implied(self, name: str, importer: str) -> Iterable[str]:
        """The files that define a function, a `[class]` or a shared variable of that name, the nearest first."""
        if self._defined is None:
            self._defined = self._index()
        places = self._defined.get(name, [])
        if not _is_test(importer):  # what a test puts in a command's place is not what the program runs
            places = [path for path in places if not _is_test(path)]
        return sorted(places, key=lambda path: _distance(path, importer))

    def _index(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._files.ending(*_ENDINGS):
            data = self._files.read(path)
            for name in _names(data) if data is not None else ():
                places = found.setdefault(name, [])
                if path not in places:
                    places.append(path)
        return found


def _names(data: bytes) -> Iterator[str]:
    """What a file defines for others: functions and classes in lower case, variables as they are spelled."""
    for function, is_class, kind in _DEFINES.findall(data):
        name = (kind if is_class else function).decode().lower()
        yield f"[{name}]" if is_class else name
    for assigned, named in _SHARES.findall(data):
        yield (assigned or named).decode("utf-8", "replace")


def _distance(path: str, importer: str) -> tuple[bool, int, str]:
    """How far a file is from another, in folders; tests define what the program itself does not mean."""
    here, there = path.split("/")[:-1], importer.split("/")[:-1]
    shared = 0
    for mine, other in zip(here, there, strict=False):
        if mine != other:
            break
        shared += 1
    return _is_test(path), len(here) + len(there) - 2 * shared, path


def _is_test(path: str) -> bool:
    return ".tests." in path.lower() or "/tests/" in f"/{path.lower()}"
