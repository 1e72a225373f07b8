"""Go's expressions to IR: strings, literals of types, calls, conversions, closures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.go_types import GoTypes, elements, type_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

_ESCAPE = re.compile(r"\\(?:([abfnrtv\\'\"])|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-7]{3}))")
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_COMPARISONS = {"==": "Eq", "!=": "NotEq", "<": "Lt", "<=": "LtE", ">": "Gt", ">=": "GtE"}
_CONSTANTS = {"true": True, "false": False, "nil": None}
_LISTS = ("slice_type", "array_type", "implicit_length_array_type")


def unescaped(text: str) -> str:
    """What an interpreted string literal's text stands for; an escape that Go has not stays as it is."""
    if "\\" not in text:
        return text

    def character(match: re.Match[str]) -> str:
        letter, *numbers = match.groups()
        if letter is not None:
            return _LETTERS.get(letter, letter)
        *hexadecimal, octal = numbers
        code = int(octal, 8) if octal is not None else int(next(each for each in hexadecimal if each is not None), 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"

    return _ESCAPE.sub(character, text)


class GoExpressions(GoTypes):
    """The part of the lowering that gives expressions."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.expressions.update(
            {
                "identifier": self.name,
                "type_identifier": self.name,
                "package_identifier": self.name,
                "field_identifier": self.name,
                "qualified_type": self._qualified,
                "generic_type": lambda node: self.expression(node.child_by_field_name("type")),
                "type_instantiation_expression": lambda node: self.expression(node.child_by_field_name("type")),
                "pointer_type": lambda node: self.expression(elements(node)[0] if elements(node) else None),
                "selector_expression": self._selector,
                "interpreted_string_literal": lambda node: self.literal(
                    self.span(node), unescaped(self.text(node)[1:-1])
                ),
                "raw_string_literal": lambda node: self.literal(
                    self.span(node), self.text(node)[1:-1].replace("\r", "")
                ),
                "rune_literal": lambda node: ir.Literal(*self.span(node), unescaped(self.text(node)[1:-1])),
                "int_literal": self._number,
                "float_literal": lambda node: ir.Literal(*self.span(node), 0.0),
                "imaginary_literal": lambda node: ir.Literal(*self.span(node), 0.0),
                "iota": lambda node: ir.Literal(*self.span(node), 0),
                "true": self._constant,
                "false": self._constant,
                "nil": self._constant,
                "unary_expression": self._unary,
                "binary_expression": self._binary,
                "call_expression": self._call,
                "index_expression": self._index,
                "slice_expression": self._slice,
                "composite_literal": lambda node: self._made(
                    node, node.child_by_field_name("type"), node.child_by_field_name("body")
                ),
                "func_literal": self._closure,
                "type_assertion_expression": lambda node: self.expression(node.child_by_field_name("operand")),
                "type_conversion_expression": self._conversion,
            }
        )

    # --- names and constants ---

    def _qualified(self, node: Node) -> ir.Expression:
        package = self.expression(node.child_by_field_name("package"))
        name = node.child_by_field_name("name")
        return ir.Attribute(*self.span(node), package, "" if name is None else self.text(name))

    def _selector(self, node: Node) -> ir.Expression:
        field = node.child_by_field_name("field")
        value = self.expression(node.child_by_field_name("operand"))
        return ir.Attribute(*self.span(node), value, "" if field is None else self.text(field))

    def _number(self, node: Node) -> ir.Expression:
        written = self.text(node).replace("_", "").lower()
        if written.startswith("0") and written[1:].isdigit():
            written = "0o" + written[1:]
        try:
            return ir.Literal(*self.span(node), int(written, 0))
        except ValueError:
            return ir.Literal(*self.span(node), 0)

    def _constant(self, node: Node) -> ir.Expression:
        return ir.Literal(*self.span(node), _CONSTANTS[node.type])

    # --- operators ---

    def _unary(self, node: Node) -> ir.Expression:
        operand = node.child_by_field_name("operand")
        value = self.expression(operand)
        operator = self._operator(node)
        if operator == "&" and isinstance(value, ir.Name | ir.Attribute | ir.Index):
            return ir.Reference(*self.span(node), value)
        if operator in ("&", "*", "<-"):
            return value
        return ir.Operation(*self.span(node), operator, (value,))

    def _binary(self, node: Node) -> ir.Expression:
        operator = self._operator(node)
        span = self.span(node)
        if operator == "+":
            return ir.Join(*span, tuple([self.expression(part) for part in self.unrolled(node, "+")]), False)
        if operator in ("&&", "||"):
            return ir.Operation(
                *span, operator, tuple([self.expression(part) for part in self.unrolled(node, operator)])
            )
        operands = (
            self.expression(node.child_by_field_name("left")),
            self.expression(node.child_by_field_name("right")),
        )
        return ir.Operation(*span, _COMPARISONS.get(operator, operator), operands)

    def _index(self, node: Node) -> ir.Expression:
        index = node.child_by_field_name("index")
        value = self.expression(node.child_by_field_name("operand"))
        return ir.Index(*self.span(node), value, self.expression(index))

    def _slice(self, node: Node) -> ir.Expression:
        return ir.Index(*self.span(node), self.expression(node.child_by_field_name("operand")), None)

    # --- calls ---

    def _conversion(self, node: Node) -> ir.Expression:
        """`[]byte(x)` is x; `f[int](x)` is a call that looks like a conversion to a generic type."""
        value = self.expression(node.child_by_field_name("operand"))
        type_ = node.child_by_field_name("type")
        if type_ is not None and type_.type == "generic_type":
            return ir.Call(*self.span(node), self.expression(type_), (ir.Argument(None, value),))
        return value

    def _call(self, node: Node) -> ir.Expression:
        function = node.child_by_field_name("function")
        given = elements(node.child_by_field_name("arguments"))
        builtin = self.text(function) if function is not None and function.type == "identifier" else ""
        if builtin in ("make", "new") and given:
            return self._made(node, given[0], None)
        if builtin == "append":
            return self._appended(node, given)
        while function is not None and function.type == "parenthesized_expression" and function.named_children:
            function = function.named_children[0]  # `(*T)(x)`
        if function is not None and function.type in ("unary_expression", *_LISTS) and len(given) == 1:
            return self.expression(given[0])
        arguments = tuple([self._argument(argument) for argument in given])
        start, end = self.span(node)
        return ir.Call(self._start_of(function, start), end, self.expression(function), arguments)

    def _start_of(self, function: Node | None, start: int) -> int:
        """Where a call starts: at the method's name where that stands on a line of its own, in a chain of calls."""
        operand, field = (None if function is None else function.child_by_field_name(f) for f in ("operand", "field"))
        if operand is None or field is None or operand.end_point.row == field.start_point.row:
            return start
        return self.span(field)[0]

    def _argument(self, node: Node) -> ir.Argument:
        if node.type == "variadic_argument":
            return ir.Argument("*", self.expression(elements(node)[0] if elements(node) else None))
        return ir.Argument(None, self.expression(node))

    def _appended(self, node: Node, given: list[Node]) -> ir.Expression:
        items: list[ir.Expression | ir.Argument] = []
        for index, argument in enumerate(given):
            spread = index == 0 or argument.type == "variadic_argument"
            inner = elements(argument)[0] if argument.type == "variadic_argument" and elements(argument) else argument
            value = self.expression(inner)
            items.append(ir.Argument("*", value) if spread else value)
        return ir.Collection(*self.span(node), "list", tuple(items))

    # --- literals of types ---

    def _made(self, node: Node, type_: Node | None, body: Node | None) -> ir.Expression:
        """`T{…}`, `make(T)`, `new(T)`: a list, a mapping, or an object of the type."""
        span = self.span(node)
        given = elements(body)
        kind = "" if type_ is None else type_.type
        if kind in _LISTS:
            element = None if type_ is None else type_.child_by_field_name("element")
            return ir.Collection(*span, "list", tuple([self._element(each, element) for each in given]))
        keyed = [each for each in given if each.type == "keyed_element"]
        if kind in ("map_type", "struct_type") or _is_mapping(keyed) or (type_ is None and keyed):
            value = type_.child_by_field_name("value") if type_ is not None and kind == "map_type" else None
            return ir.Mapping(*span, tuple([self._entry(each, value, kind == "map_type") for each in keyed]))
        name = type_name(type_)
        if name is None:
            return ir.Collection(*span, "list", tuple([self._element(each, None) for each in given]))
        arguments: list[ir.Argument] = []
        for each in given:
            key, value = _parts(each)
            named = None if key is None else self.text(key)
            arguments.append(ir.Argument(named, self._value(value, None)))
        return ir.Call(*span, self.expression(name), tuple(arguments))

    def _entry(self, node: Node, type_: Node | None, is_map: bool) -> ir.Entry:
        key, value = _parts(node)
        inner = None if key is None else key
        if inner is not None and inner.type == "identifier" and not is_map:
            return ir.Entry(ir.Literal(*self.span(inner), self.text(inner)), self._value(value, type_))
        return ir.Entry(self._value(inner, None), self._value(value, type_))

    def _element(self, node: Node, type_: Node | None) -> ir.Expression:
        return self._value(_parts(node)[1], type_)

    def _value(self, node: Node | None, type_: Node | None) -> ir.Expression:
        """A value in a literal; one that is a literal itself may leave its type out."""
        if node is not None and node.type == "literal_value":
            return self._made(node, type_, node)
        return self.expression(node)

    def _closure(self, node: Node) -> ir.Expression:
        return self.function(node, "", node)


def _parts(node: Node) -> tuple[Node | None, Node | None]:
    """Key and value of an element of a literal."""
    if node.type == "keyed_element":
        key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
        return _inner(key), _inner(value)
    return None, _inner(node)


def _inner(node: Node | None) -> Node | None:
    if node is not None and node.type == "literal_element":
        return next(iter(elements(node)), None)
    return node


def _is_mapping(keyed: list[Node]) -> bool:
    """Whether the keys are not names of fields."""
    key = _parts(keyed[0])[0] if keyed else None
    return key is not None and key.type not in ("identifier", "literal_value")
