"""The rules folders as one frozen catalogue: built-in rules from a cache, others checked and added."""

# ruff: noqa: PTH112, PTH116, PTH118, PTH120
# os.path throughout: pathlib costs every start several milliseconds.

from __future__ import annotations

import marshal
import os
import sys
import zlib
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from pat_audit import __version__, catalogue_cache, user_cache

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pat_audit.strict_yaml import Mistake
    from pat_audit.vocabulary import (
        CommandLibrary,
        CredentialKind,
        Definition,
        Format,
        Library,
        Recipe,
        Rule,
        Service,
        Template,
    )

SECTIONS = (
    "rules",
    "credentials",
    "services",
    "libraries",
    "commands",
    "recipes",
    "definitions",
    "formats",
    "templates",
)


class CatalogueError(Exception):
    """Rules folders with mistakes; `mistakes` holds every one of every file."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class Catalogue:
    """Everything that the rules folders say. Each section is unpacked when it is first asked for.

    `digest` (hexadecimal) changes whenever any of it changes: a key for whatever is derived from it.
    `rule_names` gives the name of each rule's id, without the price of unpacking the rules. `place` tells the
    rules folders apart that it came from: catalogues of the same place follow each other in a cache.
    """

    place = ""

    def __init__(
        self,
        *,
        rules: Sequence[Rule] = (),
        credentials: Sequence[CredentialKind] = (),
        services: Sequence[Service] = (),
        libraries: Sequence[Library] = (),
        commands: Sequence[CommandLibrary] = (),
        recipes: Sequence[Recipe] = (),
        definitions: Sequence[Definition] = (),
        formats: Sequence[Format] = (),
        templates: Sequence[Template] = (),
    ) -> None:
        import hashlib

        from pat_audit.packed import pack

        given = (rules, credentials, services, libraries, commands, recipes, definitions, formats, templates)
        self._sections = {name: pack(tuple(part)) for name, part in zip(SECTIONS, given, strict=True)}
        self._sections["libraries"] = _by_language(libraries)
        self._read: Callable[[str], bytes] | None = None
        self.rule_names: Mapping[str, str] = {rule.id: rule.name for rule in rules}
        everything = b"".join(self._sections.values())
        self.digest = hashlib.sha256(__version__.encode() + everything).hexdigest()

    @classmethod
    def from_packed(
        cls, sections: Mapping[str, bytes], rule_names: Mapping[str, str], digest: str, place: str
    ) -> Catalogue:
        """The catalogue whose `packed` parts these are."""
        made = cls.__new__(cls)
        made._sections = dict(sections)
        made._read = None
        made.rule_names = dict(rule_names)
        made.digest = digest
        made.place = place
        return made

    @classmethod
    def kept(cls, read: Callable[[str], bytes], rule_names: Mapping[str, str], digest: str, place: str) -> Catalogue:
        """The catalogue whose packed sections `read` gives by their names, when they are asked for."""
        made = cls.from_packed({}, rule_names, digest, place)
        made._read = read
        return made

    @property
    def packed(self) -> tuple[dict[str, bytes], dict[str, str], str, str]:
        """What `from_packed` needs to make an equal catalogue, as plain data that marshal keeps."""
        return {name: self._packed(name) for name in SECTIONS}, dict(self.rule_names), self.digest, self.place

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self).from_packed, self.packed)

    def _packed(self, name: str) -> bytes:
        if name not in self._sections and self._read is not None:
            self._sections[name] = self._read(name)
        return self._sections[name]

    def _section(self, name: str) -> tuple[Any, ...]:
        from pat_audit.packed import unpack

        return unpack(self._packed(name))

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """What is reported, by id."""
        return cast("tuple[Rule, ...]", self._section("rules"))

    @cached_property
    def credentials(self) -> tuple[CredentialKind, ...]:
        """The kinds of credential."""
        return cast("tuple[CredentialKind, ...]", self._section("credentials"))

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """What code signs in to."""
        return cast("tuple[Service, ...]", self._section("services"))

    @cached_property
    def libraries(self) -> tuple[Library, ...]:
        """The libraries of all languages."""
        return tuple(library for part in range(len(self._libraries)) for library in self._part(part))

    @cached_property
    def _libraries(self) -> list[tuple[tuple[str, ...], bytes]]:
        return cast("list[tuple[tuple[str, ...], bytes]]", marshal.loads(self._packed("libraries")))

    @cached_property
    def _parts(self) -> dict[int, tuple[Library, ...]]:
        return {}

    def _part(self, number: int) -> tuple[Library, ...]:
        if number not in self._parts:
            from pat_audit.packed import unpack

            self._parts[number] = unpack(self._libraries[number][1])
        return self._parts[number]

    @cached_property
    def commands(self) -> tuple[CommandLibrary, ...]:
        """The programs of the command line."""
        return cast("tuple[CommandLibrary, ...]", self._section("commands"))

    @cached_property
    def recipes(self) -> tuple[Recipe, ...]:
        """What to do instead."""
        return cast("tuple[Recipe, ...]", self._section("recipes"))

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """What rewritten files define."""
        return cast("tuple[Definition, ...]", self._section("definitions"))

    @cached_property
    def formats(self) -> tuple[Format, ...]:
        """The configuration formats."""
        return cast("tuple[Format, ...]", self._section("formats"))

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """How values are filled into text."""
        return cast("tuple[Template, ...]", self._section("templates"))

    @cached_property
    def rule_by_id(self) -> Mapping[str, Rule]:
        """Rules by id."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def recipe_by_id(self) -> Mapping[str, Recipe]:
        """Recipes by id."""
        return {recipe.id: recipe for recipe in self.recipes}

    @cached_property
    def definition_by_name(self) -> Mapping[tuple[str, str], Definition]:
        """Definitions by language and name."""
        return {(each.language, each.name): each for each in self.definitions}

    def libraries_of(self, language: str) -> tuple[Library, ...]:
        """The libraries of one language (`python`), those that several share included."""
        wanted = [number for number, (names, _) in enumerate(self._libraries) if language in names]
        return tuple(library for number in wanted for library in self._part(number))

    def rule_id(self, word: str) -> str | None:
        """The id of the rule that `word` means: an id in any case, or a name. None: no such rule."""
        if word.upper() in self.rule_names:
            return word.upper()
        return next((id for id, name in self.rule_names.items() if name == word.lower()), None)


