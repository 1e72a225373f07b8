"""The front end for shell programs: sh, bash, zsh and ksh, lowered from the tree of the bash grammar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.flow.language import Language
from pat_audit.languages.bash_builtins import BashBuiltins
from pat_audit.languages.bash_commands import READ_FROM
from pat_audit.languages.bash_functions import outer_names, parameters_of
from pat_audit.languages.bash_layout import BashLayout
from pat_audit.languages.bash_words import ALL, Scope
from pat_audit.languages.syntax_tree import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node


class Bash(BashBuiltins):
    """Lowers one shell program."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.statements_of.update(
            {
                "command": self._command_statement,
                "redirected_statement": self._redirected_statement,
                "pipeline": self._pipeline_statement,
                "list": self._list_statement,
                "negated_command": self._negated_statement,
                "variable_assignment": self.assignment,
                "declaration_command": self.declaration,
                "function_definition": self._function,
                "if_statement": self._if,
                "case_statement": self._case,
                "for_statement": self._for,
                "c_style_for_statement": self._while,
                "while_statement": self._while,
                "unset_command": lambda node: (),
            }
        )

    # --- commands ---

    def _printed(self, value: ir.Expression, lost: bool = False) -> ir.Statement:
        """A command as a statement: in a function, what it prints is what the function gives."""
        if self.scope.printing and not lost and self.scope.writes is None:
            return ir.Return(value.start, value.end, value)
        return ir.Evaluate(value.start, value.end, value)

    def _command_statement(self, node: Node, given: ir.Expression | None = None) -> Iterable[ir.Statement]:
        name = self.child(node, "name")
        built_in = None if name is None else self.built_in.get(self.text(name))
        made = None if built_in is None else built_in(node, given)
        if made is not None:
            return made
        return (self._printed(self.command(node, given)),)

    def _redirected_statement(self, node: Node) -> Iterable[ir.Statement]:
        body = self.child(node, "body")
        if (
            body is None
            or body.type == "pipeline"
            or not (body.type in self.statements_of or body.type not in self.expressions)
        ):
            value = self.staged(node, None)
            found = self.redirects(node.children_by_field_name("redirect"))
            return (self._printed(value, found.lost),)
        found = self.redirects(node.children_by_field_name("redirect"))
        if body.type == "command":
            if found.input is None or found.writes is not None or found.rest:
                plain = tuple(self._command_statement(body)) if not (found.input or found.writes or found.rest) else ()
                if plain and not isinstance(plain[0], ir.Return):
                    return plain
                return (self._printed(self.staged(node, None), found.lost),)
            return self._command_statement(body, found.input)
        before = self.scope
        self.scope = replace(before, writes=found.writes or before.writes, printing=before.printing and not found.lost)
        try:
            return (*self._handed(node, found.input), *self.block(body), *self.statements(found.rest))
        finally:
            self.scope = before

    def _handed(self, node: Node, given: ir.Expression | None) -> tuple[ir.Statement, ...]:
        """What the `read` of a loop reads."""
        if given is None:
            return ()
        target = ir.Name(*self.span(node), READ_FROM)
        return (ir.Assign(*self.span(node), (target,), given, None),)

    def _pipeline_statement(self, node: Node) -> Iterable[ir.Statement]:
        stages = [child for child in node.named_children if not child.is_extra]
        last = stages[-1]
        if len(stages) < 2:
            return self.statements(stages)
        if last.type in self.expressions and last.type != "redirected_statement":
            given = self.flow(stages[:-1], None)
            if last.type == "command":
                return self._command_statement(last, given)
            return (self._printed(self.staged(last, given)),)
        body = self.child(last, "body") if last.type == "redirected_statement" else last
        if body is not None and body.type == "command":
            found = self.redirects(last.children_by_field_name("redirect"))
            return (self._printed(self.flow(stages, None), found.lost),)
        return (*self._handed(node, self.flow(stages[:-1], None)), *self.statement(last))

    def _list_statement(self, node: Node) -> Iterable[ir.Statement]:
        (_, first), *rest = self.unrolled_list(node)
        lowered = list(self.statement(first))
        for _, part in rest:
            body = tuple(self.statement(part))
            if body:
                lowered.append(ir.Branch(*self.span(part), (), (body,), False))
        return lowered

    def _negated_statement(self, node: Node) -> Iterable[ir.Statement]:
        return self.statements(node.named_children)

    # --- blocks ---

    def _function(self, node: Node) -> Iterable[ir.Statement]:
        name, body = self.child(node, "name"), self.child(node, "body")
        if name is None or body is None:
            return ()
        span = self.span(node)
        text = self.data[body.start_byte : body.end_byte]
        names, uses_all = parameters_of(text)
        parameters = [ir.Parameter(*span, called, None, None, "", False) for called in names.values()]
        if uses_all:
            parameters.append(ir.Parameter(*span, ALL, None, None, "*", False))
        parameters.append(ir.Parameter(*span, ir.PIPED, None, None, "", True))
        scope = Scope(names, printing=True)
        outer = tuple([name for name in outer_names(text) if name not in names.values()])
        function = ir.Function(*span, self.text(name), tuple(parameters), self.deferred(scope, [body]), (), outer)
        return (function,)

    def _conditions(self, nodes: Iterable[Node]) -> tuple[ir.Statement, ...]:
        """What is run to decide; nobody reads what it prints."""
        before = self.scope.printing
        self.scope.printing = False
        try:
            return self.statements(nodes)
        finally:
            self.scope.printing = before

    def _if(self, node: Node) -> Iterable[ir.Statement]:
        before: list[ir.Statement] = []
        bodies: list[tuple[ir.Statement, ...]] = []
        total = False
        inside = [child for child in node.named_children if child.type not in ("elif_clause", "else_clause")]
        for clause in [node, *(child for child in node.named_children if child.type in ("elif_clause", "else_clause"))]:
            parts = inside if clause is node else clause.named_children
            marks = [child.start_byte for child in clause.children if child.type == "then"]
            then = marks[0] if marks else clause.start_byte
            before += self._conditions(part for part in parts if part.start_byte < then)
            bodies.append(self.statements(part for part in parts if part.start_byte >= then))
            total = total or clause.type == "else_clause"
        return (*before, ir.Branch(*self.span(node), (), tuple(bodies), total))

    def _case(self, node: Node) -> Iterable[ir.Statement]:
        value = self.child(node, "value")
        looked_at = "" if value is None else self.text(value).strip('"${}').partition("#")[0]
        bodies: list[tuple[ir.Statement, ...]] = []
        total = False
        before = self.scope
        for item in node.named_children:
            if item.type != "case_item":
                continue
            values = item.children_by_field_name("value")
            patterns = [self.text(pattern).strip("\"'") for pattern in values]
            total = total or "*" in patterns
            option = _option(patterns, looked_at == before.letters != "")
            self.scope = replace(before, option=option or before.option, looping=True)
            bodies.append(self.statements(child for child in item.named_children if child not in values))
        self.scope = before
        condition = () if value is None else (self.expression(value),)
        return (ir.Branch(*self.span(node), condition, tuple(bodies), total),)

    def _loop(self, body: Node | None, given: bool) -> tuple[ir.Statement, ...]:
        before = self.scope
        self.scope = replace(before, looping=True, piped=before.piped or given)
        try:
            return self.block(body)
        finally:
            self.scope = before

    def _for(self, node: Node) -> Iterable[ir.Statement]:
        variable = self.child(node, "variable")
        target = None if variable is None else ir.Name(*self.span(variable), self.text(variable))
        values = [self.argument(value) for value in node.children_by_field_name("value")]
        items = tuple([value if value.name else value.value for value in values])
        iterable = ir.Collection(*self.span(node), "list", items) if items else None
        return (ir.Loop(*self.span(node), target, iterable, self._loop(self.child(node, "body"), False)),)

    def _while(self, node: Node) -> Iterable[ir.Statement]:
        body = self.child(node, "body")
        before = self.scope
        self.scope = replace(before, looping=True, piped=_is_handed(node) or before.piped)
        try:
            conditions = self._conditions(child for child in node.named_children if child != body)
            self.scope.piped = before.piped
            return (ir.Loop(*self.span(node), None, None, (*conditions, *self.block(body))),)
        finally:
            before.letters = self.scope.letters
            self.scope = before


def _is_handed(node: Node) -> bool:
    """Whether a loop is handed something to read."""
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "pipeline":
        return parent.named_children[0] != node
    return parent.type == "redirected_statement"


def _option(patterns: list[str], letters: bool) -> str:
    """The option that a case is for, without its dashes: the longest spelling."""
    spelled = [pattern.rstrip("*").rstrip("=") for pattern in patterns]
    dashed = [name.lstrip("-") for name in spelled if name.startswith("-") and name.strip("-")]
    if letters:
        dashed += [name for name in spelled if len(name) == 1 and name.isalnum()]
    return max(dashed, key=len, default="")


def lower(path: str, data: bytes, place: Callable[[int], int] | None = None) -> ir.Module:
    """The IR of one shell program."""
    lowering = Bash(data, place)
    try:
        return ir.Module(path, lowering.statements(parse("tree_sitter_bash", data).children))
    except RecursionError:
        raise ir.Unreadable("nested too deeply") from None


LANGUAGE = Language("bash", lower, BashLayout, unbound="environment")
