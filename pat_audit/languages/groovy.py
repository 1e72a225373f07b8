"""Groovy to IR: classes, scripts, Jenkinsfiles and Gradle's build files, by a grammar that descends from Java's."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.flow.language import Language
from pat_audit.languages.broken_off import parse_whole
from pat_audit.languages.groovy_text import interpolation_end, readable
from pat_audit.languages.java import JavaLowering, named_after_its_class
from pat_audit.languages.java_expressions import SCRIPT, unescaped
from pat_audit.languages.jvm_layout import JvmLayout
from pat_audit.languages.syntax_tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tree_sitter import Node

_PATH = re.compile(r"\$([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)")
_EACH = ("each", "eachWithIndex", "collect", "find", "findAll", "any", "every", "forEach")
BLOCK = " {}"
"""Behind the name of what is called with a block of settings: `credentials { username "x" }`."""


def lower(path: str, data: bytes, place: Callable[[int], int] | None = None) -> ir.Module:
    """The IR of one Groovy file, or a piece of one. Raises `ir.Unreadable` for text that is nested too deep."""
    lowering = GroovyLowering(data, place)
    root = parse_whole("tree_sitter_groovy", readable(data))
    return named_after_its_class(path, lowering.within_bounds(lambda: lowering.statements(root.children)))


class GroovyLowering(JavaLowering):
    """Turns one Groovy text into IR: what blocks do is done where they stand."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self._in_class = False
        self.expressions.update(
            {
                "string_literal": self._string_with_values,
                "juxt_function_call": self._call_of_name,
                "map_literal": self._map,
                "array_literal": self._array,
                "closure": self._closure,
                "underscore_pattern": self.name,
            }
        )
        self.statements_of.update(
            {
                "function_definition": self._method,
                "closure": self._block,
                "expression_statement": self._with_block,
                "method_invocation": self._with_block,
                "juxt_function_call": self._with_block,
            }
        )

    # --- texts ---

    def _string_with_values(self, node: Node) -> ir.Expression:
        written = self.text(node)
        quote = next((mark for mark in ('"""', "'''", '"', "'", "/") if written.startswith(mark)), '"')
        inner = written[len(quote) :].removesuffix(quote)
        if quote in ("'''", "'"):
            return self.literal(self.span(node), unescaped(inner))
        return self.joined(self.span(node), list(self._pieces(inner, node.start_byte + len(quote.encode()))))

    def _pieces(self, inner: str, start: int) -> Iterator[ir.Expression]:
        """The parts of a text with `$name` and `${…}` in it; `start` is the byte that it begins at."""
        done = at = 0

        def span(first: int, last: int) -> tuple[int, int]:
            return self.between(start + len(inner[:first].encode()), start + len(inner[:last].encode()))

        while (at := inner.find("$", at)) >= 0:
            escaped = inner[:at].endswith("\\")
            path = _PATH.match(inner, at)
            end = interpolation_end(inner, at + 1) if inner.startswith("${", at) else path.end() if path else 0
            if escaped or not end:
                at += 1
                continue
            if at > done:
                yield self.literal(span(done, at), unescaped(inner[done:at]))
            if path is not None:
                yield self._path(path[1], span(at, end))
            else:
                yield self._inner(inner[at + 2 : end - 1], start + len(inner[: at + 2].encode()))
            done = at = end
        if done < len(inner):
            yield self.literal(span(done, len(inner)), unescaped(inner[done:]))

    def _path(self, written: str, span: tuple[int, int]) -> ir.Expression:
        first, *rest = written.split(".")
        made: ir.Expression = ir.Name(*span, first)
        for name in rest:
            made = ir.Attribute(*span, made, name)
        return made

    def _inner(self, written: str, start: int) -> ir.Expression:
        """The value of the expression between the braces of an interpolation, read by itself."""
        span = self.between(start, start + len(written.encode()))
        if re.fullmatch(r"\w+(?:\.[A-Za-z_]\w*)*", written.strip()) and not written.strip()[0].isdigit():
            return self._path(written.strip(), span)
        self._enter()
        try:
            inner = GroovyLowering(written.encode(), lambda at: self.between(start + at, start + at)[0])
            inner.scope, inner._depth = self.scope, self._depth
            root = parse_whole("tree_sitter_groovy", readable(inner.data))
            values = [each.value for each in inner.statements(root.children) if isinstance(each, ir.Evaluate)]
        finally:
            self._depth -= 1
        return values[-1] if values else ir.Operation(*span, "interpolation", ())

    # --- calls and collections ---

    def arguments(self, node: Node | None) -> tuple[ir.Argument, ...]:
        """The arguments of a call; those of a map without brackets have names."""
        found: list[ir.Argument] = []
        for child in node.named_children if node is not None else ():
            if child.type == "map_item":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                found.append(ir.Argument(None if key is None else self._key(key), self.expression(value)))
            elif child.type == "element_value_pair":
                found.extend(super().arguments(node))
                break
            elif not is_comment(child):
                found.append(ir.Argument(None, self.expression(child)))
        return tuple(found)

    def _key(self, node: Node) -> str:
        return self.text(node).strip("'\"")

    def _call_of_name(self, node: Node) -> ir.Expression:
        name = node.child_by_field_name("name")
        function = ir.Name(*self.span(node), "") if name is None else self.name(name)
        return ir.Call(*self.span(node), function, self.arguments(node.child_by_field_name("args")))

    def _map(self, node: Node) -> ir.Expression:
        entries: list[ir.Entry] = []
        for child in node.named_children:
            keys = [key for key in child.children_by_field_name("key") if key.is_named]
            if child.type != "map_item" or not keys:
                continue
            plain = keys[0].type == "identifier" and len(child.children_by_field_name("key")) == 1
            key = self.literal(self.span(keys[0]), self.text(keys[0])) if plain else self.expression(keys[0])
            entries.append(ir.Entry(key, self.expression(child.child_by_field_name("value"))))
        return ir.Mapping(*self.span(node), tuple(entries))

    def _closure(self, node: Node) -> ir.Expression:
        names, body = self._closure_parts(node)
        parameters = tuple(ir.Parameter(*self.span(node), name, None, None, "", False) for name in names or ["it"])
        return ir.Function(*self.span(node), "", parameters, self._lazily(body, names or ["it"]), ())

    def _lazily(self, body: list[Node], names: list[str]) -> Callable[[], tuple[ir.Statement, ...]]:
        around = self.scope

        def lowered() -> tuple[ir.Statement, ...]:
            before, self.scope = self.scope, None if around is None else around.union(names)
            try:
                return self._giving(self.within_bounds(lambda: self.statements(body)))
            finally:
                self.scope = before

        return lowered

    def _closure_parts(self, node: Node) -> tuple[list[str], list[Node]]:
        """The names of a closure's parameters, and what it does."""
        body = [child for child in node.named_children if not is_comment(child)]
        if body and body[0].type == "lambda_expression":
            parameters = self.parameters(body[0].child_by_field_name("parameters"))
            inner = body[0].child_by_field_name("body")
            return [parameter.name for parameter in parameters], [*([inner] if inner is not None else []), *body[1:]]
        return [], body

    def _binary(self, node: Node) -> ir.Expression:
        made = super()._binary(node)
        if isinstance(made, ir.Operation) and made.operator in ("||", "?:"):
            return ir.Choice(made.start, made.end, None, made.operands)
        return made

    # --- statements ---

    def _with_block(self, node: Node) -> Iterable[ir.Statement]:
        """A statement; where it is a call with a block, what the block does as well."""
        call = node.named_children[0] if node.type == "expression_statement" and node.named_children else node
        block = call.child_by_field_name("body") if call.type == "method_invocation" else None
        if block is None or block.type != "closure":
            if node.type == "expression_statement":
                yield from self._expression_statement(node)
                return
            value = self.expression(node)
            yield ir.Evaluate(value.start, value.end, value)
            return
        name, on = call.child_by_field_name("name"), call.child_by_field_name("object")
        names, body = self._closure_parts(block)
        self.bound(names)
        span = self.span(call)
        if on is not None and name is not None and self.text(name) in _EACH:
            target = ir.Name(*span, (names or ["it"])[0])
            yield ir.Loop(*span, target, self.expression(on), self.statements(body))
            return
        made = self.expression(call)
        yield ir.Evaluate(made.start, made.end, made)
        settings = tuple(self._settings(body))
        if on is None and name is not None and settings:
            function = ir.Name(*self.span(name), self.text(name) + BLOCK)
            yield ir.Evaluate(*span, ir.Call(*span, function, settings))
        yield from self.statements(body)

    def _settings(self, body: Iterable[Node]) -> Iterator[ir.Argument]:
        """The settings in a block, by name: `username = "x"` and `username "x"`."""
        for statement in body:
            node = statement.named_children[0] if statement.type == "expression_statement" else statement
            if node.type == "assignment_expression":
                left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
                if left is not None and left.type == "identifier":
                    yield ir.Argument(self.text(left), self.expression(right))
            elif node.type in ("juxt_function_call", "method_invocation"):
                name = node.child_by_field_name("name")
                arguments = self.arguments(node.child_by_field_name("args") or node.child_by_field_name("arguments"))
                if name is not None and len(arguments) == 1 and arguments[0].name is None:
                    yield ir.Argument(self.text(name), arguments[0].value)

    def _block(self, node: Node) -> Iterable[ir.Statement]:
        return self.statements(self._closure_parts(node)[1])

    def _class(self, node: Node) -> Iterable[ir.Statement]:
        before, self._in_class = self._in_class, True
        try:
            yield from super()._class(node)
        finally:
            self._in_class = before

    def _method(self, node: Node) -> Iterable[ir.Statement]:
        """A method, or a function of a script, which has no instance."""
        in_class = self._in_class
        scope = self.scope
        if not in_class:
            self.bound([SCRIPT])
            self.scope = self.scope or frozenset([SCRIPT])
        for made in super()._method(node):
            if isinstance(made, ir.Function) and not in_class:
                made = made._replace(parameters=made.parameters[1:])
            yield made
        self.scope = scope

    def _body(self, body: Node | None) -> tuple[ir.Statement, ...]:
        if body is not None and body.type == "closure":
            return self._giving(self.statements(self._closure_parts(body)[1]))
        return self._giving(super()._body(body))

    def _giving(self, body: tuple[ir.Statement, ...]) -> tuple[ir.Statement, ...]:
        """A body whose last value is what it gives."""
        if body and isinstance(body[-1], ir.Evaluate):
            last = body[-1]
            return (*body[:-1], ir.Return(last.start, last.end, last.value))
        return body

    def parameters(self, node: Node | None) -> tuple[ir.Parameter, ...]:
        """Parameters, also those without a type, and their defaults."""
        if node is None or node.type == "identifier":
            return super().parameters(node)
        found: list[ir.Parameter] = []
        for child in node.named_children:
            if child.type == "formal_parameter":
                made = super().parameters_of(child)
                given = [each for each in child.named_children if each.type not in ("modifiers",)]
                default = given[-1] if given and given[-1] != child.child_by_field_name("name") else None
                kept = default if default is not None and default != child.child_by_field_name("type") else None
                value = None if kept is None else self.expression(kept)
                kind = child.child_by_field_name("type")
                for parameter in made:
                    if not parameter.name and kind is not None:  # what has no type is taken for one
                        parameter = parameter._replace(name=self.text(kind), annotation=None)
                    found.append(parameter._replace(default=value))
            elif child.type in ("ERROR", "identifier", "type_identifier"):
                names = [child] if child.type != "ERROR" else child.named_children
                for name in names:
                    if name.type.endswith("identifier"):
                        found.append(ir.Parameter(*self.span(name), self.text(name), None, None, "", False))
            elif child.type == "spread_parameter":
                found.extend(super().parameters_of(child))
        return tuple(found)


LANGUAGE = Language(
    "groovy",
    lower,
    partial(JvmLayout, ending=".groovy"),
    own_members=True,
    namespaces=True,
    overloads=True,
    methods_apart=True,
    eponymous=True,
    fields_as_items=True,
)
