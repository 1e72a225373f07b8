"""What PowerShell's operators stand between: variables, strings, parentheses, hash tables, types, members, calls."""

from __future__ import annotations

import re
from abc import abstractmethod

from pat_audit.flow import ir
from pat_audit.languages.powershell_strings import Strings, is_quote
from pat_audit.languages.powershell_text import decoded

_NAME = r"[A-Za-z_][\w.+]*(?:`\d+)?"
_INNER = r"[\w.,\s+`]*"
TYPE = re.compile(rf"\[\s*({_NAME})\s*(?:\[{_INNER}(?:\[{_INNER}\]{_INNER})*\]\s*)*\]", re.ASCII)
_NUMBER = re.compile(r"(?:0x[0-9a-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)(?:[ldu]|kb|mb|gb|tb|pb)*", re.IGNORECASE)
_MEMBER = re.compile(r"(\?\.|\.|::)\s*(?=[\w\"'$(\xc3-\xdf])", re.ASCII)
_WORD = re.compile(r"[\w\x80-\xff]+", re.ASCII)
_KEY = re.compile(r"[\w\x80-\xff][\w\x80-\xff.-]*(?=\s*=)", re.ASCII)
_NOT_A_COMMAND = re.compile(r"[\w/\\.:-]", re.ASCII)  # behind a number it says that this is a word: `7z`, `3.8.1`
PLAIN_TYPES = frozenset({"pscustomobject", "psobject", "hashtable", "ordered", "object", "array", "psvariable"})
"""Types of which a value cast to them is what it was."""


