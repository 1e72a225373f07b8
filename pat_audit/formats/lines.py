"""Reads files of one value a line, and parts the lines of every format that is made of lines."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.formats.runs import text_of
from pat_audit.formats.settings import MOST_SETTINGS, Setting, Unparsable

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(rb"([^\r\n]*+)(?:\r\n|[\r\n]|\Z)")
_BLANKS = b" \t\f\v"


class Line(NamedTuple):
    """A line's bytes without what ends it, and the byte offset in the file that it starts at."""

    raw: bytes
    start: int

    @property
    def end(self) -> int:
        """The byte offset in the file of the line's end."""
        return self.start + len(self.raw)

    @property
    def indent(self) -> int:
        """How many blanks and tabs it starts with."""
        return len(self.raw) - len(self.raw.lstrip(_BLANKS))

    def cut(self, start: int, end: int | None = None) -> Line:
        """The part between two bytes of the line."""
        return Line(self.raw[start:end], self.start + start)

    def stripped(self) -> Line:
        """The line without blanks at either end."""
        return Line(self.raw.strip(_BLANKS), self.start + self.indent)

    @property
    def text(self) -> str:
        """The line as text."""
        return text_of(self.raw)


def lines_of(data: bytes) -> Iterator[Line]:
    """The lines of a file, in order; a byte order mark is no part of the first."""
    position = len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0
    while position < len(data):
        line = _LINE.match(data, position)
        assert line is not None  # a line may be empty, and the file has bytes left
        yield Line(line[1], position)
        position = line.end()


def line_setting(path: tuple[str | int, ...], value: Line, key: Line | None = None) -> Setting:
    """The setting that a part of a line makes as it stands."""
    return Setting(path, value.text, value.start, value.end, (), (key.start, key.end) if key else (0, 0))


def bounded(settings: Iterator[Setting]) -> list[Setting]:
    """The settings as a list. Raises Unparsable, with the first ones, where there are too many."""
    found: list[Setting] = []
    for setting in settings:
        if len(found) == MOST_SETTINGS:
            raise Unparsable(f"more than {MOST_SETTINGS} values", found)
        found.append(setting)
    return found


def read(data: bytes) -> list[Setting]:
    """Every line that is neither blank nor a comment, its path its number from 0. Raises Unparsable."""
    return bounded(_read(data))


def _read(data: bytes) -> Iterator[Setting]:
    for number, line in enumerate(lines_of(data)):
        value = line.stripped()
        if value.raw and not value.raw.startswith(b"#"):
            yield line_setting((number,), value)
