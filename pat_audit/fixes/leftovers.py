"""What a rewrite leaves without a use: the encoding beside it, the variable, the import."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pat_audit.fixes.file_text import FileText
from pat_audit.fixes.program_tree import block_of_declaration, stumbles, whole_statement
from pat_audit.fixes.removal import without_function, without_statement
from pat_audit.flow import ir
from pat_audit.languages.python import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from pat_audit.fixes.change import Replacement
    from pat_audit.fixes.places import Places

_FILES_SHARE = frozenset({"go"})  # languages in which a file's variables are those of its neighbours
_ROUNDS = 8  # what is removed may leave others without a use
_PURE = (ir.Literal, ir.Name, ir.Attribute, ir.Index, ir.Join, ir.Format, ir.Operation, ir.Choice, ir.Outside,
         ir.Mapping, ir.Collection, ir.Entry, ir.Argument)  # fmt: skip


def names_in(places: Places, spans: Iterable[tuple[int, int]]) -> set[str]:
    """The variables and functions that the code of these spans speaks of."""
    named = (ir.Name, ir.Attribute)
    return {node.name for start, end in spans for node in places.within(start, end) if isinstance(node, named)}


def without_leftovers(
    file: FileText, suspects: set[str], known: Collection[bytes], elsewhere: Callable[[str], bool]
) -> FileText:
    """The file without the assignments and functions that only what was replaced had a use for.

    `suspects` are names that the replaced code spoke of, and grow by those of what is removed; `known` are the
    texts of expressions that the evaluator has followed: an assignment of anything else may do more than give a
    value, and stays. `elsewhere` says whether other files speak of a name.
    """
    for _ in range(_ROUNDS):
        edit = next(_useless(file, suspects, known, elsewhere), None)
        if edit is None:
            return file
        removed, statement = edit
        suspects |= names_in(file.places, [(statement.start, statement.end)])
        data = file.data[: removed.start] + removed.text.encode() + file.data[removed.end :]
        changed = FileText(file.path, file.encoded(data))
        if not _reads(changed) or stumbles(changed.tree) > stumbles(file.tree):
            return file
        file = changed
    return file


def _reads(file: FileText) -> bool:
    """Whether the text is still a program: a block may have lost its only statement."""
    try:
        if file.language == "python":
            parse(file.data)
        return bool(file.places.modules)
    except (ir.Unreadable, RecursionError):
        return False


def _useless(
    file: FileText, suspects: set[str], known: Collection[bytes], elsewhere: Callable[[str], bool]
) -> Iterator[tuple[Replacement, Any]]:
    places = file.places
    for node in places.nodes:
        if isinstance(node, ir.Function) and node.name in suspects and not node.decorators:
            own = _mentions(file, node.name, node.start, node.end)
            if _mentions(file, node.name, 0, len(file.data)) == own and not elsewhere(node.name):
                yield without_function(node, file), node
        if not isinstance(node, ir.Assign) or len(node.targets) != 1 or node.value is None:
            continue
        target = node.targets[0]
        if not isinstance(target, ir.Name) or target.name not in suspects or node.start == node.end:
            continue
        scope = places.function(node)
        if scope is None and (file.language in _FILES_SHARE or elsewhere(target.name)):
            continue
        if isinstance(places.parent(node), ir.Class) or _used(places, node, target, scope, file):
            continue
        statement = _whole(node, file)
        if statement is not None and _is_pure(places, node.value, file, known):
            yield without_statement(statement, file), node


class _Span(NamedTuple):
    start: int
    end: int


def _whole(assignment: ir.Assign, file: FileText) -> Any | None:
    """The statement that is the assignment and nothing else."""
    if file.tree is None:
        return assignment
    span = whole_statement(file.tree, assignment.start, assignment.end)
    return None if span is None else _Span(*span)


def _used(places: Places, own: ir.Assign, target: ir.Name, scope: Any, file: FileText) -> bool:
    within = scope if scope is not None else places.modules[0]
    start, end = getattr(within, "start", 0), getattr(within, "end", len(file.data))
    block = None if file.tree is None else block_of_declaration(file.tree, target.start, target.end)
    if block is not None:
        start, end = block
    count = 0
    for node in places.nodes:
        if isinstance(node, ir.Name) and node is not target and node.name == target.name and start <= node.start < end:
            count += 1
    if scope is not None and target.name in scope.outer:
        return True
    # a name in a text may be one that is read by its name
    return count > 0 or _mentions(file, target.name, start, end) > _mentions(file, target.name, own.start, own.end)


def _mentions(file: FileText, name: str, start: int, end: int) -> int:
    return len(re.findall(rb"(?<![\w])" + re.escape(name.encode()) + rb"(?![\w])", _code(file.data[start:end])))


def _code(data: bytes) -> bytes:
    """The text without what stands behind comment marks at the end of lines."""
    return re.sub(rb"(?m)(?:(?<=\s)|^)(?:#|//).*$", b"", data)


def _is_pure(places: Places, value: Any, file: FileText, known: Collection[bytes]) -> bool:
    """Whether an expression only gives a value."""
    if any(file.data[value.start : value.end] == text for text in known):
        return True
    for node in places.within(value.start, value.end):
        if isinstance(node, ir.Call):
            text = file.data[node.start : node.end]
            if not any(text in one or one in text for one in known):
                return False
        elif not isinstance(node, _PURE):
            return False
    return True
