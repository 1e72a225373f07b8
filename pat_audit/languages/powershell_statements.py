"""PowerShell's statements: assignments, branches, loops, and what blocks of them give."""

from __future__ import annotations

import re
from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.powershell_expressions import DROPPED
from pat_audit.languages.powershell_meanings import Meanings

if TYPE_CHECKING:
    from collections.abc import Callable

_SILENT = re.compile(r"(?:write-(?!output)|set-|remove-|clear-|start-sleep|export-|out-(?!string))")
_KEYWORD = re.compile(
    r"(if|foreach|for|while|do|switch|try|trap|return|throw|exit|break|continue|using|param|enum|data|class"
    r"|function|filter|workflow|configuration|begin|process|end|dynamicparam|clean|inlinescript|parallel|sequence)"
    r"(?![\w\-.=:\\/])",
    re.IGNORECASE,
)
_GIVES = frozenset({"if", "foreach", "for", "while", "do", "switch", "try", "data"})
_ASSIGNMENT = re.compile(r"(\?\?|[+*/%-])?=(?!=)")
_SEPARATOR = re.compile(r";|&&|\|\|?")
_ELSE_IF = re.compile(r"else\s*if\b(?=\s*\()", re.IGNORECASE)
_ELSE = re.compile(r"else\b", re.IGNORECASE)
_CATCH = re.compile(r"catch\b", re.IGNORECASE)
_FINALLY = re.compile(r"finally\b", re.IGNORECASE)
_IN = re.compile(r"in\b", re.IGNORECASE)
_OPTION = re.compile(r"-\w+")
_DEFAULT = re.compile(r"default\b", re.IGNORECASE)
_LABEL = re.compile(r":\w+[ \t]+(?=\w)")
_REST = re.compile(r"[^\r\n;}]*")
_TAIL = re.compile(r"\s*(while|until)\b", re.IGNORECASE)
_USING = re.compile(r"\s+module\s+([^\r\n;]+)", re.IGNORECASE)
PURE = (ir.Name, ir.Literal, ir.Join, ir.Mapping, ir.Index, ir.Attribute, ir.Collection, ir.Choice, ir.Initialize)
"""What stands there for its value only, so that its block gives it."""


