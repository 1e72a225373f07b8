"""PowerShell's operators: what they make of their operands."""

from __future__ import annotations

import re

from pat_audit.flow import ir
from pat_audit.languages.powershell_operands import PLAIN_TYPES, TYPE, Operands

DROPPED = "dropped"  # the operator of a value that goes nowhere
_COMPARISONS = (
    "eq|ne|gt|ge|lt|le|like|notlike|match|notmatch|replace|contains|notcontains|in|notin|split|join|is|isnot|as|shl|shr"
)
_OPERATOR = re.compile(
    rf"-(?:([ic]?(?:{_COMPARISONS}))|(and|or|xor)|(band|bor|bxor)|(f))\b"
    r"|(\?\?)(?!=)|(\+|-)(?![+=]|-)|(\*|/|%)(?!=)|(\.\.)|(,)",
    re.IGNORECASE,
)
# the levels of the operator's groups above: what binds tighter has the higher one
_LEVELS = (0, 3, 1, 2, 7, 4, 5, 6, 8, 9)
_UNARY = re.compile(r"-(not|bnot|split|isplit|csplit|join)\b|(!|\+\+|--|\+|-|,)(?=[\s$(@\[\"'\w!+-])", re.IGNORECASE)
_TERNARY = re.compile(r"\?(?![?.\[=])")
_CAST = re.compile(r"[ \t]*(?=[$(@\"'\[\d{+-]|\xe2\x80)")
_LENGTHS = {
    "eq": "Eq", "ne": "NotEq", "lt": "Lt", "le": "LtE", "gt": "Gt", "ge": "GtE",
}  # fmt: skip


