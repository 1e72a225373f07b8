"""A configuration file from its bytes to what it says of sign-ins, with the programs and texts inside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.flow import ir
from pat_audit.flow.values import Source, Value
from pat_audit.formats.readers import read
from pat_audit.formats.settings import Unparsable, place
from pat_audit.languages.known import ENDINGS, front_end
from pat_audit.settings.filling import Filling
from pat_audit.settings.paths import Neighbours, PathTable
from pat_audit.settings.programs_inside import Inside, ProgramsInside
from pat_audit.settings.recognise import Formats
from pat_audit.settings.sign_ins import SignIns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pat_audit.catalogue import Catalogue
    from pat_audit.flow.observation import Observation
    from pat_audit.formats.settings import Setting
    from pat_audit.naming import Names
    from pat_audit.programs import Programs
    from pat_audit.settings.paths import Path
    from pat_audit.vocabulary import Format, KnownSetting

_NO_NAME = re.compile(r"[\s{}()<>|]")  # a key that a template is yet to fill in
_DEEPEST = 3  # texts in texts: a shell script in YAML in Markdown


class _Compiled(NamedTuple):
    """What a format's paths and templates are compiled to."""

    known: PathTable[KnownSetting]
    environment: PathTable[None]
    assignments: PathTable[None]
    programs: ProgramsInside


class _Scope(NamedTuple):
    """Environment variables that the scripts below `prefix` have."""

    prefix: Path
    name: str
    value: Value


class SettingsTexts:
    """Reads configuration files by the formats of one catalogue. `names` says which names are credentials'."""

    def __init__(self, catalogue: Catalogue, names: Names, programs: Programs) -> None:
        self._formats = Formats(catalogue.formats)
        self._templates = {each.id: each for each in catalogue.templates}
        self._names = names
        self._programs = programs
        self._compiled: dict[str, _Compiled] = {}
        self._fillings: dict[tuple[str, ...], Filling] = {}

    def observe(self, path: str, data: bytes) -> tuple[list[Observation], str]:
        """What the file says of sign-ins, and why not all of it could be read, or nothing.

        What a file of a syntax in general has wrong is nobody's business: then nothing is said of it.
        """
        reading: dict[str, tuple[list[Setting], str]] = {}
        for format_ in self._formats.of_name(path):
            if format_.syntax not in reading:
                reading[format_.syntax] = _read(format_.syntax, data)
            settings, problem = reading[format_.syntax]
            if self._formats.fits(format_, settings):
                found = list(self._text(_Text(path, format_, settings, None, format_.templates, {}, 0)))
                return found, problem if format_.rank else ""
        return [], ""

    # --- one text ---

    def _text(self, text: _Text) -> Iterator[Observation]:
        format_ = text.format
        compiled = self._compile(format_)
        filling = self._filling((*text.templates, *format_.variables))
        settings = _named(text.settings, format_.named) if format_.named else text.settings
        if format_.assignments:
            settings = [_assigned(each) if compiled.assignments.find(each.path) else each for each in settings]
        neighbours = Neighbours(settings)
        sign_ins = SignIns(text.path, neighbours, filling, self._is_credential, text.outer)
        # What is a program says itself what it does with what is filled in; a comment in it says nothing.
        read: set[int] = set()
        if compiled.programs.any and text.depth < _DEEPEST:

            def filled_by(more: tuple[str, ...]) -> Filling:
                return self._filling((*text.templates, *more))

            scopes = self._scopes(settings, compiled, sign_ins)
            for inside in compiled.programs.find(settings, neighbours, filled_by, text.outer):
                environment = dict(text.environment)
                for scope in scopes:
                    if inside.members[0].path[: len(scope.prefix)] == scope.prefix:
                        environment[scope.name] = scope.value
                observed = self._inside(text, inside, environment)
                if observed is not None:
                    read.update(map(id, inside.members))
                    yield from observed
        for setting in settings:
            if id(setting) not in read:
                yield from sign_ins.observe(setting, compiled.known.find(setting.path))

    def _scopes(self, settings: Sequence[Setting], compiled: _Compiled, sign_ins: SignIns) -> list[_Scope]:
        """The environments that scripts run in, the innermost last."""
        scopes = []
        for setting in settings:
            if compiled.environment.find(setting.path):
                prefix = _without_places(setting.path[:-1])[:-1]
                value = sign_ins.value(setting)[0]
                scopes.append(_Scope(prefix, setting.name, self._best_named(value, setting.name)))
        return sorted(scopes, key=lambda each: len(each.prefix))

    def _inside(self, text: _Text, inside: Inside, environment: dict[str, Value]) -> list[Observation] | None:
        """What a text inside another one says; None where nobody can read it."""
        format_ = self._formats.by_id.get(inside.language)
        data, where = inside.written.data, inside.written.place
        if format_ is not None:
            settings, _ = _read(format_.syntax, data)
            format_ = self._formats.told(format_, settings)
            templates = tuple(dict.fromkeys((*text.templates, *format_.templates)))
            return list(self._text(_Text(text.path, format_, settings, where, templates, environment, text.depth + 1)))
        if inside.language not in ENDINGS:
            return None
        try:
            tree = front_end(inside.language).lower(text.path, data, where)
        except ir.Unreadable:
            return None
        return self._programs.program(inside.language, text.path).observe_part(tree, environment)

    # --- names ---

    def _is_credential(self, name: str) -> bool:
        return self._names.kind(name) is not None and not _NO_NAME.search(name)

    def _best_named(self, value: Value, variable: str) -> Value:
        """A variable's value, under the variable's name where that says more than its own."""
        own = self._names.kind(variable)
        if own is None or not isinstance(value, Source) or value.origin == "job":
            return value
        kind = self._names.kind(value.name)
        if kind is not None and (kind.provider != "any" or kind.kind == "pat" or own.kind == kind.kind):
            return value
        return Source(value.origin, variable, value.site)

    # --- compiled once ---

    def _compile(self, format_: Format) -> _Compiled:
        known = self._compiled.get(format_.id)
        if known is None:
            known = self._compiled[format_.id] = _Compiled(
                PathTable([(path, row) for row in format_.settings for path in row.paths]),
                PathTable([(path, None) for path in format_.environment]),
                PathTable([(path, None) for path in format_.assignments]),
                ProgramsInside(format_),
            )
        return known

    def _filling(self, templates: tuple[str, ...]) -> Filling:
        if templates not in self._fillings:
            self._fillings[templates] = Filling(self._templates[id] for id in templates if id in self._templates)
        return self._fillings[templates]


