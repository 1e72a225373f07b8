"""PowerShell's commands: their names, their arguments word by word, and pipelines of them."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import NamedTuple

from pat_audit.flow import ir
from pat_audit.languages.powershell_expressions import ExpressionReader
from pat_audit.languages.powershell_strings import SPLAT, is_quote
from pat_audit.languages.powershell_text import DOUBLE, SINGLE

_DASH = r"(?:-|\xe2\x80[\x93-\x95])"
_ENDS = re.compile(r"[\r\n;|&)}]|\Z")
_PARAMETER = re.compile(rf"{_DASH}([A-Za-z_?][\w-]*)(?:(:)|(?=[\s;|&)}},(\"'@$]|\Z))", re.ASCII)
_OPTION = re.compile(rf"{_DASH}{{1,2}}[A-Za-z_?]", re.ASCII)
_WORD = re.compile(r"[^\s;|&(){},\"'`$\xe2\xc2]+")
_WORD_PART = re.compile(rf"(`(?:\r?\n)?.?)|({DOUBLE}|{SINGLE})|(\$\()|(\$\{{[^{{}}]*\}})|[^\s;|&(){{}},]", re.DOTALL)
_WORD_GOES_ON = re.compile(r"[^\s;|&(){},]")
_NATIVE_VERBATIM = re.compile(r"--%([^\r\n]*)")
_REDIRECTION = re.compile(r"([1-6*]?)(>>|>)(&[12])?|<")
_EXPRESSION = re.compile(
    rf"[$({{]|@[({{\"']|{DOUBLE}|{SINGLE}|\[|!|,|\+\+|--(?=\$)|[-+](?=[\d$(\[.])|-(?:not|bnot|[ic]?split|join)\b|\.?\d",
    re.IGNORECASE,
)
_CALLED = re.compile(r"&(?!&)[ \t]*|\.(?=[ \t\"'$({])[ \t]*")
_AFTER_PIPE = re.compile(r"\|(?!\|)")


class Invocation(NamedTuple):
    """A command as it is written, its words not yet given a meaning; `word` is its name in lower case, if plain."""

    start: int
    sourced: bool  # called by `.`: what it defines stays
    name: ir.Expression
    word: str
    arguments: tuple[ir.Argument, ...]
    input: ir.Expression | None
    writes: ir.Expression | None


class CommandReader(ExpressionReader):
    """The part of a reader that reads pipelines."""

    @abstractmethod
    def meaning(self, invocation: Invocation) -> ir.Expression:
        """What a command comes to: one of the language's own, or a call of whatever has its name."""

    def pipeline(self) -> ir.Expression | None:
        """The pipeline that stands here: what its last command gives; None where there is none."""
        value = self._element(None)
        while value is not None:
            self.blank()
            behind = self.at
            if self.take(_AFTER_PIPE) is None:
                self.lines()  # a line may begin with the pipe
                if self.at == behind or self.take(_AFTER_PIPE) is None:
                    self.at = behind
                    break
            self.lines()
            following = self._element(value)
            if following is None:
                break
            value = following
        return value

    def _element(self, given: ir.Expression | None) -> ir.Expression | None:
        if self.at >= self.end:
            return None
        if given is None and self.match(_EXPRESSION) is not None and self.match(_CALLED) is None:
            before = self.at
            value = self.expression()
            if value is not None or self.at != before:  # an attribute alone is no command
                return value
        self.enter()
        value = self._command(given)
        self.leave()
        return value

    def _command(self, given: ir.Expression | None) -> ir.Expression | None:
        start = self.at
        called = self.take(_CALLED)
        name_at = self.at
        if called is not None and self.here() in "$({\"'@":
            name = self.primary()
            if name is not None and self.at < self.end and _WORD_GOES_ON.match(self.text, self.at, self.end):
                self.at = name_at
                name = self._word()
        elif self.match(_ENDS) is not None:
            return None
        else:
            name = self._word()
        if name is None:
            self.at = start
            return None
        word = ""
        if isinstance(name, ir.Literal) and isinstance(name.value, str):
            word = name.value.lower()
            name = ir.Literal(name.start, name.end, word if called is None else name.value)
        arguments, writes = self._arguments()
        sourced = called is not None and called.group().startswith(".")
        return self.meaning(Invocation(start, sourced, name, word, arguments, given, writes))

    # --- arguments ---

    def _arguments(self) -> tuple[tuple[ir.Argument, ...], ir.Expression | None]:
        """The arguments that follow a command's name, and the file that its output goes to."""
        arguments: list[ir.Argument] = []
        writes: ir.Expression | None = None
        while True:
            before = self.at
            self.blank()
            if self.match(_ENDS) is not None:
                if self.here() == "&" and self.here(2) != "&&":
                    self.at += 1  # in the background
                return tuple(arguments), writes
            redirection = self.take(_REDIRECTION)
            if redirection is not None:
                if redirection[3] is None:
                    self.blank()
                    target = self._value()
                    writes = target if redirection[1] in ("", "1", "*") else writes
                continue
            verbatim = self.take(_NATIVE_VERBATIM)
            if verbatim is not None:
                span = self.span(verbatim.start(1), verbatim.end(1))
                arguments.extend(ir.Argument(None, self.literal(span, word)) for word in verbatim[1].split())
                continue
            argument = self._argument()
            if argument is not None:
                arguments.append(argument)
            elif self.at == before or not self._skipped():
                return tuple(arguments), writes

    def _skipped(self) -> bool:
        """Move over a character that starts nothing: the rest of the line is still read."""
        if self.at < self.end:
            self.at += 1
            return True
        return False

    def _argument(self) -> ir.Argument | None:
        splat = self.take(SPLAT)
        if splat is not None:
            return ir.Argument("**", self.splatted(splat.start(), splat[1]))
        start = self.at
        parameter = self.take(_PARAMETER)
        if parameter is None:
            value = self._value()
            return None if value is None else ir.Argument(None, value)
        name = parameter[1]
        alone = ir.Argument(name, ir.Literal(*self.span(start), True))
        if parameter[2]:
            self.blank()
            value = self._value()
            return ir.Argument(name, value) if value is not None else alone
        behind = self.at
        self.blank()
        if (
            name.lower() in self.shared.switches
            or self.match(_ENDS) is not None
            or self.match(_OPTION) is not None
            or self.match(SPLAT) is not None
            or self.match(_REDIRECTION) is not None
        ):
            self.at = behind
            return alone
        value = self._value()
        if value is None:
            self.at = behind
            return alone
        return ir.Argument(name, value)

    @abstractmethod
    def splatted(self, start: int, name: str) -> ir.Expression:
        """What `@name` spreads over the arguments."""

    def _value(self) -> ir.Expression | None:
        """An argument: one word or operand, or several with commas between them."""
        start = self.at
        first = self._part()
        if first is None:
            return None
        items = [first]
        while True:
            behind = self.at
            self.blank()
            if not self.accept(","):
                self.at = behind
                break
            self.lines()
            item = self._part()
            if item is None:
                break
            items.append(item)
        return first if len(items) == 1 else ir.Collection(*self.span(start), "list", tuple(items))

    def _part(self) -> ir.Expression | None:
        start = self.at
        mark = self.here()
        if mark in ("$", "(", "{") or is_quote(self.text, start) or (mark == "@" and self.here(2) in ("@(", "@{")):
            self.enter()
            value = self.primary()
            self.leave()
            if value is not None and (
                mark == "{" or self.at >= self.end or _WORD_GOES_ON.match(self.text, self.at, self.end) is None
            ):
                return value
            self.at = start
            if mark in ("(", "{"):
                return self.primary()
        return self._word()

    def _word(self) -> ir.Expression | None:
        """A word as it stands, with what `$` and quotes in it stand for."""
        start = self.at
        plain = self.take(_WORD)
        if plain is not None and (self.at >= self.end or _WORD_GOES_ON.match(self.text, self.at, self.end) is None):
            return self.literal(self.span(start), plain.group())
        parts: list[ir.Expression] = []
        written = start
        while self.at < self.end:
            found = self.match(_WORD_PART)
            if found is None:
                break
            if found[2] is not None:
                self._loose(written, self.at, parts)
                quoted = self.string()
                if quoted is not None:
                    parts.append(quoted)
                written = self.at
            elif found[3] is not None:
                self.at = min(self.closing(found.end() - 1) + 1, self.end)
            else:
                self.at = found.end()
        if self.at == start:
            return None
        self._loose(written, self.at, parts)
        return self.joined(self.span(start), parts)

    def _loose(self, start: int, end: int, parts: list[ir.Expression]) -> None:
        if end > start:
            value = self.filled(self.span(start, end), start, end, in_quotes=False)
            parts.extend(value.parts if isinstance(value, ir.Join) else (value,))
