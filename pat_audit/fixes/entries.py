"""A sign-in that is an entry of an options object: it moves to other keys, or goes where the client signs in itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pat_audit.fixes.change import CannotChange, Replacement
from pat_audit.fixes.filling import fill, source_of
from pat_audit.fixes.removal import without_entry
from pat_audit.flow import ir

if TYPE_CHECKING:
    from pat_audit.fixes.file_text import FileText
    from pat_audit.vocabulary import Rewrite


def moved(made: Any, rewrite: Rewrite, file: FileText) -> list[Replacement]:
    """`auth: {…}` gives way to an entry under the keys that the rewrite names (`headers.Authorization`).

    It joins the object that is there under the first of them. Raises CannotChange where what signs in is no entry.
    """
    outer = file.places.parent(made)
    mapping = file.places.parent(outer) if isinstance(outer, ir.Entry) else None
    if not isinstance(mapping, ir.Mapping) or not isinstance(outer, ir.Entry) or outer.key is None:
        raise CannotChange("what signs in does not stand in the options of the call")
    first, _, last = rewrite.under.partition(".")
    new = f"{last}: {fill(rewrite.replace, made, file)}"
    there = next((each for each in mapping.entries if _key(each) == first), None)
    if there is None:
        return [Replacement(outer.key.start, outer.value.end, f"{first}: {{ {new} }}")]
    removed = without_entry(mapping, outer, file)
    if not isinstance(there.value, ir.Mapping):
        text = f"{{ ...{source_of(there.value, file)}, {new} }}"
        return [removed, Replacement(there.value.start, there.value.end, text)]
    if any(_key(each).lower() == last.lower() for each in there.value.entries):
        raise CannotChange(f"{last} is there already")
    if not there.value.entries:
        return [removed, Replacement(there.value.start, there.value.end, f"{{ {new} }}")]
    start = _start(there.value.entries[0])
    line = file.line_start(start)
    own_line = not file.data[line:start].strip()
    between = f"{file.newline}{file.indentation(start)}" if own_line else " "
    return [removed, Replacement(start, start, f"{new},{between}")]


def _key(entry: Any) -> str:
    return str(entry.key.value) if isinstance(entry.key, ir.Literal) else ""


def _start(entry: Any) -> int:
    start: int = entry.value.start if entry.key is None else entry.key.start
    return start
