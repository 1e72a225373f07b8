"""Groovy's text as its grammar reads it: of the same length, so that every place stays.

The grammar descends from Java's. It does not know where a string's interpolation ends, that a line's end ends a
statement, and some operators: those are written as what it knows, and the front end reads the text as it was.
"""

from __future__ import annotations

import re

_CONTINUES = re.compile(
    rb"\s*(?:[.?:&|+*/<>=,)\]}{]|-[^-]|(?:else|catch|finally|implements|extends|instanceof|in|as)\b)"
)
_DOTTED_CALL = re.compile(rb"[ \t]*(?:\w+\.)+\w+(?P<gap>[ \t]+)(?=[\"']|\w+[ \t]*:[ \t]*\S)")
_CALL_WITH_VALUE = re.compile(
    rb"[ \t]*(?!(?:def|return|new|if|for|while|throw|else|case|import|package|static|final|assert|in|int|boolean)\b)"
    rb"[a-z]\w*(?P<gap>[ \t]+)(?=\w+(?:\.\w|\())"
)
_MODIFIER_BEHIND = re.compile(rb"\bdef(?P<gap>[ \t]+)(?P<modifiers>(?:(?:public|private|static|final)[ \t]+)+)(?=\w)")
_OPENING = {0x28: 0x29, 0x5B: 0x5D, 0x7B: 0x7D}
_BEFORE_SLASHY = frozenset(b"=(,[:~!&|?{};\n")
_OPEN_ENDS = frozenset(b"{([,;:=+-*&|?.<>\\\n")


def interpolation_end(data: bytes | str, start: int) -> int:
    """Where a `{` at `start` is closed, strings in it skipped; the text's end where it is not."""
    text = data if isinstance(data, str) else data.decode("latin-1")
    depth, at = 0, start
    while at < len(text):
        char = text[at]
        if char in "\"'":
            quote = text[at : at + 3] if text[at : at + 3] in ('"""', "'''") else char
            end = text.find(quote, at + len(quote))
            at = len(text) if end < 0 else end + len(quote)
            continue
        depth += (char == "{") - (char == "}")
        at += 1
        if depth == 0:
            break
    return at


class _Reading:
    """One pass over a text: what stands in strings is hidden, what ends a statement is marked."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.made = bytearray(data)
        self.at = 0
        self.open: list[int] = []
        self.last = 0x0A  # the last byte that was neither blank nor comment
        self.line = 0  # where the statement's line starts
        self.closes = False  # whether a call without brackets is to be closed at the line's end

    def run(self) -> bytes:
        data = self.data
        while self.at < len(data):
            here = data[self.at]
            if data.startswith((b"//", b"#!"), self.at) and (here == 0x2F or self.at == 0):
                self.at = _find(data, b"\n", self.at)
            elif data.startswith(b"/*", self.at):
                self.at = _find(data, b"*/", self.at + 2, 2)
            elif here in b"\"'":
                self._string()
            elif here == 0x2F and self.last in _BEFORE_SLASHY:
                self._slashy()
            elif here == 0x0A:
                self._line_end()
            else:
                self._plain(here)
        return bytes(self.made)

    def _plain(self, here: int) -> None:
        two = self.data[self.at : self.at + 2]
        turned = _MODIFIER_BEHIND.match(self.data, self.at) if two == b"de" else None
        if turned is not None:  # `def static` is `static def`
            self.made[self.at : turned.end()] = turned["modifiers"] + b"def" + turned["gap"]
            self.at, self.last = turned.end(), 0x20
            return
        if two in (b"?.", b"*."):
            self.made[self.at] = 0x20
        elif two == b"?:":
            self.made[self.at : self.at + 2] = b"||"
            self.at += 1
        elif here in _OPENING:
            self.open.append(here)
        elif here in b")]}" and self.open:
            self.open.pop()
        if here not in b" \t\r":
            self.last = here
        self.at += 1

    def _string(self) -> None:
        data, start = self.data, self.at
        quote = data[start : start + 3] if data[start : start + 3] in (b'"""', b"'''") else data[start : start + 1]
        at = start + len(quote)
        while at < len(data) and not data.startswith(quote, at):
            if data[at] == 0x0A and len(quote) == 1:
                break
            if data[at] == 0x5C:
                at += 2
            elif quote[0] == 0x22 and data.startswith(b"${", at):
                end = interpolation_end(data, at + 1)
                self.made[at:end] = b"x" * (end - at)
                at = end
            else:
                at += 1
        self.at = min(at + len(quote), len(data)) if data.startswith(quote, at) else at
        self.last = 0x22

    def _slashy(self) -> None:
        end = re.compile(rb"/(?:[^/\\\n]|\\.)+/").match(self.data, self.at)
        if end is None:
            self._plain(0x2F)
            return
        self.made[self.at : end.end()] = b'"' + b"x" * (end.end() - self.at - 2) + b'"'
        self.at, self.last = end.end(), 0x22

    def _line_end(self) -> None:
        data = self.data
        inside = self.open[-1] if self.open else 0x7B
        goes_on = _CONTINUES.match(data, self.at + 1)
        if goes_on is not None and self.closes and goes_on.group().endswith(b"}"):
            goes_on = None
        if inside == 0x7B and self.last not in _OPEN_ENDS and goes_on is None:
            annotated = data[self.line : self.at].lstrip().startswith(b"@") and self.last != 0x5F
            if self.closes and self.at + 1 < len(data) and data[self.at + 1] in b" \t":
                self.made[self.at : self.at + 2] = b");"
            elif self.closes:
                self.made[self.at] = 0x29
            elif not annotated:
                self.made[self.at] = 0x3B
            self.closes = False
            self.last = 0x3B
        self.at += 1
        self.line = self.at
        if inside == 0x7B:
            self._call_without_brackets()

    def _call_without_brackets(self) -> None:
        """`steps.sh "…"`, `password a.b()`: the grammar knows such calls of plain names with plain values only."""
        match = _DOTTED_CALL.match(self.data, self.at) or _CALL_WITH_VALUE.match(self.data, self.at)
        ends = self.data.find(b"\n", self.at)
        if match is not None and ends >= 0 and not self.data[self.at : ends].rstrip().endswith(b"{"):
            self.made[match.start("gap")] = 0x28
            self.closes = True


def readable(data: bytes) -> bytes:
    """A Groovy text as the grammar can read it."""
    return _Reading(data).run()


def _find(data: bytes, what: bytes, start: int, behind: int = 0) -> int:
    found = data.find(what, start)
    return len(data) if found < 0 else found + behind
