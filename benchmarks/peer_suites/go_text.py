"""Evaluates the expressions that Go tests write their texts with: literals, `+`, constants, slices, `fmt.Sprintf`."""

from __future__ import annotations

import base64
import codecs
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tree_sitter import Node

Value = Any  # str, int, list[str], dict[str, str]; None: not known
_DEEPEST = 60
_VERB = re.compile(r"%[sqvd]")
_ESCAPE = re.compile(r"""\\(?:[abfnrtv\\'"]|x[0-9a-fA-F]{2}|[0-7]{3}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})""")


def root_of(text: str) -> Node:
    """The tree of a Go file."""
    from pat_audit.languages.syntax_tree import parse

    return parse("tree_sitter_go", text.encode())


def written(node: Node) -> str:
    """What stands in a node."""
    return node.text.decode("utf-8", "replace") if node.text else ""


def each(node: Node, *types: str) -> Iterator[Node]:
    """The outermost nodes of the types inside a node, in order."""
    for child in node.named_children:
        if child.type in types:
            yield child
        else:
            yield from each(child, *types)


class GoText:
    """The values of a file's names, and of a function's while it is followed.

    `calls` are functions by name as they are written (`secrets.NewSecret`); each gets the values of its arguments.
    """

    def __init__(self, calls: Mapping[str, Callable[..., Value]] | None = None) -> None:
        self.names: dict[str, Value] = {}
        self._calls: dict[str, Callable[..., Value]] = {**_CALLS, **(calls or {})}

    def follow(self, node: Node) -> None:
        """Take in what declarations and assignments inside a node say, in order."""
        for statement in each(node, "const_spec", "var_spec", "short_var_declaration", "assignment_statement"):
            names = statement.child_by_field_name("left")
            left = names.named_children if names else statement.children_by_field_name("name")
            values = statement.child_by_field_name("right") or statement.child_by_field_name("value")
            if values is None:
                continue
            right = values.named_children if values.type == "expression_list" else [values]
            for name, value in zip(left, right, strict=False):
                self.names[written(name)] = self.value(value)

    def value(self, node: Node | None, depth: int = 0) -> Value:
        """What an expression comes to; None where that is not known."""
        if node is None or depth > _DEEPEST:
            return None
        evaluate = _KINDS.get(node.type)
        return evaluate(self, node, depth + 1) if evaluate else None

    def _identifier(self, node: Node, depth: int) -> Value:
        return self.names.get(written(node))

    def _inner(self, node: Node, depth: int) -> Value:
        return self.value(node.named_children[-1], depth) if node.named_children else None

    def _binary(self, node: Node, depth: int) -> Value:
        left = self.value(node.child_by_field_name("left"), depth)
        right = self.value(node.child_by_field_name("right"), depth)
        operator = node.child_by_field_name("operator")
        sign = written(operator) if operator else ""
        if sign == "+" and isinstance(left, str) and isinstance(right, str):
            return left + right
        if isinstance(left, int) and isinstance(right, int):
            return left + right if sign == "+" else left - right if sign == "-" else None
        return None

    def _slice(self, node: Node, depth: int) -> Value:
        text = self.value(node.child_by_field_name("operand"), depth)
        start, end = (node.child_by_field_name(field) for field in ("start", "end"))
        first = self.value(start, depth) if start else 0
        last = self.value(end, depth) if end else len(text) if isinstance(text, str) else None
        if isinstance(text, str) and isinstance(first, int) and isinstance(last, int):
            return text[first:last]
        return None

    def _composite(self, node: Node, depth: int) -> Value:
        body = node.child_by_field_name("body")
        elements = body.named_children if body else []
        keyed = [element.named_children for element in elements if element.type == "keyed_element"]
        if keyed:
            pairs = [(self.value(key, depth), self.value(value, depth)) for key, value in keyed]
            return {key: value for key, value in pairs if isinstance(key, str) and isinstance(value, str)}
        values = [self.value(element, depth) for element in elements if element.type != "comment"]
        return [value for value in values if isinstance(value, str)]

    def _call(self, node: Node, depth: int) -> Value:
        function = node.child_by_field_name("function")
        arguments = node.child_by_field_name("arguments")
        call = self._calls.get(written(function)) if function else None
        if call is None or arguments is None:
            return None
        values = []
        for argument in arguments.named_children:
            if argument.type == "comment":
                continue
            value = self.value(argument, depth)
            values += value if argument.type == "variadic_argument" and isinstance(value, list) else [value]
        if any(value is None for value in values) and call is not _append:
            return None
        try:
            return call(*values)
        except (TypeError, ValueError, IndexError):
            return None


def _unquoted(node: Node) -> str:
    return _ESCAPE.sub(lambda found: codecs.decode(found[0], "unicode_escape"), written(node)[1:-1])


def _sprintf(form: str, *values: Value) -> str:
    given = iter(values)
    return _VERB.sub(lambda _: str(next(given, "")), form)


def _append(first: Value, *rest: Value) -> list[str]:
    return [value for value in (*(first or []), *rest) if isinstance(value, str)]


_CALLS: dict[str, Callable[..., Value]] = {
    "append": _append,
    "len": len,
    "string": str,
    "fmt.Sprintf": _sprintf,
    "strings.Repeat": lambda text, times: text * times,
    "strings.ToUpper": str.upper,
    "strings.ToLower": str.lower,
    "strings.TrimSpace": str.strip,
    "base64.StdEncoding.EncodeToString": lambda text: base64.b64encode(text.encode()).decode(),
}
_KINDS: dict[str, Callable[[GoText, Node, int], Value]] = {
    "interpreted_string_literal": lambda go, node, depth: _unquoted(node),
    "raw_string_literal": lambda go, node, depth: written(node)[1:-1],
    "rune_literal": lambda go, node, depth: _unquoted(node),
    "int_literal": lambda go, node, depth: int(written(node), 0),
    "identifier": GoText._identifier,
    "parenthesized_expression": GoText._inner,
    "literal_element": GoText._inner,
    "variadic_argument": GoText._inner,
    "type_conversion_expression": GoText._inner,
    "binary_expression": GoText._binary,
    "slice_expression": GoText._slice,
    "composite_literal": GoText._composite,
    "call_expression": GoText._call,
}
