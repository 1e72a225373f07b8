"""The common ground of the front ends on tree-sitter: parsing, spans, and what to do with unknown nodes."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING, Any

from pat_audit.flow import holes, ir
from pat_audit.languages.written import literal, placed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node, Parser

MOST_SECONDS = 10
"""Seconds for the tree of one text: a grammar that takes each part of it for several things never ends."""

_PIECE = 1 << 14  # bytes handed over at a time: a grammar that goes back over its text is handed them again

MAX_DEPTH = 400  # nested nodes of an expression or statement; deeper than any that a person writes


@cache
def _parser(package: str, grammar: str) -> Parser:
    import tree_sitter

    module = import_module(package)
    return tree_sitter.Parser(tree_sitter.Language(getattr(module, grammar)()))


def parse(package: str, data: bytes, grammar: str = "language") -> Node:
    """The root of a text's tree by the grammar that `package` brings (`tree_sitter_go`).

    It refuses no text but one that takes it MOST_SECONDS: then it raises `ir.Unreadable`.
    """
    parser = _parser(package, grammar)
    end = monotonic() + MOST_SECONDS
    try:
        tree = parser.parse(
            lambda offset, point: data[offset : offset + _PIECE],
            encoding="utf8",
            progress_callback=lambda *state: monotonic() > end,
        )
    except ValueError:
        parser.reset()
        raise ir.Unreadable("its grammar reads it in more ways than there is time for") from None
    return tree.root_node


class TreeLowering:
    """Turns the nodes of one tree into IR.

    A front end fills the tables `expressions` and `statements_of` by node type. Of an expression that stands in
    neither, the parts are evaluated and nothing else; of a statement, and of an error that the grammar found,
    the statements and expressions inside it.
    """

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        self.data = data
        self._size = len(data)
        self._place = place
        self._depth = 0
        self.expressions: dict[str, Callable[[Node], ir.Expression]] = {}
        self.statements_of: dict[str, Callable[[Node], Iterable[ir.Statement]]] = {}

    # --- positions and texts ---

    def span(self, node: Node) -> tuple[int, int]:
        """Where a node stands in the file: byte offsets."""
        return self.between(node.start_byte, node.end_byte)

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Where bytes of the program stand in the file; what was broken off ends with the text."""
        size = self._size
        start, end = (start if start < size else size), (end if end < size else size)
        return (start, end) if self._place is None else placed(self._place, start, end)

    def text(self, node: Node) -> str:
        """What is written in a node."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def child(self, node: Node, *fields: str) -> Node | None:
        """The first child that stands in one of the fields."""
        for field in fields:
            found = node.child_by_field_name(field)
            if found is not None:
                return found
        return None

    def literal(self, span: tuple[int, int], text: str) -> ir.Expression:
        """Written text; what a template fills in stands in it as values from outside."""
        return literal(span, text)

    def name(self, node: Node) -> ir.Expression:
        """An identifier, or what a template fills in where one stands."""
        text = self.text(node)
        return self.literal(self.span(node), text) if holes.has_marker(text) else ir.Name(*self.span(node), text)

    def joined(self, span: tuple[int, int], parts: list[ir.Expression], sure: bool = True) -> ir.Expression:
        """Parts put together to one text; one alone is itself."""
        if not parts:
            return ir.Literal(*span, "")
        if len(parts) == 1 and isinstance(parts[0], ir.Literal):
            return ir.Literal(*span, parts[0].value)
        return ir.Join(*span, tuple(parts), sure)

    # --- nodes ---

    def expression(self, node: Node | None) -> ir.Expression:
        """The IR of one expression; of what has no meaning for us, its parts for their effects."""
        if node is None:
            return ir.Literal(0, 0, None)
        self._enter()
        try:
            kind = node.type
            lowering = self.expressions.get(kind)
            if lowering is not None:
                return lowering(node)
            children = node.named_children
            if len(children) == 1 and kind.startswith("parenthesized"):
                return self.expression(children[0])
            operands = tuple([self.expression(child) for child in children if not is_comment(child)])
            return ir.Operation(*self.span(node), kind, operands)
        finally:
            self._depth -= 1

    def statements(self, nodes: Iterable[Node]) -> tuple[ir.Statement, ...]:
        """The IR of statements in order; those that cannot matter vanish."""
        lowered: list[ir.Statement] = []
        for node in nodes:
            lowered.extend(self.statement(node))
        return tuple(lowered)

    def statement(self, node: Node) -> Iterable[ir.Statement]:
        """The IR of one statement."""
        self._enter()
        try:
            kind = node.type
            lowering = self.statements_of.get(kind)
            if lowering is not None:
                return tuple(lowering(node))
            if is_comment(node):
                return ()
            if kind in self.expressions:
                expression = self.expression(node)
                return (ir.Evaluate(expression.start, expression.end, expression),)
            return self.statements(node.named_children)
        finally:
            self._depth -= 1

    def block(self, node: Node | None) -> tuple[ir.Statement, ...]:
        """The statements of a block, or of the one statement in a block's place."""
        return () if node is None else tuple(self.statement(node))

    def later(self, node: Node | None) -> Callable[[], tuple[ir.Statement, ...]]:
        """A body that is lowered when it is first asked for; one nested too deep to hold has nothing in it."""

        @cache
        def lowered() -> tuple[ir.Statement, ...]:
            self._depth = 0
            try:
                return self.block(node)
            except (ir.Unreadable, RecursionError):
                return ()  # the rest of the file is as good as before

        return lowered

    def within_bounds(self, lowered: Callable[[], tuple[ir.Statement, ...]]) -> tuple[ir.Statement, ...]:
        """What `lowered` gives; raises `ir.Unreadable` where the stack does not hold it, deep in an evaluation."""
        try:
            return lowered()
        except RecursionError:
            raise ir.Unreadable("nested too deep") from None

    def unrolled(self, node: Node, operator: str, left: str = "left", right: str = "right") -> list[Node]:
        """The operands of a chain `a + b + c` that nests to the left, thousands deep in generated code."""
        parts: list[Node] = []
        rest: Any = node
        while rest is not None and rest.type == node.type and self._operator(rest) == operator:
            parts.append(rest.child_by_field_name(right))
            rest = rest.child_by_field_name(left)
        parts.append(rest)
        return [part for part in reversed(parts) if part is not None]

    def _operator(self, node: Node) -> str:
        found = node.child_by_field_name("operator")
        if found is None:
            found = next((child for child in node.children if not child.is_named), None)
        return "" if found is None else self.text(found)

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ir.Unreadable(f"nested more than {MAX_DEPTH} deep")


def is_comment(node: Node) -> bool:
    """Whether a node is nothing that a program does; what a grammar could not read may also stand anywhere."""
    return (node.is_extra and not node.is_error) or node.type.endswith("comment")
