"""What modelled callables do to text: joining, formatting, replacing, encoding, taking URLs apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.flow import access, url_parts
from pat_audit.flow.combining import (
    EMPTY,
    NOTHING,
    concatenate,
    encode,
    in_order,
    literal,
    options,
    unknown,
)
from pat_audit.flow.composition import template, user_part
from pat_audit.flow.values import (
    Container,
    Encoded,
    Instance,
    Site,
    Text,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pat_audit.flow.frame import Frame, Machine
    from pat_audit.flow.modelled_call import Call

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}:!]*)(?:![rsa])?(?::[^{}]*)?\}")
_PERCENT = re.compile(r"%%|%n|%(?:\((\w+)\)|(\d+)\$|\[(\d+)\])?[-+ #0,]*+\d*+(?:\.\d++)?[sdrifxXegSvqwtcbpoTUEG]")
_CODECS = {"base64url": "base64-url", "base64": "base64", "hex": "hex"}  # by a part of the codec's name
_DOLLAR = re.compile(r"\$\$|\$(?:\{(\w+)\}|(\w+))")


def items_of(value: Value | None) -> list[Value]:
    """The items of a container in order, its unknown ones last; any other value is its own only item."""
    if isinstance(value, Container):
        return [*in_order(value), *([value.rest] if value.rest is not None else [])]
    return [] if value is None else [value]


def concatenate_parts(call: Call) -> Value:
    """The parts in order, with what stands between them."""
    first = call.value("value")
    if isinstance(first, Instance):  # a builder: the text that it holds
        first = first.roles.get("value", EMPTY)
    pieces: list[Value] = [] if first is None else [first]
    for piece in items_of(call.value("parts")):
        if pieces and call.effect.between:
            pieces.append(Text((call.effect.between,)))
        pieces.append(piece)
    if call.effect.between == "/" and len(pieces) == 3 and (literal(pieces[2]) or "").startswith(("http:", "https:")):
        return pieces[2]
    return concatenate(pieces, call.site)


def append_to(call: Call) -> Value:
    """The receiver with a text behind what it holds."""
    for receiver in options(call.receiver):
        if isinstance(receiver, Instance):
            held = receiver.roles.get("value", EMPTY)
            receiver.roles["value"] = concatenate([held, *items_of(call.value("parts"))], call.site)
    return call.receiver or NOTHING


def join_parts(call: Call) -> Value:
    """The separator between the items."""
    separator = call.value("separator") or EMPTY
    parts = call.value("parts")
    if not isinstance(parts, Container):
        return parts if parts is not None else EMPTY
    pieces: list[Value] = []
    for piece in items_of(parts):
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
        elif match.group() == "%n":
            pieces.append(Text(("\n",)))
        else:
            pieces.append(lookup(next((group for group in match.groups() if group is not None), None)))
    pieces.append(Text((template[at:],)))
    return concatenate(pieces, site)


def _template_and_rest(call: Call) -> tuple[Value | None, list[Value]]:
    """The template, at the first of its places where a text stands, and what stands behind it."""
    given = [argument.value for argument in call.arguments if argument.name is None]
    places = [place for place in call.effect.roles.get("template", ()) if isinstance(place, int)]
    for place in [place for place in places if place < len(given) and literal(given[place]) is not None]:
        return given[place], given[place + 1 :]
    template = call.value("template") or call.receiver
    return template, [value for value in given if value is not template]


def format_template(call: Call) -> Value:
    """A `{}` template filled in."""
    template, positional = _template_and_rest(call)
    text = literal(template)
    if text is None:
        return concatenate([template], call.site) if template is not None else EMPTY
    if call.effect.scheme == "percent":
        values = Container("tuple", dict(enumerate(positional)), site=call.site)
        return percent(call.machine, call.frame, Text((text,)), values, call.site)
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
    pending = iter(items_of(values) if sequence else [values])

    def lookup(name: str | None) -> Value:
        if name is not None and sequence and name.isdigit():  # `%1$s`
            return access.item(machine, frame, values, Text((str(int(name) - 1),)), site)
        if name is not None:
            return access.item(machine, frame, values, Text((name,)), site)
        return next(pending, unknown(""))

    return fill(text, _PERCENT, lookup, site)


def as_text(value: Value, site: Site) -> Text:
    """The value as text."""
    return value if isinstance(value, Text) else concatenate([value], site)


def substitute(call: Call) -> Value:
    """A `$name` template filled in."""
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


def replace_in(call: Call) -> Value:
    """A text with a part of it replaced."""
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


def encode_value(call: Call) -> Value:
    """The value encoded, and the note that it was."""
    value = call.value("value") or call.receiver or EMPTY
    scheme = _scheme(call)
    if scheme in ("percent", "utf-8"):
        return value
    # where the codec is chosen, what is said to be broken is another one than plain base64
    broken = "" if scheme == "base64" and "codec" in call.effect.roles else call.effect.broken
    if isinstance(value, Encoded) and value.scheme == "utf-16":  # what is broken stays so in whatever encodes it
        broken, value = broken or value.broken, value.value
    encoded = encode(scheme, value, call.site, broken)
    if encoded.scheme.startswith("base64"):
        call.observe("encode", encoded)
    return encoded


def _scheme(call: Call) -> str:
    """How the call encodes or decodes: as its codec says where it takes one."""
    if "codec" not in call.effect.roles:
        return call.effect.scheme or "base64"
    codec = (literal(call.value("codec")) or "").lower().replace("_", "")
    return next((scheme for known, scheme in _CODECS.items() if known in codec), "utf-8")


def decode_value(call: Call) -> Value:
    """What was encoded."""
    value = call.value("value") or call.receiver or EMPTY
    if isinstance(value, Encoded) and value.scheme.startswith(_scheme(call)):
        return value.value
    return value


def make_url(call: Call) -> Value:
    """A URL made of parts, or taken apart and put together again."""
    given: dict[str, Value] = {}
    for role in ("scheme", "netloc", "host", "path", "query", "userinfo"):
        value = call.value(role)
        if value is not None:
            given[role] = value
    base = call.value("parts")
    if isinstance(base, Instance) and not given and not call.effect.returns:
        return base.roles.get("url") or unknown("url", call.site)
    parts, made = url_parts.build(base, given, call.site)
    type_ = call.machine.models.types.get(call.effect.returns)
    if type_ is None:
        return made
    if "@" in template(made):
        composed = user_part(template(made))
        if composed is not None:
            call.observe("url", made)
    return Instance(type_, {**parts, "url": made}, call.site, call.name, "url")
