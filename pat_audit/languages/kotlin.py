"""Kotlin to IR: declarations and statements, and Gradle's build files in Kotlin."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.flow.language import Language
from pat_audit.languages.broken_off import parse_whole
from pat_audit.languages.java import named_after_its_class
from pat_audit.languages.java_expressions import THIS
from pat_audit.languages.jvm_layout import JvmLayout
from pat_audit.languages.kotlin_expressions import KotlinExpressions
from pat_audit.languages.syntax_tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tree_sitter import Node

BLOCK = " {}"
"""Behind the name of what is called with a block of settings."""


def lower(path: str, data: bytes, place: Callable[[int], int] | None = None) -> ir.Module:
    """The IR of one Kotlin file, or a piece of one. Raises `ir.Unreadable` for text that is nested too deep."""
    lowering = _Lowering(data, place)
    root = parse_whole("tree_sitter_kotlin", data)
    return named_after_its_class(path, lowering.within_bounds(lambda: lowering.statements(root.children)))


class _Lowering(KotlinExpressions):
    """Turns the statements of one file into IR."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self._kind = ""  # of the functions of the class around: `class` in an object
        self.statements_of = {
            "package_header": lambda node: (),
            "import": self._import,
            "property_declaration": self._property,
            "class_declaration": self._class,
            "object_declaration": self._class,
            "function_declaration": self._function,
            "anonymous_initializer": lambda node: self.statements(node.named_children),
            "secondary_constructor": lambda node: (),
            "assignment": self._assignment,
            "call_expression": self._with_settings,
            "return_expression": self._return,
            "if_expression": self._if,
            "when_expression": self._cases,
            "for_statement": self._for,
            "try_expression": self._try,
            "modifiers": lambda node: (),
            "type_alias": lambda node: (),
        }

    # --- declarations ---

    def _import(self, node: Node) -> Iterable[ir.Statement]:
        names = [child for child in node.named_children if not is_comment(child)]
        if not names:
            return
        module = ".".join(self.text(part).strip("`") for part in names[0].named_children)
        if self.text(node).rstrip().endswith("*"):
            yield ir.Import(*self.span(node), module, "*", "", 0)
            return
        package, _, last = module.rpartition(".")
        yield ir.Import(*self.span(node), package, last, self.text(names[1]) if len(names) > 1 else "", 0)

    def _value_of(self, node: Node) -> ir.Expression | None:
        """What a property is declared to hold: its value, or what the block of `by lazy` gives."""
        for child in reversed(node.named_children):
            if child.type == "property_delegate":
                made = self.expression(child.named_children[0]) if child.named_children else None
                inner = made.arguments[-1].value if isinstance(made, ir.Call) and made.arguments else None
                body = inner.body() if isinstance(inner, ir.Function) else ()
                return body[-1].value if body and isinstance(body[-1], ir.Return) else made
            if child.type in self.expressions and child.type not in ("user_type", "nullable_type"):
                return self.expression(child)
        return None

    def _declared(self, node: Node) -> tuple[Node | None, ir.Expression | None]:
        variable = next((child for child in node.named_children if child.type == "variable_declaration"), None)
        if variable is None or not variable.named_children:
            return None, None
        kind = self.types_of(variable)
        return variable.named_children[0], None if kind is None else self.expression(kind)

    def _property(self, node: Node) -> Iterable[ir.Statement]:
        name, kind = self._declared(node)
        if name is None:
            return
        getter = next((child for child in node.named_children if child.type == "getter"), None)
        body = None if getter is None else self._body_of(getter)
        if body is not None:
            this = ir.Parameter(*self.span(name), THIS, None, None, "", False)
            yield ir.Function(*self.span(node), self.text(name), (this,), self.inside(*body), (), kind="property")
            return
        value = self._value_of(node)
        self.bound([self.text(name)])
        yield ir.Assign(*self.span(node), (self.name(name),), value, kind)

    def _body_of(self, node: Node) -> tuple[list[Node], list[str], bool] | None:
        body = next((child for child in node.named_children if child.type == "function_body"), None)
        if body is None or not body.named_children:
            return None
        inner = body.named_children[0]
        return (inner.named_children, [], False) if inner.type == "block" else ([inner], [], True)

    def _parameters(self, node: Node | None) -> Iterator[ir.Parameter]:
        """Parameters; a default stands behind the one that it is of."""
        found: list[ir.Parameter] = []
        for child in node.named_children if node is not None else ():
            if child.type in ("parameter", "class_parameter"):
                name = next((part for part in child.named_children if part.type == "identifier"), None)
                if name is None:
                    continue
                kind = self.types_of(child)
                last = child.named_children[-1]
                default = self.expression(last) if last != name and last != kind and last.type != "modifiers" else None
                annotation = None if kind is None else self.expression(kind)
                found.append(ir.Parameter(*self.span(child), self.text(name), default, annotation, "", False))
            elif found and child.type in self.expressions:
                found[-1] = found[-1]._replace(default=self.expression(child))
        yield from found

    def _function(self, node: Node) -> Iterable[ir.Statement]:
        name = node.child_by_field_name("name")
        if name is None:
            return
        parts = node.named_children
        given = next((child for child in parts if child.type == "function_value_parameters"), None)
        extends = any(child.type.endswith("_type") and child.end_byte <= name.start_byte for child in parts)
        parameters = list(self._parameters(given))
        if self._kind or extends:
            parameters.insert(0, ir.Parameter(*self.span(name), THIS, None, None, "", False))
        names = [parameter.name for parameter in parameters]
        body, _, gives = self._body_of(node) or ([], [], False)
        kind = "class" if self._kind == "class" else ""
        made = self.inside(body, names, gives)
        yield ir.Function(*self.span(node), self.text(name), tuple(parameters), made, (), kind=kind)

    def _class(self, node: Node) -> Iterable[ir.Statement]:
        name = node.child_by_field_name("name")
        if name is None:
            return
        before, self._kind = self._kind, "class" if node.type == "object_declaration" else "instance"
        scope, self.scope = self.scope, None
        bodies = [child for child in node.named_children if child.type in ("class_body", "enum_class_body")]
        members = [member for body in bodies for member in body.named_children]
        bases = self._bases(node)
        primary = next((child for child in node.named_children if child.type == "primary_constructor"), None)
        constructors = tuple(self._constructors(node, primary, members))
        body: list[ir.Statement] = [*constructors]
        for member in members:
            if member.type == "companion_object":
                body.extend(self._companion(member))
            elif primary is None or member.type not in ("property_declaration", "anonymous_initializer"):
                body.extend(self.statement(member))
            elif member.type == "property_declaration":
                body.extend(self._only_declared(member))
        self._kind, self.scope = before, scope
        yield ir.Class(*self.span(node), self.text(name), tuple(bases), tuple(body), ())

    def _bases(self, node: Node) -> Iterator[ir.Expression]:
        for specifiers in (child for child in node.named_children if child.type == "delegation_specifiers"):
            for specifier in specifiers.named_children:
                inner = specifier.named_children[0] if specifier.named_children else None
                if inner is not None and inner.type == "constructor_invocation":
                    inner = inner.named_children[0]
                if inner is not None and inner.type == "user_type":
                    yield self.expression(inner)

    def _companion(self, node: Node) -> Iterator[ir.Statement]:
        before, self._kind = self._kind, "class"
        for body in node.named_children:
            if body.type == "class_body":
                yield from self.statements(body.named_children)
        self._kind = before

    def _only_declared(self, node: Node) -> Iterable[ir.Statement]:
        """A property that the constructor fills: its getter, or its name and type."""
        if any(child.type == "getter" for child in node.named_children):
            return self._property(node)
        name, kind = self._declared(node)
        return () if name is None else (ir.Assign(*self.span(node), (self.name(name),), None, kind),)

    def _constructors(self, node: Node, primary: Node | None, members: list[Node]) -> Iterator[ir.Statement]:
        """The constructors: the first one sets what the class declares, in order."""
        this = ir.Parameter(*self.span(node), THIS, None, None, "", False)
        if primary is not None:
            given = next((child for child in primary.named_children if child.type == "class_parameters"), None)
            parameters = (this, *self._parameters(given))
            fields = tuple(self._fields(parameters[1:]))
            yield from (
                ir.Assign(*parameter[:2], (ir.Name(*parameter[:2], parameter.name),), None, parameter.annotation)
                for parameter in parameters[1:]
            )
            names = [parameter.name for parameter in parameters]
            made = partial(self._first, fields, members, names, node)
            yield ir.Function(*self.span(primary), ir.CONSTRUCTOR, parameters, cache(made), ())
        for member in members:
            if member.type == "secondary_constructor":
                yield self._second(member, this)

    def _fields(self, parameters: tuple[ir.Parameter, ...]) -> Iterator[ir.Statement]:
        for parameter in parameters:
            span = parameter[:2]
            target = ir.Attribute(*span, ir.Name(*span, THIS), parameter.name)
            yield ir.Assign(*span, (target,), ir.Name(*span, parameter.name), None)

    def _first(
        self, fields: tuple[ir.Statement, ...], members: list[Node], names: list[str], node: Node
    ) -> tuple[ir.Statement, ...]:
        def lowered() -> tuple[ir.Statement, ...]:
            found: list[ir.Statement] = []
            for call in self._base_calls(node):
                found.append(call)
            for member in members:
                if member.type == "anonymous_initializer":
                    found.extend(self.statement(member))
                elif member.type == "property_declaration":
                    name, _ = self._declared(member)
                    value = self._value_of(member)
                    if name is not None and value is not None:
                        target = ir.Attribute(*self.span(name), ir.Name(*self.span(name), THIS), self.text(name))
                        found.append(ir.Assign(*self.span(member), (target,), value, None))
            return (*fields, *found)

        before, self.scope = self.scope, frozenset(names)
        try:
            return self.within_bounds(lowered)
        finally:
            self.scope = before

    def _base_calls(self, node: Node) -> Iterator[ir.Statement]:
        for specifiers in (child for child in node.named_children if child.type == "delegation_specifiers"):
            for specifier in specifiers.named_children:
                for inner in specifier.named_children:
                    if inner.type == "constructor_invocation" and len(inner.named_children) > 1:
                        span = self.span(inner)
                        function = ir.Attribute(*span, ir.Super(*span), ir.CONSTRUCTOR)
                        call = ir.Call(*span, function, tuple(self.arguments(inner.named_children[1])))
                        yield ir.Evaluate(*span, call)

    def _second(self, node: Node, this: ir.Parameter) -> ir.Function:
        given = next((child for child in node.named_children if child.type == "function_value_parameters"), None)
        parameters = (this, *self._parameters(given))
        body = [child for child in node.named_children if child.type in ("constructor_delegation_call", "block")]
        names = [parameter.name for parameter in parameters]
        self.statements_of["constructor_delegation_call"] = self._delegation
        return ir.Function(*self.span(node), ir.CONSTRUCTOR, parameters, self.inside(body, names, False), ())

    def _delegation(self, node: Node) -> Iterable[ir.Statement]:
        span = self.span(node)
        on: ir.Expression = ir.Super(*span) if self.text(node).startswith("super") else ir.Name(*span, THIS)
        arguments = [part for part in node.named_children if part.type == "value_arguments"]
        given = tuple(self.arguments(arguments[0])) if arguments else ()
        yield ir.Evaluate(*span, ir.Call(*span, ir.Attribute(*span, on, ir.CONSTRUCTOR), given))

    # --- statements ---

    def inside(self, body: list[Node], names: Iterable[str], gives: bool) -> Callable[[], tuple[ir.Statement, ...]]:
        """A body that is lowered when it is first asked for; `gives`: its last value is what it gives."""
        around = (self.scope or frozenset()).union(names) if self.scope is not None or self._kind else None

        @cache
        def lowered() -> tuple[ir.Statement, ...]:
            before, self.scope = self.scope, around
            self._depth = 0
            try:
                made = self.within_bounds(lambda: self.statements(body))
            finally:
                self.scope = before
            if gives and made and isinstance(made[-1], ir.Evaluate):
                last = made[-1]
                return (*made[:-1], ir.Return(last.start, last.end, last.value))
            if gives and len(body) == 1 and body[0].type in ("if_expression", "when_expression"):
                return (ir.Return(*self.span(body[0]), self.expression(body[0])),)
            return made

        return lowered

    def _assignment(self, node: Node) -> Iterable[ir.Statement]:
        span = self.span(node)
        target = self.target(node.child_by_field_name("left"))
        value = self.expression(node.child_by_field_name("right"))
        operator = node.child_by_field_name("operator")
        if operator is not None and self.text(operator) == "+=":
            value = ir.Join(*span, (target, value), False)
        yield ir.Assign(*span, (target,), value, None)

    def _with_settings(self, node: Node) -> Iterable[ir.Statement]:
        """A call; of one with a block of settings, `credentials { username = "x" }`, those by their names too."""
        made = self.expression(node)
        yield ir.Evaluate(made.start, made.end, made)
        block = node.named_children[-1] if node.named_children else node
        body = block.named_children[-1].named_children if block.type == "annotated_lambda" else []
        settings = tuple(self._settings(body))
        if settings and isinstance(made, ir.Call) and isinstance(made.function, ir.Name):
            function = made.function._replace(name=made.function.name + BLOCK)
            yield ir.Evaluate(made.start, made.end, ir.Call(made.start, made.end, function, settings))

    def _settings(self, body: Iterable[Node]) -> Iterator[ir.Argument]:
        for statement in body:
            left = statement.child_by_field_name("left") if statement.type == "assignment" else None
            if left is not None and left.type == "identifier":
                yield ir.Argument(self.text(left), self.expression(statement.child_by_field_name("right")))

    def _return(self, node: Node) -> Iterable[ir.Statement]:
        for child in node.named_children:
            if child.type != "label":
                yield ir.Return(*self.span(child), self.expression(child))

    def _if(self, node: Node) -> Iterable[ir.Statement]:
        condition = node.child_by_field_name("condition")
        conditions = () if condition is None else (self.expression(condition),)
        bodies = [child for child in node.named_children if child != condition and not is_comment(child)]
        lowered = tuple([tuple(self.statement(body)) for body in bodies])
        yield ir.Branch(*self.span(node), conditions, lowered, len(bodies) > 1)

    def _cases(self, node: Node) -> Iterable[ir.Statement]:
        entries = [child for child in node.named_children if child.type == "when_entry"]
        bodies = tuple([self.statements(entry.named_children[-1:]) for entry in entries])
        yield ir.Branch(*self.span(node), (), bodies, False)

    def _for(self, node: Node) -> Iterable[ir.Statement]:
        parts = [child for child in node.named_children if not is_comment(child)]
        if len(parts) < 2:
            return
        name = parts[0].named_children[0] if parts[0].named_children else parts[0]
        self.bound([self.text(name)])
        yield ir.Loop(*self.span(node), self.name(name), self.expression(parts[1]), self.statements(parts[2:]))

    def _try(self, node: Node) -> Iterable[ir.Statement]:
        handlers = []
        for child in node.named_children:
            if child.type == "catch_block":
                handlers.append(self.statements(child.named_children[-1:]))
            else:
                yield from self.statements(child.named_children)
        if handlers:
            yield ir.Branch(*self.span(node), (), tuple(handlers), False)


LANGUAGE = Language(
    "kotlin",
    lower,
    partial(JvmLayout, ending=".kt"),
    own_members=True,
    namespaces=True,
    overloads=True,
    methods_apart=True,
    eponymous=True,
)
