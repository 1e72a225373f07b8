"""Looks inside base64 and percent-encoding, where hand-built headers and config files keep tokens."""

from __future__ import annotations

import binascii
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST_RUN = 35  # base64 of the shortest token (25 characters) fills more, whatever stands before it
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_RUN = re.compile(rb"[A-Za-z0-9+/]+")
_LETTERS = re.compile(rb"[A-Za-z0-9]{%d,}" % SHORTEST_RUN)
# `base64` without -w0 breaks its output: at 76 (GNU), 64 (PEM) or 60 characters. Each line starts a block of
# its own, so a few more lines are enough for a token, and a file of nothing but such lines stays cheap.
_WRAPPED = {size: re.compile(rb"(?:[A-Za-z0-9+/]{%d}\r?\n[ \t]*){1,4}[A-Za-z0-9+/]+" % size) for size in (76, 64, 60)}
_PADDING = re.compile(rb"={0,2}")
_PERCENT_RUN = re.compile(rb"[A-Za-z0-9\-._~%+/=:]+")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_LOOK_BACK = 1024


def unescaped(data: bytes, at: int) -> int:
    """Where text at `at` starts when the letters of an escape (`\\n`, `%3A`, `\\u003d`) are taken off."""
    if at and data[at - 1 : at] == b"\\":
        if data[at : at + 1] in (b"n", b"r", b"t"):
            return at + 1
        if data[at : at + 3] == b"u00":
            return at + 5
    elif at and _PERCENT.match(data, at - 1):
        return at + 2
    return at


def run_around(data: bytes, start: int, floor: int) -> tuple[int, int]:
    """The longest stretch of base64 characters around `start`, not before `floor`."""
    floor = max(floor, start - _LOOK_BACK)
    before = _RUN.match(data[floor:start][::-1])
    found = _RUN.match(data, start)
    return start - (before.end() if before else 0), found.end() if found else start


def letter_runs(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of SHORTEST_RUN or more letters and digits between two offsets."""
    for found in _LETTERS.finditer(data, start, end):
        yield found.span()


def base64_texts(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, bytes, tuple[str, ...]]]:
    """What the run of base64 characters `start` to `end` may stand for: start, end, text, names of encodings.

    The whole run first; then as the first line of a wrapped block; then its parts between `+` and `/`, which
    never stand in the base64 of a token but in paths that lead to one.
    """
    whole = unescaped(data, start)
    plain = list(_decoded(data, whole, end))
    yield from plain
    if whole != start:
        yield from _decoded(data, start, end)
    if plain and end - whole in _WRAPPED:
        block = _WRAPPED[end - whole].match(data, whole)
        if block:
            yield from _decoded(data, whole, block.end())
    for first, last in letter_runs(data, start, end):
        if first != start or last != end:
            yield from _decoded(data, unescaped(data, first), last)


def _decoded(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, bytes, tuple[str, ...]]]:
    text = decode_base64(data[start:end])
    if text is None:
        return
    padding = _PADDING.match(data, end)
    end = padding.end() if padding else end
    if text.count(0) * 2 >= len(text) - 1 and not any(text[1::2]):
        yield start, end, text[::2], ("base64", "utf-16")
    elif text.isascii():
        yield start, end, text, ("base64",)
    else:
        # a user name may be in any language; what follows it is not
        rest = text.partition(b":")[2]
        if rest and rest.isascii() and len(rest) * 4 >= len(text):
            yield start, end, rest, ("base64",)


def decode_base64(text: bytes) -> bytes | None:
    """What base64 in either alphabet, padded or not, wrapped or not, stands for; None where it is none."""
    if not text.isalnum():
        text = text.translate(_URL_SAFE, b" \t\r\n").rstrip(b"=")
    if len(text) % 4 == 1:
        text = text[:-1]
    try:
        return binascii.a2b_base64(text + b"=" * (-len(text) % 4), strict_mode=True)
    except binascii.Error:
        return None


def percent_run(data: bytes, at: int, floor: int) -> tuple[int, int]:
    """The stretch of percent-encoded text around an offset, not before `floor`."""
    floor = max(floor, at - _LOOK_BACK)
    before = _PERCENT_RUN.match(data[floor:at][::-1])
    found = _PERCENT_RUN.match(data, at)
    return at - (before.end() if before else 0), found.end() if found else at


class Unquoted:
    """Percent-encoded bytes decoded, and where each decoded byte came from."""

    def __init__(self, raw: bytes) -> None:
        parts: list[bytes] = []
        self._places: list[int] = []  # offsets in the decoded text right after a decoded escape
        length = last = 0
        for found in _PERCENT.finditer(raw):
            parts.append(raw[last : found.start()])
            parts.append(bytes((int(found[1], 16),)))
            length += found.start() - last + 1
            self._places.append(length)
            last = found.end()
        parts.append(raw[last:])
        self.text = b"".join(parts)

    def raw_offset(self, offset: int) -> int:
        """Where in the raw bytes the decoded byte at `offset` starts."""
        return offset + 2 * bisect_right(self._places, offset)
