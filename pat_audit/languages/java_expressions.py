"""Java expressions to IR."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.syntax_tree import TreeLowering, is_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

THIS = "this"
"""The name of the first parameter of every method: the instance, or the class of a static one."""

SCRIPT = ""
"""The name that stands in the scope of a function of a script, which has no instance whose fields it could set."""

_ESCAPE = re.compile(r"\\(?:u+([0-9a-fA-F]{4})|([0-7]{1,3})|(\r\n|.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "s": " ", "\n": "", "\r\n": ""}
_COMPARISONS = {"==": "Eq", "!=": "NotEq", "<": "Lt", "<=": "LtE", ">": "Gt", ">=": "GtE"}


def unescaped(text: str) -> str:
    """What a literal's text stands for, its escapes resolved."""

    def resolve(match: re.Match[str]) -> str:
        code, octal, plain = match.groups()
        if code is not None:
            return chr(int(code, 16))
        return chr(int(octal, 8)) if octal is not None else _ESCAPES.get(plain, plain)

    return _ESCAPE.sub(resolve, text) if "\\" in text else text


def text_block(text: str) -> str:
    """What a text block between its quotes stands for: without the margin that its lines have in common."""
    lines = text.replace("\r\n", "\n").partition("\n")[2].split("\n")
    if lines and lines[-1].strip():
        return unescaped("\n".join(line.rstrip() for line in textwrap.dedent("\n".join(lines)).split("\n")))
    # the margin of a last line that holds only the quotes counts too
    marked = textwrap.dedent("\n".join([*lines[:-1], lines[-1] + "|"]))
    return unescaped("\n".join(line.rstrip() for line in marked[:-1].split("\n")))


