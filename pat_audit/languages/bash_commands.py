"""Lowers the commands of shell programs: pipelines, redirections, substitutions, and what they print."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.flow import ir
from pat_audit.languages.bash_words import BashWords, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tree_sitter import Node

READ_FROM = "<"
"""The variable that holds what is piped into a loop: what `read` reads there."""

ASSIGNING = frozenset({"variable_assignment", "variable_assignments"})
_SIMPLE = frozenset({"command", "redirected_statement", "pipeline", "list", "negated_command", "test_command"})


class Redirects(NamedTuple):
    """Where a command's input comes from and its output goes; `lost`: nobody reads what it prints."""

    input: ir.Expression | None
    writes: ir.Expression | None
    lost: bool
    rest: tuple[Node, ...]  # what follows behind a here-document's mark: stages of a pipeline, further commands


class BashCommands(BashWords):
    """The part of the lowering that gives what commands print."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.expressions.update(
            {
                "command": self.command,
                "pipeline": self.pipeline,
                "redirected_statement": self.redirected,
                "list": self.either,
                "command_substitution": self._substitution,
                "process_substitution": self._substitution,
                "negated_command": self._negated,
            }
        )

    # --- one command ---

    def command(
        self, node: Node, given: ir.Expression | None = None, writes: ir.Expression | None = None
    ) -> ir.Command:
        """A command with what is piped into it; variables set for it alone are arguments of `env`."""
        span = self.span(node)
        name: ir.Expression = ir.Literal(*span, "")
        before: list[ir.Argument] = []
        arguments: list[ir.Argument] = []
        for child in node.children:
            if child.type == "command_name":
                name = self.joined(self.span(child), [self.expression(part) for part in child.named_children])
            elif child.type == "variable_assignment":
                before.append(ir.Argument(None, self._for_command(child)))
            elif child.type == "herestring_redirect":
                given = self._last(child)
            elif child.type.endswith("_redirect"):
                found = self.redirects([child])
                given, writes = found.input or given, found.writes or writes
            elif child.is_named and not child.is_extra:
                arguments.append(self.argument(child))
        if before:
            arguments = [*before, ir.Argument(None, name), *arguments]
            name = ir.Literal(*span, "env")
        return ir.Command(*span, name, tuple(arguments), given, writes or self.scope.writes)

    def _for_command(self, node: Node) -> ir.Expression:
        name, value = self.child(node, "name"), self.child(node, "value")
        start = ir.Literal(*self.span(node), "=" if name is None else f"{self.text(name)}=")
        return start if value is None else ir.Join(*self.span(node), (start, self.expression(value)), True)

    def _last(self, node: Node) -> ir.Expression:
        return self.expression(node.named_children[-1] if node.named_children else None)

    # --- redirections ---

    def redirects(self, nodes: Sequence[Node]) -> Redirects:
        """What the redirections of a command come to, the last of each kind winning."""
        given: ir.Expression | None = None
        writes: ir.Expression | None = None
        lost = False
        rest: list[Node] = []
        for node in nodes:
            if node.type == "herestring_redirect":
                given = self._last(node)
            elif node.type == "heredoc_redirect":
                given = self._here_document(node)
                inner = [child for child in node.named_children if child.type == "file_redirect"]
                found = self.redirects(inner)
                writes, lost = found.writes or writes, found.lost or lost
                rest += [
                    child for child in node.named_children
                    if child.type not in ("heredoc_start", "heredoc_body", "heredoc_end", "file_redirect")
                ]  # fmt: skip
            elif node.type == "file_redirect":
                target = self.child(node, "destination")
                descriptor = self.child(node, "descriptor")
                written = "" if target is None else self.text(target)
                operator = next((child.type for child in node.children if not child.is_named), "")
                if operator == "<":
                    given = None if target is None else self._file(target)
                elif descriptor is not None and self.text(descriptor) not in ("1", ""):
                    continue
                elif operator == ">&" and written != "1":
                    lost = True
                elif target is not None and operator != ">&":
                    if written.startswith("/dev/"):
                        lost = True
                    else:
                        writes = self.expression(target)
        return Redirects(given, writes, lost or writes is not None, tuple(rest))

    def _here_document(self, node: Node) -> ir.Expression:
        mark = next((child for child in node.named_children if child.type == "heredoc_start"), None)
        body = next((child for child in node.named_children if child.type == "heredoc_body"), None)
        if body is None:
            return ir.Literal(*self.span(node), "")
        raw = mark is not None and any(quote in self.text(mark) for quote in "'\"\\")
        return self.mixed(self.span(body), body.start_byte, body.end_byte, body.children, raw)

    def _file(self, target: Node) -> ir.Expression:
        """What stands in a file."""
        span = self.span(target)
        if target.type == "process_substitution":
            return self.expression(target)
        return ir.Command(*span, ir.Literal(*span, "cat"), (ir.Argument(None, self.expression(target)),))

    def redirected(self, node: Node) -> ir.Expression:
        """A command with redirections, as an expression."""
        return self.staged(node, None)

    # --- several commands ---

    def pipeline(self, node: Node) -> ir.Expression:
        """`a | b`: what the last command prints."""
        return self.flow([child for child in node.named_children if not child.is_extra], None)

    def flow(self, stages: Iterable[Node], given: ir.Expression | None) -> ir.Expression:
        """What the last stage prints when each is handed what the one before it prints."""
        made: ir.Expression = ir.Literal(0, 0, "")
        for stage in stages:
            made = given = self.staged(stage, given)
        return made

    def staged(self, node: Node, given: ir.Expression | None) -> ir.Expression:
        """One stage of a pipeline."""
        if node.type == "command":
            return self.command(node, given)
        if node.type == "pipeline":
            return self.flow([child for child in node.named_children if not child.is_extra], given)
        if node.type == "redirected_statement":
            body = self.child(node, "body")
            found = self.redirects(node.children_by_field_name("redirect"))
            given = found.input if found.input is not None else given
            if body is None:
                made = given if given is not None else ir.Literal(*self.span(node), "")
            elif body.type == "command":
                made = self.command(body, given, found.writes)
            else:
                before = self.scope
                self.scope = replace(before, writes=found.writes or before.writes)
                made = self.staged(body, given)
                self.scope = before
            return self.flow(found.rest, made) if found.rest else made
        if node.type in _SIMPLE or node.type in self.expressions:
            return self.expression(node)
        return self.block_printing(node, given)

    def either(self, node: Node) -> ir.Expression:
        """`a && b || c` as a value: what is printed by those that may print."""
        parts = self.unrolled_list(node)
        first = self.staged(parts[0][1], None)
        printed: list[ir.Expression] = [first]
        condition: ir.Expression | None = None
        for operator, part in parts[1:]:
            if operator == "&&":
                condition = printed.pop() if printed else None
            printed.append(self.staged(part, None))
        if condition is None and len(printed) == 1:
            return printed[0]
        return ir.Choice(*self.span(node), condition, tuple(printed))

    def unrolled_list(self, node: Node) -> list[tuple[str, Node]]:
        """The commands of `a && b || c` with the operator before each."""
        parts: list[tuple[str, Node]] = []
        rest: Node | None = node
        while rest is not None and rest.type == "list":
            named = [child for child in rest.named_children if not child.is_extra]
            operator = next((child.type for child in rest.children if not child.is_named), "")
            parts += [(operator, child) for child in reversed(named[1:])]
            rest = named[0] if named else None
        if rest is not None:
            parts.append(("", rest))
        return parts[::-1]

    def _negated(self, node: Node) -> ir.Expression:
        return self._last(node)

    def _substitution(self, node: Node) -> ir.Expression:
        """`$(…)`: what the commands in it print."""
        inside = [child for child in node.named_children if not child.is_extra]
        if len(inside) == 1:
            only = inside[0]
            if only.type == "file_redirect":
                target = self.child(only, "destination")
                return ir.Literal(*self.span(node), "") if target is None else self._file(target)
            if only.type in _SIMPLE or only.type == "subshell":
                return self.staged(only, None)
        return self.block_printing(node, None)

    def block_printing(self, node: Node, given: ir.Expression | None) -> ir.Expression:
        """What a group of commands prints: one behind the other, or as a function of its own prints it."""
        span = self.span(node)
        inside = [child for child in node.named_children if not child.is_extra]
        if inside and all(child.type in ("command", "redirected_statement", "pipeline") for child in inside):
            parts: list[ir.Expression] = []
            for child in inside:
                parts += [self.staged(child, given), ir.Literal(*span, "\n")]
                given = None
            return parts[0] if len(parts) == 2 else ir.Join(*span, tuple(parts), True)
        scope = replace(self.scope, printing=True)
        nodes = [node] if node.type in self.statements_of else inside
        function = ir.Function(
            *span, "", (ir.Parameter(*span, ir.PIPED, None, None, "", True),), self.deferred(scope, nodes), ()
        )
        handed = () if given is None else (ir.Argument(ir.PIPED, given),)
        return ir.Call(*span, function, handed)

    def deferred(self, scope: Scope, nodes: Sequence[Node]) -> Callable[[], tuple[ir.Statement, ...]]:
        """Statements that are lowered when they are first asked for, in a scope of their own."""
        lowered: list[tuple[ir.Statement, ...]] = []

        def body() -> tuple[ir.Statement, ...]:
            if not lowered:
                before, depth = self.scope, self._depth
                self.scope, self._depth = scope, 0
                try:
                    lowered.append(self.statements(nodes))
                finally:
                    self.scope, self._depth = before, depth
            return lowered[0]

        return body
