"""Fills in the references of a summary: what a function made of its parameters, for one caller's arguments."""

from __future__ import annotations

from collections.abc import Callable

from pat_audit.flow.combining import (
    MAX_DEPTH,
    concatenate,
    encode,
    is_open,
    join,
    literal,
    pieces,
)
from pat_audit.flow.values import (
    Auth,
    Container,
    Encoded,
    Field,
    Instance,
    Member,
    OneOf,
    Parameter,
    Site,
    Source,
    Text,
    Thing,
    Value,
)

Fill = Callable[[Parameter | Field], Value | None]
Lookup = Callable[[Value, str, Site | None], Value]


class Instantiation:
    """One call's filling-in. Objects are copied once, so that what was shared stays shared."""

    __slots__ = ("_copies", "_fill", "_lookup", "filled")

    def __init__(self, fill: Fill, lookup: Lookup) -> None:
        self._fill = fill
        self._lookup = lookup
        self._copies: dict[int, Value] = {}
        self.filled = False

    def optional(self, value: Value | None, depth: int = 0) -> Value | None:
        """`value` filled in, None kept."""
        return None if value is None else self.value(value, depth)

    def value(self, value: Value, depth: int = 0) -> Value:
        """`value` with every reference that the caller knows replaced."""
        if depth > MAX_DEPTH or not is_open(value):
            return value
        known = self._copies.get(id(value))
        if known is None:
            known = self._copies[id(value)] = self._made(value, depth + 1)
        return known

    def _made(self, value: Value, depth: int) -> Value:
        if isinstance(value, Parameter | Field):
            known = self._fill(value)
            if known is None:
                return value
            self.filled = True
            return known
        if isinstance(value, Member):
            base = self.value(value.base, depth)
            return value if base is value.base else self._lookup(base, value.name, value.site)
        if isinstance(value, Text):
            return concatenate(
                [self.value(part, depth) for part in pieces(value.parts)],
                value.site,
            )
        if isinstance(value, Encoded):
            return encode(value.scheme, self.value(value.value, depth), value.site, value.broken)
        if isinstance(value, Auth):
            return Auth(
                value.scheme,
                self.optional(value.user, depth),
                self.optional(value.password, depth),
                self.optional(value.token, depth),
                value.site,
                value.maker,
                value.service,
                value.credential,
            )
        if isinstance(value, Source):
            key = self.optional(value.key, depth)
            named = literal(key)
            default = self.optional(value.default, depth)
            if named is not None:
                return Source(value.origin, named, value.site, default)
            return Source(value.origin, value.name, value.site, default, key)
        if isinstance(value, OneOf):
            return join([self.value(option, depth) for option in value.options]) or value
        return self._object(value, depth)

    def _object(self, value: Value, depth: int) -> Value:
        if isinstance(value, Container):
            copy = Container(value.kind, {}, value.keys, None, value.site)
            self._copies[id(value)] = copy
            copy.items = {key: self.value(item, depth) for key, item in value.items.items()}
            rest = value.rest
            if value.kind != "dict" and isinstance(rest, Member) and rest.name == "[]":
                whole = self.value(rest.base, depth)
                if isinstance(whole, Container) and whole.kind != "dict":  # `*arguments`: their order is known now
                    size = len(copy.items)
                    copy.items.update({size + index: item for index, item in enumerate(whole.items.values())})
                    copy.rest = whole.rest
                    copy.site = whole.site or value.site
                    return copy
            copy.rest = self.optional(rest, depth)
            return copy
        if isinstance(value, Instance):
            made = Instance(value.type, {}, value.site, value.maker, value.name)
            self._copies[id(value)] = made
            made.roles = {role: self.value(item, depth) for role, item in value.roles.items()}
            return made
        if isinstance(value, Thing):
            thing = Thing(value.owner, {}, value.attributes, value.site)
            self._copies[id(value)] = thing
            thing.bindings = {key: self.value(item, depth) for key, item in value.bindings.items()}
            filled = {name: self.value(item, depth) for name, item in value.attributes.items()}
            if any(item is not value.attributes[name] for name, item in filled.items()):
                thing.attributes = filled  # what a function made for its caller
            return thing
        return value
