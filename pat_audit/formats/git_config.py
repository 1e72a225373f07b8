"""Reads git's configuration: sections with a part in quotes, quoted pieces of values, comments behind them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.formats.ini import SECTION, section_path
from pat_audit.formats.lines import bounded, lines_of
from pat_audit.formats.runs import Run, setting_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.formats.lines import Line
    from pat_audit.formats.settings import Setting

_KEY = re.compile(rb"\s*(?P<key>[A-Za-z0-9][\w.-]*)[ \t]*(?P<equals>=[ \t]*)?")
_PIECE = re.compile(rb"""(?P<quote>")|(?P<comment>[#;])|\\(?P<escape>.)|(?P<joint>\\\Z)""", re.S)
_ESCAPED = {b"n": "\n", b"t": "\t", b"b": "\b"}


def read(data: bytes) -> list[Setting]:
    """The settings of .gitconfig, .gitmodules and .git/config: section, part in quotes, key.

    A key alone means `true`. Raises Unparsable where there are too many.
    """
    return bounded(_read(data))


def _read(data: bytes) -> Iterator[Setting]:
    section: tuple[str, ...] = ()
    lines = lines_of(data)
    for line in lines:
        head = SECTION.match(line.raw)
        if head:
            section = section_path(head)
            line = line.cut(head.end())
        key = _KEY.match(line.raw)
        if key is None:
            continue
        at = (line.start + key.start("key"), line.start + key.end("key"))
        path = (*section, text_of(key["key"]))
        if key["equals"] is None:
            yield setting_of(path, [Run("true", at[1])], at[1], at[1], at)
            continue
        runs, end = _value(line.cut(key.end()), lines)
        start = next((run.start for run in runs if run.text), end)
        yield setting_of(path, runs, start, max(start, end), at)


def _value(line: Line, following: Iterator[Line]) -> tuple[list[Run], int]:
    """The runs of a value, which may go on in the following lines, and the byte that it ends at."""
    runs: list[Run] = []
    quoted = False
    while True:
        done = 0
        goes_on = False
        end = len(line.raw)
        for piece in _PIECE.finditer(line.raw):
            kind = piece.lastgroup
            if kind == "comment" and quoted:
                continue
            runs.append(Run(text_of(line.raw[done : piece.start()]), line.start + done))
            done = piece.end()
            if kind == "quote":
                quoted = not quoted
            elif kind == "escape":
                meaning = _ESCAPED.get(piece["escape"]) or text_of(piece["escape"])
                runs.append(Run(meaning, line.start + piece.start()))
            elif kind == "comment":
                done, end = end, piece.start()
                break
            else:
                goes_on = True
        runs.append(Run(text_of(line.raw[done:]), line.start + done))
        another = next(following, None) if goes_on else None
        if another is None:
            break
        line = another
    while runs and not runs[-1].text.rstrip(" \t"):
        runs.pop()
    if runs and line.raw[end - 1 : end] != b'"':
        runs[-1] = Run(runs[-1].text.rstrip(" \t"), runs[-1].start)
    return runs, line.start + len(line.raw[:end].rstrip(b' \t"'))
