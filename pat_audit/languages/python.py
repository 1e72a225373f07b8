"""Python to IR, from the tree of the C parser (`CONTRIBUTING.md` says why not from libcst's).

The running interpreter's `ast` reads a file some ten times faster than libcst and gives exact byte offsets;
what the interpreter is too old to read is first made readable by `python_syntax`, offsets kept.
"""

from __future__ import annotations

import ast
import re
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

from pat_audit.flow import ir
from pat_audit.languages.python_syntax import downlevel

if TYPE_CHECKING:
    from collections.abc import Callable

_LINE_END = re.compile(rb"\r\n|\r|\n")


class Unreadable(Exception):
    """The text is not Python that can be read; the message says why and where."""


def lower(path: str, data: bytes) -> ir.Module:
    """The IR of one Python file.

    `data` is UTF-8 (no BOM needed or minded); spans in the result are byte offsets in it.
    Raises `Unreadable` for syntax that no Python 3 has, and for nesting too deep to hold.
    """
    tree = _parse(data)
    starts = [0, *(match.end() for match in _LINE_END.finditer(data))]
    if data.startswith(b"\xef\xbb\xbf"):
        starts[0] = 3
    binds_outside = b"global " in data or b"nonlocal " in data
    return ir.Module(path, _Lowering(starts, len(data), binds_outside).statements(tree.body))


def _outer(body: list[ast.stmt]) -> tuple[str, ...]:
    """The names that a function body declares as bound outside it."""
    found: list[str] = []
    pending: list[Any] = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Global | ast.Nonlocal):
            found.extend(node.names)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for part in ("body", "orelse", "finalbody", "handlers", "cases"):
                pending.extend(getattr(node, part, ()))
    return tuple(found)


def _parse(data: bytes) -> ast.Module:
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError as error:
            readable = downlevel(text)
            if readable is not None:
                try:
                    return ast.parse(readable)
                except SyntaxError:
                    pass
            raise Unreadable(f"line {error.lineno or 1}: {error.msg}") from None
        except (ValueError, RecursionError, MemoryError) as error:
            raise Unreadable(str(error) or type(error).__name__) from None


