"""Kotlin expressions to IR."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.java_expressions import THIS, unescaped
from pat_audit.languages.syntax_tree import TreeLowering, is_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tree_sitter import Node

_NAME = re.compile(r"\$([A-Za-z_]\w*)")
_COMPARISONS = {"==": "Eq", "!=": "NotEq", "<": "Lt", "<=": "LtE", ">": "Gt", ">=": "GtE"}
_TYPES = ("user_type", "nullable_type", "function_type", "parenthesized_type", "non_nullable_type")


class KotlinExpressions(TreeLowering):
    """Turns Kotlin's expressions into IR.

    `scope` holds the variables around the place that is lowered, or None outside all methods: an assignment to
    any other bare name sets a property. `extensions` are the functions of this file that extend other classes:
    a call of one hands it what it is called on.
    """

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.scope: frozenset[str] | None = None
        self.extensions = frozenset(match.decode() for match in re.findall(rb"\bfun\s+[A-Z]\w*\??\.(\w+)\s*\(", data))
        self.expressions = {
            "identifier": self.name,
            "user_type": lambda node: self._path(
                [child for child in node.named_children if child.type == "identifier"]
            ),
            "nullable_type": lambda node: self.expression(node.named_children[0]),
            "string_literal": self._string,
            "multiline_string_literal": self._string,
            "character_literal": lambda node: self.literal(self.span(node), unescaped(self.text(node)[1:-1])),
            "number_literal": self._number,
            "true": lambda node: ir.Literal(*self.span(node), True),
            "false": lambda node: ir.Literal(*self.span(node), False),
            "null": lambda node: ir.Literal(*self.span(node), None),
            "this_expression": lambda node: ir.Name(*self.span(node), THIS),
            "super_expression": lambda node: ir.Super(*self.span(node)),
            "navigation_expression": self._navigation,
            "index_expression": self._index,
            "call_expression": self._call,
            "binary_expression": self._binary,
            "unary_expression": lambda node: self.expression(node.child_by_field_name("argument")),
            "as_expression": lambda node: self.expression(node.child_by_field_name("left")),
            "infix_expression": self._infix,
            "if_expression": self._choice,
            "when_expression": self._when,
            "try_expression": lambda node: self._last_of(node.named_children[:1], node),
            "lambda_literal": self._lambda,
            "annotated_lambda": lambda node: self.expression(node.named_children[-1]),
            "anonymous_function": self._lambda,
            "interpolation": lambda node: self.expression(node.named_children[0] if node.named_children else None),
            "collection_literal": lambda node: ir.Collection(
                *self.span(node), "list", tuple([self.expression(child) for child in node.named_children])
            ),
        }

    def bound(self, names: Iterable[str]) -> None:
        """Note that variables are declared here."""
        if self.scope is not None:
            self.scope = self.scope.union(names)

    def target(self, node: Node | None) -> ir.Expression:
        """What is assigned to: a bare name that no variable has is a property's."""
        if node is not None and node.type == "identifier" and self.scope is not None:
            name = self.text(node)
            if name not in self.scope:
                return ir.Attribute(*self.span(node), ir.Name(*self.span(node), THIS), name)
        return self.expression(node)

    # --- names and texts ---

    def _path(self, parts: list[Node]) -> ir.Expression:
        made = self.expression(parts[0]) if parts else ir.Literal(0, 0, None)
        for part in parts[1:]:
            made = ir.Attribute(*self.between(parts[0].start_byte, part.end_byte), made, self.text(part))
        return made

    def _string(self, node: Node) -> ir.Expression:
        written = self.text(node)
        raw = written.startswith('"""')
        quote = '"""' if raw else '"'
        inner = written[len(quote) :].removesuffix(quote)
        start = node.start_byte + len(quote)
        values = {child.start_byte: child for child in node.named_children if child.type == "interpolation"}
        return self.joined(self.span(node), list(self._pieces(inner, start, values, raw)))

    def _pieces(self, inner: str, start: int, values: dict[int, Node], raw: bool) -> Iterator[ir.Expression]:
        """The parts of a text with `$name` and `${…}` in it; `start` is the byte that it begins at."""
        done = at = 0

        def byte(position: int) -> int:
            return start + len(inner[:position].encode())

        def plain(first: int, last: int) -> ir.Expression:
            text = inner[first:last]
            return self.literal(self.between(byte(first), byte(last)), text if raw else unescaped(text))

        while (at := inner.find("$", at)) >= 0:
            name = _NAME.match(inner, at)
            value = values.get(byte(at))
            if (name is None and value is None) or (not raw and inner[:at].endswith("\\")):
                at += 1
                continue
            if at > done:
                yield plain(done, at)
            if value is not None:
                end = at + len(self.text(value))
                yield self.expression(value)
            else:
                assert name is not None
                end = name.end()
                yield ir.Name(*self.between(byte(at), byte(end)), name[1])
            done = at = end
        if done < len(inner):
            yield plain(done, len(inner))

    def _number(self, node: Node) -> ir.Expression:
        try:
            value = int(self.text(node).rstrip("lLuU").replace("_", ""), 0)
        except ValueError:
            return ir.Literal(*self.span(node), None)
        return ir.Literal(*self.span(node), value)

    # --- access and calls ---

    def _navigation(self, node: Node) -> ir.Expression:
        parts = [child for child in node.named_children if not is_comment(child)]
        if len(parts) < 2:
            return self.expression(parts[0] if parts else None)
        span = self.between(node.start_byte, parts[-1].end_byte)
        return ir.Attribute(*span, self.expression(parts[0]), self.text(parts[-1]))

    def _index(self, node: Node) -> ir.Expression:
        value, *keys = node.named_children
        return ir.Index(*self.span(node), self.expression(value), self.expression(keys[0]) if keys else None)

    def _call(self, node: Node) -> ir.Expression:
        # a chain of builders nests to the left, one call deep for each setter: unrolled without recursion
        chain: list[Node] = []
        rest = node
        while rest.type == "call_expression" and rest.named_children:
            chain.append(rest)
            inner = rest.named_children[0]
            if inner.type == "navigation_expression" and inner.named_children:
                chain.append(inner)
                inner = inner.named_children[0]
            rest = inner
        made = self.expression(rest)
        for link in reversed(chain):
            if link.type == "navigation_expression":
                last = link.named_children[-1]
                made = ir.Attribute(*self.between(node.start_byte, last.end_byte), made, self.text(last))
            else:
                made = self._called(node, link, made)
        return made

    def _called(self, whole: Node, call: Node, function: ir.Expression) -> ir.Expression:
        arguments: list[ir.Argument] = []
        for part in call.named_children[1:]:
            if part.type == "value_arguments":
                arguments.extend(self.arguments(part))
            elif part.type in ("annotated_lambda", "lambda_literal"):
                arguments.append(ir.Argument(None, self.expression(part)))
        span = self.between(whole.start_byte, call.end_byte)
        if isinstance(function, ir.Call) and call.named_children[0].type == "call_expression":
            # `f(a) { … }`: one call, its last argument behind the brackets
            return ir.Call(*span, function.function, (*function.arguments, *arguments))
        if isinstance(function, ir.Attribute) and function.name in self.extensions:
            name = ir.Name(function.start, function.end, function.name)
            return ir.Call(*span, name, (ir.Argument(None, function.value), *arguments))
        return ir.Call(*span, function, tuple(arguments))

    def arguments(self, node: Node) -> Iterator[ir.Argument]:
        """The arguments of a call, some with names."""
        for child in node.named_children:
            if child.type != "value_argument" or not child.named_children:
                continue
            *first, value = child.named_children
            named = any(not part.is_named and self.text(part) == "=" for part in child.children)
            spread = any(not part.is_named and self.text(part) == "*" for part in child.children)
            name = self.text(first[0]) if named and first else "*" if spread else None
            yield ir.Argument(name, self.expression(value))

    def _infix(self, node: Node) -> ir.Expression:
        operands = [child for child in node.named_children if not is_comment(child)]
        if len(operands) == 3 and self.text(operands[1]) == "to":
            pair = (self.expression(operands[0]), self.expression(operands[2]))
            return ir.Collection(*self.span(node), "tuple", pair)
        return ir.Operation(*self.span(node), "infix", tuple([self.expression(child) for child in operands]))

    # --- operators ---

    def _binary(self, node: Node) -> ir.Expression:
        operator = node.child_by_field_name("operator")
        written = "" if operator is None else self.text(operator)
        parts = tuple([self.expression(part) for part in self.unrolled(node, written)])
        span = self.span(node)
        if written == "+":
            return ir.Join(*span, parts, False)
        if written == "?:":
            return ir.Choice(*span, None, parts)
        return ir.Operation(*span, _COMPARISONS.get(written, written), parts)

    def _choice(self, node: Node) -> ir.Expression:
        condition = node.child_by_field_name("condition")
        asked = None if condition is None else self.expression(condition)
        options = [child for child in node.named_children if child != condition and not is_comment(child)]
        given = [self._last_of([option], option) for option in options]
        return ir.Choice(*self.span(node), asked or ir.Literal(*self.span(node), None), tuple(given))

    def _when(self, node: Node) -> ir.Expression:
        subject = next((child for child in node.named_children if child.type == "when_subject"), None)
        entries = [child for child in node.named_children if child.type == "when_entry"]
        given = [self._last_of(entry.named_children[-1:], entry) for entry in entries]
        asked = self.expression(subject.named_children[-1]) if subject is not None and subject.named_children else None
        return ir.Choice(*self.span(node), asked or ir.Literal(*self.span(node), None), tuple(given))

    def _last_of(self, nodes: list[Node], whole: Node) -> ir.Expression:
        """What the last statement of a block comes to."""
        body = self.statements(nodes)
        last = body[-1] if body else None
        if isinstance(last, ir.Evaluate):
            return last.value
        return ir.Operation(*self.span(whole), whole.type, ())

    def _lambda(self, node: Node) -> ir.Expression:
        given = next((child for child in node.named_children if child.type == "lambda_parameters"), None)
        names = (
            []
            if given is None
            else [self.text(part.named_children[0]) for part in given.named_children if part.named_children]
        )
        body = [child for child in node.named_children if child.type != "lambda_parameters"]
        parameters = tuple(ir.Parameter(*self.span(node), name, None, None, "", False) for name in names or ["it"])
        return ir.Function(*self.span(node), "", parameters, self.inside(body, names or ["it"], True), ())

    def types_of(self, node: Node) -> Node | None:
        """The type that a declaration names."""
        return next((child for child in node.named_children if child.type in _TYPES), None)

    def inside(self, body: list[Node], names: Iterable[str], gives: bool) -> Callable[[], tuple[ir.Statement, ...]]:
        """A body that is lowered when it is first asked for; `gives`: its last value is what it gives."""
        raise NotImplementedError
