"""An address taken apart: what is known of a URL in which `{}` stands for unknown text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

Transport = Literal["https", "http", "ssh", "unknown"]

HOLE = "{}"
GLUE = ""  # a hole that touches literal text in its segment: it may be nothing, a tail, or further segments

# `{}`, `{name}`, `{{name}}`, `${NAME}`, `$(name)`, `$NAME`, `<name>`, `%NAME%`: each alternative ends at the
# first character that it excludes, so the pattern cannot backtrack further than one hole
_HOLES = re.compile(r"\$?\{[^{}]*\}|\$\([^()]*\)|<[^<>/]*>|%[A-Za-z_]\w{2,}%|\$[A-Za-z_]\w*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,19}")
_AUTHORITY_END = re.compile(r"[/?#\\]")
_NAME = re.compile(r"[A-Za-z0-9._{}\[\]:-]*")

_TRANSPORTS: dict[str, Transport] = {"http": "http", "https": "https", "ssh": "ssh"}
_DEFAULT_PORTS: dict[int, Transport] = {80: "http", 443: "https", 22: "ssh"}
_LONGEST_HOST = 300  # DNS ends at 253; what is longer is not a host


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address.

    `host` is lower case without port, `""` where the address has none. `path` starts with `/`, without query,
    fragment or empty segments, percent-decoded. `steps` are the segments of `path` in lower case: literal
    text, `HOLE` for a segment that is unknown (one or more segments), `GLUE` for a hole beside literal text.
    `web` is False for schemes that do not speak HTTP. `user` may hold a credential and so is not in `repr`.
    """

    transport: Transport
    web: bool
    user: str | None = field(repr=False)
    host: str
    port: int | None
    path: str
    steps: tuple[str, ...]

    @property
    def open_host(self) -> bool:
        """True where nothing telling is known of the host: `{}`, `{}.com`, or no host at all."""
        return self.host.replace(HOLE, "").strip(".-") in {"", "com", "net", "org", "io", "local"}


def read_address(text: str) -> Address | None:
    """Take `text` apart; None where it is no address: `git@host:path`, prose, an impossible host. Linear."""
    text = _HOLES.sub(HOLE, text.strip()).replace("{{}}", HOLE)
    if not text:
        return None
    scheme, separator, rest = text.partition("://")
    bare = False
    if separator and (_SCHEME.fullmatch(scheme) or scheme == HOLE):
        scheme = scheme.lower().rpartition("+")[2]
    elif text.startswith("//"):
        scheme, rest = HOLE, text[2:]
    else:
        scheme, rest, bare = HOLE, text, True
    end = _AUTHORITY_END.search(rest)
    authority, tail = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    if bare:
        authority, tail = _without_scheme(authority, tail)
    user, at, place = authority.rpartition("@")
    host, port = _host_and_port(place)
    if len(host) > _LONGEST_HOST or not _NAME.fullmatch(host):
        return None
    if bare and (port < 0 or (at and (user == "git" or not host))):
        return None
    path, steps = _walk(tail)
    transport = _TRANSPORTS.get(scheme, "unknown")
    if transport == "unknown" and scheme == HOLE and port in _DEFAULT_PORTS:
        transport = _DEFAULT_PORTS[port]
    web = transport in ("http", "https") or scheme == HOLE
    return Address(transport, web, user if at else None, host, port if port > 0 else None, path, steps)


def _without_scheme(head: str, tail: str) -> tuple[str, str]:
    """Whether the first segment of a text without scheme is a host or already path: (authority, path)."""
    if head.strip("{}") == "":  # `{}/_apis`, `/_apis`, `{}`
        return (HOLE if head else "", tail)
    name = head.rpartition("@")[2].partition(":")[0]
    last = name.rpartition(".")[2]
    is_address = name.replace(".", "").isdigit() and name.count(".") == 3
    if name == "localhost" or is_address or ("." in name and not last[:1].isdigit()) or ":" in head:
        return head, tail
    if head.startswith(HOLE):
        return HOLE, "/" + head + tail
    return "", "/" + head + tail


def _host_and_port(place: str) -> tuple[str, int]:
    """The host in lower case and its port: 0 where none is written or it is unknown, -1 where it is none."""
    if place.startswith("["):
        host, _, port = place[1:].partition("]")
        port = port.lstrip(":")
    else:
        host, _, port = place.partition(":")
    digits = port.replace(HOLE, "")
    number = -1 if digits else 0
    if digits.isascii() and digits.isdigit() and len(digits) < 6:
        number = int(digits)
    while HOLE + HOLE in host:
        host = host.replace(HOLE + HOLE, HOLE)
    return host.lower().rstrip("."), number


def _walk(tail: str) -> tuple[str, tuple[str, ...]]:
    """The path without query, and its steps."""
    end = re.search(r"[?#]", tail)
    tail = (tail[: end.start()] if end else tail).replace("\\", "/")
    segments = [segment for segment in tail.split("/") if segment]
    if "%" in tail:
        from urllib.parse import unquote

        segments = [unquote(segment) for segment in segments]
    steps: list[str] = []
    for segment in segments:
        literal = segment.strip("{}") if HOLE in segment else segment
        if not literal:
            steps.append(HOLE)
            continue
        if segment.startswith(HOLE):
            steps.append(GLUE)
        steps.append(literal.lower())
        if segment.endswith(HOLE):
            steps.append(GLUE)
    return "/" + "/".join(segments), tuple(steps)
