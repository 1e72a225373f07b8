"""The way a credential took, step by step, read off the value that arrived."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.evidence import dotted
from pat_audit.flow.combining import literal, options
from pat_audit.flow.values import (
    Auth,
    Constant,
    Encoded,
    Field,
    Member,
    OneOf,
    Parameter,
    Site,
    Source,
    Text,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.flow.observation import Observation

_READ = {
    "environment": "read from environment variable {name}",
    "option": "taken from option {name}",
    "config": "read from configuration key {name}",
    "prompt": "asked for at a prompt",
    "keyring": "read from the keyring",
    "vault": "read from the vault",
    "secret-store": "read from the secret store",
    "file": "read from a file",
    "entra": "issued by Microsoft Entra",
    "request": "sent by the caller as {name}",
}
_BEHIND_A_BASE = re.compile(r"^\{\}/(?=[a-z]{2,8}://)")
_USER = re.compile(r"://[^/?#@\s]*@")
_LONG_VALUE = re.compile(r"=[^&{}\s]{16,}")
_OF_ADDRESSES = re.compile(r"[/.{]")  # what is sent to a text without any of them is sent to no address
_MAX_STEPS = 12
_MAX_URL = 300


def address(url: Value | None) -> str | None:
    """A URL as text with `{}` for what is not known; None where nothing of it is known."""
    for option in options(url):
        known = _spelled(option)
        if known.replace("{}", "").strip("/: "):
            return _whole(known)[:_MAX_URL]
    return None


def shown_address(url: str | None) -> str | None:
    """An address as a report may show it: without a user part and without long query values."""
    if url is None:
        return None
    path, mark, query = _USER.sub("://", url).partition("?")
    return path + mark + _LONG_VALUE.sub("={}", query)


def _whole(known: str) -> str:
    """The URL in a text that may be a whole command line; an absolute one behind a base is itself."""
    known = _BEHIND_A_BASE.sub("", known)
    mark = known.find("://")
    return known[known.rfind(" ", 0, mark) + 1 :].partition(" ")[0] if mark > 0 else known


def _spelled(value: Value) -> str:
    if isinstance(value, Text):
        return "".join([part if isinstance(part, str) else _spelled(part) for part in value.parts])
    if isinstance(value, Constant):
        return str(value.value)
    if isinstance(value, OneOf):
        return next((text for text in map(_spelled, value.options) if text != "{}"), "{}")
    if isinstance(value, Parameter | Source) and value.default is not None:
        return literal(value.default) or "{}"
    return "{}"


def trail_of(value: Value | None, observation: Observation, url: str | None) -> Iterator[tuple[Site, str]]:
    """The sites that the credential passed, in order, each with what happened there."""
    steps = list(_steps(value, 0))
    unique: dict[tuple[Site, str], None] = dict.fromkeys(steps)
    yield from list(unique)[:_MAX_STEPS]
    for call in observation.calls[:4]:
        yield call, "handed over here"
    if observation.act == "request" and observation.at is not None:
        where = f" to {shown_address(url)}" if url and _OF_ADDRESSES.search(url) else ""
        yield observation.at, f"sent{where}"


def _steps(value: Value | None, depth: int) -> Iterator[tuple[Site, str]]:
    if value is None or depth > 12:
        return
    if isinstance(value, OneOf):
        for option in value.options:
            yield from _steps(option, depth + 1)
    elif isinstance(value, Source):
        yield from _steps(value.default, depth + 1)
        if value.site is not None and value.origin in _READ:
            yield value.site, _READ[value.origin].format(name=value.name or "a name")
    elif isinstance(value, Parameter | Field | Member):
        if value.site is not None and dotted(value):
            yield value.site, f"handed in as {dotted(value)}"
    elif isinstance(value, Encoded):
        yield from _steps(value.value, depth + 1)
        if value.site is not None:
            yield value.site, "base64-encoded" if value.scheme.startswith("base64") else f"{value.scheme}-encoded"
    elif isinstance(value, Text):
        holes = [part for part in value.parts if not isinstance(part, str)]
        for part in holes:
            yield from _steps(part, depth + 1)
        first = value.parts[0] if value.parts else ""
        if value.site is not None and holes and isinstance(first, str) and "basic" in first.lower():
            yield value.site, "put into a Basic header"
    elif isinstance(value, Auth):
        for held in (value.user, value.password, value.token):
            yield from _steps(held, depth + 1)
        if value.site is not None:
            helper = f" to {value.maker}" if value.maker else ""
            yield value.site, f"handed{helper} for {value.scheme} sign-in"
