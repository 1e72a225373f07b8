"""What modelled callables do: one function for each word that a library file may use under `does`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pat_audit.flow import access, command_lines, sending, url_parts
from pat_audit.flow.combining import (
    EMPTY,
    NOTHING,
    concatenate,
    encode,
    is_open,
    join,
    literal,
    options,
    unknown,
)
from pat_audit.flow.composition import template, user_part
from pat_audit.flow.frame import Argument, Frame, Machine, Write
from pat_audit.flow.observation import Observation
from pat_audit.flow.values import (
    Auth,
    Container,
    Encoded,
    External,
    Field,
    FunctionValue,
    Instance,
    Member,
    Method,
    Nothing,
    Parameter,
    Site,
    Source,
    Text,
    Thing,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pat_audit.vocabulary import Effect

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}:!]*)(?:![rsa])?(?::[^{}]*)?\}")
_PERCENT = re.compile(r"%%|%(?:\((\w+)\))?[-+ #0]*\d*(?:\.\d+)?[sdrifxXeg]")
_DOLLAR = re.compile(r"\$\$|\$(?:\{(\w+)\}|(\w+))")


@dataclass(slots=True, eq=False)
class Call:
    """A call of a modelled callable: the model's row, and what it was called on and with."""

    machine: Machine
    frame: Frame
    effect: Effect
    name: str
    receiver: Value | None
    arguments: list[Argument]
    site: Site

    def argument(self, role: str) -> Argument | None:
        """The argument that plays `role`, or the role's constant."""
        for place in self.effect.roles.get(role, ()):
            found = self._at(place)
            if found is not None:
                return found
        constant = self.effect.constants.get(role)
        return None if constant is None else Argument(None, Text((constant,)), self.site)

    def _at(self, place: int | str) -> Argument | None:
        if isinstance(place, int):
            positional = [argument for argument in self.arguments if argument.name is None]
            if -len(positional) <= place < len(positional):
                return positional[place]
            return self._passed_on(place - len(positional))
        if place == "receiver":
            return None if self.receiver is None else Argument(None, self.receiver, self.site)
        if place == "*":
            positional = [argument for argument in self.arguments if argument.name is None]
            items: dict[str | int, Value] = {index: argument.value for index, argument in enumerate(positional)}
            return Argument(None, Container("list", items, site=self.site), self.site) if positional else None
        for argument in self.arguments:
            if argument.name == place:
                return argument
        for argument in self.arguments:
            if argument.name == "**" and isinstance(argument.value, Parameter | Field | Member):
                return Argument(place, Member(argument.value, place, argument.site), argument.site)
        return None

    def _passed_on(self, place: int) -> Argument | None:
        """The argument at a place among those that the caller was handed itself: `*arguments`."""
        for name, value, site in self.arguments:
            rest = value.rest if name == "*" and isinstance(value, Container) else None
            if isinstance(rest, Member) and rest.name == "[]" and place >= 0:
                return Argument(None, Member(rest.base, f"[{place}]", site), site)
        return None

    def value(self, role: str) -> Value | None:
        """The value that plays `role`; None and Nothing alike mean that nothing does."""
        argument = self.argument(role)
        return None if argument is None or isinstance(argument.value, Nothing) else argument.value

    def used(self) -> set[str]:
        """The keywords that some role takes."""
        return {place for places in self.effect.roles.values() for place in places if isinstance(place, str)}

    def observe(self, act: str, value: Value | None, site: Site | None = None, url: Value | None = None) -> None:
        """Note an act of this call."""
        self.machine.observe(
            self.frame,
            Observation(
                act,  # type: ignore[arg-type]
                site or self.site,
                value,
                self.frame.identity,
                url,
                self.name,
                self.effect.service,
                self.effect.credential,
                at=self.site,
            ),
        )


def perform(call: Call) -> Value:
    """What the call gives; what it does is observed."""
    return _DOES[call.effect.does](call)


def _returned(call: Call, roles: dict[str, Value] | None = None) -> Value:
    type_ = call.machine.models.types.get(call.effect.returns)
    if type_ is not None:
        return Instance(type_, roles or {}, call.site, call.name, call.name.rpartition(".")[2])
    return unknown(f"{call.name.rpartition('.')[2]}()", call.site)


def _same(call: Call) -> Value:
    function = call.value("function")
    if function is not None:
        return call.machine.call(call.frame, function, [], call.site)
    return call.value("value") or call.receiver or (call.arguments[0].value if call.arguments else EMPTY)


