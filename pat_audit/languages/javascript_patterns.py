"""JavaScript's patterns to IR: targets that take an object or a list apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.javascript_expressions import ExpressionLowering

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node


class PatternLowering(ExpressionLowering):
    """Turns the binding of a pattern into assignments of its names."""

    def assigned(
        self, target: Node, value: ir.Expression, span: tuple[int, int], annotation: ir.Expression | None = None
    ) -> Iterable[ir.Statement]:
        """The statements that bind a target, which may be a pattern, to a value."""
        if target.type not in ("object_pattern", "array_pattern"):
            yield ir.Assign(*span, (self.expression(target),), value, annotation)
            return
        whole = value
        if not isinstance(value, ir.Name):
            whole = ir.Name(value.start, value.end, f"{{{target.start_byte}}}")
            bound = ir.Bind(value.start, value.end, whole, value)
            yield ir.Evaluate(value.start, value.end, bound)
        yield from self.take_apart(target, whole)

    def take_apart(self, pattern: Node, whole: ir.Expression) -> Iterable[ir.Statement]:
        """The statements that bind what a pattern names to the parts of `whole`."""
        if pattern.type == "array_pattern":
            yield from self._items(pattern, whole)
            return
        for child in pattern.named_children:
            span = self.span(child)
            if child.type == "shorthand_property_identifier_pattern":
                name = self.text(child)
                yield ir.Assign(*span, (ir.Name(*span, name),), ir.Attribute(*span, whole, name), None)
            elif child.type == "object_assignment_pattern":
                left, right = self.child(child, "left"), self.child(child, "right")
                if left is not None:
                    name = self.text(left)
                    yield from self._part(left, ir.Attribute(*self.span(left), whole, name), right, span)
            elif child.type == "pair_pattern":
                key, value = self.child(child, "key"), self.child(child, "value")
                if key is not None and value is not None:
                    yield from self._part(value, self._property(whole, key), None, span)
            elif child.type == "rest_pattern" and child.named_children:
                yield ir.Assign(*span, (self.expression(child.named_children[0]),), whole, None)

    def _property(self, whole: ir.Expression, key: Node) -> ir.Expression:
        written = self.key(key)
        if isinstance(written, ir.Literal) and isinstance(written.value, str):
            name = ir.DEFAULT if written.value == "default" else written.value
            return ir.Attribute(written.start, written.end, whole, name)
        return ir.Index(written.start, written.end, whole, written)

    def _items(self, pattern: Node, whole: ir.Expression) -> Iterable[ir.Statement]:
        place = 0
        for child in pattern.children:
            if not child.is_named:
                place += self.text(child) == ","
                continue
            span = self.span(child)
            if child.type == "rest_pattern" and child.named_children:
                yield ir.Assign(*span, (self.expression(child.named_children[0]),), whole, None)
            elif not child.is_extra:
                yield from self._part(child, ir.Index(*span, whole, ir.Literal(*span, place)), None, span)

    def _part(
        self, target: Node, value: ir.Expression, default: Node | None, span: tuple[int, int]
    ) -> Iterable[ir.Statement]:
        if target.type == "assignment_pattern":
            left, default = self.child(target, "left"), self.child(target, "right")
            if left is None:
                return
            target = left
        if default is not None:
            value = ir.Choice(value.start, value.end, None, (value, self.expression(default)))
        if target.type in ("object_pattern", "array_pattern"):
            yield from self.take_apart(target, value)
        else:
            yield ir.Assign(*span, (self.expression(target),), value, None)
