"""Python to IR, from the tree of the C parser (`CONTRIBUTING.md` says why not from libcst's).

The running interpreter's `ast` reads a file some ten times faster than libcst and gives exact byte offsets;
what the interpreter is too old to read is first made readable by `python_syntax`, offsets kept.
"""

from __future__ import annotations

import ast
import re
import warnings
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from pat_audit.flow import ir
from pat_audit.flow.language import Language
from pat_audit.languages import python_two
from pat_audit.languages.python_expressions import ExpressionLowering
from pat_audit.languages.python_layout import PythonLayout
from pat_audit.languages.python_syntax import downlevel

if TYPE_CHECKING:
    from collections.abc import Callable

_LINE_END = re.compile(rb"\r\n|\r|\n")


def lower(path: str, data: bytes, place: Callable[[int], int] | None = None) -> ir.Module:
    """The IR of one Python program.

    `data` is UTF-8 (no BOM needed or minded); spans in the result are byte offsets in it, or what `place` makes
    of them. Raises `ir.Unreadable` for syntax that no Python has, and for nesting too deep to hold.
    """
    try:
        tree = parse(data)
    except ir.Unreadable as refused:
        tree, data, place = _parse_older(data, place, refused)
    starts = [0, *(match.end() for match in _LINE_END.finditer(data))]
    if data.startswith(b"\xef\xbb\xbf"):
        starts[0] = 3
    binds_outside = b"global " in data or b"nonlocal " in data
    return ir.Module(path, _Lowering(starts, len(data), binds_outside, place).statements(tree.body))


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


def _parse_older(
    data: bytes, place: Callable[[int], int] | None, refused: ir.Unreadable
) -> tuple[ast.Module, bytes, Callable[[int], int] | None]:
    """The tree of a program in Python 2, the text that it is of, and where that stands; raises `refused` for others."""
    older = python_two.readable(data.decode("utf-8", "replace"))
    if older is None:
        raise refused from None
    data = older.encode()
    with suppress(ir.Unreadable):
        return parse(data), data, place
    data, before = python_two.with_blanks(data)
    with suppress(ir.Unreadable):
        return parse(data), data, before if place is None else lambda offset: place(before(offset))
    raise refused from None


def parse(data: bytes) -> ast.Module:
    """The tree of a program in UTF-8, newer syntax made readable; positions are the text's own.

    Raises `ir.Unreadable` for syntax that no Python 3 has.
    """
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
            raise ir.Unreadable(f"line {error.lineno or 1}: {error.msg}") from None
        except (ValueError, RecursionError, MemoryError) as error:
            raise ir.Unreadable(str(error) or type(error).__name__) from None


_KINDS = {
    "staticmethod": "static", "classmethod": "class",
    "property": "property", "cached_property": "property", "computed_field": "property",
}  # fmt: skip


def _kind(decorators: list[ast.expr]) -> str:
    named = [getattr(decorator, "attr", getattr(decorator, "id", "")) for decorator in decorators]
    return next((_KINDS[name] for name in named if name in _KINDS), "")


class _Lowering(ExpressionLowering):
    """Turns the statements of one file into IR."""

    def __init__(self, starts: list[int], size: int, binds_outside: bool, place: Callable[[int], int] | None) -> None:
        super().__init__(starts, size, place)
        self._binds_outside = binds_outside
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
        match value:
            case ast.Call(func=ast.Name(id="setattr"), args=[thing, ast.Constant(value=str(name)) as said, given]):
                start, _ = self._span(thing)
                _, end = self._span(said)
                target = ir.Attribute(start, end, self.expression(thing), name)
                return [ir.Assign(*self._span(node), (target,), self.expression(given), None)]
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
                _kind(node.decorator_list),
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


LANGUAGE = Language("python", lower, PythonLayout, gateways=("__init__.py",))