def _items(value: Value | None) -> list[Value]:
    if isinstance(value, Container):
        found = [item for _, item in sorted(value.items.items(), key=lambda pair: str(pair[0]).zfill(8))]
        return [*found, *([value.rest] if value.rest is not None else [])]
    return [] if value is None else [value]


def _concatenate(call: Call) -> Value:
    pieces: list[Value] = []
    for piece in _items(call.value("parts")):
        if pieces and call.effect.between:
            pieces.append(Text((call.effect.between,)))
        pieces.append(piece)
    if call.effect.between == "/" and len(pieces) == 3 and (literal(pieces[2]) or "").startswith(("http:", "https:")):
        return pieces[2]
    return concatenate(pieces, call.site)


def _join(call: Call) -> Value:
    separator = call.value("separator") or EMPTY
    parts = call.value("parts")
    if not isinstance(parts, Container):
        return parts if parts is not None else EMPTY
    pieces: list[Value] = []
    for piece in _items(parts):
        if pieces:
            pieces.append(separator)
        pieces.append(piece)
    return concatenate(pieces, call.site)


def fill(template: str, pattern: re.Pattern[str], lookup: Callable[[str | None], Value], site: Site) -> Text:
    """A template's text with its placeholders replaced; a doubled mark stands for itself."""
    pieces: list[Value] = []
    at = 0
    for match in pattern.finditer(template):
        pieces.append(Text((template[at : match.start()],)))
        at = match.end()
        if match.group() in ("{{", "}}", "%%", "$$"):
            pieces.append(Text((match.group()[0],)))
        else:
            pieces.append(lookup(next((group for group in match.groups() if group is not None), None)))
    pieces.append(Text((template[at:],)))
    return concatenate(pieces, site)


def _format(call: Call) -> Value:
    template = call.value("template") or call.receiver
    text = literal(template)
    if text is None:
        return concatenate([template], call.site) if template is not None else EMPTY
    positional = [argument.value for argument in call.arguments if argument.name is None]
    named = {argument.name: argument.value for argument in call.arguments if argument.name is not None}
    mapping = call.value("parts")
    counter: Iterator[int] = iter(range(len(positional)))

    def lookup(field: str | None) -> Value:
        if not field:
            index = next(counter, None)
            return positional[index] if index is not None else unknown("")
        head, *path = re.split(r"[.\[]", field.replace("]", ""))
        if head.isdigit():
            value: Value = positional[int(head)] if int(head) < len(positional) else unknown(head)
        elif mapping is not None:
            value = access.item(call.machine, call.frame, mapping, Text((head,)), call.site)
        else:
            value = named.get(head, unknown(head))
        for name in path:
            value = access.read(call.machine, call.frame, value, name, call.site)
        return value

    return fill(text, _BRACES, lookup, call.site)


def percent(machine: Machine, frame: Frame, template: Value, values: Value, site: Site) -> Value:
    """printf-style formatting: `template % values`."""
    text = literal(template)
    if text is None:
        return concatenate([template], site)
    sequence = isinstance(values, Container) and values.kind in ("tuple", "list")
    pending = iter(_items(values) if sequence else [values])

    def lookup(name: str | None) -> Value:
        if name is not None:
            return access.item(machine, frame, values, Text((name,)), site)
        return next(pending, unknown(""))

    return fill(text, _PERCENT, lookup, site)


def as_text(value: Value, site: Site) -> Text:
    """The value as text."""
    return value if isinstance(value, Text) else concatenate([value], site)


def _substitute(call: Call) -> Value:
    template = call.value("template") or call.receiver
    if isinstance(template, Instance):
        template = template.roles.get("template") or template.roles.get("value")
    text = literal(template)
    if text is None:
        return concatenate([template], call.site) if template is not None else EMPTY
    named = {argument.name: argument.value for argument in call.arguments if argument.name}
    mapping = next((argument.value for argument in call.arguments if argument.name is None), None)

    def lookup(name: str | None) -> Value:
        if name in named:
            return named[name]
        if mapping is not None and name is not None:
            return access.item(call.machine, call.frame, mapping, Text((name,)), call.site)
        return unknown(name or "")

    return fill(text, _DOLLAR, lookup, call.site)


def _replace(call: Call) -> Value:
    value = call.value("value") or call.receiver or EMPTY
    old, new = literal(call.value("old")), call.value("new")
    if isinstance(value, Encoded) and old in ("\n", "\r\n"):
        return encode("base64", value.value, call.site)  # the lines that an encoder wrapped are joined again
    if not isinstance(value, Text) or not old or new is None:
        if new is not None and isinstance(new, Text) and len(new.parts) > 1:
            return concatenate([new, value], call.site)
        return value
    pieces: list[Value] = []
    for part in value.parts:
        if isinstance(part, str):
            for index, piece in enumerate(part.split(old)[:32]):
                if index:
                    pieces.append(new)
                pieces.append(Text((piece,)))
        else:
            pieces.append(part)
    return concatenate(pieces, call.site)