class _Text(NamedTuple):
    """One text of a file that is read by a format: the file itself, or a setting's value."""

    path: str
    format: Format
    settings: Sequence[Setting]
    outer: Callable[[int], int] | None
    templates: tuple[str, ...]
    environment: Mapping[str, Value]
    depth: int


def _read(syntax: str, data: bytes) -> tuple[list[Setting], str]:
    try:
        return read(syntax, data), ""
    except Unparsable as error:
        return error.settings, str(error)


def _named(settings: Sequence[Setting], named: Mapping[str, str]) -> list[Setting]:
    """The settings, those that another one names under that name: `{name: X, value: Y}` is `X: Y`."""
    names = set(named.values())
    above = {key for key, name in named.items() if name == ".."}
    if above:
        settings = [
            _named_above(setting) if setting.path[-1:] and setting.path[-1] in above else setting
            for setting in settings
        ]
    said: dict[tuple[Path, str | int], str] = {}
    for setting in settings:
        if setting.path and setting.path[-1] in names:
            said[setting.path[:-1], setting.path[-1]] = setting.value
    if not said:
        return list(settings)
    found = []
    for setting in settings:
        for place_ in range(len(setting.path) - 1, max(len(setting.path) - 4, 0) - 1, -1):
            part = setting.path[place_]
            name = said.get((setting.path[:place_], named[part])) if isinstance(part, str) and part in named else None
            if name:
                base = _without_places(setting.path[:place_])
                setting = setting._replace(path=(*base, name, *setting.path[place_ + 1 :]))
                break
        found.append(setting)
    return found


def _named_above(setting: Setting) -> Setting:
    """A setting under the key of the mapping that it stands in: `variable pat { default = X }` is `pat: X`."""
    base = _without_places(setting.path[:-1])
    return setting._replace(path=base) if base else setting


def _assigned(setting: Setting) -> Setting:
    """`NAME=value` as the setting of that name."""
    name, equals, value = setting.value.partition("=")
    if not equals or not name.strip():
        return setting
    begin = len(name.encode("utf-8", "replace")) + 1
    start = place(setting, begin)
    later = [(inside - begin, outside) for inside, outside in setting.places if inside > begin]
    places = ((0, start), *later) if later else ()
    base = _without_places(setting.path)
    return setting._replace(path=(*base, name.strip()), value=value, start=start, places=places)


def _without_places(path: Path) -> Path:
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path
