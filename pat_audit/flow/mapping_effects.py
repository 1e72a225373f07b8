"""What modelled callables do to mappings: making, updating, reading and copying them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import access, sending
from pat_audit.flow.combining import (
    EMPTY,
    NOTHING,
    in_order,
    join,
    literal,
    options,
)
from pat_audit.flow.frame import Frame, Machine, Write
from pat_audit.flow.observation import Observation
from pat_audit.flow.values import (
    Container,
    Field,
    Instance,
    Member,
    Nothing,
    Parameter,
    Site,
    Source,
    Text,
    Thing,
    Value,
)

if TYPE_CHECKING:
    from pat_audit.flow.modelled_call import Call


def make_mapping(call: Call) -> Value:
    """A mapping made from keywords and other mappings."""
    merged = call.value("parts")
    if isinstance(merged, Container):  # the first one takes in the others
        first, *others = in_order(merged) or [NOTHING]
        into = first if isinstance(first, Container) else Container("dict", site=call.site)
        for value in others if into is first else (first, *others):
            pour(into, value)
            if isinstance(first, Parameter | Field | Member):
                call.frame.writes.append(Write("update", first, None, value))
        return into
    container = Container("dict", site=call.site)
    if "pairs" in call.effect.roles:
        pairs = call.value("pairs")
        given = in_order(pairs) if isinstance(pairs, Container) else []
        for key, item in zip(given[::2], given[1::2], strict=False):
            access.put(container, key, item)
            sending.note_header(call.machine, call.frame, key, item, call.site)
        return container
    _pour(call, container)
    return container


def _pour(call: Call, container: Container) -> None:
    value = call.value("value")
    if value is None and call.arguments and call.arguments[0].name is None:
        value = call.arguments[0].value
    pour(container, value)
    for argument in call.arguments:
        if argument.name is not None and not argument.name.startswith("*") and argument.name not in call.used():
            access.put(container, Text((argument.name,)), argument.value)


def pour(container: Container, value: Value | None) -> None:
    """Put what another mapping (or sequence of pairs) holds into `container`."""
    for option in options(value):
        if isinstance(option, Container):
            for key, item in option.items.items():
                if option.kind != "dict" and isinstance(item, Container) and len(item.items) == 2:
                    access.put(container, item.items.get(0), item.items.get(1) or EMPTY)
                else:
                    access.put(container, option.keys.get(key, Text((str(key),))), item)
            if option.rest is not None:
                container.rest = join([container.rest, option.rest])
        elif isinstance(option, Parameter | Field | Member):
            container.rest = join([container.rest, Member(option, "[]")])


def update(call: Call) -> Value:
    """A mapping takes in another."""
    for receiver in options(call.receiver):
        if isinstance(receiver, Container):
            _pour(call, receiver)
        elif isinstance(receiver, Parameter | Field | Member) and call.arguments:
            call.frame.writes.append(Write("update", receiver, None, call.arguments[0].value))
        elif isinstance(receiver, Instance) and call.arguments:
            headers = receiver.roles.get("headers")
            if isinstance(headers, Container):
                pour(headers, call.arguments[0].value)
    return NOTHING


def get(call: Call) -> Value:
    """An item of a mapping, or the default."""
    key, default = call.value("name"), call.value("default")
    receiver = call.value("value") or call.receiver or NOTHING
    if isinstance(receiver, Container):
        name = literal(key)
        if name is not None and name.lower() not in receiver.items and receiver.rest is None:
            return default or NOTHING
    got = access.item(call.machine, call.frame, receiver, key, call.site)
    if isinstance(got, Source) and default is not None and got.default is None:
        got = Source(got.origin, got.name, got.site, default)
    note_key(call.machine, call.frame, receiver, key, got, call.site)
    return got


def note_key(machine: Machine, frame: Frame, receiver: Value, key: Value | None, got: Value, site: Site) -> None:
    """Note the read of an item whose key is known, of something that came from outside or is not known."""
    name = literal(key)
    if isinstance(receiver, Container | Thing | Nothing):
        return
    if name is None:
        for option in options(got):
            if isinstance(option, Source) and option.key is not None:  # callers say what is read
                machine.observe(frame, Observation("read", site, option, frame.identity, at=site))
        return
    for option in options(got):
        if isinstance(option, Source):
            source = option if option.origin != "unknown" else Source("config", name, site)
        elif isinstance(option, Member):
            source = Source("config", name, site)
        else:
            continue
        machine.observe(frame, Observation("read", site, source, frame.identity, at=site))


def view(call: Call) -> Value:
    """The items, values or keys of a mapping."""
    receiver = call.value("value") or call.receiver
    if not isinstance(receiver, Container) or receiver.kind != "dict":
        return receiver or NOTHING
    found: list[Value] = []
    for key, item in receiver.items.items():
        name = receiver.keys.get(key, Text((str(key),)))
        shown = {"values": item, "keys": name}.get(call.effect.role)
        found.append(shown if shown is not None else Container("tuple", {0: name, 1: item}, site=call.site))
    return Container("list", dict(enumerate(found)), rest=receiver.rest, site=call.site)


def make_sequence(call: Call) -> Value:
    """A sequence of what is handed over one by one, or of what another holds."""
    given = call.value("value")
    if isinstance(given, Container):
        items = given.items.values() if given.kind != "dict" else given.keys.values()
        return Container("list", dict(enumerate(items)), rest=given.rest, site=call.site)
    parts = call.value("parts")
    if isinstance(parts, Container):
        return Container("list", dict(parts.items), rest=parts.rest, site=call.site)
    rest = Member(given, "[]") if isinstance(given, Parameter | Field | Member) else None
    return Container("list", rest=rest, site=call.site)


def copy(call: Call) -> Value:
    """A copy that changes on its own."""
    value = call.value("value") or call.receiver or NOTHING
    if isinstance(value, Container):
        return Container(value.kind, dict(value.items), dict(value.keys), value.rest, value.site)
    return value