def _encode(call: Call) -> Value:
    value = call.value("value") or call.receiver or EMPTY
    scheme = call.effect.scheme or "base64"
    if "codec" in call.effect.roles:
        codec = (literal(call.value("codec")) or "").lower()
        scheme = next((known for known in ("base64", "hex") if known in codec.replace("_", "")), "utf-8")
    if scheme in ("percent", "utf-8"):
        return value
    encoded = encode(scheme, value, call.site, call.effect.broken)
    if encoded.scheme.startswith("base64"):
        call.observe("encode", encoded)
    return encoded


def _decode(call: Call) -> Value:
    value = call.value("value") or call.receiver or EMPTY
    if isinstance(value, Encoded) and value.scheme.startswith(call.effect.scheme or "base64"):
        return value.value
    return value


def read(call: Call, key: Value | None, origin: str, default: Value | None) -> Value:
    """A value that comes in under the name `key`, and the note that it does."""
    found: list[Value] = []
    for option in options(key) or (None,):
        name = literal(option)
        if name is None:
            label = _label(option)
            found.append(Source(origin, label, call.site, default, option if is_open(option) else None))
        else:
            found.append(Source(origin, name, call.site, default))
    value = join(found) or unknown("")
    call.observe("read", value)
    return value


def _label(key: Value | None) -> str:
    """What is known of a name that is put together: the literal end of it."""
    if isinstance(key, Text):
        return next((part for part in reversed(key.parts) if isinstance(part, str)), "")
    return str(getattr(key, "name", "")) if key is not None else ""


def _read(call: Call) -> Value:
    return read(call, call.value("name"), call.effect.origin or "unknown", call.value("default"))


def _load(call: Call) -> Value:
    if call.effect.returns:
        receiver = call.receiver
        return _returned(call, dict(receiver.roles) if isinstance(receiver, Instance) else None)
    return Source(call.effect.origin or "config", "", call.site)


def _declare(call: Call) -> Value:
    names = [
        name for name in (literal(item) for item in _items(call.value("name"))) if name is not None
    ]  # `-p`, `--pat`: the longest says most
    default = call.value("default")
    variable = call.value("variable")
    declared: Value = (
        Source(call.effect.origin or "option", max(names, key=len).lstrip("-"), call.site, default)
        if names
        else (unknown("", call.site))
    )
    if variable is not None:
        names_of = [literal(item) or "" for item in _items(variable)]
        declared = Source("environment", names_of[0] if names_of else "", call.site, declared)
    call.observe("read", declared)
    if isinstance(call.receiver, Instance):
        target = literal(call.value("target"))
        for name in [target] if target else names:
            call.receiver.roles[access.DECLARED + name.lstrip("-").replace("-", "_").lower()] = declared
    return declared


def _url(call: Call) -> Value:
    given: dict[str, Value] = {}
    for role in ("scheme", "netloc", "host", "path", "query", "userinfo"):
        value = call.value(role)
        if value is not None:
            given[role] = value
    base = call.value("parts")
    parts, made = url_parts.build(base, given, call.site)
    type_ = call.machine.models.types.get(call.effect.returns)
    if type_ is None:
        return made
    if "@" in template(made):
        composed = user_part(template(made))
        if composed is not None:
            call.observe("url", made)
    return Instance(type_, {**parts, "url": made}, call.site, call.name, "url")


def _headers(call: Call) -> Value:
    container = Container("dict", site=call.site)
    pair = call.value("userinfo")
    if pair is None and call.value("user") is not None:
        pair = concatenate([call.value("user"), Text((":",)), call.value("password") or EMPTY], call.site)
    if pair is not None:
        encoded = encode("base64", pair, call.site)
        header = concatenate([Text(("Basic ",)), encoded], call.site)
        call.observe("header", header)
        if call.effect.role == "header":
            return header
        access.put(container, Text(("authorization",)), header)
    return container


