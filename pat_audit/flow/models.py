"""Library models by name: what the evaluator looks up when a name of a library is called or read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pat_audit.vocabulary import Command, CommandLibrary, Effect, Library, Service, Type


@dataclass(frozen=True, slots=True)
class Models:
    """The rows of all library files of one language, indexed.

    `functions` and `types` by qualified name; `methods` by the bare name of a `*.name` row, for receivers
    of which nothing is known; `values` maps a qualified name to the type that it is an instance of.
    """

    functions: dict[str, Effect] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    methods: dict[str, Effect] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    commands: dict[str, tuple[Command, ...]] = field(default_factory=dict)
    packages: frozenset[str] = frozenset()
    headers: dict[str, str] = field(default_factory=dict)  # header in lower case -> the service it signs in to

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
    libraries: Iterable[Library], commands: Iterable[CommandLibrary], services: Iterable[Service], language: str
) -> Models:
    """Index the library files of `language`, all command lines, and the headers that services take tokens in."""
    functions: dict[str, Effect] = {}
    types: dict[str, Type] = {}
    methods: dict[str, Effect] = {}
    values: dict[str, str] = {}
    for library in libraries:
        if library.language != language:
            continue
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
        frozenset(name.partition(".")[0] for name in (*functions, *types, *values)),
        {header.lower(): service.id for service in services for header in service.headers},
    )
