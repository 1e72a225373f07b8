"""The accessors that a class has without writing them: those of a record, of a data class, of Lombok."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_THIS = "this"


def accessors(members: Iterable[ir.Statement], records: bool = False) -> tuple[ir.Statement, ...]:
    """A getter and a setter for each field that has none; those of `records` have the field's own name."""
    members = tuple(members)
    written = {member.name for member in members if isinstance(member, ir.Function)}
    found: list[ir.Statement] = []
    for start, end, field in _fields(members):
        span = (start, end)
        capital = field[:1].upper() + field[1:]
        getter = field if records else f"get{capital}"
        if getter not in written:
            found.append(_getter(span, getter, field))
        if not records and f"set{capital}" not in written:
            found.append(_setter(span, f"set{capital}", field))
    return tuple(found)


def _fields(members: Iterable[ir.Statement]) -> Iterator[tuple[int, int, str]]:
    for member in members:
        if isinstance(member, ir.Assign):
            for target in member.targets:
                if isinstance(target, ir.Name) and not target.name.isupper():  # a constant has none
                    yield member.start, member.end, target.name


def _getter(span: tuple[int, int], name: str, field: str) -> ir.Function:
    read = ir.Return(*span, ir.Attribute(*span, ir.Name(*span, _THIS), field))
    return ir.Function(*span, name, (_parameter(span, _THIS),), lambda: (read,), ())


def _setter(span: tuple[int, int], name: str, field: str) -> ir.Function:
    target = ir.Attribute(*span, ir.Name(*span, _THIS), field)
    write = ir.Assign(*span, (target,), ir.Name(*span, field), None)
    return ir.Function(*span, name, (_parameter(span, _THIS), _parameter(span, field)), lambda: (write,), ())


def _parameter(span: tuple[int, int], name: str) -> ir.Parameter:
    return ir.Parameter(*span, name, None, None, "", False)
