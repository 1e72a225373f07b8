"""Where C# types are: in files of their name, in the folder of their user, or elsewhere in the same project."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from pat_audit.flow import ir

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pat_audit.flow.language import Files

MAX_FILES = 400  # files of a project that are looked through for the types that they define
_TYPE = re.compile(rb"\b(?:class|struct|record(?:\s+(?:class|struct))?)\s+(\w+)([^{;]{0,300})")
_EXTENDS = re.compile(rb"this\s")
_EXTENSION = re.compile(rb"\b(\w+)\s*(?:<[^<>()]*>)?\s*\(\s*\Z")
_LONGEST = 200  # bytes of a method's name, its type parameters and the space up to `this`
_INTERFACE = re.compile(rb"[:,]\s*(I[A-Z]\w*)")


class CSharpLayout:
    """Finds the files that define a type: C# names no files, only namespaces, which say nothing of them."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._projects: dict[str, dict[str, tuple[str, ...]]] = {}
        self._project_of: dict[str, str] = {}

    def locate(self, module: str, level: int, importer: str) -> str | None:
        """Nothing: no import names a file."""
        return None

    def submodule(self, path: str, name: str) -> str | None:
        """Nothing: a file holds no further ones."""
        return None

    def implied(self, name: str, importer: str) -> Iterable[str]:
        """The files that define a type: in the importer's project, or called as the type, nearest first."""
        if not name[:1].isupper() and not name.startswith(ir.EXTENSION):
            return ()
        project = self._project(posixpath.dirname(importer))
        known = [path for path in self._types(project).get(name, ()) if path != importer]
        named = [path for path in self._files.named(f"{name.lower()}.cs") if path not in known and path != importer]
        return sorted(known + named, key=lambda path: (path in named, -_shared(path, importer), path))

    def _project(self, folder: str) -> str:
        """The folder of the project that a folder is in; without one, the folder itself."""
        if folder not in self._project_of:
            here = folder
            while True:
                if any(path.endswith(".csproj") for path in self._files.beside(here)):
                    break
                if not here:
                    here = folder
                    break
                here = posixpath.dirname(here)
            self._project_of[folder] = here
        return self._project_of[folder]

    def _types(self, project: str) -> dict[str, tuple[str, ...]]:
        """The types, and the interfaces that they implement, of a project's files."""
        if project not in self._projects:
            found: dict[str, tuple[str, ...]] = {}
            for path in self._files.ending(".cs", below=project)[:MAX_FILES]:
                data = self._files.read(path)
                if data is None:
                    continue
                for match in _TYPE.finditer(data):
                    names = [match[1], *_INTERFACE.findall(match[2])]
                    for name in {each.decode("utf-8", "replace") for each in names}:
                        if path not in found.get(name, ()):
                            found[name] = (*found.get(name, ()), path)
                for name in {f"{ir.EXTENSION}{each}" for each in _extensions(data)}:
                    found[name] = (*found.get(name, ()), path)
            self._projects[project] = found
        return self._projects[project]


def _extensions(data: bytes) -> Iterator[str]:
    """The names of the methods whose first parameter has the mark of an extension."""
    for mark in _EXTENDS.finditer(data):
        method = _EXTENSION.search(data, max(0, mark.start() - _LONGEST), mark.start())
        if method is not None:
            yield method[1].decode("utf-8", "replace")


def _shared(path: str, other: str) -> int:
    """How many folders two files have in common."""
    count = 0
    for one, two in zip(path.split("/")[:-1], other.split("/")[:-1], strict=False):
        if one != two:
            break
        count += 1
    return count
