"""Classes, records and their members of C# to IR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.csharp_scope import Members, Scope
from pat_audit.languages.csharp_statements import StatementLowering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

_TYPES = ("class_declaration", "struct_declaration", "record_declaration", "interface_declaration")
_METHODS = ("method_declaration", "operator_declaration", "conversion_operator_declaration", "destructor_declaration")
_FIELDS = ("field_declaration", "event_field_declaration")
_SHARED = frozenset({"static", "const"})


class TypeLowering(StatementLowering):
    """Turns the declarations of one file into IR."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.statements_of.update(
            {
                **dict.fromkeys(_TYPES, self._type),
                **dict.fromkeys(_METHODS, self._method),
                **dict.fromkeys(_FIELDS, self._field),
                "constructor_declaration": self._constructor,
                "property_declaration": self._property,
                "indexer_declaration": self._property,
                "event_declaration": lambda node: (),
                "enum_declaration": lambda node: (),
                "delegate_declaration": lambda node: (),
                "attribute_list": lambda node: (),
                "using_directive": self._using,
                "namespace_declaration": lambda node: self.block(node.child_by_field_name("body")),
                "file_scoped_namespace_declaration": lambda node: (),
            }
        )

    # --- types ---

    def _type(self, node: Node) -> Iterable[ir.Statement]:
        name = node.child_by_field_name("name")
        body = node.child_by_field_name("body")
        if name is None or node.type == "interface_declaration":
            return ()
        members = body.named_children if body is not None else []
        given = next((child for child in node.named_children if child.type == "parameter_list"), None)
        called = self.text(name)
        before = self.scope
        known = self._members(called, members, before.members)
        if given is not None:
            own = {self.text(each) for each in self._parameter_names(given)}
            known = Members(called, known.own | own, known.shared, known.outer)
        self.scope = Scope(known, False, True)
        try:
            bases = self._bases(node)
            lowered = self._in_order(members, given is not None)
            if given is not None:
                lowered = (*lowered, self._primary(node, given, known, members))
            decorators = self.attributes([child for child in node.named_children if child.type == "attribute_list"])
        finally:
            self.scope = before
        extensions = {each for member in members for each in self._extensions(member)}
        span = self.span(node)
        made: list[ir.Statement] = [ir.Class(*span, called, bases, lowered, decorators)]
        for function in lowered if "static" in self._modifiers(node) else ():
            if isinstance(function, ir.Function) and function.name in extensions:
                at = (function.start, function.end)
                held = ir.Attribute(*at, ir.Name(*at, called), function.name)
                made.append(ir.Assign(*at, (ir.Name(*at, ir.EXTENSION + function.name),), held, None))
        for base in bases:  # an interface is known by what implements it
            if isinstance(base, ir.Name) and base.name[:1] == "I" and base.name[1:2].isupper():
                made.append(ir.Assign(*span, (ir.Name(*span, base.name),), ir.Name(*span, called), None))
        return made

    def _in_order(self, members: list[Node], has_primary: bool) -> tuple[ir.Statement, ...]:
        """The members: constants and static fields first, as others are made of them."""
        first = [node for node in members if node.type in _FIELDS and self._modifiers(node) & _SHARED]
        rest = [node for node in members if node not in first]
        if has_primary:  # its parameters make them: they are set where those are known
            rest = [node for node in rest if node.type not in _FIELDS and not _holds_value(node)]
        return self.statements([*first, *rest])

    def _bases(self, node: Node) -> tuple[ir.Expression, ...]:
        listed = next((child for child in node.named_children if child.type == "base_list"), None)
        found = []
        for child in listed.named_children if listed is not None else ():
            kind = child.child_by_field_name("type") if child.type == "primary_constructor_base_type" else child
            base = self.type_name(kind)
            if base is not None:
                found.append(base)
        return tuple(found)

    def _members(self, name: str, nodes: list[Node], outer: Members | None) -> Members:
        """The names that a class declares."""
        own: set[str] = set()
        shared: set[str] = set()
        for node in nodes:
            names = shared if self._modifiers(node) & _SHARED else own
            if node.type in _FIELDS:
                names.update(self.text(each) for each in self._declarators(node))
            elif node.type in ("property_declaration", "method_declaration"):
                named = node.child_by_field_name("name")
                if named is not None:
                    names.add(self.text(named))
        return Members(name, frozenset(own), frozenset(shared - own), outer)

    def _extensions(self, node: Node) -> Iterable[str]:
        """The name of a method that is called like one of its first parameter."""
        name, given = node.child_by_field_name("name"), node.child_by_field_name("parameters")
        first = next((each for each in given.named_children if each.type == "parameter"), None) if given else None
        if name is not None and first is not None and "this" in self._modifiers(first):
            yield self.text(name)

    def _modifiers(self, node: Node) -> frozenset[str]:
        return frozenset(self.text(child) for child in node.children if child.type == "modifier")

    def _declarators(self, node: Node) -> Iterable[Node]:
        for declaration in node.named_children:
            if declaration.type == "variable_declaration":
                for child in declaration.named_children:
                    named = child.child_by_field_name("name") if child.type == "variable_declarator" else None
                    if named is not None:
                        yield named

    def _parameter_names(self, node: Node) -> Iterable[Node]:
        for child in node.named_children:
            named = child.child_by_field_name("name") if child.type == "parameter" else None
            if named is not None:
                yield named

    def _primary(self, node: Node, given: Node, known: Members, members: list[Node]) -> ir.Statement:
        """The constructor that a class's own parameters make, and the fields that are made of them."""
        scope = Scope(known, True)
        parameters = self.parameters(given, scope)
        span = self.span(given)
        instance = ir.Name(*span, "this")
        fields = [each for each in members if each.type in _FIELDS and not self._modifiers(each) & _SHARED]
        properties = [each for each in members if _holds_value(each)]

        def body() -> tuple[ir.Statement, ...]:
            made: list[ir.Statement] = []
            for parameter in parameters:
                at = (parameter.start, parameter.end)
                target = ir.Attribute(*at, instance, parameter.name)
                made.append(ir.Assign(*at, (target,), ir.Name(*at, parameter.name), parameter.annotation))
            made.extend(self._base_call(node))
            for each in (*fields, *properties):
                for assign in self._field(each) if each in fields else self._initial(each):
                    if assign.value is not None and isinstance(assign.targets[0], ir.Name):
                        target = ir.Attribute(assign.start, assign.end, instance, assign.targets[0].name)
                        made.append(ir.Assign(assign.start, assign.end, (target,), assign.value, assign.annotation))
            return tuple(made)

        return ir.Function(*span, ir.CONSTRUCTOR, self._with_instance(span, parameters), self._kept(body, scope), ())

    def _base_call(self, node: Node) -> Iterable[ir.Statement]:
        """The call of the base's constructor that a class with parameters makes."""
        listed = next((child for child in node.named_children if child.type == "base_list"), None)
        given = (
            next((child for child in listed.named_children if child.type == "argument_list"), None) if listed else None
        )
        if given is not None:
            span = self.span(given)
            called = ir.Attribute(*span, ir.Super(*span), ir.CONSTRUCTOR)
            yield ir.Evaluate(*span, ir.Call(*span, called, self.arguments(given)))

    # --- members ---

    def _field(self, node: Node) -> list[ir.Assign]:
        attributes = self.attributes([child for child in node.named_children if child.type == "attribute_list"])
        declaration = next((child for child in node.named_children if child.type == "variable_declaration"), None)
        return [] if declaration is None else self.declaration(declaration, attributes)

    def _initial(self, node: Node) -> list[ir.Assign]:
        """A property that holds a value, as the field behind it."""
        name, kind = node.child_by_field_name("name"), node.child_by_field_name("type")
        if name is None:
            return []
        attributes = self.attributes([child for child in node.named_children if child.type == "attribute_list"])
        annotation = self.annotated(None if kind is None else self.type_name(kind), attributes)
        value = node.child_by_field_name("value")
        made = None if value is None else self.for_type(kind, value)
        target = ir.Name(*self.span(name), self.text(name))
        return [ir.Assign(*self.span(node), (target,), made, annotation)]

    def _property(self, node: Node) -> Iterable[ir.Statement]:
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        called = self.text(name) if name is not None else "__getitem__"
        if value is not None and value.type == "arrow_expression_clause":
            return [self._getter(node, called, value)]
        accessors = node.child_by_field_name("accessors")
        made: list[ir.Statement] = []
        for accessor in accessors.named_children if accessors is not None else ():
            body = accessor.child_by_field_name("body")
            if accessor.type != "accessor_declaration" or body is None:
                continue
            if any(child.type == "get" for child in accessor.children):
                made.append(self._getter(node, called, body))
            else:
                scope = self._method_scope(True)
                scope.names.add("value")
                span = self.span(accessor)
                given = (ir.Parameter(*span, "value", None, None, "", False),)
                parameters = self._with_instance(span, given)
                made.append(ir.Function(*span, f"set_{called}", parameters, self.body(body, scope), ()))
        return made or self._initial(node)

    def _getter(self, node: Node, name: str, body: Node) -> ir.Function:
        scope = self._method_scope(True)
        given = node.child_by_field_name("parameters")
        parameters = self._with_instance(self.span(node), self.parameters(given, scope))
        kind = "property" if given is None else ""
        return ir.Function(*self.span(node), name, parameters, self.body(body, scope), (), (), kind)

    def _method_scope(self, on_instance: bool) -> Scope:
        return Scope(self.scope.members, on_instance and self.scope.members is not None, False)

    def _with_instance(self, span: tuple[int, int], parameters: tuple[ir.Parameter, ...]) -> tuple[ir.Parameter, ...]:
        """The parameters behind the instance that a method runs on."""
        if self.scope.members is None:
            return parameters
        return (ir.Parameter(*span, "this", None, None, "", False), *parameters)

    def _method(self, node: Node) -> Iterable[ir.Statement]:
        name = node.child_by_field_name("name")
        is_static = "static" in self._modifiers(node)
        scope = self._method_scope(not is_static)
        parameters = self.parameters(node.child_by_field_name("parameters"), scope)
        if not is_static:
            parameters = self._with_instance(self.span(node), parameters)
        body = node.child_by_field_name("body")
        if body is None:
            body = next((child for child in node.named_children if child.type == "arrow_expression_clause"), None)
        attributes = self.attributes([child for child in node.named_children if child.type == "attribute_list"])
        called = self.text(name) if name is not None else node.type
        kind = "static" if is_static and self.scope.members is not None else ""
        yield ir.Function(*self.span(node), called, parameters, self.body(body, scope), attributes, (), kind)

    def _constructor(self, node: Node) -> Iterable[ir.Statement]:
        if "static" in self._modifiers(node):
            yield from self._method(node)
            return
        scope = self._method_scope(True)
        parameters = self._with_instance(
            self.span(node), self.parameters(node.child_by_field_name("parameters"), scope)
        )
        body = node.child_by_field_name("body")
        if body is None:
            body = next((child for child in node.named_children if child.type == "arrow_expression_clause"), None)
        called = next((child for child in node.named_children if child.type == "constructor_initializer"), None)

        def lowered() -> tuple[ir.Statement, ...]:
            return (*(self._chained(called) if called is not None else ()), *self._body(body))

        yield ir.Function(*self.span(node), ir.CONSTRUCTOR, parameters, self._kept(lowered, scope), ())

    def _chained(self, node: Node) -> Iterable[ir.Statement]:
        """`: this(…)` or `: base(…)`: another constructor runs on the instance first."""
        span = self.span(node)
        given = next((child for child in node.named_children if child.type == "argument_list"), None)
        on_base = any(child.type == "base" for child in node.children)
        receiver: ir.Expression = ir.Super(*span) if on_base else ir.Name(*span, "this")
        called = ir.Attribute(*span, receiver, ir.CONSTRUCTOR)
        yield ir.Evaluate(*span, ir.Call(*span, called, self.arguments(given)))


def _holds_value(node: Node) -> bool:
    """Whether a member is a property that is set where it is declared."""
    value = node.child_by_field_name("value") if node.type == "property_declaration" else None
    return value is not None and value.type != "arrow_expression_clause"
