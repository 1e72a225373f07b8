"""Go's types as far as values flow by them: structs with their fields and tags, parameters, embedded types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.syntax_tree import TreeLowering

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

TAG = "struct tag"
"""The callable that a field's tag stands for, its keys as named arguments: see rules/libraries/go/builtins.yaml."""

_TAG_PART = re.compile(r'(?<![\w.-])([\w.-]++):"((?:[^"\\]|\\.)*+)"')
# fmt: off
_PREDECLARED = frozenset([
    "any", "bool", "byte", "complex64", "complex128", "error", "float32", "float64", "int", "int8", "int16", "int32",
    "int64", "rune", "string", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr",
])
# fmt: on


def elements(node: Node | None) -> list[Node]:
    """The named children that are no comments."""
    return [] if node is None else [child for child in node.named_children if not child.is_extra or child.is_error]


def type_name(node: Node | None) -> Node | None:
    """The node that names a type: pointers, brackets and type arguments taken off; None where it has no name."""
    while node is not None:
        if node.type in ("type_identifier", "qualified_type", "identifier", "selector_expression"):
            return node
        if node.type == "generic_type":
            node = node.child_by_field_name("type")
        elif node.type in ("pointer_type", "parenthesized_type"):
            node = next(iter(elements(node)), None)
        else:
            return None
    return None


class GoTypes(TreeLowering):
    """The part of the lowering that knows what is declared with which type."""

    def annotation(self, node: Node | None) -> ir.Expression | None:
        """A type that may be one of the program's or of a library; None for those that Go has itself."""
        name = type_name(node)
        if name is None or (name.type == "type_identifier" and self.text(name) in _PREDECLARED):
            return None
        return self.expression(name)

    def function(self, node: Node, name: str, body_of: Node, receiver: Node | None = None) -> ir.Function:
        """A function, method or closure, its body to be lowered later."""
        parameters = self.parameters(receiver)[:1] if receiver is not None else []
        if receiver is not None and not parameters:
            parameters = [ir.Parameter(*self.span(receiver), "_", None, None, "", False)]
        parameters += self.parameters(node.child_by_field_name("parameters"))
        body = body_of.child_by_field_name("body")
        result = node.child_by_field_name("result")
        results = self.parameters(result) if result is not None and result.type == "parameter_list" else []
        named = tuple([each for each in results if each.name != "_"])
        return ir.Function(
            *self.span(node),
            name,
            tuple(parameters),
            self.body(body, named),
            (),
            self.assigned_outside(node, parameters),
        )

    def body(self, node: Node | None, results: tuple[ir.Parameter, ...]) -> Callable[[], tuple[ir.Statement, ...]]:
        """A function's statements; what its results are called is what a bare `return` gives."""
        raise NotImplementedError

    def assigned_outside(self, node: Node, parameters: list[ir.Parameter]) -> tuple[str, ...]:
        """The names that a function assigns and does not declare."""
        raise NotImplementedError

    def parameters(self, node: Node | None) -> list[ir.Parameter]:
        """The parameters (or results) of a list; those without a name are called `_`."""
        found: list[ir.Parameter] = []
        for declaration in elements(node):
            if not declaration.type.endswith("parameter_declaration"):
                continue
            annotation = self.annotation(declaration.child_by_field_name("type"))
            kind = "*" if declaration.type.startswith("variadic") else ""
            names = declaration.children_by_field_name("name")
            for each in names or [declaration]:
                name = self.text(each) if names else "_"
                found.append(ir.Parameter(*self.span(each), name, None, None if kind else annotation, kind, bool(kind)))
        return found

    # --- structs ---

    def struct(self, node: Node, name: str, type_: Node, methods: tuple[ir.Statement, ...]) -> ir.Class:
        """A struct as a class: fields declared with their types, embedded types as bases."""
        bases: list[ir.Expression] = []
        body: list[ir.Statement] = []
        for declaration in elements(next(iter(elements(type_)), None)):
            if declaration.type != "field_declaration":
                continue
            kind = declaration.child_by_field_name("type")
            names = declaration.children_by_field_name("name")
            annotation = self.annotation(kind)
            if not names and annotation is not None:
                bases.append(annotation)
                spelled = annotation.name if isinstance(annotation, ir.Name | ir.Attribute) else "_"
                place = ir.Name(annotation.start, annotation.end, spelled)
                body.append(ir.Assign(*self.span(declaration), (place,), None, annotation))
            if kind is not None and kind.type == "struct_type" and names:
                inner = f"{self.text(names[0])} of {name}"
                body.append(self.struct(declaration, inner, kind, ()))
                made = ir.Call(*self.span(kind), ir.Name(*self.span(kind), inner), ())
                for each in names:
                    target = ir.Name(*self.span(each), self.text(each))
                    body.append(ir.Assign(*self.span(declaration), (target,), made, None))
                continue
            for each in names:
                target = ir.Name(*self.span(each), self.text(each))
                tag = self._tag(declaration.child_by_field_name("tag"))
                # a place of no type has one all the same, so that it counts as declared
                declared = annotation or ir.Literal(*self.span(each), None)
                body.append(ir.Assign(*self.span(declaration), (target,), tag, declared))
        return ir.Class(*self.span(node), name, tuple(bases), (*body, *methods), ())

    def _tag(self, node: Node | None) -> ir.Expression | None:
        """What a field's tag says that it is filled from, as a call that is handed the tag's keys."""
        if node is None:
            return None
        text = self.text(node)[1:-1]
        first = node.start_byte + 1
        arguments: list[ir.Argument] = []
        for match in _TAG_PART.finditer(text):
            start = first + len(text[: match.start(2)].encode())
            span = self.between(start, start + len(match[2].encode()))
            arguments.append(ir.Argument(match[1], ir.Literal(*span, match[2].split(",")[0])))
        span = self.span(node)
        return ir.Call(*span, ir.Name(*span, TAG), tuple(arguments)) if arguments else None
