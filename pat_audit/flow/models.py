"""Library models by name: what the evaluator looks up when a name of a library is called or read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pat_audit.vocabulary import Command, CommandLibrary, Effect, Library, Service, Type


@dataclass(frozen=True, slots=True)
class Models:
    """The rows of all library files of one language, indexed.

    `functions` and `types` by qualified name; `methods` by the bare name of a `*.name` row, for receivers
    of which nothing is known; `values` maps a qualified name to the type that it is an instance of, `constants`
    one to the text that it is.
    """

    functions: dict[str, Effect] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    methods: dict[str, Effect] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    commands: dict[str, tuple[Command, ...]] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)  # by what programs mostly call them
    known: frozenset[str] = frozenset()  # every name under which something modelled can be reached
    constants: dict[str, str] = field(default_factory=dict)
    switches: frozenset[str] = frozenset()  # named arguments that stand alone, in lower case
    headers: dict[str, str] = field(default_factory=dict)  # header in lower case -> the service it signs in to

    def without_namespace(self, name: str) -> str:
        """A library's name as it is modelled: `Convert.ToBase64String` of `System.Convert.ToBase64String`."""
        rest = name
        while rest:
            if rest in self.known:
                return rest
            rest = rest.partition(".")[2]
        return name

    def method(self, type_: Type, name: str) -> Effect | None:
        """The effect of method `name` of a library type, looked up in its bases too."""
        return self._lookup(type_, name, 0)

    def _lookup(self, type_: Type, name: str, depth: int) -> Effect | None:
        for effect in type_.methods:
            if name in effect.names:
                return effect
        for base in type_.bases:
            found = self.types.get(base)
            if found is not None and depth < 8:
                effect_ = self._lookup(found, name, depth + 1)
                if effect_ is not None:
                    return effect_
        return None

    def attribute(self, type_: Type, name: str, depth: int = 0) -> str | None:
        """The role that attribute `name` of a library type plays, bases included."""
        role = type_.attributes.get(name)
        if role is None and depth < 8:
            for base in type_.bases:
                found = self.types.get(base)
                role = self.attribute(found, name, depth + 1) if found is not None else None
                if role is not None:
                    break
        return role


def build_models(
    libraries: Iterable[Library],
    commands: Iterable[CommandLibrary],
    services: Iterable[Service],
    language: str,
    caseless: bool = False,
) -> Models:
    """Index the library files of `language`, all command lines, and the headers that services take tokens in.

    The names of a `caseless` language are indexed in lower case.
    """
    libraries = [library for library in libraries if language in (library.language, *library.also)]
    libraries.sort(key=lambda library: library.language == language)  # its own have the last word
    if caseless:
        libraries = [_folded(library) for library in libraries]
    functions: dict[str, Effect] = {}
    types: dict[str, Type] = {}
    methods: dict[str, Effect] = {}
    values: dict[str, str] = {}
    constants: dict[str, str] = {}
    for library in libraries:
        for effect in library.functions:
            for name in effect.names:
                if name.startswith("*."):
                    methods[name[2:]] = effect
                else:
                    functions[name] = effect
        for type_ in library.types:
            for name in type_.names:
                types[name] = type_
        values.update(library.values)
        constants.update(library.constants)
    programs: dict[str, list[Command]] = {}
    for command_library in commands:
        for command in command_library.commands:
            for name in command.names:
                programs.setdefault(name, []).append(command)
    return Models(
        functions,
        types,
        methods,
        values,
        # the longest subcommand first: `az devops login` before `az`
        {
            name: tuple(sorted(rows, key=lambda row: -sum(len(part.split()) for part in row.subcommand)))
            for name, rows in programs.items()
        },
        _packages((*functions, *types, *values)),
        _prefixes((*functions, *types, *values, *constants)),
        constants=constants,
        switches=frozenset(switch.lower() for library in libraries for switch in library.switches),
        headers={header.lower(): service.id for service in services for header in service.headers},
    )


def _packages(names: Iterable[str]) -> dict[str, str]:
    """The libraries by their first name, or the last part of their path; of several the shortest path's."""
    found: dict[str, str] = {}
    for name in names:
        folder, slash, last = name.rpartition("/")
        short = last.partition(".")[0]
        full = f"{folder}{slash}{short}"
        if short not in found or len(full) < len(found[short]):
            found[short] = full
    return found


def _prefixes(names: Iterable[str]) -> frozenset[str]:
    """The names with all their outer names."""
    found: set[str] = set()
    for name in names:
        while name and name not in found:
            found.add(name)
            name = name.rpartition(".")[0]
    return frozenset(found)


def _folded(library: Library) -> Library:
    """A library with every name of it in lower case."""
    return replace(
        library,
        functions=tuple(_folded_effect(effect) for effect in library.functions),
        types=tuple(
            replace(
                type_,
                names=_lower(type_.names),
                make=None if type_.make is None else _folded_effect(type_.make),
                attributes={name.lower(): role for name, role in type_.attributes.items()},
                methods=tuple(_folded_effect(effect) for effect in type_.methods),
                bases=_lower(type_.bases),
            )
            for type_ in library.types
        ),
        values={name.lower(): type_.lower() for name, type_ in library.values.items()},
        constants={name.lower(): text for name, text in library.constants.items()},
    )


def _folded_effect(effect: Effect) -> Effect:
    roles = {
        role: tuple([place.lower() if isinstance(place, str) else place for place in places])
        for role, places in effect.roles.items()
    }
    choices = {name.lower(): role for name, role in effect.choices.items()}
    return replace(effect, names=_lower(effect.names), roles=roles, choices=choices, returns=effect.returns.lower())


def _lower(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([name.lower() for name in names])
