"""Where Python's modules are: packages, relative imports, and what lies upward from the importer."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pat_audit.flow.language import Files


class PythonLayout:
    """Finds Python's modules among the files of a repository."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._exists: dict[str, bool] = {}

    def locate(self, module: str, level: int, importer: str) -> str | None:
        """The file of a module: relative to the importer, else upward from its folder."""
        folder = posixpath.dirname(importer)
        inner = module.replace(".", "/")
        if level:
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            return self._file_of(posixpath.join(folder, inner) if inner else folder)
        if not inner:
            return None
        while True:
            # inside a package an absolute import does not see its siblings
            if not self._is_file(posixpath.join(folder, "__init__.py")):
                for root in (folder, posixpath.join(folder, "src")):
                    found = self._file_of(posixpath.join(root, inner))
                    if found is not None:
                        return found
            if not folder:
                return None
            folder = posixpath.dirname(folder)

    def submodule(self, path: str, name: str) -> str | None:
        """The module `name` in the package that `path` is."""
        if path.endswith("__init__.py"):
            path = posixpath.dirname(path)
        elif path.endswith(".py"):
            return None
        return self._file_of(posixpath.join(path, name))

    def implied(self, name: str, importer: str) -> Iterable[str]:
        """Nothing: every name is imported."""
        return ()

    def _file_of(self, stem: str) -> str | None:
        for candidate in (f"{stem}.py", f"{stem}/__init__.py" if stem else "__init__.py"):
            if self._is_file(candidate):
                return candidate
        return None

    def _is_file(self, path: str) -> bool:
        if path not in self._exists:
            self._exists[path] = self._files.exists(path)
        return self._exists[path]