class Statements(Meanings):
    """The part of a reader that reads statements."""

    @abstractmethod
    def declaration(self, keyword: str, start: int) -> list[ir.Statement]:
        """A function, class or parameter block; the reader stands behind its keyword."""

    def statements_between(self, start: int, end: int) -> tuple[ir.Statement, ...]:
        """The statements between two places; the reader stays."""
        before, limit, outer = self.at, self.end, self.prelude
        self.at, self.end = start, min(end, self.end)
        found: list[ir.Statement] = []
        self.enter()
        while True:
            self.lines()
            while self.take(_SEPARATOR) is not None:
                self.lines()
            if self.at >= self.end:
                break
            here = self.at
            self.prelude = []
            lowered = self.statement()
            found.extend(self.prelude)
            found.extend(lowered)
            if self.at == here:
                self.at += 1  # what starts no statement
        self.leave()
        self.at, self.end, self.prelude = before, limit, outer
        return tuple(found)

    def block(self) -> tuple[ir.Statement, ...]:
        """The statements of the `{…}` that stands here; none where it is missing."""
        self.lines()
        if self.here() != "{":
            return ()
        closed_at = self.closing(self.at)
        found = self.statements_between(self.at + 1, closed_at)
        self.at = min(closed_at + 1, self.end)
        return found

    def statement(self) -> list[ir.Statement]:
        """One statement."""
        self.take(_LABEL)
        start = self.at
        found = self.match(_KEYWORD)
        if found is not None:
            keyword = found[1].lower()
            own = _STATEMENTS.get(keyword)
            self.at = found.end()
            if own is not None:
                return own(self, start)
            lowered = self.declaration(keyword, start)
            if lowered or self.at != found.end():
                return lowered
            self.at = start
        return self._simple(start)

    # --- pipelines and assignments ---

    def _simple(self, start: int) -> list[ir.Statement]:
        self.annotation = None
        value = self.pipeline()
        if value is None:
            return []
        annotation = self.annotation
        assigned = self._assigned(start, value)
        if assigned is None:
            if isinstance(value, ir.Bind):
                return [ir.Assign(value.start, value.end, (value.target,), value.value, None)]
            return [ir.Evaluate(value.start, value.end, value)]
        made = ir.Assign(*self.span(start), (value,), assigned, annotation)
        if isinstance(value, ir.Index) and isinstance(value.value, ir.Name) and value.value.name == "env:":
            return [made, ir.Evaluate(value.start, value.end, value)]  # somebody will read it
        return [made]

    def _assigned(self, start: int, target: ir.Expression) -> ir.Expression | None:
        """What is assigned to a target, None where nothing is."""
        if not isinstance(target, ir.Name | ir.Attribute | ir.Index | ir.Collection):
            return None
        behind = self.at
        self.blank()
        found = self.take(_ASSIGNMENT)
        if found is None:
            self.at = behind
            return None
        self.lines()
        value = self.value_statement()
        span = self.span(start)
        if found[1] == "+":
            return ir.Join(*span, (target, value), False)
        if found[1] == "??":
            return ir.Choice(*span, None, (target, value))
        return value if not found[1] else ir.Operation(*span, found[1], (target, value))

    def value_statement(self) -> ir.Expression:
        """What stands on the right of `=`: a pipeline, or a statement that gives something."""
        start = self.at
        found = self.match(_KEYWORD)
        if found is not None and found[1].lower() in _GIVES:
            lowered = tuple(self.statement())
            return self.captured(lowered, self.span(start), False)
        value = self.pipeline()
        if value is None:
            return ir.Literal(*self.span(start), None)
        assigned = self._assigned(start, value)
        return value if assigned is None else ir.Bind(*self.span(start), value, assigned)

    # --- what statements give ---

    def given_by(self, closed_at: int, as_list: bool) -> ir.Expression:
        """What the statements up to a place give; the reader moves there."""
        start = self.at
        statements = self.statements_between(start, closed_at)
        self.at = min(closed_at, self.end)
        return self.captured(statements, self.span(start), as_list)

    def captured(self, statements: tuple[ir.Statement, ...], span: tuple[int, int], as_list: bool) -> ir.Expression:
        """What statements give, as a value; they themselves go before the statement that they are in."""
        values: list[ir.Expression] = []
        for index, statement in enumerate(statements):
            last = index == len(statements) - 1
            if isinstance(statement, ir.Evaluate) and _gives(statement.value, last):
                values.append(statement.value)
            elif isinstance(statement, ir.Branch | ir.Loop):
                held = ir.Name(*span, f"$({statement.start})")
                self.prelude.extend(redirected((statement,), partial(_assign, held), last))
                values.append(held)
            else:
                self.prelude.append(statement)
        if len(values) == 1 and not (as_list and isinstance(values[0], ir.Literal | ir.Join | ir.Mapping)):
            return values[0]
        return ir.Collection(*span, "list", tuple(values)) if values or as_list else ir.Literal(*span, None)

    # --- the kinds of statements ---

    def _condition(self) -> ir.Expression:
        self.lines()
        if self.here() == "(":
            return self.parenthesised()
        return self.expression() or ir.Literal(*self.span(self.at), None)

    def _if(self, start: int) -> list[ir.Statement]:
        conditions = [self._condition()]
        bodies = [self.block()]
        total = False
        while not total:
            behind = self.at
            self.lines()
            if self.take(_ELSE_IF) is not None:
                conditions.append(self._condition())
            elif self.take(_ELSE) is not None:
                total = True
            else:
                self.at = behind
                break
            bodies.append(self.block())
        return [ir.Branch(*self.span(start), tuple(conditions), tuple(bodies), total)]

    def _foreach(self, start: int) -> list[ir.Statement]:
        self.lines()
        while self.take(_OPTION) is not None:
            self.lines()
        if self.here() != "(":
            return []
        closed_at = self.closing(self.at)
        limit, self.end = self.end, closed_at
        self.at += 1
        self.lines()
        self.type_literals()
        target = self.variable()
        self.lines()
        self.take(_IN)
        self.lines()
        iterable = self.value_statement()
        self.end = limit
        self.at = min(closed_at + 1, limit)
        return [ir.Loop(*self.span(start), target, iterable, self.block())]

    def _for(self, start: int) -> list[ir.Statement]:
        self.lines()
        if self.here() != "(":
            return []
        closed_at = self.closing(self.at)
        before = self.statements_between(self.at + 1, closed_at)
        self.at = min(closed_at + 1, self.end)
        return [*before, ir.Loop(*self.span(start), None, None, self.block())]

    def _while(self, start: int) -> list[ir.Statement]:
        condition = self._condition()
        return [ir.Loop(*self.span(start), None, condition, self.block())]

    def _do(self, start: int) -> list[ir.Statement]:
        body = self.block()
        condition = self._condition() if self.take(_TAIL) is not None else None
        return [ir.Loop(*self.span(start), None, condition, body)]

    def _switch(self, start: int) -> list[ir.Statement]:
        self.lines()
        while self.take(_OPTION) is not None:
            self.lines()
        conditions = [self._condition()]
        bodies: list[tuple[ir.Statement, ...]] = []
        total = False
        self.lines()
        if self.here() == "{":
            closed_at = self.closing(self.at)
            limit, self.end = self.end, closed_at
            self.at += 1
            while True:
                self.lines()
                self.accept(";")
                self.lines()
                if self.at >= self.end:
                    break
                before = self.at
                if self.take(_DEFAULT) is not None:
                    total = True
                elif self.here() != "{" or bodies is None:
                    conditions.append(self._part() or ir.Literal(*self.span(before), None))
                else:
                    self.at = self.closing(self.at) + 1
                self.lines()
                if self.here() == "{":
                    bodies.append(self.block())
                if self.at == before:
                    self.at += 1
            self.end = limit
            self.at = min(closed_at + 1, limit)
        return [ir.Branch(*self.span(start), tuple(conditions), tuple(bodies), total)]

    def _try(self, start: int) -> list[ir.Statement]:
        body = self.block()
        lowered: list[ir.Statement] = [ir.Branch(*self.span(start), (), (body,), True)]
        handlers: list[tuple[ir.Statement, ...]] = []
        while True:
            behind = self.at
            self.lines()
            if self.take(_CATCH) is not None:
                self.lines()
                while self.here() == "[":
                    self.type_literals()
                    self.accept(",")
                    self.lines()
                handlers.append(self.block())
            elif self.take(_FINALLY) is not None:
                if handlers:
                    lowered.append(ir.Branch(*self.span(start), (), tuple(handlers), False))
                return [*lowered, *self.block()]
            else:
                self.at = behind
                break
        if handlers:
            lowered.append(ir.Branch(*self.span(start), (), tuple(handlers), False))
        return lowered

    def _trap(self, start: int) -> list[ir.Statement]:
        self.type_literals()
        return [ir.Branch(*self.span(start), (), (self.block(),), False)]

    def _return(self, start: int) -> list[ir.Statement]:
        self.blank()
        value = self.value_statement()
        if isinstance(value, ir.Literal) and value.value is None:
            return []
        return [ir.Return(*self.span(start), value)]

    def _throw(self, start: int) -> list[ir.Statement]:
        self.blank()
        value = self.pipeline()
        return [] if value is None else [ir.Evaluate(*self.span(start), value)]

    def _break(self, start: int) -> list[ir.Statement]:
        self.take(_REST)
        return []

    def _using(self, start: int) -> list[ir.Statement]:
        found = self.take(_USING)
        self.take(_REST)
        if found is None:
            return []
        name = found[1].strip().strip("'\"")
        return [ir.Import(*self.span(start), name, "*", "", 0)]


