"""Reads INI files as pip, npm, twine and others write them: sections, keys, and values over several lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.formats.lines import Line, bounded, lines_of
from pat_audit.formats.runs import Run, setting_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.formats.settings import Setting

SECTION = re.compile(rb'\s*+\[\s*+(?P<name>[^\]"\s]++(?:\s++[^\]"\s]++)*+)\s*+(?:"(?P<part>(?:[^"\\]|\\.)*+)"\s*+)?\]')
"""A section's head; git gives its sections a part in quotes."""

_COMMENT = re.compile(rb"(?<![ \t])[ \t]++[#;]")
# A colon parts key and value too, but not that of `https://` or of npm's `//host/:_authToken`.
_SEPARATOR = re.compile(rb"=|:(?!//|_)")

# npm indents keys as it likes, where pip goes on with a value: behind a value, what looks like a key is one.
_KEYED = re.compile(rb"[A-Za-z_/@][\w.@/-]*+(?::_\w+)?[ \t]*=(?!=)")


def read(data: bytes) -> list[Setting]:
    """The settings of an INI file: paths are the section, its part in quotes if there is one, and the key.

    A key without a value has an empty one. Raises Unparsable where there are too many.
    """
    return bounded(_read(data))


def section_path(head: re.Match[bytes]) -> tuple[str, ...]:
    """The path that a section's head opens."""
    name = text_of(head["name"])
    return (name,) if head["part"] is None else (name, text_of(re.sub(rb"\\(.)", rb"\1", head["part"])))


def _read(data: bytes) -> Iterator[Setting]:
    section: tuple[str, ...] = ()
    key: Line | None = None
    indent = 0
    values: list[Line] = []
    for line in lines_of(data):
        body = line.stripped()
        if not body.raw or body.raw[:1] in (b"#", b";"):
            continue
        if key is not None and line.indent > indent and not (values[0].raw and _KEYED.match(body.raw)):
            values.append(_value(body))
            continue
        if key is not None:
            yield _setting(section, key, values)
            key = None
        head = SECTION.match(body.raw)
        if head:
            section = section_path(head)
            continue
        indent = line.indent
        key, value = _parted(body)
        values = [_value(value)]
        if value.start == body.end and key.end == body.end:  # a word alone has no value that could go on
            yield _setting(section, key, values)
            key = None
    if key is not None:
        yield _setting(section, key, values)


def _parted(body: Line) -> tuple[Line, Line]:
    """A line's key and value. npm's keys name a host or a scope and hold colons."""
    parting = re.search(rb"=", body.raw) if body.raw[:1] in (b"/", b"@") else _SEPARATOR.search(body.raw)
    if parting is None:
        return body, body.cut(len(body.raw))
    return body.cut(0, parting.start()).stripped(), body.cut(parting.end()).stripped()


def _value(value: Line) -> Line:
    """A value without its quotes or the comment behind it."""
    quote = value.raw[:1]
    if quote in (b'"', b"'"):
        end = value.raw.find(quote, 1)
        if end > 0 and (end + 1 == len(value.raw) or _COMMENT.match(value.raw, end + 1)):
            return value.cut(1, end)
    comment = _COMMENT.search(value.raw)
    return value.cut(0, comment.start()) if comment else value


def _setting(section: tuple[str, ...], key: Line, values: list[Line]) -> Setting:
    lines = [value for value in values if value.raw] or values[:1]
    runs: list[Run] = []
    for number, line in enumerate(lines):
        if number:
            runs.append(Run("\n", lines[number - 1].end))
        runs.append(Run(line.text, line.start))
    return setting_of((*section, key.text.strip("\"'")), runs, lines[0].start, lines[-1].end, (key.start, key.end))
