"""JavaScript's and TypeScript's expressions to IR: objects, members, calls and operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.javascript_texts import TextLowering

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

LENGTH = "length of"
"""The name that `.length` is modelled under, where it stands beside a number."""

_COMPARISONS = {
    "==": "Eq", "===": "Eq", "!=": "NotEq", "!==": "NotEq", "<": "Lt", "<=": "LtE", ">": "Gt", ">=": "GtE",
}  # fmt: skip


class ExpressionLowering(TextLowering):
    """Turns the expressions of one file into IR."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.required: dict[str, ir.Import] = {}  # modules that an expression brings in, by the name they get
        self.expressions.update(
            {
                "identifier": self._identifier,
                "shorthand_property_identifier": self._identifier,
                "shorthand_property_identifier_pattern": self._identifier,
                "undefined": lambda node: ir.Literal(*self.span(node), None),
                "null": lambda node: ir.Literal(*self.span(node), None),
                "true": lambda node: ir.Literal(*self.span(node), True),
                "false": lambda node: ir.Literal(*self.span(node), False),
                "regex": lambda node: ir.Operation(*self.span(node), "regex", ()),
                "this": lambda node: ir.Name(*self.span(node), "this"),
                "super": lambda node: ir.Super(*self.span(node)),
                "meta_property": self._meta,
                "member_expression": self._member,
                "subscript_expression": self._subscript,
                "call_expression": self._call,
                "new_expression": self._new,
                "binary_expression": self._binary,
                "unary_expression": self._unary,
                "ternary_expression": self._ternary,
                "sequence_expression": self._sequence,
                "assignment_expression": self._assignment,
                "augmented_assignment_expression": self._augmented,
                "object": self._object,
                "array": self._array,
                "array_pattern": self._array,
                "computed_property_name": self._inner,
                "await_expression": self._inner,
                "yield_expression": self._inner,
                "spread_element": self._inner,
                "rest_pattern": self._inner,
                "non_null_expression": self._inner,
                "as_expression": self._inner,
                "satisfies_expression": self._inner,
                "instantiation_expression": self._inner,
                "template_substitution": self._inner,
                "jsx_expression": self._inner,
                "type_assertion": lambda node: self.expression(next(reversed(node.named_children), None)),
            }
        )

    def _inner(self, node: Node) -> ir.Expression:
        """What stands in a node of which nothing but that matters."""
        found = next((child for child in node.named_children if not child.is_extra), None)
        return self.expression(found) if found is not None else ir.Literal(*self.span(node), None)

    def _identifier(self, node: Node) -> ir.Expression:
        if self.text(node) == "exports":
            return ir.Name(*self.span(node), ir.DEFAULT)
        return self.name(node)

    def _meta(self, node: Node) -> ir.Expression:
        """`import.meta`, `new.target`."""
        owner, _, name = self.text(node).partition(".")
        return ir.Attribute(*self.span(node), ir.Name(*self.span(node), owner.strip()), name.strip())

    # --- literals ---

    def _array(self, node: Node) -> ir.Expression:
        items: list[ir.Expression | ir.Argument] = []
        for child in node.named_children:
            if child.is_extra:
                continue
            value = self.expression(child)
            items.append(ir.Argument("*", value) if child.type in ("spread_element", "rest_pattern") else value)
        return ir.Collection(*self.span(node), "list", tuple(items))

    def _object(self, node: Node) -> ir.Expression:
        entries: list[ir.Entry] = []
        for child in node.named_children:
            if child.type == "spread_element":
                entries.append(ir.Entry(None, self.expression(child)))
            elif child.type == "pair":
                key, value = self.child(child, "key"), self.child(child, "value")
                if key is not None and value is not None:
                    entries.append(ir.Entry(self.key(key), self.expression(value)))
            elif child.type == "shorthand_property_identifier":
                entries.append(ir.Entry(ir.Literal(*self.span(child), self.text(child)), self.expression(child)))
            elif child.type == "method_definition":
                key = self.child(child, "name")
                if key is not None:
                    entries.append(ir.Entry(self.key(key), self.expression(child)))
            elif child.type == "ERROR":
                entries.append(ir.Entry(None, self.expression(child)))
        return ir.Mapping(*self.span(node), tuple(entries))

    def key(self, node: Node) -> ir.Expression:
        """The key of a property: its name as a text, or what is computed."""
        if node.type in ("property_identifier", "private_property_identifier", "number"):
            return self.literal(self.span(node), self.text(node))
        return self.expression(node)

    # --- members and calls ---

    def _member(self, node: Node) -> ir.Expression:
        owner, property_ = self.child(node, "object"), self.child(node, "property")
        name = "" if property_ is None else self.text(property_)
        if owner is not None and name == "exports" and self.text(owner) == "module":
            return ir.Name(*self.span(node), ir.DEFAULT)
        return ir.Attribute(*self.span(node), self.expression(owner), ir.DEFAULT if name == "default" else name)

    def _subscript(self, node: Node) -> ir.Expression:
        index = self.child(node, "index")
        key = None if index is None else self.expression(index)
        return ir.Index(*self.span(node), self.expression(self.child(node, "object")), key)

    def arguments(self, node: Node | None) -> tuple[ir.Argument, ...]:
        """The arguments of a call, spread ones named `*`."""
        if node is None:
            return ()
        if node.type == "template_string":
            return (ir.Argument(None, self.expression(node)),)
        return tuple(
            [
                ir.Argument("*" if child.type == "spread_element" else None, self.expression(child))
                for child in node.named_children
                if not child.is_extra
            ]
        )

    def _call(self, node: Node) -> ir.Expression:
        module = self.brought_in(node)
        if module is not None:
            return self.require(node, module)
        function = self.child(node, "function")
        arguments = self.arguments(self.child(node, "arguments"))
        called = self.expression(function)
        if isinstance(called, ir.Super):
            called = ir.Attribute(called.start, called.end, called, ir.CONSTRUCTOR)
        # a call in a chain over several lines stands where its own name does
        property_ = None if function is None else self.child(function, "property")
        if property_ is not None and property_.start_point.row > node.start_point.row:
            return ir.Call(*self.between(property_.start_byte, node.end_byte), called, arguments)
        return ir.Call(*self.span(node), called, arguments)

    def _new(self, node: Node) -> ir.Expression:
        made = self.expression(self.child(node, "constructor"))
        return ir.Call(*self.span(node), made, self.arguments(self.child(node, "arguments")))

    def brought_in(self, node: Node | None) -> str | None:
        """The module that a node brings in: `require("x")`, `await import("x")`, also wrapped by a compiler."""
        while node is not None and node.type in ("await_expression", "parenthesized_expression"):
            node = node.named_children[0] if node.named_children else None
        if node is None or node.type != "call_expression":
            return None
        function, arguments = self.child(node, "function"), self.child(node, "arguments")
        if function is None or arguments is None or arguments.named_child_count == 0:
            return None
        first = arguments.named_children[0]
        if function.type == "import" or self.text(function) == "require":
            return self.written(first)
        if self.text(function).rpartition(".")[2] in ("__importDefault", "__importStar", "__toESM"):
            return self.brought_in(first)
        return None

    def require(self, node: Node, module: str) -> ir.Expression:
        """A module as a value: the name under which the body around it imports it."""
        alias = f'require("{module}")'
        if alias not in self.required:
            self.required[alias] = self.import_of(node, module, "", alias)
        return ir.Name(*self.span(node), alias)

    def import_of(self, node: Node, module: str, name: str, alias: str) -> ir.Import:
        """An import; one that starts with a dot is relative to the file."""
        level = 1 if module.startswith(".") else 0
        name = ir.DEFAULT if name == "default" else name
        return ir.Import(*self.span(node), module.removeprefix("node:"), name, alias, level)

    # --- operators ---

    def _binary(self, node: Node) -> ir.Expression:
        operator = self._operator(node)
        span = self.span(node)
        if operator == "+":
            parts = tuple([self.expression(part) for part in self.unrolled(node, operator)])
            return ir.Join(*span, parts, False)
        if operator in ("||", "??"):
            options = tuple([self.expression(part) for part in self.unrolled(node, operator)])
            return ir.Choice(*span, None, options)
        if operator == "&&":
            *conditions, last = [self.expression(part) for part in self.unrolled(node, operator)]
            condition = ir.Operation(*span, operator, tuple(conditions))
            return ir.Choice(*span, condition, (last,))
        left, right = self.child(node, "left"), self.child(node, "right")
        if operator in _COMPARISONS:
            operands = (self._compared(left), self._compared(right))
            return ir.Operation(*span, _COMPARISONS[operator], operands)
        operands_ = [self.expression(part) for part in self.unrolled(node, operator)]
        return ir.Operation(*span, operator, tuple(operands_))

    def _compared(self, node: Node | None) -> ir.Expression:
        """A side of a comparison: a length is a value of its own there."""
        lowered = self.expression(node)
        if isinstance(lowered, ir.Attribute) and lowered.name == "length":
            start, end = lowered.start, lowered.end
            return ir.Call(start, end, ir.Name(start, end, LENGTH), (ir.Argument(None, lowered.value),))
        return lowered

    def _unary(self, node: Node) -> ir.Expression:
        operator = self._operator(node)
        if operator == "delete":  # it reads nothing
            return ir.Operation(*self.span(node), operator, ())
        return ir.Operation(*self.span(node), operator, (self.expression(self.child(node, "argument")),))

    def _ternary(self, node: Node) -> ir.Expression:
        conditions: list[ir.Expression] = []
        options: list[ir.Expression] = []
        rest: Node | None = node
        while rest is not None and rest.type == "ternary_expression":  # `a ? b : c ? d : …` nests to the right
            conditions.append(self.expression(self.child(rest, "condition")))
            options.append(self.expression(self.child(rest, "consequence")))
            rest = self.child(rest, "alternative")
        options.append(self.expression(rest))
        condition = conditions[0] if len(conditions) == 1 else ir.Operation(*self.span(node), "?", tuple(conditions))
        return ir.Choice(*self.span(node), condition, tuple(options))

    def _sequence(self, node: Node) -> ir.Expression:
        *effects, last = [self.expression(child) for child in node.named_children if not child.is_extra]
        if all(isinstance(effect, ir.Literal) for effect in effects):
            return last
        return ir.Choice(*self.span(node), ir.Operation(*self.span(node), ",", tuple(effects)), (last,))

    def _assignment(self, node: Node) -> ir.Expression:
        left, right = self.child(node, "left"), self.child(node, "right")
        value = self.expression(right)
        if left is None or left.type == "object_pattern":
            return value
        return ir.Bind(*self.span(node), self.expression(left), value)

    def _augmented(self, node: Node) -> ir.Expression:
        target = self.expression(self.child(node, "left"))
        value = self.expression(self.child(node, "right"))
        span = self.span(node)
        operator = self._operator(node)
        if operator == "+=":
            return ir.Bind(*span, target, ir.Join(*span, (target, value), False))
        if operator in ("||=", "??="):
            return ir.Bind(*span, target, ir.Choice(*span, None, (target, value)))
        if operator == "&&=":
            return ir.Bind(*span, target, value)
        return ir.Operation(*span, operator, (target, value))
