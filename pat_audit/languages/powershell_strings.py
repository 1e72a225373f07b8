"""PowerShell's variables and strings: what `"…"`, `'…'`, here-strings and words with `$` in them say."""

from __future__ import annotations

import re
from abc import abstractmethod

from pat_audit.flow import holes, ir
from pat_audit.languages.powershell_text import DOUBLE, HERE, SINGLE, Reader, may_be_here

_LETTER = r"(?:\w|[\xc3-\xdf][\x80-\xbf])"
VARIABLE = re.compile(
    rf"\$(?:\{{([^{{}}\r\n]*)\}}|((?:{_LETTER}+:(?={_LETTER}))?{_LETTER}+|[?$^](?!{_LETTER})))", re.ASCII
)
SPLAT = re.compile(rf"@((?:{_LETTER}+:)?{_LETTER}+)", re.ASCII)
_QUOTES = re.compile(rf"{SINGLE}{SINGLE}")
_PIECE = re.compile(rf"`(\r?\n|.)|{DOUBLE}{{2}}|\$(?=[\w{{(?$^\xc3-\xdf])", re.DOTALL | re.ASCII)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "", "a": "", "b": "", "f": "", "v": "", "e": "\x1b"}
_SCOPES = frozenset({"script", "global", "local", "private", "using", "variable", "function"})
_CONSTANTS = {"true": True, "false": False, "null": None}
_AUTOMATIC = {"psitem": "_"}  # other names of what PowerShell itself binds
ENVIRONMENT = "env:"
"""The name of the environment's variables, as PowerShell's own drive has it."""


class Strings(Reader):
    """The part of a reader that reads variables and strings."""

    @abstractmethod
    def sub_expression(self) -> ir.Expression:
        """What `$(…)` gives; the reader stands at its `$` and moves behind it."""

    @abstractmethod
    def bound_parameters(self, span: tuple[int, int]) -> ir.Expression:
        """All that the function was handed whose body this is, by name."""

    def environment(self, span: tuple[int, int], name: ir.Expression) -> ir.Expression:
        """A variable of the environment."""
        return ir.Index(*span, ir.Name(*span, ENVIRONMENT), name)

    def variable(self) -> ir.Expression | None:
        """The variable that stands here: `$x`, `${x}`, `$env:X`, `$script:x`."""
        start = self.at
        found = self.take(VARIABLE)
        if found is None:
            return None
        span = self.span(start)
        scope, colon, name = (found[1] if found[1] is not None else found[2]).rpartition(":")
        scope = scope.lower()
        if colon and scope == "env":
            return self.environment(span, self.literal(span, name.lstrip("\\/")))
        if colon and scope not in _SCOPES:
            name = f"{scope}:{name}"
        lowered = name.lower()
        if lowered in _CONSTANTS:
            return ir.Literal(*span, _CONSTANTS[lowered])
        if lowered == "psboundparameters":
            return self.bound_parameters(span)
        if holes.has_marker(name):
            return self.literal(span, name)
        return ir.Name(*span, _AUTOMATIC.get(lowered) or self.variable_name(name))

    def string(self) -> ir.Expression | None:
        """The string that stands here, of any kind; the reader moves behind it."""
        start = self.at
        here = self.take(HERE) if may_be_here(self.text, self.at) else None
        if here is not None:
            if here[1] is None:
                return self.literal(self.span(start), here[4] or "")
            return self.filled(self.span(start), here.start(2), here.end(2), in_quotes=False)
        if self.here() == "@":
            return None
        end = self.behind_string(start)
        quote = 1 if self.text[start] in "\"'" else 3
        closed = end - start > quote and re.match(rf"{SINGLE}|{DOUBLE}", self.text[end - quote : end]) is not None
        inner = end - (1 if self.text[end - 1] in "\"'" else 3) if closed else end
        self.at = end
        if re.match(SINGLE, self.text[start : start + 3]):
            written = self.text[start + quote : inner]
            return self.literal(self.span(start), _QUOTES.sub("'", written))
        return self.filled(self.span(start), start + quote, max(inner, start + quote))

    def filled(
        self, span: tuple[int, int], start: int, end: int, in_quotes: bool = True, escapes: bool = True
    ) -> ir.Expression:
        """The text between two places, what `$` and backtick stand for filled in; the reader stays where it is.

        `in_quotes`: doubled quotes are one.
        """
        if start < 0:
            return ir.Literal(*span, "")
        parts: list[ir.Expression] = []
        written = ""
        at, before, limit = start, self.at, self.end
        self.end = end
        try:
            while True:
                found = _PIECE.search(self.text, at, end)
                if found is None:
                    break
                written += self.text[at : found.start()]
                at = found.end()
                mark = found.group()
                if mark[0] == "`":
                    written += _ESCAPES.get(found[1], "" if found[1] in ("\n", "\r\n") else found[1])
                elif mark != "$":
                    written += mark[: len(mark) // 2] if in_quotes else mark
                else:
                    self.at = found.start()
                    value = self._expanded()
                    if value is None:
                        written += "$"
                        continue
                    if written:
                        parts.append(self.literal(span, written))
                        written = ""
                    parts.append(value)
                    at = self.at
            written += self.text[at:end]
        finally:
            self.at, self.end = before, limit
        if written:
            parts.append(self.literal(span, written))
        return self.joined(span, parts)

    def _expanded(self) -> ir.Expression | None:
        """What the `$` under the reader stands for in a text."""
        if self.here(2) == "$(":
            return self.sub_expression()
        return self.variable()


def is_quote(text: str, at: int) -> bool:
    """Whether a quote, or a here-string, stands at a place."""
    mark = text[at : at + 1]
    if mark in ("'", '"'):
        return True
    if mark == "\xe2":
        return re.match(rf"{SINGLE}|{DOUBLE}", text[at : at + 3]) is not None
    return mark == "@" and text[at + 1 : at + 2] in ("'", '"')
