"""The functions, arguments and attributes of C# to IR."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.csharp_names import NameLowering
from pat_audit.languages.syntax_tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

    from pat_audit.languages.csharp_scope import Scope


class FunctionLowering(NameLowering):
    """Turns the lambdas of one file into IR, and what every function and call has."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self._receivers: list[ir.Expression] = []  # of the `?.` around this place
        self._target = ""  # the type of the place that a value is for
        self.expressions.update(
            {
                "lambda_expression": self._lambda,
                "anonymous_method_expression": self._lambda,
            }
        )

    def arguments(self, node: Node | None) -> tuple[ir.Argument, ...]:
        """The arguments of a call."""
        return self._arguments(node)[0]

    def _arguments(self, node: Node | None) -> tuple[tuple[ir.Argument, ...], list[ir.Expression]]:
        """The arguments of a call, and the places that it is to fill."""
        given: list[ir.Argument] = []
        outs: list[ir.Expression] = []
        for child in node.named_children if node is not None else ():
            if child.type not in ("argument", "attribute_argument"):
                if not is_comment(child):
                    given.append(ir.Argument(None, self.expression(child)))
                continue
            if self.data.startswith(b"out ", child.start_byte):
                place = next(iter(reversed(child.named_children)), None)
                if place is not None:
                    outs.append(self._target_of(place))
                continue
            name = child.child_by_field_name("name")
            given.append(ir.Argument(None if name is None else self.text(name), self._inner(child)))
        return tuple(given), outs

    def _lambda(self, node: Node) -> ir.Expression:
        body = node.child_by_field_name("body")
        if body is None:
            body = next((child for child in reversed(node.named_children) if child.type == "block"), None)
        scope = self.scope.inner()
        given = node.child_by_field_name("parameters")
        parameters = self.parameters(given, scope)
        return ir.Function(*self.span(node), "", parameters, self.body(body, scope), ())

    # --- functions ---

    def parameters(self, node: Node | None, scope: Scope) -> tuple[ir.Parameter, ...]:
        """The parameters of a function, which its scope then knows."""
        if node is None:
            return ()
        if node.type in ("identifier", "implicit_parameter"):
            scope.names.add(self.text(node))
            return (ir.Parameter(*self.span(node), self.text(node), None, None, "", False),)
        lowered: list[ir.Parameter] = []
        attributes: tuple[ir.Expression, ...] = ()
        kind: Node | None = None
        for child in node.children:
            # `params T[] rest` stands without a node of its own
            if child.type == "attribute_list":
                attributes = self.attributes([child])
            elif child.type == "parameter":
                lowered.append(self._parameter(child, scope))
            elif node.field_name_for_child(node.children.index(child)) == "type":
                kind = child
            elif kind is not None and child.type == "identifier":
                scope.names.add(self.text(child))
                annotation = self.annotated(None, attributes)
                lowered.append(ir.Parameter(*self.span(child), self.text(child), None, annotation, "*", False))
                kind = None
        return tuple(lowered)

    def _parameter(self, node: Node, scope: Scope) -> ir.Parameter:
        name = node.child_by_field_name("name")
        kind = node.child_by_field_name("type")
        named = [child for child in node.named_children if not is_comment(child)]
        attributes = self.attributes([child for child in named if child.type == "attribute_list"])
        default = None
        if name is not None and named and named[-1] != name and named[-1].start_byte > name.end_byte:
            default = self.expression(named[-1])
        text = self.text(name).removeprefix("@") if name is not None else ""
        scope.names.add(text)
        annotation = self.annotated(None if kind is None else self.type_name(kind), attributes)
        return ir.Parameter(*self.span(name or node), text, default, annotation, "", False)

    def attributes(self, nodes: Iterable[Node]) -> tuple[ir.Expression, ...]:
        """The attributes of a declaration, each as the call that it is."""
        found: list[ir.Expression] = []
        for node in nodes:
            for attribute in node.named_children:
                name = attribute.child_by_field_name("name")
                if attribute.type == "attribute" and name is not None:
                    callee = self._attribute_class(name)
                    given = next(
                        (child for child in attribute.named_children if child.type == "attribute_argument_list"), None
                    )
                    found.append(ir.Call(*self.span(attribute), callee, self.arguments(given)))
        return tuple(found)

    def _attribute_class(self, name: Node) -> ir.Expression:
        """The class of an attribute, which leaves out the end of its name."""
        called = self.text(name).partition("<")[0].rpartition(".")[2]
        return ir.Name(*self.span(name), called if called.endswith("Attribute") else f"{called}Attribute")

    def annotated(self, kind: ir.Expression | None, attributes: tuple[ir.Expression, ...]) -> ir.Expression | None:
        """A declared type with the attributes that stand before it."""
        if not attributes:
            return kind
        start, end = attributes[0].start, attributes[-1].end
        items = (kind, *attributes) if kind is not None else attributes
        return ir.Index(start, end, ir.Name(start, end, "["), ir.Collection(start, end, "tuple", items))

    def body(self, node: Node | None, scope: Scope) -> Callable[[], tuple[ir.Statement, ...]]:
        """The body of a function, lowered in its scope when it is first asked for."""
        return self._kept(lambda: self._body(node), scope)

    def _kept(
        self, lower: Callable[[], tuple[ir.Statement, ...]], scope: Scope
    ) -> Callable[[], tuple[ir.Statement, ...]]:
        """`lower`, run when it is first asked for, as if it stood in `scope`."""
        kept = list(self._receivers)

        @cache
        def lowered() -> tuple[ir.Statement, ...]:
            before, receivers, depth, target = self.scope, self._receivers, self._depth, self._target
            self.scope, self._receivers, self._depth, self._target = scope, kept, 0, ""
            try:
                return self.within_bounds(lower)
            finally:
                self.scope, self._receivers, self._depth, self._target = before, receivers, depth, target

        return lowered

    def _body(self, node: Node | None) -> tuple[ir.Statement, ...]:
        if node is None or node.type == "block":
            return self.block(node)
        value = self.expression(node)
        return (ir.Return(value.start, value.end, value),)
