"""The modules of a repository by the names that imports give them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from pat_audit.flow import access
from pat_audit.flow.combining import (
    unknown,
)
from pat_audit.flow.names import held
from pat_audit.flow.values import (
    External,
    ModuleValue,
    Site,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.flow.frame import Frame, Machine, Pending
    from pat_audit.flow.models import Models


class Modules:
    """Finds modules and what they hold; `load` evaluates one when somebody asks for a name of it."""

    def __init__(self, machine: Machine, exists: Callable[[str], bool], load: Callable[[str], Frame | None]) -> None:
        self._machine = machine
        self._there = exists
        self._load = load
        self._exists: dict[str, bool] = {}
        self._importing: set[tuple[str, str]] = set()
        self._modelled = _prefixes(machine.models)

    def member(self, path: str, name: str) -> Value | None:
        """What module `path` calls `name`: a name of it, or a module in it."""
        if path.endswith(".py"):
            module = self._load(path)
            if module is not None:
                found = held(self._machine, module, name)
                if found is not None:
                    return found
                pending = module.imports.get(name)
                if pending is not None:
                    return self.imported(path, pending)
                for star in list(module.stars.values()):
                    target = self.locate(star.module, star.level, path)
                    inner = self.member(target, name) if target is not None and target != path else None
                    if inner is not None:
                        return inner
            if not path.endswith("__init__.py"):
                return None
            path = posixpath.dirname(path)
        submodule = self._file_of(posixpath.join(path, name))
        return None if submodule is None else ModuleValue(submodule)

    def imported(self, importer: str, pending: Pending) -> Value | None:
        """What an import gives."""
        qualified = f"{pending.module}.{pending.name}" if pending.name else pending.module
        key = (importer, qualified)
        if key in self._importing:
            return None
        self._importing.add(key)
        try:
            return self._import(importer, pending, qualified)
        finally:
            self._importing.discard(key)

    def _import(self, importer: str, pending: Pending, qualified: str) -> Value | None:
        if pending.level == 0 and qualified in self._modelled:
            return access.external(self._machine, qualified, Site(importer, 0, 0))
        path = self.locate(pending.module, pending.level, importer)
        if path is None:
            return External(qualified) if pending.level == 0 else unknown(pending.name or pending.module)
        if not pending.name:
            return ModuleValue(path)
        return self.member(path, pending.name)

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

    def _file_of(self, stem: str) -> str | None:
        for candidate in (f"{stem}.py", f"{stem}/__init__.py" if stem else "__init__.py"):
            if self._is_file(candidate):
                return candidate
        return None

    def _is_file(self, path: str) -> bool:
        if path not in self._exists:
            self._exists[path] = self._there(path)
        return self._exists[path]


def _prefixes(models: Models) -> frozenset[str]:
    """Every name under which something modelled can be reached, with all its outer names."""
    found: set[str] = set()
    for name in (*models.functions, *models.types, *models.values):
        while name:
            found.add(name)
            name = name.rpartition(".")[0]
    return frozenset(found)
