"""Reads Java's properties files: escapes, values over several lines, `=`, `:` or a blank behind the key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.formats.lines import Line, bounded, lines_of
from pat_audit.formats.runs import Run, setting_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.formats.settings import Setting

_KEY = re.compile(rb"(?P<key>(?:[^\s=:\\]|\\.)*+)[ \t\f]*+[=:]?[ \t\f]*+", re.S)
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|(.))", re.S)
_ESCAPED = {b"t": "\t", b"n": "\n", b"r": "\r", b"f": "\f"}
_LAST_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*+\\\Z")


def read(data: bytes) -> list[Setting]:
    """The settings of a properties file, each path one key with its dots. Raises Unparsable."""
    return bounded(_read(data))


def _read(data: bytes) -> Iterator[Setting]:
    parts: list[Line] = []
    for line in lines_of(data):
        body = line.cut(line.indent)
        if not parts and (not body.raw or body.raw[:1] in (b"#", b"!")):
            continue
        if _LAST_ESCAPE.search(body.raw):
            parts.append(body.cut(0, len(body.raw) - 1))
            continue
        parts.append(body)
        yield _setting(parts)
        parts = []
    if parts:
        yield _setting(parts)


def _setting(parts: list[Line]) -> Setting:
    first = parts[0]
    parting = _KEY.match(first.raw)
    assert parting is not None  # a key may be empty
    parts[0] = first.cut(parting.end())
    runs = [run for part in parts for run in _unescaped(part)]
    key = "".join(run.text for run in _unescaped(first.cut(0, parting.end("key"))))
    end = parts[-1].end
    start = next((run.start for run in runs if run.text), end)
    return setting_of((key,), runs, start, end, (first.start, first.start + parting.end("key")))


def _unescaped(part: Line) -> Iterator[Run]:
    done = 0
    for escape in _ESCAPE.finditer(part.raw):
        yield Run(text_of(part.raw[done : escape.start()]), part.start + done)
        yield Run(_meaning(escape), part.start + escape.start())
        done = escape.end()
    yield Run(text_of(part.raw[done:]), part.start + done)


def _meaning(escape: re.Match[bytes]) -> str:
    if escape[1]:
        code = int(escape[1], 16)
        return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)
    return _ESCAPED.get(escape[2]) or text_of(escape[2])