class ExpressionReader(Operands):
    """The part of a reader that reads whole expressions."""

    annotation: ir.Expression | None = None
    """The type that the last cast named: of a variable that is assigned to, its type."""

    def expression(self, comma: bool = True) -> ir.Expression | None:
        """The expression that stands here, None where none does; without `comma` a list ends it."""
        start = self.at
        self.enter()
        value = self._binary(1, comma)
        self.leave()
        if value is None:
            return None
        behind = self.at
        self.blank()
        if self.take(_TERNARY) is None:
            self.at = behind
            return value
        self.lines()
        options = [self.expression(comma)]
        self.lines()
        if self.accept(":"):
            self.lines()
            options.append(self.expression(comma))
        return ir.Choice(*self.span(start), value, tuple([option for option in options if option is not None]))

    def _binary(self, minimum: int, comma: bool) -> ir.Expression | None:
        start = self.at
        left = self.unary(comma)
        if left is None:
            return None
        added: list[ir.Expression] = []  # `a + b + c` is one text, however many there are
        while True:
            behind = self.at
            self.blank()
            found = self.match(_OPERATOR)
            group = 0 if found is None else found.lastindex or 0
            level = _LEVELS[group]
            if found is None or level < minimum or (level == 9 and not comma):
                self.at = behind
                break
            self.at = found.end()
            self.lines()
            operator = found[group].lower()
            if level == 9:
                left = self._list(start, left)
                continue
            right = self._binary(level + 1, comma)
            if right is None:
                self.at = behind
                break
            if operator == "+":
                added = added or [left]
                added.append(right)
                left = right
                continue
            if added:
                left = ir.Join(added[0].start, self.span(start, behind)[1], tuple(added), False)
                added = []
            left = self._combined(start, operator, left, right)
        return ir.Join(*self.span(start), tuple(added), False) if added else left

    def _list(self, start: int, first: ir.Expression) -> ir.Expression:
        """`a, b, c`; the reader stands behind the first comma."""
        items = [first]
        while True:
            item = self.unary(comma=False)
            if item is None:
                break
            items.append(item)
            behind = self.at
            self.blank()
            if not self.accept(","):
                self.at = behind
                break
            self.lines()
        return ir.Collection(*self.span(start), "list", tuple(items))

    def _combined(self, start: int, operator: str, left: ir.Expression, right: ir.Expression) -> ir.Expression:
        span = self.span(start)
        name = operator.removeprefix("i") if operator not in ("in", "is", "isnot") else operator
        name = name.removeprefix("c") if name not in ("contains",) else name
        if operator == "??":
            more = right.options if isinstance(right, ir.Choice) and right.condition is None else (right,)
            return ir.Choice(*span, None, (left, *more))
        if name in ("f", "replace"):
            values = right.items if isinstance(right, ir.Collection) else (right,)
            arguments = tuple([item if isinstance(item, ir.Argument) else ir.Argument(None, item) for item in values])
            method = "format" if name == "f" else "replace"
            return ir.Call(*span, ir.Attribute(*span, left, method), arguments)
        if name == "join":
            return ir.Call(*span, ir.Attribute(*span, right, "-join"), (ir.Argument(None, left),))
        if name == "split":
            return ir.Call(*span, ir.Attribute(*span, left, "split"), (ir.Argument(None, right),))
        if name == "as":
            return left
        if name in _LENGTHS:
            return ir.Operation(*span, _LENGTHS[name], (_measured(left), _measured(right)))
        return ir.Operation(*span, operator, (left, right))

    def unary(self, comma: bool) -> ir.Expression | None:
        """An operand with the operators before it."""
        start = self.at
        found = self.match(_UNARY)
        if found is None:
            return self._cast(comma) if self.here() == "[" else self.primary()
        self.at = found.end()
        self.lines()
        self.enter()
        value = self.unary(comma=False)
        self.leave()
        if value is None:
            self.at = start
            return None
        operator = (found[1] or found[2]).lower()
        span = self.span(start)
        if operator == ",":
            return ir.Collection(*span, "list", (value,))
        if operator == "join":
            empty = ir.Literal(*span, "")
            return ir.Call(*span, ir.Attribute(*span, empty, "-join"), (ir.Argument(None, value),))
        if operator.endswith("split"):
            return value
        return ir.Operation(*span, operator, (value,))

    def _cast(self, comma: bool) -> ir.Expression | None:
        """A type, and what is cast to it; an attribute (`[ValidateNotNull()]`) counts for nothing."""
        start = self.at
        kind = self.type_name()
        if kind is None:
            self.at = self._bracket_end()
            self.accept("]")
            self.lines()
            return self.unary(comma)
        if self.take(_CAST) is None or self.here(2) == "--":
            return self.behind(start, kind)
        self.enter()
        value = self.unary(comma=False)
        self.leave()
        if value is None:
            return kind
        named = kind.name.strip("[]") if isinstance(kind, ir.Name) else ""
        if named == "void":
            return ir.Operation(*self.span(start), DROPPED, (value,))
        self.annotation = kind
        if isinstance(value, ir.Mapping) and named not in PLAIN_TYPES:
            attributes = tuple(
                [
                    (entry.key.value.lower(), entry.value)
                    for entry in value.entries
                    if isinstance(entry.key, ir.Literal) and isinstance(entry.key.value, str)
                ]
            )
            made = ir.Call(kind.start, kind.end, kind, ())
            return ir.Initialize(*self.span(start), made, attributes)
        return value

    def type_literals(self) -> ir.Expression | None:
        """The types and attributes before a parameter or property: the last type; the reader moves behind them."""
        kind: ir.Expression | None = None
        while True:
            self.lines()
            if self.here() != "[":
                return kind
            if self.match(TYPE) is not None:
                kind = self.type_name()
            else:
                self.at = self._bracket_end()
                self.accept("]")


def _measured(value: ir.Expression) -> ir.Expression:
    """An operand of a comparison; the length of a text is computed, so that what it is of stays known."""
    if isinstance(value, ir.Attribute) and value.name in ("length", "count"):
        return ir.Call(value.start, value.end, value, ())
    return value
