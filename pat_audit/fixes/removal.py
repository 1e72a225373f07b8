"""Takes things out of code: an entry of a mapping, an argument of a call, a statement with its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pat_audit.fixes.change import Replacement
from pat_audit.fixes.program_tree import whole_statement
from pat_audit.flow import ir

if TYPE_CHECKING:
    from pat_audit.fixes.file_text import FileText

_BY_LINES = frozenset({"bash"})  # languages whose statements are lines
_SEPARATOR = re.compile(rb"[ \t]*,")
_LINE_REST = re.compile(rb"[ \t]*(?:(?:\r\n|\n|\r)|\Z)")
_SPACE_AND_COMMA = re.compile(rb",\s*\Z")


def without_entry(mapping: ir.Mapping, entry: ir.Entry, file: FileText) -> Replacement:
    """An entry goes with its comma, and with its line where it has one of its own; the last leaves `{}`."""
    inner = file.data[mapping.start + 1 : mapping.end - 1]
    braced = file.data[mapping.start : mapping.start + 1] == b"{" and file.data[mapping.end - 1 : mapping.end] == b"}"
    key = entry.key if entry.key is not None else entry.value
    written = file.data[key.start : entry.value.end]
    if braced and len(mapping.entries) == 1 and inner.strip().rstrip(b",").rstrip() == written:
        return Replacement(mapping.start + 1, mapping.end - 1, "")
    return _item(key.start, entry.value.end, mapping.end - 1, file)


def without_argument(call: ir.Call, value: Any, file: FileText) -> Replacement:
    """An argument goes with its name and comma."""
    argument = next(each for each in call.arguments if each.value is value)
    start = value.start
    if argument.name:
        start = file.data.rfind(argument.name.encode(), 0, start)
    return _item(start, value.end, call.end - 1, file)


def _item(start: int, end: int, close: int, file: FileText) -> Replacement:
    """One item of a list of items that ends at `close`: its comma goes, the one behind it or else the one before."""
    data = file.data
    behind = _SEPARATOR.match(data, end, close)
    if behind is not None:
        end = behind.end()
        line = _LINE_REST.match(data, end)
        first = file.line_start(start)
        if line is not None and not data[first:start].strip():
            return Replacement(first, line.end(), "")
        while data[end : end + 1] in (b" ", b"\t"):
            end += 1
        return Replacement(start, end, "")
    before = _SPACE_AND_COMMA.search(data, max(0, start - 1024), start)
    if before is not None:
        start = before.start()
    return Replacement(start, end, "")


def without_statement(statement: Any, file: FileText) -> Replacement:
    """A statement goes with its line, where it stands alone on it, and with the condition that was there for it."""
    statement = _with_condition(statement, file)
    start, end = statement.start, statement.end
    whole = None if file.tree is None or file.spoken in _BY_LINES else whole_statement(file.tree, start, end)
    if whole is not None:
        start, end = whole
    first = file.line_start(start)
    line = _LINE_REST.match(file.data, end)
    if line is not None and not file.data[first:start].strip():
        return Replacement(first, _behind_one_gap(first, line.end(), file), "")
    return Replacement(start, end, "")


def _with_condition(statement: Any, file: FileText) -> Any:
    """The outermost `if` of which a statement is all that there is, or the statement itself."""
    outer = file.places.parent(statement)
    while (
        isinstance(outer, ir.Branch)
        and outer.bodies == ((statement,),)
        and not any(
            isinstance(node, ir.Call) for each in outer.conditions for node in file.places.within(each.start, each.end)
        )
    ):
        statement = outer
        outer = file.places.parent(statement)
    return statement


def without_function(function: Any, file: FileText) -> Replacement:
    """A function goes with its lines and the blank lines behind it."""
    removed = without_statement(function, file)
    end = removed.end
    blank = _LINE_REST.match(file.data, end)
    while blank is not None and blank.end() > end:
        end = blank.end()
        blank = _LINE_REST.match(file.data, end)
    return Replacement(removed.start, end, "")


def _behind_one_gap(start: int, end: int, file: FileText) -> int:
    """Where the next lines begin if a paragraph of its own goes: with it one of the blank lines around it."""
    ended = start - 2 if file.data[start - 2 : start] == b"\r\n" else start - 1
    before = file.line_start(ended) if start else start
    line = _LINE_REST.match(file.data, end)
    alone = start and not file.data[before:start].strip()
    return line.end() if alone and line is not None and line.end() > end else end
