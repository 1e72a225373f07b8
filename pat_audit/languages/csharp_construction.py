"""What C# makes with `new`, braces and brackets, to IR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.csharp_functions import FunctionLowering
from pat_audit.languages.syntax_tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node


class ConstructionLowering(FunctionLowering):
    """Turns the objects, arrays and initialisers of one file into IR."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.expressions.update(
            {
                "object_creation_expression": self._creation,
                "implicit_object_creation_expression": self._implicit_creation,
                "anonymous_object_creation_expression": self._anonymous,
                "array_creation_expression": self._array,
                "implicit_array_creation_expression": self._array,
                "initializer_expression": self._list,
                "collection_expression": self._list,
                "tuple_expression": lambda node: self._sequence("tuple", node, node.named_children),
                "tuple_pattern": lambda node: self._sequence("tuple", node, node.named_children),
                "parenthesized_variable_designation": lambda node: self._sequence("tuple", node, node.named_children),
                "spread_element": lambda node: self.expression(node.named_children[0]),
                "with_expression": self._with,
            }
        )

    def for_type(self, kind: Node | None, node: Node | None) -> ir.Expression:
        """A value for a place that is declared with a type, which `new(…)` takes."""
        named = None if kind is None else self.type_name(kind)
        return self._for(self.text(kind).rstrip("?") if named is not None and kind is not None else "", node)

    def _for(self, target: str, node: Node | None) -> ir.Expression:
        before, self._target = self._target, target
        try:
            return self.expression(node)
        finally:
            self._target = before

    def _creation(self, node: Node) -> ir.Expression:
        kind = node.child_by_field_name("type")
        callee = self.type_name(kind) or ir.Literal(*self.span(node), None)
        return self._made(node, callee, node.child_by_field_name("arguments"))

    def _implicit_creation(self, node: Node) -> ir.Expression:
        target = self._target.partition("<")[0].rpartition(".")[2]
        arguments = next((child for child in node.named_children if child.type == "argument_list"), None)
        return self._made(node, ir.Name(*self.span(node), target or "new"), arguments)

    def _made(self, node: Node, callee: ir.Expression, arguments: Node | None) -> ir.Expression:
        initializer = node.child_by_field_name("initializer")
        if initializer is None:
            initializer = next((child for child in node.named_children if child.type == "initializer_expression"), None)
        span = self.span(node)
        made = ir.Call(*span, callee, self.arguments(arguments))
        if initializer is None:
            return made
        return self._initialized(span, made, initializer)

    def _initialized(self, span: tuple[int, int], made: ir.Expression, initializer: Node) -> ir.Expression:
        """An object with what stands in the braces behind it."""
        attributes: list[tuple[str, ir.Expression]] = []
        entries: list[ir.Entry] = []
        for child in initializer.named_children:
            if is_comment(child):
                continue
            left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
            if child.type == "assignment_expression" and left is not None and right is not None:
                if left.type == "element_binding_expression":
                    entries.append(ir.Entry(self._key(left), self.expression(right)))
                    continue
                name = self.text(left)
                if right.type == "initializer_expression":  # `DefaultRequestHeaders = { … }` fills what is there
                    held = ir.Attribute(*self.span(left), made, name)
                    attributes.append((name, self._initialized(self.span(right), held, right)))
                else:
                    attributes.append((name, self._for(f"new {name}", right)))
            elif child.type == "initializer_expression" and len(child.named_children) >= 2:
                key, value = child.named_children[0], child.named_children[1]
                entries.append(ir.Entry(self.expression(key), self.expression(value)))
            else:
                entries.append(ir.Entry(None, self.expression(child)))
        return ir.Initialize(*span, made, tuple(attributes), tuple(entries))

    def _anonymous(self, node: Node) -> ir.Expression:
        entries: list[ir.Entry] = []
        name: Node | None = None
        children = [child for child in node.children if not is_comment(child)]
        for index, child in enumerate(children):
            if not child.is_named:
                continue
            if index + 1 < len(children) and children[index + 1].type == "=":
                name = child
                continue
            called = self.text(name) if name is not None else self.text(child).rpartition(".")[2]
            entries.append(ir.Entry(ir.Literal(*self.span(child), called), self.expression(child)))
            name = None
        return ir.Mapping(*self.span(node), tuple(entries))

    def _array(self, node: Node) -> ir.Expression:
        items = next((child for child in node.named_children if child.type == "initializer_expression"), None)
        return self._sequence("list", node, () if items is None else items.named_children)

    def _list(self, node: Node) -> ir.Expression:
        return self._sequence("list", node, node.named_children)

    def _sequence(self, kind: str, node: Node, items: Iterable[Node]) -> ir.Expression:
        lowered: list[ir.Expression | ir.Argument] = []
        for item in items:
            if is_comment(item):
                continue
            inner = item.named_children[0] if item.type == "collection_element" and item.named_children else item
            value = self.expression(inner)
            lowered.append(ir.Argument("*", value) if inner.type == "spread_element" else value)
        return ir.Collection(*self.span(node), kind, tuple(lowered))

    def _with(self, node: Node) -> ir.Expression:
        value = self.expression(node.named_children[0])
        attributes = [
            (self.text(each.named_children[0]), self.expression(each.named_children[1]))
            for each in node.named_children[1:]
            if each.type == "with_initializer" and len(each.named_children) == 2
        ]
        return ir.Initialize(*self.span(node), value, tuple(attributes))
