"""The names that a rewritten file uses: those that it has already, and free ones for what must be defined."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pat_audit.fixes.change import CannotChange
from pat_audit.flow import ir
from pat_audit.template_text import filled, holes_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pat_audit.fixes.file_text import FileText
    from pat_audit.vocabulary import Definition

_MOST = 20  # names tried for one definition
_BY_PACKAGE = frozenset({"go"})  # languages in which names stand behind that of their package
_BY_NAMESPACE = frozenset({"csharp"})  # languages that bring in all the types of a namespace
_WORTH_A_NAME = 2  # uses of what could stand inline
_CAN_ALIAS = frozenset({"python", "javascript", "go"})  # languages whose imports can be given another name


class NamesInFile:
    """Chooses the name for each hole of one file's rewrites, and collects what must be defined and imported.

    `definitions` are names and texts in the order in which they must stand; `imports` gives the name in the file
    by module and name, a name of nothing being the module itself. `beside` are files whose names are known in this
    one too, with the names of the definitions that they get in this run; `texts` are all that the rewrites put in.
    """

    def __init__(
        self,
        file: FileText,
        known: Mapping[tuple[str, str], Definition],
        beside: Sequence[tuple[FileText, Mapping[str, str]]] = (),
        texts: Iterable[str] = (),
    ) -> None:
        self.definitions: list[tuple[str, str]] = []
        self.imports: dict[tuple[str, str], str] = {}
        self.packages: dict[str, None] = {}
        self._file = file
        self._known = known
        self.chosen: dict[str, str] = {}
        self._beside = beside
        self._language = file.language
        self._uses = Counter(hole for text in texts for hole in holes_in(text))
        self._bound = {(module, name): alias for module, name, alias in _imported(file)}

    def filled(self, text: str, imports: Mapping[str, tuple[str, ...]], language: str = "") -> str:
        """The text with the names of this file in it. Raises CannotChange where a name cannot be had.

        `language` is that of the program in the file, where the file itself is none.
        """
        self._language = self._file.language or language or self._language
        modules = {name: module for module, names in imports.items() for name in names}
        whole = {_short(module): module for module, names in imports.items() if not names}
        if self._file.language not in _BY_PACKAGE:
            for module in whole.values():
                self._import(module, "")
        return filled(text, lambda hole: self._name(hole, modules, whole))

    def _name(self, hole: str, modules: Mapping[str, str], whole: Mapping[str, str]) -> str:
        if hole in modules:
            return self._import(modules[hole], hole)
        if hole in whole:
            return self._import(whole[hole], "")
        definition = self._known.get((self._language, hole))
        if definition is None:
            raise CannotChange(f"nothing defines {hole}")
        if hole not in self.chosen:
            existing = self._defined_already(definition)
            once = self._uses[hole] < _WORTH_A_NAME or not self._file.language
            if definition.inline and not existing and once:
                return self.filled(definition.inline, definition.imports)
            if not self._file.language:
                raise CannotChange("a program inside another file defines nothing")
            self.chosen[hole] = existing or self._free(hole)
            if not existing:
                text = self.filled(definition.text, definition.imports)
                self.packages.update(dict.fromkeys(definition.packages))
                self.definitions.append((self.chosen[hole], text))
        return self.chosen[hole]

    def _defined_already(self, definition: Definition) -> str:
        """The name under which an earlier fix has put the same definition into the file."""
        shared = (names[definition.name] for _, names in self._beside if definition.name in names)
        if (name := next(shared, "")) != "":
            return name
        plain = _bare(filled(definition.text, lambda hole: hole))
        files = (self._file, *(file for file, _ in self._beside))
        return definition.name if any(plain in _bare(file.data.decode("utf-8", "replace")) for file in files) else ""

    def _import(self, module: str, name: str) -> str:
        key = (module, name)
        if key in self.imports:
            return self.imports[key]
        bound = self._bound.get(key)
        if bound is not None:
            return bound
        if self._file.language in _BY_NAMESPACE:
            return self._of_namespace(key)
        if self._file.language in _BY_PACKAGE:
            return self._of_package(module)
        wanted = name or _short(module)
        if name and self._file.has_word(name):
            if self._file.language not in _CAN_ALIAS:
                if not any(each == name for (_, each) in self._bound):
                    raise CannotChange(f"{name} is something else in this file")
            else:
                wanted = self._free(name)
        self.imports[key] = wanted
        return wanted

    def _of_package(self, module: str) -> str:
        """A package, in whichever version the file has it, under a name that is nothing else in the file."""
        for (path, name), alias in self._bound.items():
            if not name and re.fullmatch(rf"{re.escape(module)}/v\d+", path):
                return _short(module) if alias == path else alias
        wanted = _short(module)
        taken = {getattr(node, "name", "") for node in self._file.places.nodes if not isinstance(node, ir.Import)}
        self.imports[module, ""] = self._free(wanted) if wanted in taken else wanted
        return self.imports[module, ""]

    def _of_namespace(self, key: tuple[str, str]) -> str:
        """A type that comes with its namespace, or that the file speaks of already. Raises CannotChange."""
        _, name = key
        if any(isinstance(node, ir.Class) and node.name == name for node in self._file.places.nodes):
            raise CannotChange(f"{name} is something else in this file")
        spoken = re.search(rb"(?<![\w.])" + re.escape(name.encode()) + rb"(?!\w)", _code(self._file.data))
        if spoken is None:
            self.imports[key] = name
        return name

    def _free(self, name: str) -> str:
        for number in range(1, _MOST):
            parted = "_" in name or (name.islower() and self._file.language not in _BY_PACKAGE)
            wanted = name if number == 1 else f"{name}_{number}" if parted else f"{name}{number}"
            files = (self._file, *(file for file, _ in self._beside))
            if wanted not in self.chosen.values() and not any(file.has_word(wanted) for file in files):
                return wanted
        raise CannotChange(f"every name like {name} is taken in this file")


def _short(module: str) -> str:
    """What a module is called where it is given no other name."""
    return module.rpartition(".")[2].rpartition("/")[2]


def _code(data: bytes) -> bytes:
    """The text without comments that go to the end of their line."""
    return re.sub(rb"//.*", b"", data)


def _bare(text: str) -> str:
    """Code without what files write in different ways: white space, quotes, marks at the end of lines."""
    return re.sub(r"[\s;]+|,(?=\s*[)\]}])", "", text.replace("'", '"'))


def _imported(file: FileText) -> Iterator[tuple[str, str, str]]:
    """What the file imports at its top: module, name, and what it is called."""
    for module in file.places.modules:
        yield from imports_of(module.body)


def imports_of(body: Iterable[ir.Statement]) -> Iterator[tuple[str, str, str]]:
    """The imports among statements: module, name (nothing: the module), the name that they bind."""
    for statement in body:
        if isinstance(statement, ir.Import) and not statement.level:
            yield statement.module, statement.name, statement.alias or statement.name or statement.module
