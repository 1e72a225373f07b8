"""Java to IR, from the tree of tree-sitter's grammar."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.flow.language import Language
from pat_audit.languages.broken_off import parse_whole
from pat_audit.languages.java_expressions import THIS, ExpressionLowering
from pat_audit.languages.jvm_accessors import accessors
from pat_audit.languages.jvm_layout import JvmLayout
from pat_audit.languages.syntax_tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

_CLASSES = (
    "class_declaration",
    "interface_declaration",
    "enum_declaration",
    "record_declaration",
    "annotation_type_declaration",
)


def lower(path: str, data: bytes, place: Callable[[int], int] | None = None) -> ir.Module:
    """The IR of one Java file, or of a piece of one: statements may stand outside of every class.

    The module is called what its first public class is (`ir.DEFAULT`). Raises `ir.Unreadable` for text that is
    nested too deep.
    """
    lowering = JavaLowering(data, place)
    root = parse_whole("tree_sitter_java", data)
    return named_after_its_class(path, lowering.within_bounds(lambda: lowering.statements(root.children)))


def named_after_its_class(path: str, statements: tuple[ir.Statement, ...]) -> ir.Module:
    """A module that is its class: the one of the file's name, or the first."""
    body = list(statements)
    stem = path.rpartition("/")[2].rpartition(".")[0]
    classes = [statement for statement in body if isinstance(statement, ir.Class)]
    main = next((each for each in classes if each.name == stem), classes[0] if classes else None)
    if main is not None:
        span = (main.start, main.start)
        body.append(ir.Assign(*span, (ir.Name(*span, ir.DEFAULT),), ir.Name(*span, main.name), None))
    return ir.Module(path, tuple(body))