class Operands(Strings):
    """The part of a reader that reads single operands of expressions."""

    @abstractmethod
    def expression(self, comma: bool = True) -> ir.Expression | None:
        """The expression that stands here, None where none does; without `comma` a list ends it."""

    @abstractmethod
    def value_statement(self) -> ir.Expression:
        """What stands on the right of `=`: a pipeline, or a statement that gives something."""

    @abstractmethod
    def given_by(self, closed_at: int, as_list: bool) -> ir.Expression:
        """What the statements up to a place give; the reader moves there."""

    @abstractmethod
    def script_block(self) -> ir.Expression:
        """The `{…}` that stands here as a function without a name; the reader moves behind it."""

    # --- brackets ---

    def sub_expression(self) -> ir.Expression:
        """What `$(…)` gives."""
        return self._statements_in(1, as_list=False)

    def _statements_in(self, mark: int, as_list: bool) -> ir.Expression:
        """What the statements between parentheses give; `mark` characters stand before them."""
        closed_at = self.closing(self.at + mark)
        self.at += mark + 1
        self.enter()
        value = self.given_by(closed_at, as_list)
        self.leave()
        self.at = min(closed_at + 1, self.end)
        return value

    def parenthesised(self) -> ir.Expression:
        """What `(…)` gives: one pipeline, or an assignment."""
        start = self.at
        closed_at = self.closing(start)
        self.at += 1
        limit, self.end = self.end, closed_at
        self.enter()
        self.lines()
        value = self.value_statement()
        self.leave()
        self.end = limit
        self.at = min(closed_at + 1, limit)
        return value

    def hash_table(self) -> ir.Expression:
        """The `@{…}` that stands here."""
        start = self.at
        closed_at = self.closing(start + 1)
        self.at += 2
        limit, self.end = self.end, closed_at
        entries: list[ir.Entry] = []
        self.enter()
        while True:
            self._separators()
            if self.at >= self.end:
                break
            before = self.at
            key = self._key()
            self.blank()
            if key is not None and self.accept("="):
                self.lines()
                entries.append(ir.Entry(key, self.value_statement()))
            if self.at == before:
                self.at += 1  # what nobody can read
        self.leave()
        self.end = limit
        self.at = min(closed_at + 1, limit)
        return ir.Mapping(*self.span(start), tuple(entries))

    def _separators(self) -> None:
        self.lines()
        while self.accept(";") or self.accept(","):
            self.lines()

    def _key(self) -> ir.Expression | None:
        start = self.at
        word = self.take(_KEY)
        if word is not None:
            return self.literal(self.span(start), word.group())
        return self.unary(comma=False)

    # --- operands ---

    @abstractmethod
    def unary(self, comma: bool) -> ir.Expression | None:
        """An operand with the operators before it."""

    def primary(self) -> ir.Expression | None:
        """The operand that stands here with the members, items and calls behind it; None where none does."""
        start = self.at
        value = self._operand()
        if value is None:
            self.at = start
            return None
        return self.behind(start, value)

    def _operand(self) -> ir.Expression | None:
        mark = self.here()
        if mark == "$":
            return self.sub_expression() if self.here(2) == "$(" else self.variable()
        if mark == "@" and self.here(2) in ("@(", "@{"):
            return self.hash_table() if self.here(2) == "@{" else self._statements_in(1, as_list=True)
        if is_quote(self.text, self.at) and self.at < self.end:
            return self.string()
        if mark == "(":
            return self.parenthesised()
        if mark == "{":
            return self.script_block()
        if mark == "[":
            return self.type_name()
        return self._number()

    def _number(self) -> ir.Expression | None:
        start = self.at
        found = self.take(_NUMBER)
        if found is None or _NOT_A_COMMAND.match(self.text, self.at, self.end):
            if found is not None and self.text.startswith("..", self.at):
                return ir.Literal(*self.span(start), None)
            self.at = start
            return None
        try:
            number: int | float | None = int(found.group(), 0)
        except ValueError:
            try:
                number = float(found.group())
            except ValueError:
                number = None
        return ir.Literal(*self.span(start), number)

    def type_name(self) -> ir.Expression | None:
        """The `[type]` that stands here as a name in brackets, in lower case."""
        start = self.at
        found = self.take(TYPE)
        if found is None:
            return None
        return ir.Name(*self.span(start), f"[{decoded(found[1]).lower()}]")

    def behind(self, start: int, value: ir.Expression) -> ir.Expression:
        """An operand with the members, items and calls that follow it at once."""
        while self.at < self.end:
            member = self.take(_MEMBER)
            if member is not None:
                value = self._member(start, value, member[1] == "::")
            elif self.here() == "[" or self.here(2) == "?[":
                self.accept("?")
                value = self._item(start, value)
            elif self.here(2) in ("++", "--"):
                self.at += 2
            else:
                return value
        return value

    def _member(self, start: int, value: ir.Expression, static: bool) -> ir.Expression:
        word = self.take(_WORD)
        name = decoded(word.group()).lower() if word is not None else ""
        computed: ir.Expression | None = None
        if word is None:
            computed = self._operand()
            if isinstance(computed, ir.Literal) and isinstance(computed.value, str):
                name, computed = computed.value.lower(), None
        span = self.span(start)
        if self.here() != "(":
            return ir.Index(*span, value, computed) if computed is not None else ir.Attribute(*span, value, name)
        arguments = self.call_arguments()
        function: ir.Expression = ir.Attribute(*span, value, name)
        if static and name == "new":
            function = value
        return ir.Call(*self.span(start), function, arguments)

    def call_arguments(self) -> tuple[ir.Argument, ...]:
        """The arguments between the parentheses that stand here."""
        return tuple([ir.Argument(None, value) for value in self._listed(")", self.closing(self.at))])

    def _item(self, start: int, value: ir.Expression) -> ir.Expression:
        keys = self._listed("]", self._bracket_end())
        key = keys[0] if len(keys) == 1 else None
        return ir.Index(*self.span(start), value, key)

    def _bracket_end(self) -> int:
        at, open_ = self.at, 0
        while at < self.end:
            mark = self.text[at]
            if mark in "[]":
                open_ += 1 if mark == "[" else -1
                if open_ == 0:
                    return at
            elif mark in "({":
                at = self.closing(at)
                if self.text[at : at + 1] not in (")", "}"):
                    return at
            elif mark in "\"'":
                at = self.behind_string(at) - 1
            elif mark == "\n":
                return at
            at += 1
        return self.end

    def _listed(self, mark: str, closed_at: int) -> list[ir.Expression]:
        """Expressions with commas between them, up to the bracket that ends them; the reader moves behind it."""
        self.at += 1
        limit, self.end = self.end, closed_at
        found: list[ir.Expression] = []
        self.enter()
        while True:
            self._separators()
            if self.at >= self.end:
                break
            before = self.at
            value = self.expression(comma=False)
            if value is not None:
                found.append(value)
            if self.at == before:
                self.at += 1
        self.leave()
        self.end = limit
        self.at = closed_at
        self.accept(mark)
        return found
