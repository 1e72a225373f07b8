"""The modules of a repository by the names that imports give them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import access
from pat_audit.flow.combining import (
    unknown,
)
from pat_audit.flow.ir import DEFAULT
from pat_audit.flow.names import held
from pat_audit.flow.values import (
    ModuleValue,
    Site,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.flow.frame import Frame, Machine, Pending
    from pat_audit.flow.language import Layout

MAX_IMPLIED = 4  # modules that are looked into for one name that no import brought


class Modules:
    """Finds modules and what they hold; `load` evaluates one when somebody asks for a name of it."""

    def __init__(self, machine: Machine, layout: Layout, load: Callable[[str], Frame | None]) -> None:
        self._machine = machine
        self._layout = layout
        self._load = load
        self._importing: set[tuple[str, str]] = set()
        self._implied: dict[tuple[str, str], Value | None] = {}
        self._implied_by: dict[tuple[str, str], list[str]] = {}
        self.led: dict[str, set[str]] = {}  # from each module to those that it names

    def member(self, path: str, name: str, seen: set[str] | None = None) -> Value | None:
        """What module `path` calls `name`: a name of it, or a module in it.

        `seen` are the modules that were looked into on the way here: two may import everything of each other.
        """
        seen = {path} if seen is None else seen
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
                inner = None
                if target is not None and target not in seen:
                    seen.add(target)
                    inner = self.member(target, name, seen)
                if inner is not None:
                    return inner
            if name != DEFAULT:
                whole = held(self._machine, module, DEFAULT)
                if whole is not None:
                    site = Site(path, 0, 0)
                    return access.attribute(self._machine, module, whole, name, site)
        submodule = self._layout.submodule(path, name)
        self._leads(path, submodule)
        if submodule is None:
            return self.implied(name, path) if self._machine.language.folders else None
        if not self._machine.language.eponymous:
            return ModuleValue(submodule)
        return None if submodule == path else self.member(submodule, name)

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
        spoken = self._machine.language.spoken(qualified)
        if pending.level == 0 and spoken in self._machine.models.known:
            return access.external(self._machine, spoken, Site(importer, 0, 0))
        path = self.locate(pending.module, pending.level, importer)
        if path is None:
            if pending.name == DEFAULT:
                spoken = self._machine.language.spoken(pending.module)
            if pending.level:
                return unknown(pending.name or pending.module)
            return access.external(self._machine, spoken, Site(importer, 0, 0))
        if not pending.name:
            return ModuleValue(path)
        return self.member(path, pending.name)

    def locate(self, module: str, level: int, importer: str) -> str | None:
        """The file of a module as `importer` names it."""
        path = self._layout.locate(module, level, importer)
        self._leads(importer, path)
        return path

    def _leads(self, importer: str, path: str | None) -> None:
        if path is not None:
            self.led.setdefault(importer, set()).add(path)

    def implied(self, name: str, importer: str) -> Value | None:
        """What `name` is in the modules that see each other without an import."""
        key = (name, importer.rpartition("/")[0])
        if key not in self._implied:
            self._implied[key] = None  # while it is looked for
            looked_into = self._implied_by[key] = []
            for number, path in enumerate(self._layout.implied(name, importer)):
                looked_into.append(path)
                found = self.member(path, name) if path != importer else None
                if found is not None:
                    self._implied[key] = found
                    break
                if number >= MAX_IMPLIED:
                    break
        for path in self._implied_by[key]:
            self._leads(importer, path)
        return self._implied[key]

    def complete(self, path: str, owner: str, name: str) -> None:
        """Have the modules evaluated that add a member `name` to the class `owner` of module `path`."""
        for number, further in enumerate(self._layout.implied(f"{owner}.{name}", path)):
            self._leads(path, further)
            if number < MAX_IMPLIED and further != path:
                self.member(further, owner)