class JavaLowering(ExpressionLowering):
    """Turns the statements of one file into IR."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.imported: dict[str, str] = {}  # whole names by the last one, of what is imported so far
        nothing: Callable[[Node], Iterable[ir.Statement]] = lambda node: ()  # noqa: E731
        self.statements_of = {
            **dict.fromkeys(_CLASSES, self._class),
            "package_declaration": nothing,
            "import_declaration": self._import,
            "local_variable_declaration": self._variables,
            "field_declaration": self._variables,
            "constant_declaration": self._variables,
            "method_declaration": self._method,
            "constructor_declaration": self._method,
            "compact_constructor_declaration": nothing,
            "static_initializer": lambda node: self.statements(node.named_children),
            "explicit_constructor_invocation": self._constructor_call,
            "expression_statement": self._expression_statement,
            "return_statement": self._return,
            "yield_statement": self._return,
            "if_statement": self._if,
            "for_statement": self._for,
            "enhanced_for_statement": self._for_each,
            "while_statement": self._while,
            "do_statement": self._while,
            "try_statement": self._try,
            "try_with_resources_statement": self._try,
            "switch_expression": self._switch,
            "switch_statement": self._switch,
            "break_statement": nothing,
            "continue_statement": nothing,
        }
        self.expressions["switch_expression"] = self._switch_value

    def statement(self, node: Node) -> Iterable[ir.Statement]:
        """The IR of one statement, behind the classes that its expressions define."""
        before, self.hoisted = self.hoisted, []
        try:
            lowered = tuple(super().statement(node))
            return (*self.hoisted, *lowered)
        finally:
            self.hoisted = before

    def inside(self, body: Node | None, names: Iterable[str]) -> Callable[[], tuple[ir.Statement, ...]]:
        """A body that is lowered when it is first asked for, in which these names are variables too."""
        around = (self.scope or frozenset()).union(names)

        @cache
        def lowered() -> tuple[ir.Statement, ...]:
            before, self.scope = self.scope, around
            self._depth = 0
            try:
                return self.within_bounds(lambda: self._body(body))
            finally:
                self.scope = before

        return lowered

    def _body(self, body: Node | None) -> tuple[ir.Statement, ...]:
        if body is None:
            return ()
        if body.type in ("block", "constructor_body"):
            return self.statements(body.children)
        hoisted, self.hoisted = self.hoisted, []
        value = self.expression(body)
        found = (*self.hoisted, ir.Return(*self.span(body), value))
        self.hoisted = hoisted
        return found

    # --- classes ---

    def _import(self, node: Node) -> Iterable[ir.Statement]:
        name = next((child for child in node.named_children if child.type.endswith("identifier")), None)
        if name is None:
            return
        written = "".join(self.text(name).split())
        if any(child.type == "asterisk" for child in node.named_children):
            yield ir.Import(*self.span(node), written, "*", "", 0)
        else:
            module, _, last = written.rpartition(".")
            if "." not in module:  # Groovy lets a static import name a class that was imported
                module = self.imported.get(module, module)
            self.imported[last] = written
            yield ir.Import(*self.span(node), module, last, "", 0)

    def _class(self, node: Node) -> Iterable[ir.Statement]:
        name = node.child_by_field_name("name")
        body = node.child_by_field_name("body")
        if name is None:
            return
        bases = [
            self.expression(base)
            for field in ("superclass", "interfaces")
            for held in (node.child_by_field_name(field),)
            if held is not None
            for base in (held.named_children[0].named_children if field == "interfaces" else held.named_children)
        ]
        before, self.scope = self.scope, None
        called = self.text(name)
        fields = self._components(node.child_by_field_name("parameters"))
        members = (*fields, *(self.class_body(body, called) if body is not None else ()))
        self.scope = before
        annotations = tuple([self.expression(child) for child in self.annotations(node)])
        generated = accessors(members, records=bool(fields)) if annotations or fields else ()
        yield ir.Class(*self.span(node), called, tuple(bases), (*members, *generated), annotations)

    def _components(self, node: Node | None) -> tuple[ir.Statement, ...]:
        """The fields that a record declares as its parameters."""
        return tuple(
            ir.Assign(*part[:2], (ir.Name(*part[:2], part.name),), None, part.annotation)
            for part in self.parameters(node)
        )

    def class_body(self, body: Node, name: str) -> tuple[ir.Statement, ...]:
        """The members of a class, an enumeration's constants among them."""
        members: list[ir.Statement] = []
        for child in body.children:
            if child.type == "enum_constant":
                members.extend(self._constant(child, name))
            elif child.type == "enum_body_declarations":
                members.extend(self.class_body(child, name))
            else:
                members.extend(self.statement(child))
        return tuple(members)

    def _constant(self, node: Node, owner: str) -> Iterable[ir.Statement]:
        """A constant of an enumeration: its arguments are evaluated, and it is one of its class."""
        name = node.child_by_field_name("name")
        if name is None:
            return
        span = self.span(node)
        arguments = self.arguments(node.child_by_field_name("arguments"))
        made = ir.Call(*span, ir.Name(*span, owner), arguments)
        yield ir.Assign(*span, (self.name(name),), made, None)

    def _method(self, node: Node) -> Iterable[ir.Statement]:
        name = node.child_by_field_name("name")
        if name is None:
            return
        modifiers = next((child for child in node.children if child.type == "modifiers"), None)
        words = () if modifiers is None else [child.type for child in modifiers.children]
        constructor = node.type == "constructor_declaration"
        span = self.span(name)
        parameters = (
            ir.Parameter(*span, THIS, None, None, "", False),
            *self.parameters(node.child_by_field_name("parameters")),
        )
        body = node.child_by_field_name("body")
        yield ir.Function(
            *self.span(node),
            ir.CONSTRUCTOR if constructor else self.text(name),
            parameters,
            self.inside(body, [parameter.name for parameter in parameters]),
            tuple([self.expression(child) for child in self.annotations(node)]),
            kind="class" if "static" in words else "",
        )

    def _constructor_call(self, node: Node) -> Iterable[ir.Statement]:
        span = self.span(node)
        on = self.expression(node.child_by_field_name("constructor"))
        arguments = self.arguments(node.child_by_field_name("arguments"))
        yield ir.Evaluate(*span, ir.Call(*span, ir.Attribute(*span, on, ir.CONSTRUCTOR), arguments))

    # --- statements ---

    def _variables(self, node: Node) -> Iterable[ir.Statement]:
        kind = self.declared_type(node)
        for declarator in node.named_children:
            name = declarator.child_by_field_name("name") if declarator.type == "variable_declarator" else None
            if name is None:
                continue
            given = declarator.child_by_field_name("value")
            value = None if given is None else self.expression(given)
            self.bound([self.text(name)])
            start, end = self.span(declarator)
            yield ir.Assign(start, end, (self.name(name),), value, kind)

    def _expression_statement(self, node: Node) -> Iterable[ir.Statement]:
        for child in node.named_children:
            if is_comment(child):
                continue
            if child.type == "switch_expression":
                yield from self.statement(child)
                continue
            value = self.expression(child)
            if isinstance(value, ir.Bind):
                yield ir.Assign(value.start, value.end, (value.target,), value.value, None)
            else:
                yield ir.Evaluate(value.start, value.end, value)

    def _return(self, node: Node) -> Iterable[ir.Statement]:
        for child in node.named_children:
            if not is_comment(child):
                yield ir.Return(*self.span(child), self.expression(child))

    def _if(self, node: Node) -> Iterable[ir.Statement]:
        conditions: list[ir.Expression] = []
        bodies: list[tuple[ir.Statement, ...]] = []
        rest: Node | None = node
        while rest is not None and rest.type == "if_statement":  # `else if` nests, thousands deep in generated code
            conditions.append(self.expression(rest.child_by_field_name("condition")))
            bodies.append(self.block(rest.child_by_field_name("consequence")))
            rest = rest.child_by_field_name("alternative")
        if rest is not None:
            bodies.append(self.block(rest))
        yield ir.Branch(*self.span(node), tuple(conditions), tuple(bodies), rest is not None)

    def _for(self, node: Node) -> Iterable[ir.Statement]:
        for initial in node.children_by_field_name("init"):
            yield from self.statement(initial)
        condition = node.child_by_field_name("condition")
        iterable = None if condition is None else self.expression(condition)
        yield ir.Loop(*self.span(node), None, iterable, self.block(node.child_by_field_name("body")))

    def _for_each(self, node: Node) -> Iterable[ir.Statement]:
        name = node.child_by_field_name("name")
        iterable = self.expression(node.child_by_field_name("value"))
        target = None if name is None else self.name(name)
        if name is not None:
            self.bound([self.text(name)])
        yield ir.Loop(*self.span(node), target, iterable, self.block(node.child_by_field_name("body")))

    def _while(self, node: Node) -> Iterable[ir.Statement]:
        condition = self.expression(node.child_by_field_name("condition"))
        yield ir.Loop(*self.span(node), None, condition, self.block(node.child_by_field_name("body")))

    def _try(self, node: Node) -> Iterable[ir.Statement]:
        resources = node.child_by_field_name("resources")
        for resource in resources.named_children if resources is not None else ():
            yield from self._resource(resource)
        yield from self.block(node.child_by_field_name("body"))
        handlers = []
        for clause in node.named_children:
            if clause.type == "catch_clause":
                handlers.append(self._handler(clause))
        if handlers:
            yield ir.Branch(*self.span(node), (), tuple(handlers), False)
        for clause in node.named_children:
            if clause.type == "finally_clause":
                yield from self.statements(clause.named_children)

    def _resource(self, node: Node) -> Iterable[ir.Statement]:
        name, given = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or given is None:
            return
        value = self.expression(given)
        self.bound([self.text(name)])
        yield ir.Assign(*self.span(node), (self.name(name),), value, self.declared_type(node))

    def _handler(self, node: Node) -> tuple[ir.Statement, ...]:
        caught = next((child for child in node.named_children if child.type == "catch_formal_parameter"), None)
        name = None if caught is None else caught.child_by_field_name("name")
        if name is not None:
            self.bound([self.text(name)])
        return self.block(node.child_by_field_name("body"))

    # --- switch ---

    def _switch(self, node: Node) -> Iterable[ir.Statement]:
        condition = self.expression(node.child_by_field_name("condition"))
        body = node.child_by_field_name("body")
        groups = [] if body is None else [child for child in body.named_children if child.type.startswith("switch_")]
        bodies = tuple([self.statements(self._behind_label(group)) for group in groups])
        yield ir.Branch(*self.span(node), (condition,), bodies, False)

    def _switch_value(self, node: Node) -> ir.Expression:
        """A switch that gives a value: one of what its rules give."""
        condition = self.expression(node.child_by_field_name("condition"))
        body = node.child_by_field_name("body")
        options: list[ir.Expression] = []
        for group in body.named_children if body is not None else ():
            if not group.type.startswith("switch_"):
                continue
            options.extend(self._given(self.statements(self._behind_label(group))))
        return ir.Choice(*self.span(node), condition, tuple(options))

    def _behind_label(self, group: Node) -> list[Node]:
        return [child for child in group.named_children if child.type != "switch_label"]

    def _given(self, body: tuple[ir.Statement, ...]) -> Iterable[ir.Expression]:
        for statement in body:
            if isinstance(statement, ir.Return | ir.Evaluate):
                yield statement.value


LANGUAGE = Language(
    "java",
    lower,
    partial(JvmLayout, ending=".java"),
    own_members=True,
    namespaces=True,
    overloads=True,
    methods_apart=True,
    eponymous=True,
)
