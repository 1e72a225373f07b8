"""URLs taken apart and put together: their parts as values."""

from __future__ import annotations

from pat_audit.flow.combining import (
    EMPTY,
    concatenate,
    literal,
    text,
    unknown,
)
from pat_audit.flow.composition import HOLE, template
from pat_audit.flow.values import (
    Container,
    Instance,
    Site,
    Text,
    Value,
)

PARTS = ("scheme", "netloc", "path", "query", "fragment")


def cut(value: Text, start: int, end: int | None = None, site: Site | None = None) -> Text:
    """The part of a text between two positions of its template (a hole counts as one character).

    Without an `end` it goes to the text's.
    """
    pieces: list[Value] = []
    at = 0
    for part in value.parts:
        size = len(part) if isinstance(part, str) else len(HOLE)
        low, high = max(start - at, 0), size if end is None else min(end - at, size)
        if low < high:
            pieces.append(Text((part[low:high],)) if isinstance(part, str) else part)
        at += size
    return concatenate(pieces, site)


def split(value: Value) -> dict[str, Value]:
    """The parts of a URL by name; an unknown URL has unknown parts."""
    if isinstance(value, Instance) and isinstance(value.roles.get("url"), Text) and "netloc" not in value.roles:
        return _of_object(value)
    if isinstance(value, Instance):
        return {name: part for name, part in value.roles.items() if name in PARTS or name in ("userinfo", "host")}
    if not isinstance(value, Text) or not value.parts:
        return {}
    shape = template(value)
    scheme_end = shape.find("://")
    parts: dict[str, Value] = {}
    start = 0
    if scheme_end >= 0:
        parts["scheme"] = cut(value, 0, scheme_end)
        start = scheme_end + 3
    elif shape.startswith(HOLE):
        return {}
    end = min([at for mark in "/?#" if (at := shape.find(mark, start)) >= 0], default=len(shape))
    parts["netloc"] = cut(value, start, end)
    query = shape.find("?", end)
    parts["path"] = cut(value, end, query if query >= 0 else len(shape))
    if query >= 0:
        parts["query"] = cut(value, query + 1, len(shape))
    return parts


def _of_object(value: Instance) -> dict[str, Value]:
    """The parts of a URL object: those of the address it was made of, with the user that was set since."""
    parts = split(value.roles["url"])
    user, password = value.roles.get("user"), value.roles.get("password")
    if password is None and user is None:
        return parts
    host = part(value.roles["url"], "host", value.site or Site("", 0, 0))
    pair = [user or EMPTY, *([text(":"), password] if password is not None else [])]
    netloc = concatenate([*pair, text("@"), host], value.site)
    return {**parts, "netloc": netloc}


def part(value: Value, name: str, site: Site) -> Value:
    """One part of a URL: scheme, netloc, host, path, query, user or password."""
    parts = split(value)
    found = parts.get(name)
    if found is not None:
        return found
    netloc = parts.get("netloc")
    if name in ("host", "user", "password", "port") and isinstance(netloc, Text):
        shape = template(netloc)
        before, sign, _ = shape.rpartition("@")
        if name == "host":
            return cut(netloc, len(before) + len(sign), len(shape))
        if sign:
            colon = before.find(":")
            if name == "user":
                return cut(netloc, 0, colon if colon >= 0 else len(before))
            if name == "password" and colon >= 0:
                return cut(netloc, colon + 1, len(before))
    return unknown(name if name in ("host", "netloc", "path", "scheme", "port") else f"url.{name}", site)


def build(base: Value | None, given: dict[str, Value], site: Site) -> tuple[dict[str, Value], Text]:
    """A URL from its parts, those `given` in place of the base's own: the parts and the text."""
    parts: dict[str, Value] = {}
    if isinstance(base, Container):
        for index, name in enumerate(("scheme", "netloc", "path")):
            item = base.items.get(index)
            if item is not None:
                parts[name] = item
    elif base is not None:
        parts = split(base)
        if not parts and not given:
            return {}, concatenate([base], site)
    if "host" in given or "userinfo" in given:
        parts.pop("netloc", None)
    parts.update(given)
    netloc = parts.get("netloc")
    if netloc is None:
        host = parts.get("host") or (part(base, "host", site) if base is not None else unknown("host", site))
        user = parts.get("userinfo")
        netloc = concatenate([user, text("@"), host], site) if user is not None and literal(user) != "" else host
        parts["netloc"] = netloc
    scheme = parts.get("scheme") or unknown("scheme", site)
    path = parts.get("path") or EMPTY
    lead = literal(path)
    slash = EMPTY if (lead is None or lead == "" or lead.startswith("/")) else text("/")
    return parts, concatenate([scheme, text("://"), netloc, slash, path], site)