def load_catalogue(extra: Sequence[str | Path] = (), *, plugins: bool = True, cache: bool = True) -> Catalogue:
    """The built-in rules and those of further folders.

    `extra` are folders laid out like `rules/`; `plugins` adds those that installed packages name under the
    entry point group `pat_audit.rules`; `cache` keeps the result in the user's cache folder. Raises
    CatalogueError with every mistake of every file.
    """
    builtin = builtin_folder()
    plugged = _plugin_folders(cache) if plugins else []
    folders = [*([builtin] if builtin else []), *(os.fspath(folder) for folder in extra), *plugged]
    folders = list(dict.fromkeys(folders))
    place = _short(os.pathsep.join(folders))

    def read() -> Catalogue:
        from pathlib import Path

        from pat_audit.rules_folder import read_folders

        places: list[Any] = [Path(folder) for folder in folders]
        return read_folders(places if builtin else [_zipped_rules(), *places])

    cache = cache and builtin is not None
    kept = catalogue_cache.read(place, folders) if cache else None
    if kept is not None:
        rule_names, digest = kept

        def section(name: str) -> bytes:
            return catalogue_cache.read_section(place, name, digest) or read()._packed(name)

        return Catalogue.kept(section, rule_names, digest, place)
    stamp = catalogue_cache.look(folders) if cache else None
    catalogue = read()
    catalogue.place = place
    if stamp is not None:
        sections = {name: catalogue._packed(name) for name in SECTIONS}
        catalogue_cache.write(place, stamp, catalogue.rule_names, catalogue.digest, sections)
    return catalogue


def builtin_folder() -> str | None:
    """The rules that ship with pat-audit, in the package or its checkout; None where it runs from a zip."""
    package = os.path.dirname(__file__)
    for folder in (os.path.join(package, "rules"), os.path.join(os.path.dirname(package), "rules")):
        if os.path.isdir(folder):
            return folder
    return None


def _zipped_rules() -> Any:
    from importlib.resources import files

    return files("pat_audit") / "rules"


def _by_language(libraries: Sequence[Library]) -> bytes:
    """Libraries packed in parts: one for neighbours of the same languages, because a run mostly needs those of one."""
    from itertools import groupby

    from pat_audit.packed import pack

    parts = groupby(libraries, key=lambda library: (library.language, *library.also))
    return marshal.dumps([(names, pack(tuple(part))) for names, part in parts])


def _plugin_folders(cache: bool) -> list[str]:
    """The rules folders that installed packages bring under the entry point group `pat_audit.rules`.

    Only installed packages are asked: the folder that is being scanned may be on `sys.path` too.
    """
    places = [place for place in sys.path if place.endswith(("site-packages", "dist-packages"))]
    stamp = (sys.version, tuple((place, _changed(place)) for place in places))
    name = f"plugins-{_short(sys.prefix)}"
    data = user_cache.read(name) if cache else None
    if data is not None:
        try:
            kept, folders = marshal.loads(data)
            if kept == stamp:
                return [str(folder) for folder in folders]
        except (ValueError, EOFError, TypeError):
            pass
    from pat_audit.rules_folder import plugin_folders

    found = [str(folder) for folder in plugin_folders(places)]
    if cache:
        user_cache.write(name, marshal.dumps((stamp, found)))
    return found


def _changed(place: str) -> int:
    try:
        return os.stat(place).st_mtime_ns
    except OSError:
        return 0


def _short(text: str) -> str:
    return f"{zlib.crc32(text.encode(errors='surrogateescape')):08x}"
