"""C# expressions to IR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.csharp_construction import ConstructionLowering

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

_COMPARISONS = {"==": "Eq", "!=": "NotEq", "<": "Lt", "<=": "LtE", ">": "Gt", ">=": "GtE"}
_AWAITED = "Result"  # of a task: what awaiting it gives


class ExpressionLowering(ConstructionLowering):
    """Turns the expressions of one file into IR."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.expressions.update(
            {
                "member_access_expression": self._member,
                "conditional_access_expression": self._conditional_access,
                "member_binding_expression": self._member_binding,
                "element_access_expression": self._element,
                "element_binding_expression": self._element_binding,
                "invocation_expression": self._invocation,
                "assignment_expression": self._assigned,
                "binary_expression": self._binary,
                "is_pattern_expression": self._is,
                "is_expression": lambda node: ir.Operation(
                    *self.span(node), "is", (self.expression(self.child(node, "left")),)
                ),
                "declaration_pattern": self._declared,
                "var_pattern": self._declared,
                "recursive_pattern": self._declared,
                "declaration_expression": self._declared,
                "conditional_expression": self._choice,
                "switch_expression": self._switch,
                "query_expression": self._query,
            }
        )

    # --- members, items, calls ---

    def _member(self, node: Node) -> ir.Expression:
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("expression")
        if name is None or value is None:
            return self._inner(node)
        return self._attribute(node, self.expression(value), name)

    def _attribute(self, node: Node, value: ir.Expression, name: Node) -> ir.Expression:
        text = self.text(name).partition("<")[0].strip().removeprefix("@")
        return value if text == _AWAITED else ir.Attribute(*self.span(node), value, text)

    def _conditional_access(self, node: Node) -> ir.Expression:
        condition = node.child_by_field_name("condition")
        rest = next((child for child in reversed(node.named_children) if child != condition), None)
        if condition is None or rest is None:
            return self._inner(node)
        self._receivers.append(self.expression(condition))
        try:
            return self.expression(rest)
        finally:
            self._receivers.pop()

    def _receiver(self, node: Node) -> ir.Expression:
        return self._receivers[-1] if self._receivers else ir.Operation(*self.span(node), "?", ())

    def _member_binding(self, node: Node) -> ir.Expression:
        name = node.child_by_field_name("name")
        return self._receiver(node) if name is None else self._attribute(node, self._receiver(node), name)

    def _element(self, node: Node) -> ir.Expression:
        value = self.expression(node.child_by_field_name("expression"))
        return ir.Index(*self.span(node), value, self._key(node.child_by_field_name("subscript")))

    def _element_binding(self, node: Node) -> ir.Expression:
        return ir.Index(*self.span(node), self._receiver(node), self._key(node))

    def _invocation(self, node: Node) -> ir.Expression:
        function = node.child_by_field_name("function")
        given = node.child_by_field_name("arguments")
        span = self._called_at(node, function)
        if function is not None and function.type == "identifier" and self.text(function) == "nameof":
            named = self.text(given).strip("()").rpartition(".")[2].strip() if given is not None else ""
            return ir.Literal(*span, named)
        callee = ir.Literal(*span, None) if function is None else self.expression(function)
        arguments, outs = self._arguments(given)
        called: ir.Expression = ir.Call(*span, callee, arguments)
        for out in outs:  # what a call hands out is what it gives, as far as it matters here
            called = ir.Bind(*span, out, called)
        return called

    def _called_at(self, node: Node, function: Node | None) -> tuple[int, int]:
        """Where a call stands: in a chain over several lines, from the line that names the method."""
        name = None if function is None else function.child_by_field_name("name")
        if name is None or name.start_point[0] == node.start_point[0]:
            return self.span(node)
        return self.between(name.start_byte, node.end_byte)

    # --- operators ---

    def _assigned(self, node: Node) -> ir.Expression:
        """An assignment inside an expression."""
        target, value = self.assignment(node)
        return value if target is None else ir.Bind(*self.span(node), target, value)

    def assignment(self, node: Node) -> tuple[ir.Expression | None, ir.Expression]:
        """The place that is assigned and what it gets; no place where an operator makes of it what cannot matter."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None:
            return None, self.expression(right)
        span = self.span(node)
        target = self._target_of(left)
        name = target.name if isinstance(target, ir.Attribute) else ""
        value = self._for(f"new {name}" if name else "", right)
        operator = self._operator(node)
        if operator == "=":
            return target, value
        if operator == "+=":
            return target, ir.Join(*span, (target, value), False)
        if operator == "??=":
            return target, ir.Choice(*span, None, (target, value))
        return None, ir.Operation(*span, operator, (target, value))

    def _binary(self, node: Node) -> ir.Expression:
        operator = self._operator(node)
        span = self.span(node)
        if operator == "??":
            options = []
            rest: Node | None = node
            while rest is not None and rest.type == "binary_expression" and self._operator(rest) == "??":
                options.append(self.expression(rest.child_by_field_name("left")))
                rest = rest.child_by_field_name("right")
            return ir.Choice(*span, None, (*options, self.expression(rest)))
        parts = self.unrolled(node, operator)
        if operator in _COMPARISONS:
            return ir.Operation(*span, _COMPARISONS[operator], tuple([self._compared(part) for part in parts]))
        operands = tuple([self.expression(part) for part in parts])
        if operator == "+":
            return ir.Join(*span, operands, False)
        return ir.Operation(*span, operator, operands)

    def _compared(self, node: Node) -> ir.Expression:
        """One side of a comparison; a length is told apart, as it says what a token is taken to be."""
        value = self.expression(node)
        if isinstance(value, ir.Attribute) and value.name == "Length":
            counted = ir.Name(value.start, value.end, "length of")
            return ir.Call(value.start, value.end, counted, (ir.Argument(None, value.value),))
        return value

    def _is(self, node: Node) -> ir.Expression:
        value = self.expression(node.child_by_field_name("expression"))
        pattern = node.child_by_field_name("pattern")
        target = None if pattern is None else self._variable(pattern)
        if target is not None:
            value = ir.Bind(*self.span(node), target, value)
        return ir.Operation(*self.span(node), "is", (value,))

    def _declared(self, node: Node) -> ir.Expression:
        return self._variable(node) or ir.Operation(*self.span(node), node.type, ())

    def _variable(self, node: Node) -> ir.Expression | None:
        """The variable that a pattern or an `out` argument declares."""
        name = node.child_by_field_name("name")
        if name is None:
            return None
        if name.type != "identifier":
            return self.expression(name)
        return self.declare(name)

    def _choice(self, node: Node) -> ir.Expression:
        options = [self._for(self._target, node.child_by_field_name(part)) for part in ("consequence", "alternative")]
        return ir.Choice(*self.span(node), self.expression(node.child_by_field_name("condition")), tuple(options))

    def _switch(self, node: Node) -> ir.Expression:
        subject = self.expression(node.named_children[0]) if node.named_children else ir.Literal(0, 0, None)
        arms = [
            child for child in node.named_children if child.type == "switch_expression_arm" and child.named_children
        ]
        conditions: list[ir.Expression] = [subject]
        options: list[ir.Expression] = []
        for arm in arms:
            conditions.extend(self.expression(part) for part in arm.named_children[:-1])
            options.append(self.expression(arm.named_children[-1]))
        return ir.Choice(*self.span(node), ir.Operation(*self.span(node), "switch", tuple(conditions)), tuple(options))

    def _query(self, node: Node) -> ir.Expression:
        bindings: list[tuple[ir.Expression, ir.Expression]] = []
        conditions: list[ir.Expression] = []
        element: ir.Expression = ir.Literal(*self.span(node), None)
        for clause in node.named_children:
            inner = [child for child in clause.named_children if child != clause.child_by_field_name("type")]
            if clause.type in ("from_clause", "let_clause", "join_clause") and len(inner) >= 2:
                source = self.expression(inner[1])
                bindings.append((self.declare(inner[0]), source))
            elif clause.type == "select_clause" and inner:
                element = self.expression(inner[0])
            else:
                conditions.extend(self.expression(child) for child in inner)
        return ir.Each(*self.span(node), "list", element, tuple(bindings), tuple(conditions))
