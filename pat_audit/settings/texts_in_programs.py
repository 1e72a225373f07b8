"""Texts that a program holds or puts together and that are of a format: their bytes, syntax and places."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.flow.combining import leaves
from pat_audit.flow.holes import marker
from pat_audit.flow.values import Encoded, Field, Member, Parameter, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.flow.values import Text, Value

_KEY = re.compile(rb"^[ \t]*(?:- )?[\w./\"'-]{1,120}:(?:[ \t]|$)", re.MULTILINE)
_LINE = re.compile(rb"^[ \t]*[^\s#]", re.MULTILINE)
_TAG = re.compile(rb"<[A-Za-z_][^<>]{0,400}>")
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}\?>")
_ESCAPED = re.compile(rb"""["'\\$`{}]+""")  # what an escape may stand before or in place of
_MOST_PIECES = 6  # pieces of a line that are looked for
_MOST_LOST = 200  # lines that are looked for in vain
_ROOT = (b"<_>", b"</_>")


class Written(NamedTuple):
    """A text of a program: its syntax, its bytes with markers for its holes, and where each byte stands."""

    syntax: str
    data: bytes
    place: Callable[[int], int]


class Spelled(NamedTuple):
    """A text as bytes; where its lines and holes begin in these, and where in the file, ascending.

    `elsewhere`: most of it stands somewhere else, and was put in by way of a variable.
    """

    data: bytes
    begins: list[int]
    places: list[int]
    elsewhere: bool


def written(text: Text, file: bytes) -> Written | None:
    """What a text is, as far as its look tells; None where it looks like no syntax.

    `file` is the text of the file that it stands in.
    """
    if text.site is None:
        return None
    start, end = text.site.start, text.site.end
    made = spelled(text, file[start:end], start, _named)
    syntax = _syntax(made.data)
    if made.elsewhere or not syntax:
        return None
    data, begins, places, _ = made
    shift = 0
    if syntax == "xml":
        declared = _DECLARED.match(data)
        shift = len(_ROOT[0])
        if declared is not None:
            data = b" " * declared.end() + data[declared.end() :]
        data = _ROOT[0] + data + _ROOT[1]

    def place(offset: int) -> int:
        inside = max(offset - shift, 0)
        index = max(bisect_right(begins, inside) - 1, 0)
        return min(places[index] + inside - begins[index], end)

    return Written(syntax, data, place)


def _syntax(data: bytes) -> str:
    head = data.lstrip()[:1]
    if head in (b"{", b"["):
        return "json"
    if _TAG.search(data) is not None and (head == b"<" or b"/>" in data):
        return "xml"
    keys = len(_KEY.findall(data))
    return "yaml" if keys > 2 and 2 * keys >= len(_LINE.findall(data)) else ""


def spelled(text: Text, raw: bytes, start: int, marked: Callable[[Value], tuple[str, str]]) -> Spelled:
    """The text as bytes with markers.

    `raw` is how it is written, from byte `start` of the file on; `marked` gives what the marker of a hole says.
    """
    data = bytearray()
    begins, places = [0], [start]
    at, lost, lines = 0, 0, 0
    for part in text.parts:
        if not isinstance(part, str):
            begins.append(len(data))
            places.append(start + at)
            data += marker(*marked(part)).encode()
            continue
        for line in part.encode("utf-8", "replace").splitlines(keepends=True):
            begin, behind = _find(raw, line, at) if lost < _MOST_LOST else (-1, at)
            lines += not line.isspace()
            lost += begin < 0
            begins.append(len(data))
            places.append(start + max(begin, at))
            data += line
            at = behind
    return Spelled(bytes(data), begins, places, 2 * lost > lines)


def _find(raw: bytes, line: bytes, at: int) -> tuple[int, int]:
    """Where a line of the text begins in the literal, -1 if it does not stand there, and what is behind it.

    It is looked for as it is, else by the longest piece of it that needs no escape.
    """
    wanted = line.strip()
    if not wanted:
        return at, at
    pieces = sorted({each.strip() for each in _ESCAPED.split(wanted)}, key=len, reverse=True)
    for piece in (wanted, *[each for each in pieces[:_MOST_PIECES] if len(each) > 2]):
        found = raw.find(piece, at)
        if found >= 0:
            return max(found - line.find(piece), at), found + len(piece)
    return -1, at


def _named(value: Value) -> tuple[str, str]:
    """The origin and name that a marker keeps of a value."""
    if isinstance(value, Encoded):
        return _named(value.value)
    for leaf in leaves(value):
        if isinstance(leaf, Source):
            return leaf.origin, leaf.name
        if isinstance(leaf, Parameter):
            return "parameter", leaf.name
        if isinstance(leaf, Field | Member):
            return "attribute", leaf.name
    return "unknown", ""
