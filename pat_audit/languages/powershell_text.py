"""The text of a PowerShell program under the reader's eye: where it stands, what is blank, where a block ends.

The reader works on bytes taken for Latin-1, so that a place in the text is a byte offset; what is written is
decoded as UTF-8 where it becomes a value.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.flow import ir
from pat_audit.languages.written import literal, placed

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH = 90  # blocks, parentheses and operands within each other; a person does not write ten
DOUBLE = r"(?:\"|\xe2\x80[\x9c-\x9e])"  # straight and curly quotes are the same to PowerShell
SINGLE = r"(?:'|\xe2\x80[\x98-\x9b])"
_CURLY_DOUBLE = ("\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e")
_CURLY_SINGLE = ("\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9a", "\xe2\x80\x9b")
_COMMENT = r"<#.*?(?:#>|\Z)|#[^\r\n]*"
_SPACE = r"[ \t\f\v]|\xc2\xa0|\xef\xbb\xbf|`[ \t]*\r?\n"
BLANK = re.compile(rf"(?:{_SPACE}|{_COMMENT})*", re.DOTALL)
LINES = re.compile(rf"(?:{_SPACE}|\r?\n|\r|{_COMMENT})*", re.DOTALL)
HERE = re.compile(
    rf"@({DOUBLE})[ \t]*\r?\n(?:(.*?)\r?\n)??{DOUBLE}@|@({SINGLE})[ \t]*\r?\n(?:(.*?)\r?\n)??{SINGLE}@", re.DOTALL
)
_PAIRED = re.compile(
    rf"{_COMMENT}|`.|@(?={DOUBLE}|{SINGLE})|{DOUBLE}|{SINGLE}|\$\{{[^{{}}\r\n]*\}}|[{{}}()]|[\w$][\w$#-]*",
    re.DOTALL | re.ASCII,
)
_VERBATIM = re.compile(rf"{SINGLE}((?:[^'\xe2]|\xe2(?!\x80[\x98-\x9b])|{SINGLE}{{2}})*+){SINGLE}")
_IN_DOUBLE = re.compile(rf"`.|{DOUBLE}{{2}}|{DOUBLE}|\$\(", re.DOTALL)
NEXT_DECLARATION = re.compile(r"^(?:function|filter|class)\s", re.IGNORECASE | re.MULTILINE)
_NEVER = -1  # what a bracket is closed at that is never closed


class Shared(NamedTuple):
    """What all readers of one file have in common."""

    text: str
    place: Callable[[int], int] | None
    spelled: dict[str, str]  # variables as they are first spelled, by their names in lower case
    switches: frozenset[str]  # parameters that take no value, in lower case
    closed: dict[int, int]  # where brackets are closed, by where they open


class Reader:
    """A place in a program, moved forward as its text is read; nothing behind `end` is looked at."""

    def __init__(self, shared: Shared, at: int, end: int) -> None:
        self.shared = shared
        self.text = shared.text
        self.at = at
        self.end = end
        self.depth = 0

    # --- places and texts ---

    def span(self, start: int, end: int | None = None) -> tuple[int, int]:
        """Where bytes of the program stand in the file; up to where the reader is, unless told."""
        return placed(self.shared.place, start, self.at if end is None else end)

    def literal(self, span: tuple[int, int], text: str) -> ir.Expression:
        """Text as it is written; what a template fills in stands in it as values from outside."""
        return literal(span, decoded(text))

    def joined(self, span: tuple[int, int], parts: list[ir.Expression]) -> ir.Expression:
        """Parts put together to one text; a literal alone is itself."""
        if not parts:
            return ir.Literal(*span, "")
        if len(parts) == 1 and isinstance(parts[0], ir.Literal):
            return ir.Literal(*span, parts[0].value)
        return ir.Join(*span, tuple(parts), True)

    def variable_name(self, name: str) -> str:
        """A variable's name as the file first spells it."""
        written = decoded(name)
        return self.shared.spelled.setdefault(written.lower(), written)

    # --- looking and moving ---

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What stands here, if it fits the pattern; the reader stays."""
        return pattern.match(self.text, self.at, self.end)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What stands here, if it fits the pattern; the reader moves behind it."""
        found = pattern.match(self.text, self.at, self.end)
        if found is not None:
            self.at = found.end()
        return found

    def here(self, length: int = 1) -> str:
        """The next characters, fewer at the end."""
        return self.text[self.at : min(self.at + length, self.end)]

    def accept(self, mark: str) -> bool:
        """Whether `mark` stands here; the reader moves behind it."""
        if self.text.startswith(mark, self.at, self.end):
            self.at += len(mark)
            return True
        return False

    def blank(self) -> None:
        """Move over spaces, comments and continued lines."""
        self.at = BLANK.match(self.text, self.at, self.end).end()  # type: ignore[union-attr]  # matches nothing too

    def lines(self) -> None:
        """Move over all that separates lines too."""
        self.at = LINES.match(self.text, self.at, self.end).end()  # type: ignore[union-attr]  # matches nothing too

    def enter(self) -> None:
        """Go one level deeper; `leave` goes back. Raises `ir.Unreadable` where nobody has written this."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ir.Unreadable(f"nested more than {MAX_DEPTH} deep")

    def leave(self) -> None:
        """Come back from one level."""
        self.depth -= 1

    # --- where things end ---

    def closing(self, at: int) -> int:
        """Where the bracket that opens at `at` is closed: the place of its counterpart.

        One that is never closed ends before the next line that declares something, or with the text.
        """
        text, end, closed = self.text, self.end, self.shared.closed
        opened_at = at
        known = closed.get(at)
        if known == _NEVER:
            return self._before_declaration(at)
        if known is not None and known < end:
            return known
        opened: list[tuple[str, int]] = []
        while True:
            found = _PAIRED.search(text, at, end)
            if found is None:
                closed.update((place, _NEVER) for _, place in opened)
                return self._before_declaration(opened_at)
            mark = found.group()
            at = found.end()
            if mark in "({":
                opened.append((mark, found.start()))
            elif mark == "}":
                while opened and opened[-1][0] == "(":  # a parenthesis that a block was left in is one too many
                    closed[opened.pop()[1]] = found.start()
                if opened:
                    closed[opened.pop()[1]] = found.start()
                if not opened:
                    return found.start()
            elif mark == ")":
                if opened and opened[-1][0] == "(":
                    closed[opened.pop()[1]] = found.start()
                if not opened:
                    return found.start()
            elif mark == "@":
                at_mark = found.start()
                here = HERE.match(text, at_mark, end) if may_be_here(text, at_mark) else None
                if here is not None:
                    at = here.end()
            elif mark[0] in "\"'\xe2":
                at = self.behind_string(found.start())

    def _before_declaration(self, at: int) -> int:
        declared = _declarations(self.text)
        following = bisect_left(declared, at)
        if following == len(declared) or declared[following] >= self.end:
            return self.end
        return declared[following] - 1

    def behind_string(self, at: int) -> int:
        """The place behind the quoted string that starts at `at`; one that is never closed ends with its line."""
        text, end = self.text, self.end
        verbatim = _VERBATIM.match(text, at, end)
        if verbatim is not None:
            return verbatim.end()
        line_end = text.find("\n", at, end)
        unclosed = end if line_end < 0 else line_end - (text[line_end - 1] == "\r")
        if re.match(SINGLE, text[at : at + 3]):
            return unclosed
        place = at + (1 if text[at] == '"' else 3)
        while True:
            found = _IN_DOUBLE.search(text, place, end)
            if found is None:
                return unclosed
            mark = found.group()
            place = found.end()
            if mark == "$(":
                place = min(self.closing(found.end() - 1) + 1, end)
            elif mark[0] != "`" and len(mark) in (1, 3):
                return place


def may_be_here(text: str, at: int) -> bool:
    """Whether a here-string that begins at `at` can end: one that cannot is not worth a look at all that follows."""
    double, single = _last_ends(text)
    return at < (single if text[at + 1 : at + 2] == "'" or text[at + 1 : at + 4] in _CURLY_SINGLE else double)


@lru_cache(maxsize=4)
def _declarations(text: str) -> list[int]:
    """Where lines begin that declare something."""
    return [found.start() for found in NEXT_DECLARATION.finditer(text)]


@lru_cache(maxsize=4)
def _last_ends(text: str) -> tuple[int, int]:
    """Where the last line begins that ends a here-string, in double and in single quotes."""
    return (
        max(text.rfind(f"\n{mark}@") for mark in ('"', *_CURLY_DOUBLE)),
        max(text.rfind(f"\n{mark}@") for mark in ("'", *_CURLY_SINGLE)),
    )


def decoded(text: str) -> str:
    """What a piece of the reader's text says."""
    return text if text.isascii() else text.encode("latin-1").decode("utf-8", "replace")
