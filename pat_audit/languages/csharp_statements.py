"""C# statements to IR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.csharp_expressions import ExpressionLowering
from pat_audit.languages.syntax_tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

_RETURNS = ("return_statement", "yield_statement")
_GUARDED = ("lock_statement", "fixed_statement", "checked_statement", "unsafe_statement")


class StatementLowering(ExpressionLowering):
    """Turns the statements of one file into IR."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.statements_of.update(
            {
                "variable_declaration": self.declaration,
                "assignment_expression": self._assign,
                **dict.fromkeys(_RETURNS, self._return),
                "if_statement": self._if,
                "foreach_statement": self._foreach,
                "for_statement": self._for_statement,
                "while_statement": self._while,
                "do_statement": self._while,
                "switch_statement": self._switch_statement,
                "try_statement": self._try,
                "using_statement": self._guarded,
                **dict.fromkeys(_GUARDED, self._guarded),
                "local_function_statement": self._local_function,
                "break_statement": lambda node: (),
                "continue_statement": lambda node: (),
                "goto_statement": lambda node: (),
            }
        )

    def declaration(self, node: Node, attributes: tuple[ir.Expression, ...] = ()) -> list[ir.Assign]:
        """`Type a = x, b`: an assignment for each."""
        kind = node.child_by_field_name("type")
        named = None if kind is None else self.type_name(kind)
        annotation = self.annotated(named, attributes)
        made: list[ir.Assign] = []
        for child in node.named_children:
            if child.type != "variable_declarator":
                continue
            inner = [each for each in child.named_children if not is_comment(each)]
            target_node = child.child_by_field_name("name") or (inner[0] if inner else None)
            if target_node is None:
                continue
            value_node = inner[-1] if inner and inner[-1] != target_node else None
            if value_node is not None and value_node.type == "bracketed_argument_list":
                value_node = None
            value = None if value_node is None else self.for_type(kind, value_node)
            is_plain = target_node.type == "identifier"
            target = self.declare(target_node) if is_plain else self._declared_tuple(target_node)
            made.append(ir.Assign(*self.span(child), (target,), value, annotation))
        return made

    def _declared_tuple(self, node: Node) -> ir.Expression:
        items = [
            self.declare(child) if child.type == "identifier" else self._declared_tuple(child)
            for child in node.named_children
        ]
        return ir.Collection(*self.span(node), "tuple", tuple(items))

    def _assign(self, node: Node) -> Iterable[ir.Statement]:
        target, value = self.assignment(node)
        span = self.span(node)
        if target is None:
            return (ir.Evaluate(*span, value),)
        targets = [target]
        while isinstance(value, ir.Bind):  # `a = b = c`
            targets.append(value.target)
            value = value.value
        return (ir.Assign(*span, tuple(targets), value, None),)

    def _return(self, node: Node) -> Iterable[ir.Statement]:
        inner = [child for child in node.named_children if not is_comment(child)]
        return [ir.Return(*self.span(node), self._inner(node))] if inner or node.child_count > 2 else []

    def _if(self, node: Node) -> Iterable[ir.Statement]:
        conditions: list[ir.Expression] = []
        bodies: list[tuple[ir.Statement, ...]] = []
        rest: Node | None = node
        while rest is not None and rest.type == "if_statement":  # `else if` nests
            conditions.append(self.expression(rest.child_by_field_name("condition")))
            bodies.append(self.block(rest.child_by_field_name("consequence")))
            rest = rest.child_by_field_name("alternative")
        if rest is not None:
            bodies.append(self.block(rest))
        return [ir.Branch(*self.span(node), tuple(conditions), tuple(bodies), rest is not None)]

    def _foreach(self, node: Node) -> Iterable[ir.Statement]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        iterable = self.expression(right)
        target = None
        if left is not None:
            target = self.declare(left) if left.type == "identifier" else self._declared_tuple(left)
        return [ir.Loop(*self.span(node), target, iterable, self.block(node.child_by_field_name("body")))]

    def _for_statement(self, node: Node) -> Iterable[ir.Statement]:
        made: list[ir.Statement] = []
        start = node.child_by_field_name("initializer")
        if start is not None:
            made.extend(self.statement(start))
        condition = node.child_by_field_name("condition")
        test = None if condition is None else self.expression(condition)
        made.append(ir.Loop(*self.span(node), None, test, self.block(node.child_by_field_name("body"))))
        return made

    def _while(self, node: Node) -> Iterable[ir.Statement]:
        test = self.expression(node.child_by_field_name("condition"))
        return [ir.Loop(*self.span(node), None, test, self.block(node.child_by_field_name("body")))]

    def _switch_statement(self, node: Node) -> Iterable[ir.Statement]:
        conditions = [self.expression(node.child_by_field_name("value"))]
        body = node.child_by_field_name("body")
        bodies: list[tuple[ir.Statement, ...]] = []
        total = False
        for section in body.named_children if body is not None else ():
            total = total or any(child.type == "default" for child in section.children)
            is_test = [child for child in section.named_children if child.type.endswith(("pattern", "when_clause"))]
            conditions.extend(self.expression(child) for child in is_test)
            statements = self.statements([child for child in section.named_children if child not in is_test])
            if statements:
                bodies.append(statements)
        return [ir.Branch(*self.span(node), tuple(conditions), tuple(bodies), total)]

    def _try(self, node: Node) -> Iterable[ir.Statement]:
        made = list(self.block(node.child_by_field_name("body")))
        handlers: list[tuple[ir.Statement, ...]] = []
        last: tuple[ir.Statement, ...] = ()
        for clause in node.named_children:
            if clause.type == "catch_clause":
                for child in clause.named_children:
                    name = child.child_by_field_name("name") if child.type == "catch_declaration" else None
                    if name is not None:
                        self.declare(name)
                handlers.append(self.block(clause.child_by_field_name("body")))
            elif clause.type == "finally_clause":
                last = self.statements(clause.named_children)
        if handlers:
            made.append(ir.Branch(*self.span(node), (), tuple(handlers), False))
        return [*made, *last]

    def _guarded(self, node: Node) -> Iterable[ir.Statement]:
        """What a resource or lock is held for: the statements of both."""
        return self.statements(node.named_children)

    def _local_function(self, node: Node) -> Iterable[ir.Statement]:
        name = node.child_by_field_name("name")
        if name is None:
            return self.statements(node.named_children)
        called = self.declare(name)
        scope = self.scope.inner()
        parameters = self.parameters(node.child_by_field_name("parameters"), scope)
        body = node.child_by_field_name("body")
        if body is None:
            body = next((child for child in node.named_children if child.type == "arrow_expression_clause"), None)
        return [ir.Function(called.start, called.end, self.text(name), parameters, self.body(body, scope), ())]

    def _using(self, node: Node) -> Iterable[ir.Statement]:
        """`using Name = Some.Type;` gives it that name; other imports are no names of themselves."""
        name = node.child_by_field_name("name")
        inner = [child for child in node.named_children if child != name]
        kind = self.type_name(inner[-1]) if inner else None
        if name is None or kind is None:
            return ()
        return [ir.Assign(*self.span(node), (ir.Name(*self.span(name), self.text(name)),), kind, None)]
