"""A file that is to be edited: its text as UTF-8, its tree, and the way back to its own bytes."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from pat_audit.fixes.places import Places
from pat_audit.fixes.program_tree import tree_of
from pat_audit.fixes.words import word as as_word
from pat_audit.languages.known import front_end, language_of
from pat_audit.source import Source

if TYPE_CHECKING:
    from tree_sitter import Node

    from pat_audit.fixes.configuration import Configuration, ReadAs
    from pat_audit.model import Span


class FileText:
    """One file's text. Offsets are of `data`, the text as UTF-8 without a byte order mark.

    `read_as` reads a file that is no program: gives its format, settings and the programs in it.
    """

    def __init__(self, path: str, raw: bytes, read_as: ReadAs | None = None) -> None:
        self.path = path
        self._read_as = read_as
        self.source = Source(path, raw)
        self.data = self.source.data
        self.language = language_of(path, self.data)

    @cached_property
    def places(self) -> Places:
        """The nodes of the file. Raises `ir.Unreadable`."""
        if self.language:
            return Places([front_end(self.language).lower(self.path, self.data)])
        return Places([program for _, program in self.configuration.programs] if self.configuration else [])

    @cached_property
    def configuration(self) -> Configuration | None:
        """What the file is as configuration; None for a program, or a text of no format."""
        return None if self.language or self._read_as is None else self._read_as(self.path, self.data)

    @cached_property
    def possible_formats(self) -> frozenset[str]:
        """What the file may be as configuration, as far as its name tells; nothing for a program."""
        return frozenset() if self.language or self._read_as is None else self._read_as.formats_of(self.path)

    @cached_property
    def spoken(self) -> str:
        """The language of the file, or the one that all programs in it are written in; nothing: there are several."""
        if self.language or self.configuration is None:
            return self.language
        languages = {language for language, _ in self.configuration.programs}
        return languages.pop() if len(languages) == 1 else ""

    def language_at(self, start: int, end: int) -> str:
        """The language of the program that has an expression with this span; nothing: none has."""
        if self.language or self.configuration is None:
            return self.language
        node = self.places.at(start, end)
        root = None if node is None else [node, *self.places.around(node)][-1]
        return next((language for language, program in self.configuration.programs if program is root), "")

    def with_text(self, data: bytes) -> FileText:
        """The same file with another text, as UTF-8. Raises UnicodeEncodeError for what its encoding cannot write."""
        return FileText(self.path, self.encoded(data), self._read_as)

    @cached_property
    def tree(self) -> Node | None:
        """The syntax tree of the text; None for a language that is read in another way."""
        return tree_of(self.path, self.language, self.data)

    @cached_property
    def newline(self) -> str:
        """The line end that the file uses: of its first line."""
        match = re.search(rb"\r\n|\n|\r", self.data)
        return "\n" if match is None else match[0].decode()

    @cached_property
    def prefers_single_quotes(self) -> bool:
        """Whether texts mostly stand in single quotes."""
        return self.data.count(b"'") > 2 * self.data.count(b'"')

    def text(self, start: int, end: int) -> str:
        """The text between two offsets."""
        return self.data[start:end].decode("utf-8", "replace")

    def span(self, raw: Span) -> tuple[int, int]:
        """The offsets in `data` of a span of the file's own bytes."""
        return self._offset(raw.start), self._offset(raw.end)

    def _offset(self, raw: int) -> int:
        mark = len(self.source.mark)
        if self.source.encoding == "utf-8":
            return raw - mark
        return len(self.source.raw[mark:raw].decode(self.source.encoding, "replace").encode("utf-8", "replace"))

    def line_start(self, offset: int) -> int:
        """Where the line of an offset starts."""
        return max(self.data.rfind(b"\n", 0, offset), self.data.rfind(b"\r", 0, offset)) + 1

    def line_end(self, offset: int) -> int:
        """Where the next line starts."""
        match = re.compile(rb"\r\n|\n|\r").search(self.data, offset)
        return len(self.data) if match is None else match.end()

    def indentation(self, offset: int) -> str:
        """The white space that the line of an offset starts with."""
        start = self.line_start(offset)
        match = re.compile(rb"[ \t\f]*").match(self.data, start)
        return "" if match is None else match[0].decode()

    def encoded(self, data: bytes) -> bytes:
        """Text as UTF-8 in the file's own encoding. Raises UnicodeEncodeError for what that cannot write."""
        if self.source.encoding == "utf-8":
            return self.source.mark + data
        return self.source.mark + data.decode("utf-8").encode(self.source.encoding)

    def has_word(self, word: str) -> bool:
        """Whether a word occurs in the file, in code or not."""
        return as_word(word).search(self.data) is not None
