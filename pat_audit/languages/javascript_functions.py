"""JavaScript's functions, classes and patterns to IR."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.javascript_patterns import PatternLowering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

FUNCTIONS = ("arrow_function", "function_expression", "function", "generator_function")
NAMELESS = " "  # a parameter that is only taken apart is named by its place: nobody is to read its name
_OWNING = ("accessibility_modifier", "readonly", "override_modifier")  # of a parameter that is a field too
_WRAPPERS = {"Promise", "Readonly", "Partial", "Required", "NonNullable", "Awaited"}  # a type of what they hold


class FunctionLowering(PatternLowering):
    """Turns functions, classes, and targets that take a value apart, into IR."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.expressions.update(dict.fromkeys((*FUNCTIONS, "method_definition"), self._function_value))
        self.expressions["class"] = self._class_value
        self.defined: list[ir.Statement] = []  # what the statement being lowered needs before it
        self.outer: dict[int, tuple[str, ...]] = {}  # by a function's place: variables around it that it sets

    # --- functions ---

    def function(self, node: Node, name: str, method: bool = False, kind: str = "") -> ir.Function:
        """A function of any form. A method has the instance as its first parameter, named `this`."""
        parameters, opening = self._parameters(node)
        if method:
            span = self.between(node.start_byte, node.start_byte)
            parameters = [ir.Parameter(*span, "this", None, None, "", False), *parameters]
        body = self.child(node, "body")
        later = self.later(body)
        lowered: Callable[[], tuple[ir.Statement, ...]] = later
        if opening:
            lowered = cache(lambda: (*opening, *later()))
        decorators = tuple(
            [self.expression(child.named_children[0]) for child in _decorators(node) if child.named_children]
        )
        outer = self.outer.get(node.start_byte, ())
        return ir.Function(*self.span(node), name, tuple(parameters), lowered, decorators, outer, kind)

    def later(self, node: Node | None) -> Callable[[], tuple[ir.Statement, ...]]:
        """A body that is lowered when it is first asked for, the modules first that its expressions bring in."""

        @cache
        def lowered() -> tuple[ir.Statement, ...]:
            if node is None:
                return ()
            depth, required, defined = self._depth, self.required, self.defined
            self._depth, self.required, self.defined = 0, {}, []
            try:
                if node.type in ("statement_block", "program"):
                    body = self.block(node)
                else:
                    value = self.expression(node)
                    body = (*self.defined, ir.Return(value.start, value.end, value))
                return (*self.required.values(), *body)
            finally:
                self._depth, self.required, self.defined = depth, required, defined

        return lowered

    def _function_value(self, node: Node) -> ir.Expression:
        return self.function(node, "")

    def _parameters(self, node: Node) -> tuple[list[ir.Parameter], list[ir.Statement]]:
        """The parameters, and the statements that take patterns and parameter properties apart."""
        parameters: list[ir.Parameter] = []
        opening: list[ir.Statement] = []
        single = self.child(node, "parameter")
        listed = self.child(node, "parameters")
        nodes = [single] if single is not None else [] if listed is None else listed.named_children
        for child in nodes:
            if child.is_extra or child.type in ("decorator", "ERROR"):
                continue
            pattern, default, kind = self._parts_of(child)
            if pattern is None or pattern.type == "this":
                continue
            span = self.span(child)
            name = self.text(pattern)
            if pattern.type in ("object_pattern", "array_pattern"):
                name = NAMELESS * (len(parameters) + 1)
                opening.extend(self.take_apart(pattern, ir.Name(*self.span(pattern), name)))
            elif any(part.type in _OWNING for part in child.children):
                own = ir.Attribute(*span, ir.Name(*span, "this"), name)
                opening.append(ir.Assign(*span, (own,), ir.Name(*span, name), None))
            annotation = self.annotation(self.child(child, "type"))
            value = None if default is None else self.expression(default)
            parameters.append(ir.Parameter(*span, name, value, annotation, kind, False))
        return parameters, opening

    def _parts_of(self, parameter: Node) -> tuple[Node | None, Node | None, str]:
        """A parameter's pattern, default and kind."""
        pattern: Node | None = parameter
        default: Node | None = None
        if parameter.type in ("required_parameter", "optional_parameter"):
            pattern, default = self.child(parameter, "pattern"), self.child(parameter, "value")
        if pattern is not None and pattern.type == "assignment_pattern":
            left, right = self.child(pattern, "left"), self.child(pattern, "right")
            pattern, default = left, right
        if pattern is not None and pattern.type == "rest_pattern":
            return (pattern.named_children[0] if pattern.named_children else None), default, "*"
        return pattern, default, ""

    def annotation(self, node: Node | None) -> ir.Expression | None:
        """The class that a type says a value is of; None where it names none."""
        depth = 0
        while node is not None and depth < 8:
            depth += 1
            if node.type in ("type_identifier", "identifier"):
                return ir.Name(*self.span(node), self.text(node))
            if node.type == "nested_type_identifier":
                module, name = self.child(node, "module"), self.child(node, "name")
                owner = self.annotation(module)
                if owner is None or name is None:
                    return None
                return ir.Attribute(*self.span(node), owner, self.text(name))
            if node.type == "generic_type":
                named, inner = self.child(node, "name"), self.child(node, "type_arguments")
                wrapped = named is not None and self.text(named) in _WRAPPERS and inner is not None
                node = inner.named_children[0] if wrapped and inner is not None and inner.named_children else named
            elif node.type == "union_type":
                node = next((child for child in node.named_children if child.type != "literal_type"), None)
            elif node.type in ("type_annotation", "parenthesized_type", "readonly_type"):
                node = node.named_children[0] if node.named_children else None
            else:
                return None
        return None

    # --- classes ---

    def _class_value(self, node: Node) -> ir.Expression:
        """A class that is an expression: defined under a name before the statement that it stands in."""
        named = self.child(node, "name")
        name = f"class {{{node.start_byte}}}" if named is None else self.text(named)
        self.defined.append(self.class_of(node, name))
        return ir.Name(*self.span(node), name)

    def class_of(self, node: Node, name: str) -> ir.Class:
        """A class: its fields, methods and accessors."""
        body = self.child(node, "body")
        members: list[ir.Statement] = []
        for child in () if body is None else body.named_children:
            members.extend(self._class_member(child))
        decorators = tuple(
            [self.expression(child.named_children[0]) for child in _decorators(node) if child.named_children]
        )
        return ir.Class(*self.span(node), name, self._bases(node), self._constructed(members), decorators)

    def _bases(self, node: Node) -> tuple[ir.Expression, ...]:
        heritage = next((child for child in node.named_children if child.type == "class_heritage"), None)
        if heritage is None or not heritage.named_children:
            return ()
        clause = heritage.named_children[0]
        if clause.type == "implements_clause":
            return ()
        base = self.child(clause, "value") if clause.type == "extends_clause" else clause
        return () if base is None else (self.expression(base),)

    def _class_member(self, node: Node) -> Iterable[ir.Statement]:
        if node.type == "class_static_block":
            return self.block(self.child(node, "body"))
        name_node = self.child(node, "name", "property")
        if name_node is None:
            return ()
        static = any(child.type == "static" for child in node.children)
        name = self.written(name_node) or self.text(name_node)
        if node.type == "method_definition":
            words = {child.type for child in node.children if not child.is_named}
            if "set" in words:
                name = f"set {name}"
            kind = "class" if static else "property" if "get" in words else ""
            return (self.function(node, ir.CONSTRUCTOR if name == "constructor" else name, True, kind),)
        if node.type not in ("public_field_definition", "field_definition"):
            return ()
        value = self.child(node, "value")
        span = self.span(node)
        if value is not None and value.type in FUNCTIONS:
            return (self.function(value, name, True, "class" if static else ""),)
        annotation = self.annotation(self.child(node, "type"))
        target: ir.Expression = ir.Name(*self.span(name_node), name)
        if value is not None and not static and b"this" in self.data[value.start_byte : value.end_byte]:
            target = ir.Attribute(*self.span(name_node), ir.Name(*span, "this"), name)
        lowered = None if value is None else self.expression(value)
        return (ir.Assign(*span, (target,), lowered, annotation),)

    def _constructed(self, members: list[ir.Statement]) -> tuple[ir.Statement, ...]:
        """The members; fields made of other fields of the instance are set when it is constructed."""
        fields = [
            member
            for member in members
            if isinstance(member, ir.Assign) and isinstance(member.targets[0], ir.Attribute)
        ]
        if not fields:
            return tuple(members)
        rest = [member for member in members if member not in fields]
        made: list[ir.Statement] = []
        found = False
        for member in rest:
            if isinstance(member, ir.Function) and member.name == ir.CONSTRUCTOR:
                found = True
                member = member._replace(body=_followed(member.body, tuple(fields)))
            made.append(member)
        if not found:
            span = (fields[0].start, fields[0].start)
            own = ir.Parameter(*span, "this", None, None, "", False)
            body = cache(lambda: tuple(fields))
            made.append(ir.Function(*span, ir.CONSTRUCTOR, (own,), body, ()))
        return tuple(made)


def _followed(
    body: Callable[[], tuple[ir.Statement, ...]], fields: tuple[ir.Statement, ...]
) -> Callable[[], tuple[ir.Statement, ...]]:
    """A constructor's body with the fields behind it that are made of what it sets: parameter properties mostly."""
    return cache(lambda: (*body(), *fields))


def _decorators(node: Node) -> list[Node]:
    """The decorators of a definition: in it, or before it."""
    found = [child for child in node.children if child.type == "decorator"]
    before = node.prev_named_sibling
    while before is not None and before.type == "decorator":
        found.append(before)
        before = before.prev_named_sibling
    return found
