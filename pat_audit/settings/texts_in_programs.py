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
_MOST_LOST = 200  # lines that are looked for in vain
_ROOT = (b"<_>", b"</_>")


class Written(NamedTuple):
    """A text of a program: its syntax, its bytes with markers for its holes, and where each byte stands."""

    syntax: str
    data: bytes
    place: Callable[[int], int]


def written(text: Text, file: bytes) -> Written | None:
    """What a text is, as far as its look tells; None where it looks like no syntax.

    `file` is the text of the file that it stands in.
    """
    if text.site is None:
        return None
    start, end = text.site.start, text.site.end
    spelled = _spelled(text, file[start:end], start)
    syntax = _syntax(spelled[0]) if spelled is not None else ""
    if spelled is None or not syntax:
        return None
    data, begins, places = spelled
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


def _spelled(text: Text, raw: bytes, start: int) -> tuple[bytes, list[int], list[int]] | None:
    """The text's bytes; where its lines and holes begin in these, and where in the file, ascending.

    None where most of it stands somewhere else, and was put in by way of a variable: there it is judged.
    """
    data = bytearray()
    begins, places = [0], [start]
    at, lost, lines = 0, 0, 0
    for part in text.parts:
        if not isinstance(part, str):
            begins.append(len(data))
            places.append(start + at)
            data += marker(*_named(part)).encode()
            continue
        for line in part.encode("utf-8", "replace").splitlines(keepends=True):
            found = _find(raw, line, at) if lost < _MOST_LOST else None
            lines += not line.isspace()
            if found is None:
                lost += 1
            else:
                at = max(found, at)
            begins.append(len(data))
            places.append(start + at)
            data += line
            if found is not None:
                at += len(line.rstrip())
    return (bytes(data), begins, places) if 2 * lost <= lines else None


def _find(raw: bytes, line: bytes, at: int) -> int | None:
    """Where a line of the text begins in the literal: as it is, or by its longest piece that needs no escape."""
    wanted = line.strip()
    if not wanted:
        return at
    found = raw.find(wanted, at)
    if found < 0:
        piece = max(_ESCAPED.split(wanted), key=len)
        found = raw.find(piece, at) if piece else -1
        wanted = piece
    return None if found < 0 else max(found - line.find(wanted), at)


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