_STATEMENTS: dict[str, Callable[[Statements, int], list[ir.Statement]]] = {
    "if": Statements._if,
    "foreach": Statements._foreach,
    "for": Statements._for,
    "while": Statements._while,
    "do": Statements._do,
    "switch": Statements._switch,
    "try": Statements._try,
    "trap": Statements._trap,
    "return": Statements._return,
    "throw": Statements._throw,
    "exit": Statements._throw,
    "break": Statements._break,
    "continue": Statements._break,
    "using": Statements._using,
}


def redirected(
    statements: tuple[ir.Statement, ...], to: Callable[[ir.Expression], ir.Statement], last: bool = True
) -> tuple[ir.Statement, ...]:
    """Statements whose output goes somewhere: what they give is handed to `to` instead of being dropped."""
    made: list[ir.Statement] = []
    for index, statement in enumerate(statements):
        at_end = last and index == len(statements) - 1
        if isinstance(statement, ir.Evaluate) and _gives(statement.value, at_end):
            made.append(to(statement.value))
        elif isinstance(statement, ir.Branch):
            bodies = tuple([redirected(body, to, at_end) for body in statement.bodies])
            made.append(statement._replace(bodies=bodies))
        elif isinstance(statement, ir.Loop):
            made.append(statement._replace(body=redirected(statement.body, to, at_end)))
        else:
            made.append(statement)
    return tuple(made)


def _gives(value: ir.Expression, at_end: bool) -> bool:
    """Whether an expression that stands alone is what its block gives: plainly a value, or the last of it."""
    if isinstance(value, PURE):
        return True
    if isinstance(value, ir.Operation) and value.operator == DROPPED:
        return False
    if isinstance(value, ir.Command) and isinstance(value.name, ir.Literal):
        return at_end and _SILENT.match(str(value.name.value)) is None
    return at_end


def _assign(target: ir.Name, value: ir.Expression) -> ir.Statement:
    return ir.Assign(value.start, value.end, (target,), value, None)
