"""Python expressions to IR."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING, Any

from pat_audit.flow import ir
from pat_audit.flow.holes import has_marker
from pat_audit.languages.written import literal

if TYPE_CHECKING:
    from collections.abc import Callable


class ExpressionLowering:
    """Turns the expressions of one file into IR; holds the line starts that make offsets of lines and columns."""

    def __init__(self, starts: list[int], size: int, place: Callable[[int], int] | None = None) -> None:
        self._starts = starts
        self._place = place
        self._size = size
        self._expressions: dict[type[ast.AST], Callable[[Any], ir.Expression]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: lambda node: ir.Attribute(*self._span(node), self.expression(node.value), node.attr),
            ast.Subscript: self._subscript,
            ast.Call: self._call,
            ast.BinOp: self._binary,
            ast.JoinedStr: self._joined,
            ast.FormattedValue: lambda node: self.expression(node.value),
            ast.Dict: self._dict,
            ast.List: lambda node: self._collection("list", node),
            ast.Tuple: lambda node: self._collection("tuple", node),
            ast.Set: lambda node: self._collection("set", node),
            ast.IfExp: lambda node: ir.Choice(
                *self._span(node),
                self.expression(node.test),
                (self.expression(node.body), self.expression(node.orelse)),
            ),
            ast.BoolOp: self._boolean,
            ast.NamedExpr: lambda node: ir.Bind(
                *self._span(node), self.expression(node.target), self.expression(node.value)
            ),
            ast.Await: lambda node: self.expression(node.value),
            ast.Starred: lambda node: self.expression(node.value),
            ast.Lambda: self._lambda,
            ast.ListComp: lambda node: self._each("list", node, self.expression(node.elt)),
            ast.SetComp: lambda node: self._each("set", node, self.expression(node.elt)),
            ast.GeneratorExp: lambda node: self._each("list", node, self.expression(node.elt)),
            ast.DictComp: lambda node: self._each(
                "dict", node, ir.Entry(self.expression(node.key), self.expression(node.value))
            ),
            ast.UnaryOp: lambda node: ir.Operation(
                *self._span(node), type(node.op).__name__, (self.expression(node.operand),)
            ),
            ast.Compare: self._compare,
            ast.Yield: self._yielded,
            ast.YieldFrom: self._yielded,
        }

    def _span(self, node: Any) -> tuple[int, int]:
        starts = self._starts
        try:
            start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
        except IndexError:
            start = end = self._size
        return (start, end) if self._place is None else (self._place(start), self._place(end))

    def expression(self, node: ast.expr) -> ir.Expression:
        """The IR of one expression; what has no meaning for us becomes an operation without operands."""
        lowering = self._expressions.get(type(node))
        if lowering is None:
            return ir.Operation(*self._span(node), type(node).__name__, ())
        return lowering(node)

    def _name(self, node: ast.Name) -> ir.Expression:
        """A name, or what a template fills in where one stands."""
        return literal(self._span(node), node.id) if has_marker(node.id) else ir.Name(*self._span(node), node.id)

    def _constant(self, node: ast.Constant) -> ir.Expression:
        value = node.value
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        elif not (value is None or isinstance(value, str | int | float | bool)):
            value = None
        return literal(self._span(node), value) if isinstance(value, str) else ir.Literal(*self._span(node), value)

    def _subscript(self, node: ast.Subscript) -> ir.Expression:
        key = None if isinstance(node.slice, ast.Slice) else self.expression(node.slice)
        return ir.Index(*self._span(node), self.expression(node.value), key)

    def _arguments(self, node: ast.Call | ast.ClassDef) -> tuple[ir.Argument, ...]:
        positional = node.args if isinstance(node, ast.Call) else node.bases
        return (
            *[
                ir.Argument("*" if isinstance(argument, ast.Starred) else None, self.expression(argument))
                for argument in positional
            ],
            *[ir.Argument(keyword.arg or "**", self.expression(keyword.value)) for keyword in node.keywords],
        )

    def _call(self, node: ast.Call) -> ir.Expression:
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            return ir.Super(*self._span(node))
        return ir.Call(*self._span(node), self.expression(node.func), self._arguments(node))

    def _binary(self, node: ast.BinOp) -> ir.Expression:
        if isinstance(node.op, ast.Add):
            parts: list[ast.expr] = []
            rest: ast.expr = node
            # `a + b + c` nests to the left, thousands deep in generated code: unrolled without recursion
            while isinstance(rest, ast.BinOp) and isinstance(rest.op, ast.Add):
                parts.append(rest.right)
                rest = rest.left
            parts.append(rest)
            return ir.Join(*self._span(node), tuple([self.expression(part) for part in reversed(parts)]), False)
        if isinstance(node.op, ast.Mod):
            return ir.Format(*self._span(node), self.expression(node.left), self.expression(node.right))
        operands: list[ast.expr] = []
        rest = node
        while isinstance(rest, ast.BinOp) and not isinstance(rest.op, ast.Add | ast.Mod):
            operands.append(rest.right)
            rest = rest.left
        operands.append(rest)
        return ir.Operation(
            *self._span(node), type(node.op).__name__, tuple([self.expression(part) for part in reversed(operands)])
        )

    def _joined(self, node: ast.JoinedStr) -> ir.Expression:
        return ir.Join(*self._span(node), tuple([self.expression(part) for part in node.values]), True)

    def _dict(self, node: ast.Dict) -> ir.Expression:
        entries = [
            ir.Entry(None if key is None else self.expression(key), self.expression(value))
            for key, value in zip(node.keys, node.values, strict=True)
        ]
        return ir.Mapping(*self._span(node), tuple(entries))

    def _collection(self, kind: str, node: ast.List | ast.Tuple | ast.Set) -> ir.Expression:
        items = [
            ir.Argument("*", self.expression(item.value)) if isinstance(item, ast.Starred) else self.expression(item)
            for item in node.elts
        ]
        return ir.Collection(*self._span(node), kind, tuple(items))

    def _boolean(self, node: ast.BoolOp) -> ir.Expression:
        options = tuple([self.expression(value) for value in node.values])
        if isinstance(node.op, ast.Or):
            return ir.Choice(*self._span(node), None, options)
        # `a and b` gives b where a holds: a is only asked
        return ir.Choice(*self._span(node), ir.Operation(*self._span(node), "And", options[:-1]), options[-1:])

    def _compare(self, node: ast.Compare) -> ir.Expression:
        operator = type(node.ops[0]).__name__ if len(node.ops) == 1 else "Compare"
        return ir.Operation(
            *self._span(node), operator, tuple([self.expression(part) for part in [node.left, *node.comparators]])
        )

    def _yielded(self, node: ast.Yield | ast.YieldFrom) -> ir.Expression:
        return ir.Literal(*self._span(node), None) if node.value is None else self.expression(node.value)

    def _lambda(self, node: ast.Lambda) -> ir.Expression:
        body = node.body
        return ir.Function(
            *self._span(node),
            "",
            self._parameters(node.args),
            cache(lambda: (ir.Return(*self._span(body), self.expression(body)),)),
            (),
        )

    def _each(self, kind: str, node: Any, element: ir.Expression | ir.Entry) -> ir.Expression:
        return ir.Each(
            *self._span(node),
            kind,
            element,
            tuple([(self.expression(part.target), self.expression(part.iter)) for part in node.generators]),
            tuple([self.expression(test) for part in node.generators for test in part.ifs]),
        )

    def _parameters(self, arguments: ast.arguments) -> tuple[ir.Parameter, ...]:
        lowered: list[ir.Parameter] = []
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
        defaults.extend(arguments.defaults)

        def add(argument: ast.arg, default: ast.expr | None, kind: str, keyword_only: bool) -> None:
            lowered.append(
                ir.Parameter(
                    *self._span(argument),
                    argument.arg,
                    None if default is None else self.expression(default),
                    None if argument.annotation is None else self.expression(argument.annotation),
                    kind,
                    keyword_only,
                )
            )

        for argument, default in zip(positional, defaults, strict=True):
            add(argument, default, "", False)
        if arguments.vararg is not None:
            add(arguments.vararg, None, "*", False)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            add(argument, default, "", True)
        if arguments.kwarg is not None:
            add(arguments.kwarg, None, "**", False)
        return tuple(lowered)
