"""The tree of a program by place: which expression has a span, and what it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pat_audit.flow import ir

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STATEMENTS = (
    ir.Assign, ir.Evaluate, ir.Return, ir.Branch, ir.Loop, ir.Import, ir.Function, ir.Class,
)  # fmt: skip
_EXPRESSIONS_TOO = (ir.Function,)  # a lambda is an expression of the same kind


class Places:
    """The nodes of a file's programs, each with the node that it stands in."""

    def __init__(self, modules: Sequence[ir.Module]) -> None:
        self.modules = tuple(modules)
        self._parents: dict[int, Any] = {}
        self._by_span: dict[tuple[int, int], list[Any]] = {}
        self.nodes: list[Any] = []  # in the order of a walk; nodes are told apart by identity, so they must stay
        pending: list[tuple[Any, Any]] = [(module, None) for module in reversed(self.modules)]
        while pending:
            node, parent = pending.pop()
            self.nodes.append(node)
            self._parents[id(node)] = parent
            start = getattr(node, "start", None)
            if start is not None:
                self._by_span.setdefault((start, node.end), []).append(node)
            pending.extend((child, node) for child in reversed(list(children(node))))

    def at(self, start: int, end: int) -> Any | None:
        """The outermost expression with exactly this span, or a call that is a statement of its own."""
        for node in self._by_span.get((start, end), ()):
            if not isinstance(node, STATEMENTS) or isinstance(node, _EXPRESSIONS_TOO):
                return node
        return None

    def parent(self, node: Any) -> Any | None:
        """What a node directly stands in: an `Argument` or `Entry`, an expression, a statement, a module."""
        return self._parents.get(id(node))

    def around(self, node: Any) -> Iterator[Any]:
        """What a node stands in, from the inside out, without itself."""
        outer = self.parent(node)
        while outer is not None:
            yield outer
            outer = self.parent(outer)

    def statement(self, node: Any) -> Any | None:
        """The innermost statement that a node stands in."""
        return next((outer for outer in self.around(node) if isinstance(outer, STATEMENTS)), None)

    def function(self, node: Any) -> ir.Function | None:
        """The innermost function that a node stands in."""
        return next((outer for outer in self.around(node) if isinstance(outer, ir.Function)), None)

    def within(self, start: int, end: int) -> Iterator[Any]:
        """Every node that lies in a span."""
        for node in self.nodes:
            if getattr(node, "start", -1) >= start and node.end <= end:
                yield node


def children(node: Any) -> Iterator[Any]:
    """The nodes directly below a node, function bodies lowered."""
    for field in node:
        yield from _nodes_in(field)
    if isinstance(node, ir.Function):
        try:
            yield from node.body()
        except ir.Unreadable:
            return


def _nodes_in(field: Any) -> Iterator[Any]:
    if isinstance(field, tuple):
        if hasattr(field, "_fields"):
            yield field
        else:
            for item in field:
                yield from _nodes_in(item)
