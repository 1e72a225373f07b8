"""Reads the words of batch files: quotes, carets, and variables between percent signs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.flow import ir
from pat_audit.languages.written import literal, placed

if TYPE_CHECKING:
    from collections.abc import Callable

OPERATORS = ("&&", "||", ">>", "&", "|", ">", "<", "\n", ")")
MAX_VARIABLE = 200  # characters of a variable's name with what is cut out of it

_SPACE = re.compile(r"(?:[ \t\r,;]|\^\r?\n)*")
_VARIABLE = re.compile(
    r"%(?:~[a-z$:]*)?(?P<place>[0-9*])|%%(?:~[a-z]*)?(?P<loop>[A-Za-z])"
    rf"|(?P<mark>[%!])(?P<name>[A-Za-z_][^%!:\r\n]{{0,{MAX_VARIABLE}}})(?P<cut>:[^%!\r\n]{{0,{MAX_VARIABLE}}})?(?P=mark)",
    re.IGNORECASE,
)
_DESCRIPTOR = re.compile(r"([0-9])(>>?|<)(&[0-9])?")


class Word(NamedTuple):
    """A word: what it comes to, what is written there, and whether it is an operator outside of quotes."""

    value: ir.Expression
    raw: str
    start: int
    end: int
    is_operator: bool = False


class Words:
    """Takes words off a batch file from `at` on. The text is Latin-1, so that characters are the file's bytes."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        self.text = data.decode("latin-1")
        self.at = 0
        self.parameters: bool = False  # whether `%1` is what a label is called with
        self.target = ""  # the variable that is being set
        self._place = place
        self._spelled: dict[str, str] = {}

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where characters stand in the file."""
        return placed(self._place, start, end)

    def peek(self, blocks: int = 0) -> Word | None:
        """The next word or operator, left where it is; None at the end. `blocks`: how many a `)` may close."""
        before = self.at
        word = self.next(blocks)
        self.at = before
        return word

    def next(self, blocks: int = 0) -> Word | None:
        """The next word or operator; None at the end."""
        text = self.text
        found = _SPACE.match(text, self.at)
        self.at = start = found.end() if found is not None else self.at
        if start >= len(text):
            return None
        redirect = _DESCRIPTOR.match(text, start)
        if redirect is not None:
            self.at = redirect.end()
            return self._operator(start)
        for operator in OPERATORS:
            if text.startswith(operator, start) and (operator != ")" or blocks):
                self.at += len(operator)
                if operator[0] in "><" and text.startswith("&", self.at):
                    self.at += 2
                return self._operator(start)
        return self._word(start, blocks)

    def _operator(self, start: int) -> Word:
        written = self.text[start : self.at]
        return Word(ir.Literal(*self.span(start, self.at), written), written, start, self.at, True)

    def _word(self, start: int, blocks: int) -> Word:
        text = self.text
        parts: list[ir.Expression] = []
        literal: list[str] = []
        quoted = False
        at = start
        while at < len(text):
            character = text[at]
            if character == "\n" or (character == "\r" and text.startswith("\r\n", at)):
                break
            if character == '"':
                quoted = not quoted
                at += 1
            elif not quoted and (character in " \t,;&|<>" or (character == ")" and blocks)):
                break
            elif character == "^" and not quoted and at + 1 < len(text):
                if text[at + 1] in "\r\n":
                    break
                literal.append(text[at + 1])
                at += 2
            elif character in "%!" and (match := _VARIABLE.match(text, at)) is not None:
                if literal:
                    parts.append(self._literal("".join(literal), start, at))
                    literal.clear()
                parts.append(self._variable(match))
                at = match.end()
            else:
                literal.append(character)
                at += 1
        if at == start:
            at += 1  # a character that nothing is known of
        if literal or not parts:
            parts.append(self._literal("".join(literal), start, at))
        self.at = at
        span = self.span(start, at)
        value = parts[0] if len(parts) == 1 else ir.Join(*span, tuple(parts), True)
        return Word(value, text[start:at], start, at)

    def _literal(self, text: str, start: int, end: int) -> ir.Expression:
        return literal(self.span(start, end), text.encode("latin-1").decode("utf-8", "replace"))

    def _variable(self, match: re.Match[str]) -> ir.Expression:
        span = self.span(match.start(), match.end())
        if match["loop"]:
            return ir.Name(*span, f"%{match['loop']}")
        if match["place"]:
            if self.parameters:
                return ir.Name(*span, match["place"])
            return ir.Outside(*span, "option", self.target or match["place"])
        name = ir.Name(*span, self.spelled(match["name"]))
        return ir.Index(*span, name, None) if (match["cut"] or "").startswith(":~") else name

    def spelled(self, name: str) -> str:
        """A variable's name as it is first spelled in the file."""
        return self._spelled.setdefault(name.lower(), name)
