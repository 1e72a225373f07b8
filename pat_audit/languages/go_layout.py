"""Where Go's packages are: modules by their `go.mod`, and a folder's files as one package."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pat_audit.flow.language import Files

_MODULE = re.compile(rb"^[ \t]*module[ \t]+[\"`]?([^\s\"`]+)", re.MULTILINE)
_VERSION = re.compile(r"(?:/v\d+(?=/|$)|\.v\d+(?=/|$))")
_VERSIONED = re.compile(r"v\d+")
_DECLARED = re.compile(
    rb"^func[ \t]+(?:\([^)\n]{0,200}?\*?[ \t]{0,8}(?P<receiver>\w{1,200})(?:\[[^\]\n]{0,200}\])?[ \t]{0,8}\)[ \t]*)?"
    rb"(?P<function>\w+)"
    rb"|^(?:var|const|type)[ \t]+(?P<name>\w+)"
    rb"|^(?:var|const|type)[ \t]*\((?P<group>(?:[^\n]*\n(?!(?:func|var|const|type)[ \t(]))*?)\)",
    re.MULTILINE,
)
_IN_GROUP = re.compile(rb"^[ \t]{1,4}([A-Za-z_]\w*)", re.MULTILINE)
_HEAD = 1 << 20  # bytes of a file that are searched for what it declares


def spoken(name: str) -> str:
    """A package's path without the versions in it: as the models name it, and what it holds."""
    return _VERSION.sub("", name)


def package_names(module: str) -> list[str]:
    """What a package may call itself, by its import path, the most likely first."""
    segments = [segment for segment in module.split("/") if not _VERSIONED.fullmatch(segment)] or [module]
    last = re.sub(r"\.v\d+$", "", segments[-1])
    names = [last, last.removeprefix("go-"), re.sub(r"[-.]go$", "", last), last.replace("-", "").replace(".", "")]
    names += [last.replace("-", "_"), last.rpartition("-")[2], *segments[-2:-1]]
    names += [word for segment in reversed(segments) for word in re.split(r"[-.]", segment)]
    return [name for name in dict.fromkeys(names) if name.isidentifier()] or [last]


class GoLayout:
    """Finds Go's packages among the files of a repository; a package is known by the first file of its folder."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._module_of: dict[str, tuple[str, str] | None] = {}
        self._all: list[tuple[str, str]] | None = None  # every module of the repository, the longest names first
        self._folders: dict[str, dict[str, list[str]]] = {}

    def locate(self, module: str, level: int, importer: str) -> str | None:
        """The first file of the package with that path, if a module of the repository holds it."""
        for name, folder in self._modules(posixpath.dirname(importer)):
            if module == name or module.startswith(name + "/"):
                found = self._package(posixpath.join(folder, module[len(name) :].strip("/")))
                if found is not None:
                    return found
        if self._module(posixpath.dirname(importer)) is None:  # as before modules: the path ends like the folder
            segments = module.split("/")
            for first in range(3, len(segments)):
                found = self._package("/".join(segments[first:]))
                if found is not None:
                    return found
        return None

    def submodule(self, path: str, name: str) -> str | None:
        """None: a package holds no others."""
        return None

    def implied(self, name: str, importer: str) -> Iterable[str]:
        """The files of the importer's folder that declare the name, tests last."""
        return self._index(posixpath.dirname(importer)).get(name, ())

    def _modules(self, folder: str) -> Iterator[tuple[str, str]]:
        own = self._module(folder)
        if own is not None:
            yield own
        if self._all is None:
            declared = [self._declared(posixpath.dirname(path)) for path in self._files.named("go.mod")]
            self._all = sorted([each for each in declared if each is not None], key=lambda each: -len(each[0]))
        yield from self._all

    def _module(self, folder: str) -> tuple[str, str] | None:
        """The name and folder of the module that a folder is in."""
        if folder not in self._module_of:
            declared = self._declared(folder)
            if declared is None and folder:
                self._module_of[folder] = self._module(posixpath.dirname(folder))
            else:
                self._module_of[folder] = declared
        return self._module_of[folder]

    def _declared(self, folder: str) -> tuple[str, str] | None:
        data = self._files.read(posixpath.join(folder, "go.mod"))
        found = _MODULE.search(data) if data is not None else None
        return None if found is None else (found[1].decode("utf-8", "replace"), folder)

    def _package(self, folder: str) -> str | None:
        paths = _programs(self._files.beside(folder))
        return paths[0] if paths else None

    def _index(self, folder: str) -> dict[str, list[str]]:
        """The files of a folder by the names that they declare; a method by `Type.name`."""
        if folder not in self._folders:
            index: dict[str, list[str]] = {}
            for path in _programs(self._files.beside(folder)):
                data = self._files.read(path)
                for name in dict.fromkeys(_names(data[:_HEAD])) if data is not None else ():
                    index.setdefault(name, []).append(path)
            self._folders[folder] = index
        return self._folders[folder]


def _programs(paths: Iterable[str]) -> list[str]:
    """A folder's Go files, its tests last."""
    return sorted((path for path in paths if path.endswith(".go")), key=lambda path: path.endswith("_test.go"))


def _names(data: bytes) -> Iterator[str]:
    for match in _DECLARED.finditer(data):
        receiver, function, name, group = match.group("receiver", "function", "name", "group")
        if group is not None:
            yield from (inner.decode() for inner in _IN_GROUP.findall(group))
        elif receiver is not None:
            yield f"{receiver.decode()}.{function.decode()}"
        else:
            yield (function or name).decode()
