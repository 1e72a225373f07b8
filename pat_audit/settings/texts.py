"""A configuration file from its bytes to what it says of sign-ins, with the programs and texts inside it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.flow import ir
from pat_audit.flow.holes import unmarked
from pat_audit.flow.values import Source, Text, Value
from pat_audit.formats.readers import read
from pat_audit.formats.settings import Unparsable
from pat_audit.languages.known import ENDINGS, front_end
from pat_audit.settings.filling import Filling
from pat_audit.settings.named import assigned, named, without_places
from pat_audit.settings.paths import Neighbours, PathTable
from pat_audit.settings.programs_inside import Inside, ProgramsInside
from pat_audit.settings.recognise import Formats
from pat_audit.settings.sign_ins import SignIns
from pat_audit.settings.texts_in_programs import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pat_audit.catalogue import Catalogue
    from pat_audit.flow.observation import Observation
    from pat_audit.flow.values import Site
    from pat_audit.formats.settings import Setting
    from pat_audit.naming import Names
    from pat_audit.programs import Programs
    from pat_audit.settings.paths import Path
    from pat_audit.vocabulary import Format, KnownSetting

_NO_NAME = re.compile(r"[\s{}()<>|]")  # a key that a template is yet to fill in
_DEEPEST = 3  # texts in texts: a shell script in YAML in Markdown
_HOLES = "-"  # stands among the ids of templates for the values of the program that a text stands in
_MOST_OF_ONE = 4  # callers by which a text that is put together in one place is judged


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

    def __init__(self, catalogue: Catalogue, names: Names, programs: Programs | None = None) -> None:
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
                found = list(self._text(_Text(path, format_, settings, None, format_.templates, {}, 0, data)))
                return found, problem if format_.rank else ""
        return [], ""

    def programs(
        self, path: str, data: bytes, format_: Format, settings: Sequence[Setting]
    ) -> list[tuple[str, ir.Module]]:
        """The programs in a file that was read by its format, each with its language; spans are of the file."""
        return list(self._programs_in(_Text(path, format_, settings, None, format_.templates, {}, 0, data)))

    def _programs_in(self, text: _Text) -> Iterator[tuple[str, ir.Module]]:
        format_ = text.format
        settings = named(text.settings, format_.named) if format_.named else text.settings

        def filled_by(more: tuple[str, ...]) -> Filling:
            return self._filling((*text.templates, *more))

        programs = self._compile(format_).programs
        for inside in programs.find(settings, Neighbours(settings), filled_by, text.outer):
            inner = self._formats.by_id.get(inside.language)
            data, where = inside.written.data, inside.written.place
            if inner is not None and text.depth + 1 < _DEEPEST:
                found, _ = _read(inner.syntax, data)
                inner = self._formats.told(inner, found)
                templates = tuple(dict.fromkeys((*text.templates, *inner.templates)))
                below = _Text(text.path, inner, found, where, templates, {}, text.depth + 1, text.file)
                yield from self._programs_in(below)
            elif inside.language in ENDINGS:
                try:
                    yield inside.language, front_end(inside.language).lower(text.path, data, where)
                except ir.Unreadable:
                    continue

    def resolved(self, path: str, data: bytes, observed: Sequence[Observation]) -> list[Observation]:
        """What a program of the file does, its texts that are of a format read as such."""
        return list(self._resolved(path, data, observed, {}, 0))

    def _resolved(
        self, path: str, data: bytes, observed: Sequence[Observation], environment: Mapping[str, Value], depth: int
    ) -> Iterator[Observation]:
        times: Counter[Site] = Counter()
        for observation in observed:
            if observation.act != "text":
                yield observation
                continue
            value = observation.value
            times[observation.site] += 1
            if times[observation.site] > _MOST_OF_ONE or observation.site.path != path or not isinstance(value, Text):
                continue
            text = written(value, data)
            if text is None or depth >= _DEEPEST:
                continue
            settings, _ = _read(text.syntax, text.data)
            format_ = self._formats.known(text.syntax, settings)
            if format_ is not None:
                templates = (_HOLES, *format_.templates)
                yield from self._text(
                    _Text(path, format_, settings, text.place, templates, environment, depth + 1, data)
                )

    # --- one text ---

    def _text(self, text: _Text) -> Iterator[Observation]:
        format_ = text.format
        compiled = self._compile(format_)
        filling = self._filling((*text.templates, *format_.variables))
        settings = named(text.settings, format_.named) if format_.named else text.settings
        if format_.assignments:
            settings = [assigned(each) if compiled.assignments.find(each.path) else each for each in settings]
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
                prefix = without_places(setting.path[:-1])[:-1]
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
            inner = _Text(text.path, format_, settings, where, templates, environment, text.depth + 1, text.file)
            return list(self._text(inner))
        if inside.language not in ENDINGS or self._programs is None:
            return None
        if _HOLES not in text.templates and self._is_idle(inside.language, data, environment):
            return []
        try:
            tree = front_end(inside.language).lower(text.path, data, where)
        except ir.Unreadable:
            return None
        observed = self._programs.program(inside.language, text.path).observe_part(tree, environment)
        return list(self._resolved(text.path, text.file, observed, environment, text.depth + 1))

    def _is_idle(self, language: str, data: bytes, environment: Mapping[str, Value]) -> bool:
        """Whether a program speaks of nothing that signs in, and of no variable that somebody set for it."""
        words = unmarked(data)
        if self._programs is None or self._programs.possibly_signs_in(language, words):
            return False
        words = words.lower()
        return not any(name.lower().encode("utf-8", "replace") in words for name in environment)

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
            known = (self._templates[id] for id in templates if id in self._templates)
            self._fillings[templates] = Filling(known, holes=_HOLES in templates)
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
    file: bytes


def _read(syntax: str, data: bytes) -> tuple[list[Setting], str]:
    try:
        return read(syntax, data), ""
    except Unparsable as error:
        return error.settings, str(error)
