"""C# expressions to IR."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages import csharp_text
from pat_audit.languages.csharp_scope import Scope
from pat_audit.languages.syntax_tree import TreeLowering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

_COMPARISONS = {"==": "Eq", "!=": "NotEq", "<": "Lt", "<=": "LtE", ">": "Gt", ">=": "GtE"}
_KEYWORD_TYPES = {
    "string": "String", "object": "Object", "char": "Char", "byte": "Byte", "int": "Int32", "bool": "Boolean",
}  # fmt: skip
_NUMBERS = {"integer_literal": int, "real_literal": float}
_AWAITED = "Result"  # of a task: what awaiting it gives
_INNER_OF = (
    "await_expression", "cast_expression", "as_expression", "postfix_unary_expression", "checked_expression",
    "ref_expression", "throw_expression", "argument", "expression_element", "collection_element", "attribute_argument",
    "constant_pattern", "parenthesized_pattern", "nullable_type", "arrow_expression_clause", "interpolation",
)  # fmt: skip


class ExpressionLowering(TreeLowering):
    """Turns the expressions of one file into IR."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.scope = Scope()
        self._receivers: list[ir.Expression] = []  # of the `?.` around this place
        self._target = ""  # the type of the place that a value is for
        self.expressions.update(
            {
                "identifier": self._identifier,
                "generic_name": self._generic,
                "qualified_name": self._qualified,
                "alias_qualified_name": lambda node: self.expression(self.child(node, "name")),
                "predefined_type": self._predefined,
                "this": lambda node: ir.Name(*self.span(node), "this"),
                "base": lambda node: ir.Super(*self.span(node)),
                "string_literal": lambda node: self._text(node, csharp_text.quoted),
                "character_literal": lambda node: self._text(node, csharp_text.quoted),
                "verbatim_string_literal": lambda node: self._text(node, csharp_text.verbatim),
                "raw_string_literal": lambda node: self._text(node, csharp_text.raw),
                "interpolated_string_expression": self._interpolated,
                "null_literal": lambda node: ir.Literal(*self.span(node), None),
                "boolean_literal": lambda node: ir.Literal(*self.span(node), self.text(node) == "true"),
                "integer_literal": self._number,
                "real_literal": self._number,
                "member_access_expression": self._member,
                "conditional_access_expression": self._conditional_access,
                "member_binding_expression": self._member_binding,
                "element_access_expression": self._element,
                "element_binding_expression": self._element_binding,
                "invocation_expression": self._invocation,
                "object_creation_expression": self._creation,
                "implicit_object_creation_expression": self._implicit_creation,
                "anonymous_object_creation_expression": self._anonymous,
                "array_creation_expression": self._array,
                "implicit_array_creation_expression": self._array,
                "initializer_expression": self._list,
                "collection_expression": self._list,
                "tuple_expression": lambda node: self._sequence("tuple", node, node.named_children),
                "tuple_pattern": lambda node: self._sequence("tuple", node, node.named_children),
                "parenthesized_variable_designation": lambda node: self._sequence("tuple", node, node.named_children),
                "spread_element": lambda node: self.expression(node.named_children[0]),
                "assignment_expression": self._assigned,
                "binary_expression": self._binary,
                "is_pattern_expression": self._is,
                "is_expression": lambda node: ir.Operation(
                    *self.span(node), "is", (self.expression(self.child(node, "left")),)
                ),
                "declaration_pattern": self._declared,
                "var_pattern": self._declared,
                "recursive_pattern": self._declared,
                "declaration_expression": self._declared,
                "conditional_expression": self._choice,
                "switch_expression": self._switch,
                "with_expression": self._with,
                "query_expression": self._query,
                "lambda_expression": self._lambda,
                "anonymous_method_expression": self._lambda,
                "typeof_expression": lambda node: ir.Literal(*self.span(node), None),
                "default_expression": lambda node: ir.Literal(*self.span(node), None),
                "sizeof_expression": lambda node: ir.Literal(*self.span(node), None),
                **dict.fromkeys(_INNER_OF, self._inner),
            }
        )

    # --- names ---

    def _identifier(self, node: Node) -> ir.Expression:
        span = self.span(node)
        name = self.text(node).removeprefix("@")
        return self.held(span, name, self.scope.holder(name)) or self.name(node)

    def held(self, span: tuple[int, int], name: str, holder: str) -> ir.Expression | None:
        """A bare name that is a member of `this` or of a class; None where nothing holds it."""
        return ir.Attribute(*span, ir.Name(*span, holder), name) if holder else None

    def _target_of(self, node: Node) -> ir.Expression:
        """A place that is assigned."""
        if node.type == "identifier":
            name = self.text(node).removeprefix("@")
            return self.held(self.span(node), name, self.scope.assigned(name)) or self.name(node)
        return self.expression(node)

    def _generic(self, node: Node) -> ir.Expression:
        return self.expression(node.named_children[0])

    def _predefined(self, node: Node) -> ir.Expression:
        text = self.text(node)
        return ir.Name(*self.span(node), _KEYWORD_TYPES.get(text, text))

    def _qualified(self, node: Node) -> ir.Expression:
        """A type by its full name: the last two names say enough, and more would be a namespace."""
        last = node.child_by_field_name("name")
        qualifier = node.child_by_field_name("qualifier")
        if last is None or qualifier is None or qualifier.type == "qualified_name":
            return self.type_name(last) or ir.Literal(*self.span(node), None)
        name = self.text(last).partition("<")[0]
        return ir.Attribute(*self.span(node), ir.Name(*self.span(qualifier), self.text(qualifier)), name)

    def type_name(self, node: Node | None) -> ir.Expression | None:
        """A type as the name that it has without what it is made generic by; None for those of no interest."""
        while node is not None and node.type in ("nullable_type", "ref_type", "scoped_type"):
            node = node.child_by_field_name("type") or next(iter(node.named_children), None)
        if node is None or node.type not in ("identifier", "generic_name", "qualified_name", "alias_qualified_name"):
            return None
        if node.type == "generic_name":
            node = node.named_children[0]
        if node.type == "alias_qualified_name":
            return self.type_name(node.child_by_field_name("name"))
        if node.type == "identifier":
            name = self.text(node)
            return None if name == "var" else ir.Name(*self.span(node), name)
        return self._qualified(node)

    # --- texts and numbers ---

    def _text(self, node: Node, read: Callable[[str], str]) -> ir.Expression:
        return self.literal(self.span(node), read(self.text(node)))

    def _number(self, node: Node) -> ir.Expression:
        text = self.text(node).replace("_", "").rstrip("uUlLfFdDmM")
        try:
            return ir.Literal(*self.span(node), _NUMBERS[node.type](text))
        except ValueError:
            return ir.Operation(*self.span(node), node.type, ())

    def _interpolated(self, node: Node) -> ir.Expression:
        children = node.children
        mark = self.text(children[0]) if children else "$"
        start = children[0].end_byte if children else node.start_byte
        is_verbatim = "@" in mark
        is_raw = self.data[start : start + 3] == b'"""'
        parts: list[ir.Expression] = []
        for child in children[1:]:
            if child.type == "interpolation":
                held = next((each for each in child.named_children if not each.type.startswith("interpolation_")), None)
                if held is not None:
                    parts.append(self.expression(held))
            elif child.type in ("string_content", "escape_sequence"):
                text = self.text(child)
                if not is_raw:
                    text = text.replace("{{", "{").replace("}}", "}")
                    text = text.replace('""', '"') if is_verbatim else csharp_text.unescaped(text)
                elif child is children[-2]:
                    text = text.rstrip(" \t").removesuffix("\n")
                elif not parts:
                    text = text.lstrip("\r\n \t")
                if text:
                    parts.append(self.literal(self.span(child), text))
        return self.joined(self.span(node), parts)

    # --- members, items, calls ---

    def _member(self, node: Node) -> ir.Expression:
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("expression")
        if name is None or value is None:
            return self._inner(node)
        return self._attribute(node, self.expression(value), name)

    def _attribute(self, node: Node, value: ir.Expression, name: Node) -> ir.Expression:
        text = self.text(name).partition("<")[0].strip().removeprefix("@")
        return value if text == _AWAITED else ir.Attribute(*self.span(node), value, text)

    def _conditional_access(self, node: Node) -> ir.Expression:
        condition = node.child_by_field_name("condition")
        rest = next((child for child in reversed(node.named_children) if child != condition), None)
        if condition is None or rest is None:
            return self._inner(node)
        self._receivers.append(self.expression(condition))
        try:
            return self.expression(rest)
        finally:
            self._receivers.pop()

    def _receiver(self, node: Node) -> ir.Expression:
        return self._receivers[-1] if self._receivers else ir.Operation(*self.span(node), "?", ())

    def _member_binding(self, node: Node) -> ir.Expression:
        name = node.child_by_field_name("name")
        return self._receiver(node) if name is None else self._attribute(node, self._receiver(node), name)

    def _element(self, node: Node) -> ir.Expression:
        value = self.expression(node.child_by_field_name("expression"))
        return ir.Index(*self.span(node), value, self._key(node.child_by_field_name("subscript")))

    def _element_binding(self, node: Node) -> ir.Expression:
        return ir.Index(*self.span(node), self._receiver(node), self._key(node))

    def _key(self, node: Node | None) -> ir.Expression | None:
        """What an item is asked for by; None for a range."""
        first = next((child for child in (node.named_children if node else ()) if child.type == "argument"), None)
        if first is None or any(child.type == "range_expression" for child in first.named_children):
            return None
        return self._inner(first)

    def _invocation(self, node: Node) -> ir.Expression:
        function = node.child_by_field_name("function")
        given = node.child_by_field_name("arguments")
        span = self._called_at(node, function)
        if function is not None and function.type == "identifier" and self.text(function) == "nameof":
            named = self.text(given).strip("()").rpartition(".")[2].strip() if given is not None else ""
            return ir.Literal(*span, named)
        callee = ir.Literal(*span, None) if function is None else self.expression(function)
        arguments, outs = self._arguments(given)
        called: ir.Expression = ir.Call(*span, callee, arguments)
        for out in outs:  # what a call hands out is what it gives, as far as it matters here
            called = ir.Bind(*span, out, called)
        return called

    def _called_at(self, node: Node, function: Node | None) -> tuple[int, int]:
        """Where a call stands: in a chain over several lines, from the line that names the method."""
        name = None if function is None else function.child_by_field_name("name")
        if name is None or name.start_point[0] == node.start_point[0]:
            return self.span(node)
        return self.between(name.start_byte, node.end_byte)

    def arguments(self, node: Node | None) -> tuple[ir.Argument, ...]:
        """The arguments of a call."""
        return self._arguments(node)[0]

    def _arguments(self, node: Node | None) -> tuple[tuple[ir.Argument, ...], list[ir.Expression]]:
        """The arguments of a call, and the places that it is to fill."""
        given: list[ir.Argument] = []
        outs: list[ir.Expression] = []
        for child in node.named_children if node is not None else ():
            if child.type not in ("argument", "attribute_argument"):
                if not child.is_extra:
                    given.append(ir.Argument(None, self.expression(child)))
                continue
            if self.data.startswith(b"out ", child.start_byte):
                place = next(iter(reversed(child.named_children)), None)
                if place is not None:
                    outs.append(self._target_of(place))
                continue
            name = child.child_by_field_name("name")
            given.append(ir.Argument(None if name is None else self.text(name), self._inner(child)))
        return tuple(given), outs

    def _inner(self, node: Node) -> ir.Expression:
        """The one expression in a node that says nothing more; a type beside it is none."""
        named = node.child_by_field_name("name") if node.type in ("argument", "attribute_argument") else None
        kind = node.child_by_field_name("type")
        if node.type == "as_expression":
            kind = node.child_by_field_name("right")
        children = [child for child in node.named_children if not child.is_extra and child not in (named, kind)]
        children = [child for child in children if not child.type.startswith("interpolation_")]
        if len(children) == 1:
            return self.expression(children[0])
        if not children and node.child_count:  # `this` and `base` have no name in the grammar
            keyword = next((child for child in node.children if child.type in ("this", "base")), None)
            if keyword is not None:
                return self.expression(keyword)
        return ir.Operation(*self.span(node), node.type, tuple([self.expression(child) for child in children]))

    # --- making things ---

    def for_type(self, kind: Node | None, node: Node | None) -> ir.Expression:
        """A value for a place that is declared with a type, which `new(…)` takes."""
        named = None if kind is None else self.type_name(kind)
        return self._for(self.text(kind).rstrip("?") if named is not None and kind is not None else "", node)

    def _for(self, target: str, node: Node | None) -> ir.Expression:
        before, self._target = self._target, target
        try:
            return self.expression(node)
        finally:
            self._target = before

    def _creation(self, node: Node) -> ir.Expression:
        kind = node.child_by_field_name("type")
        callee = self.type_name(kind) or ir.Literal(*self.span(node), None)
        return self._made(node, callee, node.child_by_field_name("arguments"))

    def _implicit_creation(self, node: Node) -> ir.Expression:
        target = self._target.partition("<")[0].rpartition(".")[2]
        arguments = next((child for child in node.named_children if child.type == "argument_list"), None)
        return self._made(node, ir.Name(*self.span(node), target or "new"), arguments)

    def _made(self, node: Node, callee: ir.Expression, arguments: Node | None) -> ir.Expression:
        initializer = node.child_by_field_name("initializer")
        if initializer is None:
            initializer = next((child for child in node.named_children if child.type == "initializer_expression"), None)
        span = self.span(node)
        made = ir.Call(*span, callee, self.arguments(arguments))
        if initializer is None:
            return made
        return self._initialized(span, made, initializer)

    def _initialized(self, span: tuple[int, int], made: ir.Expression, initializer: Node) -> ir.Expression:
        """An object with what stands in the braces behind it."""
        attributes: list[tuple[str, ir.Expression]] = []
        entries: list[ir.Entry] = []
        for child in initializer.named_children:
            if child.is_extra:
                continue
            left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
            if child.type == "assignment_expression" and left is not None and right is not None:
                if left.type == "element_binding_expression":
                    entries.append(ir.Entry(self._key(left), self.expression(right)))
                    continue
                name = self.text(left)
                if right.type == "initializer_expression":  # `DefaultRequestHeaders = { … }` fills what is there
                    held = ir.Attribute(*self.span(left), made, name)
                    attributes.append((name, self._initialized(self.span(right), held, right)))
                else:
                    attributes.append((name, self._for(f"new {name}", right)))
            elif child.type == "initializer_expression" and len(child.named_children) >= 2:
                key, value = child.named_children[0], child.named_children[1]
                entries.append(ir.Entry(self.expression(key), self.expression(value)))
            else:
                entries.append(ir.Entry(None, self.expression(child)))
        return ir.Initialize(*span, made, tuple(attributes), tuple(entries))

    def _anonymous(self, node: Node) -> ir.Expression:
        entries: list[ir.Entry] = []
        name: Node | None = None
        children = [child for child in node.children if not child.is_extra]
        for index, child in enumerate(children):
            if not child.is_named:
                continue
            if index + 1 < len(children) and children[index + 1].type == "=":
                name = child
                continue
            called = self.text(name) if name is not None else self.text(child).rpartition(".")[2]
            entries.append(ir.Entry(ir.Literal(*self.span(child), called), self.expression(child)))
            name = None
        return ir.Mapping(*self.span(node), tuple(entries))

    def _array(self, node: Node) -> ir.Expression:
        items = next((child for child in node.named_children if child.type == "initializer_expression"), None)
        return self._sequence("list", node, () if items is None else items.named_children)

    def _list(self, node: Node) -> ir.Expression:
        return self._sequence("list", node, node.named_children)

    def _sequence(self, kind: str, node: Node, items: Iterable[Node]) -> ir.Expression:
        lowered: list[ir.Expression | ir.Argument] = []
        for item in items:
            if item.is_extra:
                continue
            inner = item.named_children[0] if item.type == "collection_element" and item.named_children else item
            value = self.expression(inner)
            lowered.append(ir.Argument("*", value) if inner.type == "spread_element" else value)
        return ir.Collection(*self.span(node), kind, tuple(lowered))

    def _with(self, node: Node) -> ir.Expression:
        value = self.expression(node.named_children[0])
        attributes = [
            (self.text(each.named_children[0]), self.expression(each.named_children[1]))
            for each in node.named_children[1:]
            if each.type == "with_initializer" and len(each.named_children) == 2
        ]
        return ir.Initialize(*self.span(node), value, tuple(attributes))

    # --- operators ---

    def _assigned(self, node: Node) -> ir.Expression:
        """An assignment inside an expression."""
        target, value = self.assignment(node)
        return value if target is None else ir.Bind(*self.span(node), target, value)

    def assignment(self, node: Node) -> tuple[ir.Expression | None, ir.Expression]:
        """The place that is assigned and what it gets; no place where an operator makes of it what cannot matter."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None:
            return None, self.expression(right)
        span = self.span(node)
        target = self._target_of(left)
        name = target.name if isinstance(target, ir.Attribute) else ""
        value = self._for(f"new {name}" if name else "", right)
        operator = self._operator(node)
        if operator == "=":
            return target, value
        if operator == "+=":
            return target, ir.Join(*span, (target, value), False)
        if operator == "??=":
            return target, ir.Choice(*span, None, (target, value))
        return None, ir.Operation(*span, operator, (target, value))

    def _binary(self, node: Node) -> ir.Expression:
        operator = self._operator(node)
        span = self.span(node)
        if operator == "??":
            options = []
            rest: Node | None = node
            while rest is not None and rest.type == "binary_expression" and self._operator(rest) == "??":
                options.append(self.expression(rest.child_by_field_name("left")))
                rest = rest.child_by_field_name("right")
            return ir.Choice(*span, None, (*options, self.expression(rest)))
        parts = self.unrolled(node, operator)
        if operator in _COMPARISONS:
            return ir.Operation(*span, _COMPARISONS[operator], tuple([self._compared(part) for part in parts]))
        operands = tuple([self.expression(part) for part in parts])
        if operator == "+":
            return ir.Join(*span, operands, False)
        return ir.Operation(*span, operator, operands)

    def _compared(self, node: Node) -> ir.Expression:
        """One side of a comparison; a length is told apart, as it says what a token is taken to be."""
        value = self.expression(node)
        if isinstance(value, ir.Attribute) and value.name == "Length":
            counted = ir.Name(value.start, value.end, "length of")
            return ir.Call(value.start, value.end, counted, (ir.Argument(None, value.value),))
        return value

    def _is(self, node: Node) -> ir.Expression:
        value = self.expression(node.child_by_field_name("expression"))
        pattern = node.child_by_field_name("pattern")
        target = None if pattern is None else self._variable(pattern)
        if target is not None:
            value = ir.Bind(*self.span(node), target, value)
        return ir.Operation(*self.span(node), "is", (value,))

    def _declared(self, node: Node) -> ir.Expression:
        return self._variable(node) or ir.Operation(*self.span(node), node.type, ())

    def _variable(self, node: Node) -> ir.Expression | None:
        """The variable that a pattern or an `out` argument declares."""
        name = node.child_by_field_name("name")
        if name is None:
            return None
        if name.type != "identifier":
            return self.expression(name)
        return self.declare(name)

    def declare(self, name: Node) -> ir.Expression:
        """A variable, from here on a name of this body."""
        text = self.text(name).removeprefix("@")
        self.scope.names.add(text)
        return ir.Name(*self.span(name), text)

    def _choice(self, node: Node) -> ir.Expression:
        options = [self._for(self._target, node.child_by_field_name(part)) for part in ("consequence", "alternative")]
        return ir.Choice(*self.span(node), self.expression(node.child_by_field_name("condition")), tuple(options))

    def _switch(self, node: Node) -> ir.Expression:
        subject = self.expression(node.named_children[0]) if node.named_children else ir.Literal(0, 0, None)
        arms = [
            child for child in node.named_children if child.type == "switch_expression_arm" and child.named_children
        ]
        conditions: list[ir.Expression] = [subject]
        options: list[ir.Expression] = []
        for arm in arms:
            conditions.extend(self.expression(part) for part in arm.named_children[:-1])
            options.append(self.expression(arm.named_children[-1]))
        return ir.Choice(*self.span(node), ir.Operation(*self.span(node), "switch", tuple(conditions)), tuple(options))

    def _query(self, node: Node) -> ir.Expression:
        bindings: list[tuple[ir.Expression, ir.Expression]] = []
        conditions: list[ir.Expression] = []
        element: ir.Expression = ir.Literal(*self.span(node), None)
        for clause in node.named_children:
            inner = [child for child in clause.named_children if child != clause.child_by_field_name("type")]
            if clause.type in ("from_clause", "let_clause", "join_clause") and len(inner) >= 2:
                source = self.expression(inner[1])
                bindings.append((self.declare(inner[0]), source))
            elif clause.type == "select_clause" and inner:
                element = self.expression(inner[0])
            else:
                conditions.extend(self.expression(child) for child in inner)
        return ir.Each(*self.span(node), "list", element, tuple(bindings), tuple(conditions))

    def _lambda(self, node: Node) -> ir.Expression:
        body = node.child_by_field_name("body")
        if body is None:
            body = next((child for child in reversed(node.named_children) if child.type == "block"), None)
        scope = self.scope.inner()
        given = node.child_by_field_name("parameters")
        parameters = self.parameters(given, scope)
        return ir.Function(*self.span(node), "", parameters, self.body(body, scope), ())

    # --- functions ---

    def parameters(self, node: Node | None, scope: Scope) -> tuple[ir.Parameter, ...]:
        """The parameters of a function, which its scope then knows."""
        if node is None:
            return ()
        if node.type in ("identifier", "implicit_parameter"):
            scope.names.add(self.text(node))
            return (ir.Parameter(*self.span(node), self.text(node), None, None, "", False),)
        lowered: list[ir.Parameter] = []
        attributes: tuple[ir.Expression, ...] = ()
        kind: Node | None = None
        for child in node.children:
            # `params T[] rest` stands without a node of its own
            if child.type == "attribute_list":
                attributes = self.attributes([child])
            elif child.type == "parameter":
                lowered.append(self._parameter(child, scope))
            elif node.field_name_for_child(node.children.index(child)) == "type":
                kind = child
            elif kind is not None and child.type == "identifier":
                scope.names.add(self.text(child))
                annotation = self.annotated(None, attributes)
                lowered.append(ir.Parameter(*self.span(child), self.text(child), None, annotation, "*", False))
                kind = None
        return tuple(lowered)

    def _parameter(self, node: Node, scope: Scope) -> ir.Parameter:
        name = node.child_by_field_name("name")
        kind = node.child_by_field_name("type")
        named = [child for child in node.named_children if not child.is_extra]
        attributes = self.attributes([child for child in named if child.type == "attribute_list"])
        default = None
        if name is not None and named and named[-1] != name and named[-1].start_byte > name.end_byte:
            default = self.expression(named[-1])
        text = self.text(name).removeprefix("@") if name is not None else ""
        scope.names.add(text)
        annotation = self.annotated(None if kind is None else self.type_name(kind), attributes)
        return ir.Parameter(*self.span(name or node), text, default, annotation, "", False)

    def attributes(self, nodes: Iterable[Node]) -> tuple[ir.Expression, ...]:
        """The attributes of a declaration, each as the call that it is."""
        found: list[ir.Expression] = []
        for node in nodes:
            for attribute in node.named_children:
                name = attribute.child_by_field_name("name")
                if attribute.type == "attribute" and name is not None:
                    callee = self._attribute_class(name)
                    given = next(
                        (child for child in attribute.named_children if child.type == "attribute_argument_list"), None
                    )
                    found.append(ir.Call(*self.span(attribute), callee, self.arguments(given)))
        return tuple(found)

    def _attribute_class(self, name: Node) -> ir.Expression:
        """The class of an attribute, which leaves out the end of its name."""
        called = self.text(name).partition("<")[0].rpartition(".")[2]
        return ir.Name(*self.span(name), called if called.endswith("Attribute") else f"{called}Attribute")

    def annotated(self, kind: ir.Expression | None, attributes: tuple[ir.Expression, ...]) -> ir.Expression | None:
        """A declared type with the attributes that stand before it."""
        if not attributes:
            return kind
        start, end = attributes[0].start, attributes[-1].end
        items = (kind, *attributes) if kind is not None else attributes
        return ir.Index(start, end, ir.Name(start, end, "["), ir.Collection(start, end, "tuple", items))

    def body(self, node: Node | None, scope: Scope) -> Callable[[], tuple[ir.Statement, ...]]:
        """The body of a function, lowered in its scope when it is first asked for."""
        return self._kept(lambda: self._body(node), scope)

    def _kept(
        self, lower: Callable[[], tuple[ir.Statement, ...]], scope: Scope
    ) -> Callable[[], tuple[ir.Statement, ...]]:
        """`lower`, run when it is first asked for, as if it stood in `scope`."""
        kept = list(self._receivers)

        @cache
        def lowered() -> tuple[ir.Statement, ...]:
            before, receivers, depth, target = self.scope, self._receivers, self._depth, self._target
            self.scope, self._receivers, self._depth, self._target = scope, kept, 0, ""
            try:
                return lower()
            finally:
                self.scope, self._receivers, self._depth, self._target = before, receivers, depth, target

        return lowered

    def _body(self, node: Node | None) -> tuple[ir.Statement, ...]:
        if node is None or node.type == "block":
            return self.block(node)
        value = self.expression(node)
        return (ir.Return(value.start, value.end, value),)
