"""Which lines of a text a comment speaks for, in every comment syntax, without a parser for any.

Behind code a comment speaks for its line, on a line of its own for the next statement. A guess that needs no
parser: at worst it speaks for too few or too many lines of one statement.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# All repeats are bounded or start at a literal, so that no line takes longer than its length.

# What opens a comment somewhere on a line; the last ones do so only where a line begins.
_OPENED = re.compile(r"#|//|--|;|<!--|/\*|\(\*|\{-|@\*|\{\{!|%|'|\"\"\"|(?i:\brem\b)|::|^[ \t]*(?:!|\"(?=[ \t])|dnl\b)")
# A line that is a comment and nothing else.
_COMMENT_LINE = re.compile(
    # (`//registry.example/:_authToken=` is no comment but a line of .npmrc)
    rb"[ \t]*(?:#|//(?![\w.:-]{1,200}/\S{0,400}:[\w-]{1,40}[ \t]*=)|<!--|/\*"
    rb"|\{/\*|\{#|\(\*|\*/|<%--|\{-|@\*|\{\{!|\"//|@?(?i:rem)(?=[ \t]|$)|dnl\b"
    rb"|(?:--|;|%|::|'|\"\"\")(?=[ \t]|$))"
)
# All that may stand before the words of a comment on a line of its own.
_ONLY_OPENED = re.compile(
    r"(?:#+!?|//[/!]?|--+|;+|%+|'|\"|\"\"\"|'''|@?(?i:rem)|::|<!--|\{?/\*+!?|\*|\{#-?|\(\*|<#|\{-|@\*|<%--|<%#|!|dnl"
    r"|\{\{!(?:--)?|\{\{-?[ \t]*/\*|\"//[^\"]{0,80}\"[ \t]*:[ \t]*\")?"
)
# Comments that go over lines begin a line; elsewhere `/*` is as often a part of a path.
_BLOCK = re.compile(rb"[ \t]*(?:(\{?/\*)|(<!--)|(<#)|(\{-)|(\(\*)|(@\*)|(\{\{!--)|(\{#)|(=begin\b))")
_BLOCK_ENDS = (rb"\*/", rb"-->", rb"#>", rb"-\}", rb"\*\)", rb"\*@", rb"--\}\}", rb"#\}", rb"=end\b")
_LONGEST_BLOCK = 200  # lines

_CLOSERS = re.compile(r"(?:-->|\*/|#\}|\*\)|\"\"\"|#>|-\}|\*@|\}\}|%>|\\n\",?[ \t]*$).*", re.DOTALL)
_CELL_LINE = re.compile(rb"[ \t]*\"(.*)\\n\",?[ \t]*$")  # a line of a notebook's cell, as JSON writes it

_LONGEST = 60  # lines of a statement
_LONGEST_LINE = 2_000  # bytes; brackets on longer ones are not counted
_QUOTED = re.compile(rb"\"[^\"\\]*(?:\\.[^\"\\]*)*\"|'[^'\\]*(?:\\.[^'\\]*)*'|(?:^|[ \t])(?:#|//).*$")
_GOES_ON = re.compile(rb"(?:[\\`^+]|[ \t]=|=>|&&)$")
_CARRIED_ON = re.compile(rb"[ \t]*(?:\??\.[A-Za-z_]|&&)")


class Comments:
    """The lines of one text, as those see it who look for what its comments say."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._lines = lines

    def is_one(self, number: int, before: str) -> bool:
        """Whether words that stand behind `before` on a 1-based line stand in a comment."""
        if _OPENED.search(before):
            return True
        return not before.strip(" \t*") and number in self._inside

    def lines(self, number: int, before: str) -> tuple[int, int]:
        """The first and last line that a comment behind `before` on line `number` speaks for."""
        line = _bare(self._lines[number - 1])
        before = before.strip()
        if line is not self._lines[number - 1]:
            before = before.removeprefix('"').lstrip()
        if not _COMMENT_LINE.match(line) and not _ONLY_OPENED.fullmatch(before) and number not in self._inside:
            first, last = self._statements[number - 1]
            # Inside a statement a comment speaks for its line; at either end for the whole of it.
            return (first, last) if number in (first, last) else (number, number)
        begin = self._following[number - 1]
        first, last = self._statements[begin - 1]
        # Inside a statement it speaks for the next line only, before one for all of it.
        return (begin, max(begin, last)) if first == begin else (begin, begin)

    @cached_property
    def _inside(self) -> dict[int, int]:
        """The lines of comments that go over lines, each with the last line of its comment."""
        inside: dict[int, int] = {}
        number = 1
        while number <= len(self._lines):
            opened = _BLOCK.match(self._lines[number - 1])
            end = number
            if opened is not None and opened.lastindex is not None:
                end = self._end(number, opened.end(), re.compile(_BLOCK_ENDS[opened.lastindex - 1]))
                inside.update(dict.fromkeys(range(number, end + 1), end))
            number = end + 1
        return inside

    def _end(self, number: int, start: int, end: re.Pattern[bytes]) -> int:
        """The line on which a comment ends that began on line `number`; that line itself where it never does."""
        if end.search(self._lines[number - 1], start):
            return number
        last = min(len(self._lines), number + _LONGEST_BLOCK)
        return next((each for each in range(number + 1, last + 1) if end.search(self._lines[each - 1])), number)

    @cached_property
    def _following(self) -> list[int]:
        """For each line the number of the next one that is neither blank nor a comment; its own where none is."""
        next_code = [0] * len(self._lines)
        code = 0
        for number in range(len(self._lines), 0, -1):
            next_code[number - 1] = code or number
            start = _bare(self._lines[number - 1])[:200]
            if start.strip() and not _COMMENT_LINE.match(start) and number not in self._inside:
                code = number
        return next_code

    @cached_property
    def _statements(self) -> list[tuple[int, int]]:
        """For each line the first and last line of the statement it belongs to, by its open brackets.

        Parentheses and square brackets that are open at a line's end carry it on, and so do a trailing
        backslash, backtick, caret or operator, and a next line that begins with a member's dot; what stands
        in quotes or after a comment mark does not count.
        """
        groups: list[tuple[int, int]] = []
        start, depth = 1, 0
        for number, text in enumerate(self._lines, 1):
            bare = _QUOTED.sub(b"", text) if len(text) <= _LONGEST_LINE else b""
            depth = max(0, depth + sum(map(bare.count, (b"(", b"["))) - sum(map(bare.count, (b")", b"]"))))
            goes_on = depth > 0 or _GOES_ON.search(bare.rstrip()[-3:]) is not None
            if not goes_on and number < len(self._lines):
                goes_on = _CARRIED_ON.match(self._lines[number][:200]) is not None
            if not goes_on or not text.strip() or number - start >= _LONGEST or number == len(self._lines):
                groups += [(start, number)] * (number - start + 1)
                start, depth = number + 1, 0
        return groups


def without_closers(said: str) -> str:
    """The words of a comment without what ends the comment."""
    return _CLOSERS.sub("", said).strip(' \t:-#/;,"')


def _bare(line: bytes) -> bytes:
    """A line of code: of a notebook's cell what stands in the JSON string."""
    found = _CELL_LINE.match(line) if len(line) <= _LONGEST_LINE else None
    return line if found is None else found[1]
