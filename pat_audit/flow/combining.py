"""Puts symbolic values together and looks into them, within bounds that keep every walk short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pat_audit.flow.values import (
    Auth,
    Constant,
    Container,
    Encoded,
    External,
    Field,
    FunctionValue,
    Instance,
    Member,
    ModuleValue,
    Nothing,
    OneOf,
    Parameter,
    Reference,
    Site,
    Source,
    Text,
    Thing,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_OPTIONS = 6  # alternatives kept where branches join
MAX_PARTS = 64  # parts kept of one text
MAX_DEPTH = 24  # how deep a value is looked into
MAX_WEIGHT = 400  # leaves kept in one value, shared ones counted each time: bounds every walk over it
MAX_ITEMS = 256  # items of a container that are kept apart
NOTHING = Nothing()
EMPTY = Text(())


def unknown(name: str, site: Site | None = None) -> Source:
    """A value of which only a name is known."""
    return Source("unknown", name[-200:], site)


def text(content: str, site: Site | None = None) -> Text:
    """Literal text."""
    return Text((content,) if content else (), site)


def join(values: Iterable[Value | None]) -> Value | None:
    """Where paths meet: one of the distinct values; None among others means `not yet` and gives way."""
    found: dict[int, Value] = {}
    for value in values:
        for each in value.options if isinstance(value, OneOf) else (value,):
            if each is not None:
                found[id(each)] = each
    if len(found) < 2:  # nearly always: paths that meet have mostly left a value alone
        return next(iter(found.values()), None)
    options: list[Value] = []
    seen: set[Any] = set()
    for option in found.values():
        key = describe(option)
        if key not in seen:
            seen.add(key)
            options.append(option)
    if len(options) > 1:
        options = [option for option in options if not isinstance(option, Nothing)] or options[:1]
    kept: list[Value] = []
    weight = 0
    for option in options[:MAX_OPTIONS]:
        weight += weigh(option)
        if kept and weight > MAX_WEIGHT:
            break
        kept.append(option)
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else OneOf(tuple(kept), weight)


def weigh(value: Value | str) -> int:
    """How many leaves a walk over the value meets."""
    return value.weight if isinstance(value, Text | Encoded | OneOf) else 1


def encode(scheme: str, value: Value, site: Site | None, broken: str = "") -> Encoded:
    """`value` encoded."""
    return Encoded(scheme, value, site, broken, weigh(value) + 1)


def options(value: Value | None) -> tuple[Value, ...]:
    """The alternatives of a value."""
    if value is None:
        return ()
    return value.options if isinstance(value, OneOf) else (value,)


def concatenate(parts: Iterable[Value | None], site: Site | None) -> Text:
    """Text of the parts in order, nested texts opened, neighbouring literals merged, length bounded."""
    flat: list[str | Value] = []
    weight = 0
    for part in parts:
        for piece in part.parts if isinstance(part, Text) else (part if part is not None else unknown(""),):
            if isinstance(piece, Constant):
                piece = str(piece.value)
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] += piece
            else:
                weight += weigh(piece)
                if weight > MAX_WEIGHT or len(flat) > MAX_PARTS:
                    return Text((*flat, unknown("…")), site, MAX_WEIGHT)
                flat.append(piece)
    return Text(tuple(flat), site, weight)


def pieces(parts: Iterable[str | Value]) -> list[Value]:
    """The parts of a text as values."""
    return [Text((part,)) if isinstance(part, str) else part for part in parts]


def in_order(container: Container) -> list[Value]:
    """The items of a sequence by their places, those of a mapping by their keys."""
    return [item for _, item in sorted(container.items.items(), key=lambda pair: str(pair[0]).zfill(8))]


def literal(value: Value | None) -> str | None:
    """The text of a value that is wholly known, else None."""
    if isinstance(value, Text):
        if not value.parts:
            return ""
        if len(value.parts) == 1 and isinstance(value.parts[0], str):
            return value.parts[0]
    elif isinstance(value, Constant):
        return str(value.value)
    return None


def describe(value: Value | str | None, depth: int = 0) -> Any:
    """A hashable key: equal keys, equal meaning. Objects that change are told apart by identity."""
    if value is None or isinstance(value, str):
        return value
    if depth > MAX_DEPTH:
        return "…"
    if isinstance(value, Text):
        return ("text", *[describe(part, depth + 1) for part in value.parts])
    if isinstance(value, Source):
        return ("source", value.origin, value.name, describe(value.key, depth + 1))
    if isinstance(value, Parameter):
        return ("parameter", value.function, value.name)
    if isinstance(value, Field):
        return ("field", value.owner, value.name)
    if isinstance(value, Member):
        return ("member", describe(value.base, depth + 1), value.name)
    if isinstance(value, Encoded):
        return (value.scheme, describe(value.value, depth + 1), value.site)
    if isinstance(value, Auth):
        parts = (value.user, value.password, value.token)
        return ("auth", value.scheme, value.site, *[describe(part, depth + 1) for part in parts])
    if isinstance(value, Constant):
        return ("constant", value.value)
    if isinstance(value, Nothing):
        return ("nothing",)
    if isinstance(value, External):
        return ("external", value.name)
    if isinstance(value, OneOf):
        return ("one of", *[describe(option, depth + 1) for option in value.options])
    if isinstance(value, ModuleValue):
        return ("module", value.path)
    return id(value)


def leaves(value: Value | None, depth: int = 0) -> Iterator[Value]:
    """The leaves that a text, encoding, auth object or choice is made of, in order."""
    if value is None or depth > MAX_DEPTH:
        return
    if isinstance(value, Text):
        for part in value.parts:
            if not isinstance(part, str):
                yield from leaves(part, depth + 1)
    elif isinstance(value, Encoded):
        yield from leaves(value.value, depth + 1)
    elif isinstance(value, Auth):
        for held in (value.user, value.password, value.token):
            yield from leaves(held, depth + 1)
    elif isinstance(value, OneOf):
        for option in value.options:
            yield from leaves(option, depth + 1)
    else:
        yield value


def is_open(value: Value | None) -> bool:
    """Whether a reference is left in it that a caller may fill in."""
    return next(references(value), None) is not None


def is_of(value: Value | None, function: FunctionValue) -> bool:
    """Whether it holds something that a function is handed, or that the instance of its class holds."""
    owner = None if function.owner is None else function.owner.identity
    for reference in references(value):
        root: Value = reference
        while isinstance(root, Member):
            root = root.base
        if isinstance(root, Parameter) and root.function == function.identity:
            return True
        if isinstance(root, Field) and root.owner == owner:
            return True
    return False


def references(value: Value | None) -> Iterator[Value]:
    """The references that are left in a value, in no particular order."""
    pending: list[Value | str | None] = [value]
    seen: set[int] = set()
    while pending:
        here = pending.pop()
        if here is None or isinstance(here, str | Constant | Nothing) or id(here) in seen:
            continue
        seen.add(id(here))
        if isinstance(here, Reference):
            yield here
        elif isinstance(here, Text):
            pending.extend(here.parts)
        elif isinstance(here, Source):
            pending.extend((here.key, here.default))
        elif isinstance(here, Encoded):
            pending.append(here.value)
        elif isinstance(here, Auth):
            pending.extend((here.user, here.password, here.token))
        elif isinstance(here, OneOf):
            pending.extend(here.options)
        elif isinstance(here, Container):
            pending.extend((here.rest, *here.items.values()))
        elif isinstance(here, Instance):
            pending.extend(here.roles.values())
        elif isinstance(here, Thing):
            pending.extend((*here.bindings.values(), *here.attributes.values()))
