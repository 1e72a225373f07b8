"""Where the classes of Java, Kotlin and Groovy are: in folders that end in the names of their packages."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pat_audit.flow.language import Files

_PACKAGE = "package:"  # before the path of a package's folders below any source root


class JvmLayout:
    """Finds classes by their imports, and those of the same package without.

    A package may lie below several source roots (main, test, another module); those of the importer come first.
    """

    def __init__(self, files: Files, ending: str) -> None:
        self._files = files
        self._ending = ending
        self._folders: frozenset[str] | None = None
        self._found: dict[tuple[str, str], str | None] = {}

    def locate(self, module: str, level: int, importer: str) -> str | None:
        """The file of a class `a.b.C`; a package `a.b` as what `submodule` finds its classes by."""
        inner = module.replace(".", "/")
        if not inner:
            return None
        if module.rpartition(".")[2][:1].isupper():
            folder, name = posixpath.split(inner)
            return self._class(folder, name, importer)
        roots = self._roots(inner, importer)
        if any(self._files.beside(posixpath.join(root, inner)) for root in roots) or self._is_folder(inner):
            return f"{_PACKAGE}{posixpath.dirname(importer)}:{inner}"
        return None

    def submodule(self, path: str, name: str) -> str | None:
        """The file of the class `name` in a package."""
        if not path.startswith(_PACKAGE):
            return None
        importer, _, inner = path.removeprefix(_PACKAGE).rpartition(":")
        return self._class(inner, name, posixpath.join(importer, "importer"))

    def implied(self, name: str, importer: str) -> Iterable[str]:
        """The classes of that name in the same folder, or in the same package elsewhere."""
        if not name[:1].isupper():
            return ()
        folder = posixpath.dirname(importer)
        beside = posixpath.join(folder, name + self._ending)
        if beside in self._files.beside(folder):
            return (beside,)
        below = _below_root(folder)
        return [path for path in self._named(name) if below and _ends_in(posixpath.dirname(path), below)]

    def _class(self, folder: str, name: str, importer: str) -> str | None:
        key = (posixpath.join(folder, name), posixpath.dirname(importer))
        if key not in self._found:
            self._found[key] = self._search(folder, name, importer)
        return self._found[key]

    def _search(self, folder: str, name: str, importer: str) -> str | None:
        for root in self._roots(folder, importer):
            path = posixpath.join(root, folder, name + self._ending)
            if self._files.exists(path):
                return path
        near = posixpath.dirname(importer)
        candidates = [path for path in self._named(name) if _ends_in(posixpath.dirname(path), folder)]
        return max(candidates, key=lambda path: len(posixpath.commonprefix([path, near])), default=None)

    def _named(self, name: str) -> list[str]:
        wanted = name + self._ending
        return [path for path in self._files.named(wanted.lower()) if posixpath.basename(path) == wanted]

    def _roots(self, inner: str, importer: str) -> list[str]:
        """Folders that the importer's own package may start in, if the other starts with the same name."""
        first = inner.partition("/")[0]
        parts = posixpath.dirname(importer).split("/")
        return ["/".join(parts[:index]) for index, part in enumerate(parts) if part == first][::-1]

    def _is_folder(self, inner: str) -> bool:
        if self._folders is None:
            self._folders = frozenset(posixpath.dirname(path) for path in self._files.ending(self._ending))
        return any(_ends_in(folder, inner) for folder in self._folders)


def _ends_in(folder: str, inner: str) -> bool:
    return folder == inner or folder.endswith("/" + inner)


def _below_root(folder: str) -> str:
    """The part of a folder that is its package, by the habits of source roots; all of it where none is met."""
    for root in ("/java/", "/kotlin/", "/groovy/", "/src/"):
        _, mark, below = f"/{folder}".rpartition(root)
        if mark:
            return below
    return ""