class _Lowering:
    """Turns `ast` nodes into IR nodes; holds the line starts that make offsets of lines and columns."""

    def __init__(self, starts: list[int], size: int, binds_outside: bool) -> None:
        self._starts = starts
        self._size = size
        self._binds_outside = binds_outside
        self._expressions: dict[type[ast.AST], Callable[[Any], ir.Expression]] = {
            ast.Constant: self._constant,
            ast.Name: lambda node: ir.Name(*self._span(node), node.id),
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
        self._statements: dict[type[ast.AST], Callable[[Any], list[ir.Statement]]] = {
            ast.Expr: self._evaluate,
            ast.Assign: lambda node: [
                ir.Assign(
                    *self._span(node),
                    tuple([self.expression(t) for t in node.targets]),
                    self.expression(node.value),
                    None,
                )
            ],
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augmented,
            ast.Return: lambda node: (
                [ir.Return(*self._span(node), self.expression(node.value))] if node.value is not None else []
            ),
            ast.If: self._if,
            ast.For: self._for,
            ast.AsyncFor: self._for,
            ast.While: lambda node: [
                ir.Loop(*self._span(node), None, self.expression(node.test), self.statements(node.body)),
                *self.statements(node.orelse),
            ],
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.Try: self._try,
            ast.TryStar: self._try,
            ast.Match: self._match,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Import: lambda node: [
                ir.Import(*self._span(node), alias.name, "", alias.asname or "", 0) for alias in node.names
            ],
            ast.ImportFrom: lambda node: [
                ir.Import(*self._span(node), node.module or "", alias.name, alias.asname or "", node.level)
                for alias in node.names
            ],
            ast.Assert: lambda node: [ir.Evaluate(*self._span(node), self.expression(node.test))],
            ast.Raise: lambda node: (
                [ir.Evaluate(*self._span(node), self.expression(node.exc))] if node.exc is not None else []
            ),
        }

    def _span(self, node: Any) -> tuple[int, int]:
        starts = self._starts
        try:
            return starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
        except IndexError:
            return self._size, self._size

    # --- expressions ---

    def expression(self, node: ast.expr) -> ir.Expression:
        """The IR of one expression; what has no meaning for us becomes an operation without operands."""
        lowering = self._expressions.get(type(node))
        if lowering is None:
            return ir.Operation(*self._span(node), type(node).__name__, ())
        return lowering(node)

    def _constant(self, node: ast.Constant) -> ir.Expression:
        value = node.value
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        elif not (value is None or isinstance(value, str | int | float | bool)):
            value = None
        return ir.Literal(*self._span(node), value)

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

    # --- statements ---

    def statements(self, nodes: list[ast.stmt]) -> tuple[ir.Statement, ...]:
        """The IR of a suite, in order; statements that cannot matter vanish."""
        lowered: list[ir.Statement] = []
        for node in nodes:
            lowering = self._statements.get(type(node))
            if lowering is not None:
                lowered.extend(lowering(node))
        return tuple(lowered)

    def _evaluate(self, node: ast.Expr) -> list[ir.Statement]:
        value = node.value
        if isinstance(value, ast.Constant):
            return []  # a docstring, or `...`
        if isinstance(value, ast.Yield | ast.YieldFrom) and value.value is not None:
            return [ir.Return(*self._span(node), self.expression(value.value))]
        return [ir.Evaluate(*self._span(node), self.expression(value))]

    def _annotated(self, node: ast.AnnAssign) -> list[ir.Statement]:
        value = None if node.value is None else self.expression(node.value)
        return [ir.Assign(*self._span(node), (self.expression(node.target),), value, self.expression(node.annotation))]

    def _augmented(self, node: ast.AugAssign) -> list[ir.Statement]:
        target = self.expression(node.target)
        value = self.expression(node.value)
        span = self._span(node)
        if isinstance(node.op, ast.Add):
            return [ir.Assign(*span, (target,), ir.Join(*span, (target, value), False), None)]
        if isinstance(node.op, ast.BitOr):
            entries = (ir.Entry(None, target), ir.Entry(None, value))
            return [ir.Assign(*span, (target,), ir.Mapping(*span, entries), None)]
        return [ir.Evaluate(*span, value)]

    def _if(self, node: ast.If) -> list[ir.Statement]:
        conditions: list[ir.Expression] = []
        bodies: list[tuple[ir.Statement, ...]] = []
        rest: list[ast.stmt] = [node]
        # `elif` nests: unrolled so that a chain of thousands does not recurse
        while len(rest) == 1 and isinstance(rest[0], ast.If):
            branch = rest[0]
            conditions.append(self.expression(branch.test))
            bodies.append(self.statements(branch.body))
            rest = branch.orelse
        if rest:
            bodies.append(self.statements(rest))
        return [ir.Branch(*self._span(node), tuple(conditions), tuple(bodies), bool(rest))]

    def _for(self, node: ast.For | ast.AsyncFor) -> list[ir.Statement]:
        loop = ir.Loop(
            *self._span(node), self.expression(node.target), self.expression(node.iter), self.statements(node.body)
        )
        return [loop, *self.statements(node.orelse)]

    def _with(self, node: ast.With | ast.AsyncWith) -> list[ir.Statement]:
        lowered: list[ir.Statement] = []
        for item in node.items:
            value = self.expression(item.context_expr)
            if item.optional_vars is None:
                lowered.append(ir.Evaluate(value.start, value.end, value))
            else:
                target = self.expression(item.optional_vars)
                lowered.append(ir.Assign(value.start, value.end, (target,), value, None))
        return [*lowered, *self.statements(node.body)]

    def _try(self, node: ast.Try | ast.TryStar) -> list[ir.Statement]:
        handlers = [self.statements(handler.body) for handler in node.handlers]
        branch = ir.Branch(*self._span(node), (), tuple(handlers), False)
        return [
            *self.statements(node.body),
            *([branch] if handlers else []),
            *self.statements(node.orelse),
            *self.statements(node.finalbody),
        ]

    def _match(self, node: ast.Match) -> list[ir.Statement]:
        subject = self.expression(node.subject)
        bodies = tuple([self.statements(case.body) for case in node.cases])
        return [ir.Branch(*self._span(node), (subject,), bodies, False)]

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ir.Statement]:
        body = node.body
        return [
            ir.Function(
                *self._span(node),
                node.name,
                self._parameters(node.args),
                cache(lambda: self.statements(body)),
                tuple([self.expression(decorator) for decorator in node.decorator_list]),
                _outer(body) if self._binds_outside else (),
            )
        ]

    def _class(self, node: ast.ClassDef) -> list[ir.Statement]:
        return [
            ir.Class(
                *self._span(node),
                node.name,
                tuple([self.expression(base) for base in node.bases]),
                self.statements(node.body),
                tuple([self.expression(decorator) for decorator in node.decorator_list]),
            )
        ]

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