class ExpressionLowering(TreeLowering):
    """Turns Java's expressions into IR.

    `scope` holds the names of the parameters and variables around the place that is lowered, or None outside
    all bodies: an assignment to any other bare name sets a field. Classes that stand inside an expression go
    to `hoisted`, and before the statement that it is part of.
    """

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.scope: frozenset[str] | None = None
        self.hoisted: list[ir.Statement] = []
        self.expressions = {
            "identifier": self.name,
            "type_identifier": self.name,
            "scoped_type_identifier": self._scoped_type,
            "scoped_identifier": self._scoped_type,
            "generic_type": lambda node: self.expression(node.named_children[0]),
            "annotated_type": lambda node: self.expression(node.named_children[-1]),
            "array_type": lambda node: ir.Operation(*self.span(node), "array", ()),
            "string_literal": self._string,
            "character_literal": lambda node: self.literal(self.span(node), unescaped(self.text(node)[1:-1])),
            "decimal_integer_literal": self._number,
            "hex_integer_literal": self._number,
            "decimal_floating_point_literal": lambda node: ir.Literal(*self.span(node), None),
            "true": lambda node: ir.Literal(*self.span(node), True),
            "false": lambda node: ir.Literal(*self.span(node), False),
            "null_literal": lambda node: ir.Literal(*self.span(node), None),
            "this": lambda node: ir.Name(*self.span(node), THIS),
            "super": lambda node: ir.Super(*self.span(node)),
            "class_literal": lambda node: ir.Operation(*self.span(node), "class", ()),
            "field_access": self._field,
            "array_access": lambda node: ir.Index(
                *self.span(node),
                self.expression(node.child_by_field_name("array")),
                self.expression(node.child_by_field_name("index")),
            ),
            "method_invocation": self._call,
            "method_reference": self._reference,
            "object_creation_expression": self._creation,
            "array_creation_expression": self._array_creation,
            "array_initializer": self._array,
            "element_value_array_initializer": self._array,
            "assignment_expression": self._assignment,
            "update_expression": lambda node: ir.Operation(*self.span(node), "update", ()),
            "binary_expression": self._binary,
            "unary_expression": lambda node: ir.Operation(
                *self.span(node), "unary", (self.expression(node.child_by_field_name("operand")),)
            ),
            "ternary_expression": self._ternary,
            "cast_expression": lambda node: self.expression(node.child_by_field_name("value")),
            "instanceof_expression": self._instance_of,
            "lambda_expression": self._lambda,
            "annotation": self._annotation,
            "marker_annotation": lambda node: self.expression(node.child_by_field_name("name")),
        }

    # --- names and texts ---

    def bound(self, names: Iterable[str]) -> None:
        """Note that variables are declared here."""
        if self.scope is not None:
            self.scope = self.scope.union(names)

    def target(self, node: Node | None) -> ir.Expression:
        """What is assigned to: a bare name that no variable has is a field's."""
        if node is not None and node.type == "identifier" and self.scope is not None:
            name = self.text(node)
            if name not in self.scope and SCRIPT not in self.scope:
                return ir.Attribute(*self.span(node), ir.Name(*self.span(node), THIS), name)
        return self.expression(node)

    def _scoped_type(self, node: Node) -> ir.Expression:
        parts = [child for child in node.named_children if not child.type.endswith("annotation")]
        made = self.expression(parts[0])
        for part in parts[1:]:
            made = ir.Attribute(*self.between(node.start_byte, part.end_byte), made, self.text(part))
        return made

    def _string(self, node: Node) -> ir.Expression:
        written = self.text(node)
        block = written.startswith('"""')
        inner = written[3:].removesuffix('"""') if block else written[1:].removesuffix('"')
        return self.literal(self.span(node), text_block(inner) if block else unescaped(inner))

    def _number(self, node: Node) -> ir.Expression:
        try:
            value = int(self.text(node).rstrip("lL").replace("_", ""), 0)
        except ValueError:
            return ir.Literal(*self.span(node), None)
        return ir.Literal(*self.span(node), value)

    # --- access and calls ---

    def _field(self, node: Node) -> ir.Expression:
        field = node.child_by_field_name("field")
        if field is not None and field.type == "this":  # `Outer.this`
            return ir.Name(*self.span(node), THIS)
        return self.member(node, node.child_by_field_name("object"), field)

    def member(self, node: Node, value: Node | None, field: Node | None) -> ir.Expression:
        """`value.field`; what a template fills in may stand for the field."""
        if field is None:
            return self.expression(value)
        span = self.between(node.start_byte, field.end_byte)
        return ir.Attribute(*span, self.expression(value), self.text(field))

    def arguments(self, node: Node | None) -> tuple[ir.Argument, ...]:
        """The arguments of a call or annotation; those of an annotation may have names."""
        found: list[ir.Argument] = []
        for child in node.named_children if node is not None else ():
            if child.type == "element_value_pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                found.append(ir.Argument(self.text(key) if key is not None else None, self.expression(value)))
            elif not is_comment(child):
                found.append(ir.Argument(None, self.expression(child)))
        return tuple(found)

    def _call(self, node: Node) -> ir.Expression:
        # a chain of builders nests to the left, one call deep for each setter: unrolled without recursion
        chain: list[Node] = []
        rest: Node | None = node
        while rest is not None and rest.type == "method_invocation":
            chain.append(rest)
            rest = rest.child_by_field_name("object")
        made = None if rest is None else self.expression(rest)
        for call in reversed(chain):
            name = call.child_by_field_name("name")
            arguments = self.arguments(call.child_by_field_name("arguments"))
            if name is None:
                continue
            function: ir.Expression
            if made is None:
                function = self.name(name)
            else:
                function = ir.Attribute(*self.between(node.start_byte, name.end_byte), made, self.text(name))
            made = ir.Call(*self.between(node.start_byte, call.end_byte), function, arguments)
        return made if made is not None else ir.Literal(*self.span(node), None)

    def _reference(self, node: Node) -> ir.Expression:
        named = node.named_children
        if not named or len(named) < 2:  # `Type::new`
            return self.expression(named[0] if named else None)
        return ir.Attribute(*self.span(node), self.expression(named[0]), self.text(named[-1]))

    def _creation(self, node: Node) -> ir.Expression:
        span = self.span(node)
        made = self.expression(node.child_by_field_name("type"))
        body = next((child for child in node.named_children if child.type == "class_body"), None)
        if body is not None:
            name = f"new@{node.start_byte}"
            self.hoisted.append(ir.Class(*span, name, (made,), self.class_body(body, name), ()))
            made = ir.Name(*span, name)
        return ir.Call(*span, made, self.arguments(node.child_by_field_name("arguments")))

    def class_body(self, body: Node, name: str) -> tuple[ir.Statement, ...]:
        """The members of a class; the statements of a file know how."""
        raise NotImplementedError

    def _array_creation(self, node: Node) -> ir.Expression:
        value = node.child_by_field_name("value")
        return ir.Collection(*self.span(node), "list", ()) if value is None else self.expression(value)

    def _array(self, node: Node) -> ir.Expression:
        items = tuple([self.expression(child) for child in node.named_children if not is_comment(child)])
        return ir.Collection(*self.span(node), "list", items)

    def _annotation(self, node: Node) -> ir.Expression:
        name = self.expression(node.child_by_field_name("name"))
        return ir.Call(*self.span(node), name, self.arguments(node.child_by_field_name("arguments")))

    # --- operators ---

    def _assignment(self, node: Node) -> ir.Expression:
        span = self.span(node)
        target = self.target(node.child_by_field_name("left"))
        value = self.expression(node.child_by_field_name("right"))
        operator = node.child_by_field_name("operator")
        written = "=" if operator is None else self.text(operator)
        if written == "+=":
            value = ir.Join(*span, (target, value), False)
        elif written != "=":
            return ir.Operation(*span, written, (target, value))
        return ir.Bind(*span, target, value)

    def _binary(self, node: Node) -> ir.Expression:
        operator = node.child_by_field_name("operator")
        written = "" if operator is None else self.text(operator)
        parts = [self.expression(part) for part in self.unrolled(node, written)]
        span = self.span(node)
        if written == "+":
            return ir.Join(*span, tuple(parts), False)
        return ir.Operation(*span, _COMPARISONS.get(written, written), tuple(parts))

    def _ternary(self, node: Node) -> ir.Expression:
        options: list[ir.Expression] = []
        conditions: list[ir.Expression] = []
        rest: Node | None = node
        while rest is not None and rest.type == "ternary_expression":
            conditions.append(self.expression(rest.child_by_field_name("condition")))
            options.append(self.expression(rest.child_by_field_name("consequence")))
            rest = rest.child_by_field_name("alternative")
        options.append(self.expression(rest))
        span = self.span(node)
        condition = conditions[0] if len(conditions) == 1 else ir.Operation(*span, "conditions", tuple(conditions))
        return ir.Choice(*span, condition, tuple(options))

    def _instance_of(self, node: Node) -> ir.Expression:
        span = self.span(node)
        left, name = node.child_by_field_name("left"), node.child_by_field_name("name")
        value = self.expression(left)
        if name is None:
            return ir.Operation(*span, "instanceof", (value,))
        self.bound([self.text(name)])
        return ir.Bind(*span, self.name(name), value)

    def _lambda(self, node: Node) -> ir.Expression:
        parameters = self.parameters(node.child_by_field_name("parameters"))
        body = node.child_by_field_name("body")
        names = [parameter.name for parameter in parameters]
        return ir.Function(*self.span(node), "", parameters, self.inside(body, names), ())

    def parameters(self, node: Node | None) -> tuple[ir.Parameter, ...]:
        """The parameters of a lambda or method."""
        if node is None:
            return ()
        if node.type == "identifier":
            return (ir.Parameter(*self.span(node), self.text(node), None, None, "", False),)
        found: list[ir.Parameter] = []
        for child in node.named_children:
            if child.type == "identifier":
                found.append(ir.Parameter(*self.span(child), self.text(child), None, None, "", False))
            elif child.type in ("formal_parameter", "spread_parameter"):
                found.extend(self.parameters_of(child))
        return tuple(found)

    def parameters_of(self, node: Node) -> Iterable[ir.Parameter]:
        """The parameter that a declaration declares."""
        declarator = next((child for child in node.named_children if child.type == "variable_declarator"), node)
        name = declarator.child_by_field_name("name")
        if name is None:
            return
        spread = node.type == "spread_parameter"
        annotation = None if spread else self.declared_type(node)
        yield ir.Parameter(*self.span(node), self.text(name), None, annotation, "*" if spread else "", False)

    def declared_type(self, node: Node) -> ir.Expression | None:
        """The type that a declaration names, with what its annotations say; None for one that is inferred."""
        kind = node.child_by_field_name("type")
        if kind is None or self.text(kind) == "var":
            return None
        named = self.expression(kind)
        said = tuple([self.expression(child) for child in self.annotations(node) if child.type == "annotation"])
        if not said:
            return named
        span = self.span(node)
        return ir.Index(*span, named, ir.Collection(*span, "tuple", (named, *said)))

    def annotations(self, node: Node) -> list[Node]:
        """The annotations of a declaration."""
        return [
            inner
            for child in node.named_children
            if child.type == "modifiers"
            for inner in child.named_children
            if inner.type.endswith("annotation")
        ]

    def inside(self, body: Node | None, names: Iterable[str]) -> Callable[[], tuple[ir.Statement, ...]]:
        """A body that is lowered when it is first asked for, in which these names are variables too."""
        raise NotImplementedError