def _set(call: Call) -> Value:
    role = call.effect.role
    value = call.argument("value")
    if call.effect.does == "option":
        option = call.value("option")
        name = option.name if isinstance(option, External | Method) else literal(option) or ""
        role = call.effect.choices.get(name, call.effect.choices.get(name.rpartition(".")[2], ""))
    receiver = call.receiver
    if role in ("", "header", "item") and call.effect.roles.get("name"):
        if value is None:
            return NOTHING
        key = call.value("name")
        if isinstance(receiver, Instance):
            headers = receiver.roles.setdefault("headers", Container("dict", site=call.site))
            access.store_item(call.machine, call.frame, headers, key, value.value, value.site)
        elif isinstance(receiver, Parameter | Field | Member):
            call.frame.writes.append(Write("item", Member(receiver, "headers"), key, value.value))
        elif isinstance(receiver, Container):
            access.put(receiver, key, value.value)
            return access.item(call.machine, call.frame, receiver, key, call.site)
        return NOTHING
    if not role and isinstance(receiver, Instance):
        for name in call.effect.roles:
            given = call.argument(name)
            if given is not None and not isinstance(given.value, Nothing):
                receiver.roles[name] = join([receiver.roles.get(name), given.value]) or given.value
        sending.note_client(call, receiver.roles)
        return NOTHING
    if role and value is not None and isinstance(receiver, Instance):
        stored = value.value
        if role == "auth":
            stored = sending.as_auth(call, stored, value.site) or stored
        receiver.roles[role] = join([receiver.roles.get(role), stored]) or stored
        sending.note_client(call, receiver.roles)
    return NOTHING


def _write(call: Call) -> Value:
    value = call.value("value")
    if value is not None:
        call.observe("write", value)
    return NOTHING


def _mapping(call: Call) -> Value:
    container = Container("dict", site=call.site)
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
        elif isinstance(option, Source | Parameter | Field | Member):
            container.rest = (
                join([container.rest, Member(option, "[]")]) if not isinstance(option, Source) else (container.rest)
            )


def _update(call: Call) -> Value:
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


def _get(call: Call) -> Value:
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


def _view(call: Call) -> Value:
    receiver = call.receiver
    if not isinstance(receiver, Container) or receiver.kind != "dict":
        return receiver or NOTHING
    found: list[Value] = []
    for key, item in receiver.items.items():
        name = receiver.keys.get(key, Text((str(key),)))
        shown = {"values": item, "keys": name}.get(call.effect.role)
        found.append(shown if shown is not None else Container("tuple", {0: name, 1: item}, site=call.site))
    return Container("list", dict(enumerate(found)), rest=receiver.rest, site=call.site)


def _copy(call: Call) -> Value:
    value = call.value("value") or call.receiver or NOTHING
    if isinstance(value, Container):
        return Container(value.kind, dict(value.items), dict(value.keys), value.rest, value.site)
    return value


def _partial(call: Call) -> Value:
    function = call.value("function")
    rest = [argument for argument in call.arguments if argument.value is not function]
    if isinstance(function, FunctionValue):
        bound = tuple((argument.name, argument.value) for argument in rest)
        return FunctionValue(function.tree, function.scope, function.owner, function.receiver, function.bound + bound)
    return function or unknown("partial()", call.site)


def _call(call: Call) -> Value:
    function = call.value("function")
    if function is None:
        return unknown("", call.site)
    if isinstance(function, Source | Parameter | Text | Container | Instance):
        return function  # a coroutine: what it gives is known already
    rest = [argument for argument in call.arguments if argument.value is not function]
    return call.machine.call(call.frame, function, rest, call.site)


def _nothing(call: Call) -> Value:
    return _returned(call) if call.effect.returns else unknown(f"{call.name.rpartition('.')[2]}()", call.site)


def _authenticate(call: Call) -> Value:
    user, password, token = call.value("user"), call.value("password"), call.value("token")
    pair = call.value("userinfo")
    if pair is not None and password is None:
        user, password = sending.split_pair(pair)
    auth = Auth(
        call.effect.scheme or "basic", user, password, token, call.site, call.name, call.effect.service,
        call.effect.credential,
    )  # fmt: skip
    if user is not None or password is not None or token is not None:
        call.observe("client", auth, url=call.value("url"))
    return auth


_DOES: dict[str, Callable[[Call], Value]] = {
    "same": _same,
    "concatenate": _concatenate,
    "join": _join,
    "format": _format,
    "substitute": _substitute,
    "replace": _replace,
    "encode": _encode,
    "decode": _decode,
    "read": _read,
    "load": _load,
    "declare": _declare,
    "authenticate": _authenticate,
    "headers": _headers,
    "url": _url,
    "request": sending.send,
    "client": sending.make_client,
    "set": _set,
    "option": _set,
    "command": command_lines.run,
    "write": _write,
    "mapping": _mapping,
    "update": _update,
    "get": _get,
    "view": _view,
    "copy": _copy,
    "partial": _partial,
    "call": _call,
    "nothing": _nothing,
}
