"""JavaScript's and TypeScript's statements to IR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.javascript_errors import ErrorLowering
from pat_audit.languages.javascript_functions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

_HOISTED = ("function_declaration", "generator_function_declaration")
_TYPES_ONLY = ("interface_declaration", "type_alias_declaration", "ambient_declaration", "function_signature")


class StatementLowering(ErrorLowering):
    """Turns the statements of one file into IR."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.statements_of.update(
            {
                "program": self._block,
                "statement_block": self._block,
                "expression_statement": self._expression_statement,
                "lexical_declaration": self._declaration,
                "variable_declaration": self._declaration,
                "function_declaration": self._function,
                "generator_function_declaration": self._function,
                "class_declaration": self._class,
                "abstract_class_declaration": self._class,
                "enum_declaration": self._enum,
                "internal_module": self._namespace,
                "module": self._namespace,
                "return_statement": self._return,
                "throw_statement": self._evaluated,
                "if_statement": self._if,
                "switch_statement": self._switch,
                "for_statement": self._for,
                "for_in_statement": self._for_each,
                "while_statement": self._while,
                "do_statement": self._while,
                "try_statement": self._try,
                **{kind: lambda node: () for kind in _TYPES_ONLY},
            }
        )

    def statement(self, node: Node) -> Iterable[ir.Statement]:
        """The IR of one statement, behind the classes that stand in it as expressions."""
        outside = self.defined
        self.defined = []
        try:
            lowered = tuple(super().statement(node))
            return (*self.defined, *lowered)
        finally:
            self.defined = outside

    def _block(self, node: Node) -> Iterable[ir.Statement]:
        """Statements in the order in which they take effect: imports and functions are there from the start."""
        imports: list[ir.Statement] = []
        functions: list[ir.Statement] = []
        rest: list[ir.Statement] = []
        for child in node.named_children:
            lowered = self.statement(child)
            inner = self.child(child, "declaration") if child.type == "export_statement" else child
            if child.type == "import_statement":
                imports.extend(lowered)
            elif inner is not None and inner.type in _HOISTED:
                functions.extend(lowered)
            else:
                rest.extend(lowered)
        declared = [each for each in rest if isinstance(each, ir.Assign) and _only_declares(each)]
        if declared and functions:
            rest = [each for each in rest if not (isinstance(each, ir.Assign) and _only_declares(each))]
            imports.extend(declared)
        return (*imports, *functions, *rest)

    def _evaluated(self, node: Node) -> Iterable[ir.Statement]:
        for child in node.named_children:
            if not child.is_extra:
                value = self.expression(child)
                yield ir.Evaluate(value.start, value.end, value)

    def _expression_statement(self, node: Node) -> Iterable[ir.Statement]:
        pending = [child for child in node.named_children if not child.is_extra]
        while pending:
            child = pending.pop(0)
            if child.type == "parenthesized_expression" and child.named_child_count == 1:
                pending.insert(0, child.named_children[0])
            elif child.type == "sequence_expression":
                pending = [*(each for each in child.named_children if not each.is_extra), *pending]
            else:
                yield from self._effect(child)

    def _effect(self, node: Node) -> Iterable[ir.Statement]:
        if node.type == "internal_module":
            yield from self._namespace(node)
        elif node.type == "assignment_expression":
            yield from self._assign(node)
        elif node.type == "augmented_assignment_expression":
            bound = self.expression(node)
            if isinstance(bound, ir.Bind):
                yield ir.Assign(bound.start, bound.end, (bound.target,), bound.value, None)
            else:
                yield ir.Evaluate(bound.start, bound.end, bound)
        elif node.type == "yield_expression" and node.named_children:
            value = self.expression(node)
            yield ir.Return(value.start, value.end, value)
        elif node.type in ("string", "template_string"):
            return  # `"use strict"`
        else:
            value = self.expression(node)
            yield ir.Evaluate(value.start, value.end, value)

    def _assign(self, node: Node) -> Iterable[ir.Statement]:
        targets: list[Node] = []
        value: Node | None = node
        while value is not None and value.type == "assignment_expression":
            left = self.child(value, "left")
            if left is not None:
                targets.append(left)
            value = self.child(value, "right")
        if value is None or not targets:
            return
        span = self.span(node)
        last = self.expression(value)
        if any(target.type in ("object_pattern", "array_pattern") for target in targets):
            for target in targets:
                yield from self.assigned(target, last, span)
            return
        places = [self.expression(target) for target in targets]
        if any(_is_default(place) for place in places):
            places = [ir.Name(*span, ir.DEFAULT)]
        yield ir.Assign(*span, tuple(places), last, None)

    def _declaration(self, node: Node) -> Iterable[ir.Statement]:
        for declarator in node.named_children:
            if declarator.type != "variable_declarator":
                continue
            target, value = self.child(declarator, "name"), self.child(declarator, "value")
            if target is None:
                continue
            required = self.required_by(declarator)
            if required is not None:
                yield from required
                continue
            span = self.span(declarator)
            annotation = self.annotation(self.child(declarator, "type"))
            if value is not None and value.type in FUNCTIONS and target.type == "identifier":
                yield self.function(value, self.text(target))
                continue
            lowered = ir.Literal(*self.span(target), None) if value is None else self.expression(value)
            yield from self.assigned(target, lowered, span, annotation)

    def _function(self, node: Node) -> Iterable[ir.Statement]:
        name = self.child(node, "name")
        return (self.function(node, "" if name is None else self.text(name)),)

    def _class(self, node: Node) -> Iterable[ir.Statement]:
        name = self.child(node, "name")
        return (self.class_of(node, f"class {{{node.start_byte}}}" if name is None else self.text(name)),)

    def _enum(self, node: Node) -> Iterable[ir.Statement]:
        name, body = self.child(node, "name"), self.child(node, "body")
        entries: list[ir.Entry] = []
        for member in () if body is None else body.named_children:
            key = self.child(member, "name")
            if key is not None:
                entries.append(ir.Entry(self.key(key), self.expression(self.child(member, "value"))))
        if name is not None:
            span = self.span(node)
            made = ir.Mapping(*span, tuple(entries))
            yield ir.Assign(*span, (ir.Name(*self.span(name), self.text(name)),), made, None)

    def _namespace(self, node: Node) -> Iterable[ir.Statement]:
        """A namespace's members, and its name for a mapping of them."""
        name, body = self.child(node, "name"), self.child(node, "body")
        inner = self.block(body)
        yield from inner
        if name is None or name.type != "identifier":
            return
        span = self.span(node)
        names = [each.name for each in inner if isinstance(each, ir.Function | ir.Class)]
        names += [
            target.name
            for each in inner
            if isinstance(each, ir.Assign)
            for target in each.targets
            if isinstance(target, ir.Name)
        ]
        entries = [ir.Entry(ir.Literal(*span, each), ir.Name(*span, each)) for each in names]
        target = ir.Name(*self.span(name), self.text(name))
        yield ir.Assign(*span, (target,), ir.Mapping(*span, tuple(entries)), None)

    def _return(self, node: Node) -> Iterable[ir.Statement]:
        value = next((child for child in node.named_children if not child.is_extra), None)
        return () if value is None else (ir.Return(*self.span(node), self.expression(value)),)

    def _if(self, node: Node) -> Iterable[ir.Statement]:
        conditions: list[ir.Expression] = []
        bodies: list[tuple[ir.Statement, ...]] = []
        rest: Node | None = node
        while rest is not None and rest.type == "if_statement":  # `else if` nests: unrolled
            conditions.append(self.expression(self.child(rest, "condition")))
            bodies.append(self.block(self.child(rest, "consequence")))
            clause = self.child(rest, "alternative")
            inner = [] if clause is None else [child for child in clause.named_children if not child.is_extra]
            rest = inner[0] if inner else None
        if rest is not None:
            bodies.append(self.block(rest))
        return (ir.Branch(*self.span(node), tuple(conditions), tuple(bodies), rest is not None),)

    def _switch(self, node: Node) -> Iterable[ir.Statement]:
        subject = self.expression(self.child(node, "value"))
        body = self.child(node, "body")
        cases = [] if body is None else [case for case in body.named_children if case.type.startswith("switch_")]
        bodies = [self.statements(case.children_by_field_name("body")) for case in cases]
        total = any(case.type == "switch_default" for case in cases)
        return (ir.Branch(*self.span(node), (subject,), tuple(bodies), total),)

    def _for(self, node: Node) -> Iterable[ir.Statement]:
        initializer = self.child(node, "initializer")
        opening = () if initializer is None else tuple(self.statement(initializer))
        condition = self.expression(self.child(node, "condition"))
        body = self.block(self.child(node, "body"))
        return (*opening, ir.Loop(*self.span(node), None, condition, body))

    def _for_each(self, node: Node) -> Iterable[ir.Statement]:
        left, right = self.child(node, "left"), self.child(node, "right")
        body = self.block(self.child(node, "body"))
        iterable = self.expression(right)
        if left is None:
            return (ir.Loop(*self.span(node), None, iterable, body),)
        target = self.expression(left) if left.type not in ("object_pattern", "array_pattern") else None
        if target is None:
            target = ir.Name(*self.span(left), f"{{{left.start_byte}}}")
            body = (*self.take_apart(left, target), *body)
        if self._operator(node) == "in":
            iterable = ir.Operation(iterable.start, iterable.end, "keys", (iterable,))
        return (ir.Loop(*self.span(node), target, iterable, body),)

    def _while(self, node: Node) -> Iterable[ir.Statement]:
        condition = self.expression(self.child(node, "condition"))
        return (ir.Loop(*self.span(node), None, condition, self.block(self.child(node, "body"))),)

    def _try(self, node: Node) -> Iterable[ir.Statement]:
        handler, finalizer = self.child(node, "handler"), self.child(node, "finalizer")
        yield from self.block(self.child(node, "body"))
        if handler is not None:
            caught = self.block(self.child(handler, "body"))
            yield ir.Branch(*self.span(handler), (), (caught,), False)
        if finalizer is not None:
            yield from self.block(self.child(finalizer, "body"))


def _only_declares(statement: ir.Assign) -> bool:
    """`let x;`: a variable of a scope that functions in it may set."""
    value = statement.value
    return isinstance(value, ir.Literal) and value.value is None and isinstance(statement.targets[0], ir.Name)


def _is_default(place: ir.Expression) -> bool:
    """Whether an assignment to `place` says what the module gives."""
    if isinstance(place, ir.Attribute):
        return place.name == ir.DEFAULT and isinstance(place.value, ir.Name) and place.value.name == ir.DEFAULT
    return isinstance(place, ir.Name) and place.name == ir.DEFAULT
