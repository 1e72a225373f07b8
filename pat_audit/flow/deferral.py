"""Statements of an imported module that wait until somebody asks for a name that they bind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir

if TYPE_CHECKING:
    from collections.abc import Iterator


class Deferred:
    """The statements of one module that are not evaluated yet, by the names that they bind or change."""

    __slots__ = ("_by_name", "_done", "_rest")

    def __init__(self, statements: list[ir.Statement]) -> None:
        self._rest = statements
        self._done: set[int] = set()
        self._by_name: dict[str, list[ir.Statement]] = {}
        for statement in statements:
            for name in set(bound_names(statement)):
                self._by_name.setdefault(name, []).append(statement)

    def of(self, name: str) -> Iterator[ir.Statement]:
        """The statements that `name` waits for, in order; each is given out once."""
        for statement in self._by_name.pop(name, ()):
            if id(statement) not in self._done:
                self._done.add(id(statement))
                yield statement

    def rest(self) -> Iterator[ir.Statement]:
        """All statements that were not given out, in order."""
        self._by_name.clear()
        for statement in self._rest:
            if id(statement) not in self._done:
                self._done.add(id(statement))
                yield statement


def part(body: tuple[ir.Statement, ...]) -> tuple[list[ir.Statement], list[ir.Statement]]:
    """A module's statements: those to evaluate at once (imports, plain functions), and those that can wait."""
    now: list[ir.Statement] = []
    later: list[ir.Statement] = []
    for statement in body:
        (now if _is_cheap(statement) else later).append(statement)
    return now, later


def _is_cheap(statement: ir.Statement) -> bool:
    if isinstance(statement, ir.Import):
        return True
    if isinstance(statement, ir.Function):
        return not statement.decorators
    # a branch that imports says which module a name is of
    return isinstance(statement, ir.Branch) and any(
        isinstance(inner, ir.Import) for body in statement.bodies for inner in body
    )


def bound_names(statement: ir.Statement) -> Iterator[str]:
    """The names that a statement binds, or whose values it changes."""
    if isinstance(statement, ir.Assign):
        for target in statement.targets:
            yield from _bases(target)
    elif isinstance(statement, ir.Evaluate):
        if isinstance(statement.value, ir.Call):
            yield from _bases(statement.value.function)
    elif isinstance(statement, ir.Function | ir.Class):
        yield statement.name
    elif isinstance(statement, ir.Branch):
        for body in statement.bodies:
            for inner in body:
                yield from bound_names(inner)
    elif isinstance(statement, ir.Loop):
        if statement.target is not None:
            yield from _bases(statement.target)
        for inner in statement.body:
            yield from bound_names(inner)


def _bases(target: ir.Expression) -> Iterator[str]:
    """The names at the root of what is assigned to or called on."""
    if isinstance(target, ir.Collection):
        for item in target.items:
            yield from _bases(item.value if isinstance(item, ir.Argument) else item)
        return
    while isinstance(target, ir.Attribute | ir.Index | ir.Call):
        target = target.function if isinstance(target, ir.Call) else target.value
    if isinstance(target, ir.Name):
        yield target.name
