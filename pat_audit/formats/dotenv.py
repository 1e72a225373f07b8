"""Reads `.env` files: `export`, quotes over several lines, escapes, comments behind a value."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from pat_audit.formats.lines import bounded
from pat_audit.formats.runs import Run, setting_of, text_of
from pat_audit.formats.settings import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

_VARIABLE = re.compile(
    rb"""^[ \t]*(?:export[ \t]+|set[ \t]+|\$env:)?(?P<key>[A-Za-z_][\w.-]*)[ \t]*(?:=|:[ \t])[ \t]*
    (?:"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>[^']*+)'|`(?P<back>[^`]*+)`|(?P<bare>[^\r\n]*+))""",
    re.X | re.M | re.S,
)
_COMMENT = re.compile(rb"(?:\A|(?<![ \t])[ \t]++)#")
_ESCAPE = re.compile(rb"\\(.)", re.S)
_ESCAPED = {b"n": "\n", b"r": "\r", b"t": "\t"}


def read(data: bytes) -> list[Setting]:
    """The variables of a `.env` file; what is no assignment is passed over. Raises Unparsable."""
    return bounded(_read(data))


def _read(data: bytes) -> Iterator[Setting]:
    position = len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0
    while variable := _VARIABLE.search(data, position):
        position = max(variable.end(), position + 1)
        kind = variable.lastgroup
        assert kind is not None
        raw = variable[kind]
        start = variable.start(kind)
        if kind == "bare":
            comment = _COMMENT.search(raw)
            raw = raw[: comment.start()] if comment else raw.rstrip()
        path, key = (text_of(variable["key"]),), variable.span("key")
        if kind == "double" and b"\\" in raw:
            yield setting_of(path, list(_unescaped(raw, start)), start, start + len(raw), key)
        else:
            yield Setting(path, text_of(raw), start, start + len(raw), (), key)


def _unescaped(raw: bytes, start: int) -> Iterator[Run]:
    done = 0
    for escape in _ESCAPE.finditer(raw):
        yield Run(text_of(raw[done : escape.start()]), start + done)
        yield Run(_ESCAPED.get(escape[1]) or text_of(escape[1]), start + escape.start())
        done = escape.end()
    yield Run(text_of(raw[done:]), start + done)
