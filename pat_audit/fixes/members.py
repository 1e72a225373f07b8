"""Where definitions go in C# and Java: at the start of each type that uses them, or before statements at the top."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.fixes.change import CannotChange
from pat_audit.fixes.layout import indentation_unit, reindented
from pat_audit.fixes.program_tree import around, tree_of, walk, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tree_sitter import Node

    from pat_audit.fixes.file_text import FileText

UNIT = "    "  # what definitions are indented by
_IDENTIFIERS = frozenset({"identifier", "type_identifier"})
_MODIFIERS = re.compile(r"\A(?:(?:private|static|readonly|final)\s+)*")
_LINE_REST = re.compile(rb"[ \t]*(\r\n|\n|\r)")


class Types(NamedTuple):
    """What a grammar calls the types that may have members, their bodies, and statements outside of them."""

    types: frozenset[str]
    bodies: frozenset[str]
    statements: frozenset[str]


TYPES: Mapping[str, Types] = {
    "csharp": Types(
        frozenset({"class_declaration", "struct_declaration", "record_declaration", "record_struct_declaration"}),
        frozenset({"declaration_list"}),
        frozenset({"global_statement", "local_function_statement"}),
    ),
    "java": Types(
        frozenset({"class_declaration", "record_declaration", "enum_declaration"}),
        frozenset({"class_body", "enum_body_declarations"}),
        frozenset(),
    ),
}


def with_definitions(file: FileText, text: str, definitions: Sequence[tuple[str, str]]) -> str:
    """The text with each definition (name and text) in the outermost types that use it.

    They are their first members, since what a field is given in turn may need them. Raises CannotChange where a
    type is declared in parts elsewhere too, and where there is no place.
    """
    data = text.encode()
    root = tree_of(file.path, file.language, data)
    if root is None or not definitions:
        return text
    kinds = TYPES[file.language]
    unit = indentation_unit(data, UNIT)
    used: dict[int, tuple[Node | None, set[str]]] = {}
    names = {name for name, _ in definitions}
    for node in walk(root):
        if node.type in _IDENTIFIERS and written(node) in names:
            owner = next((outer for outer in reversed(list(around(node))) if outer.type in kinds.types), None)
            used.setdefault(-1 if owner is None else owner.id, (owner, set()))[1].add(written(node))
    inserts: list[tuple[int, str]] = []
    for owner, wanted in used.values():
        needed = _needed(wanted, definitions)
        if owner is None:
            inserts.append(_at_top(root, kinds, needed, unit, file.newline))
        else:
            inserts.append(_in_type(owner, kinds, needed, unit, file))
    for at, new in sorted(inserts, reverse=True):
        data = data[:at] + new.encode() + data[at:]
    return data.decode()


def _needed(wanted: set[str], definitions: Sequence[tuple[str, str]]) -> list[str]:
    """The texts of the wanted definitions and of those that they use, in their order."""
    names = set(wanted)
    for name, text in reversed(definitions):
        if name in names:
            names |= {other for other, _ in definitions if re.search(rf"(?<!\w){re.escape(other)}(?!\w)", text)}
    return [text.strip() for name, text in definitions if name in names]


def _in_type(owner: Node, kinds: Types, texts: Sequence[str], unit: str, file: FileText) -> tuple[int, str]:
    name = written(owner.child_by_field_name("name"))
    if any(written(child) == "partial" for child in owner.children) and not _is_named_after(file.path, name):
        raise CannotChange(f"{name} is declared in several files: define there how it signs in")
    body = next((child for child in owner.children if child.type in kinds.bodies), None)
    if body is None:
        raise CannotChange(f"{name} has no place for what signs in")
    newline = file.newline
    opening = body.start_byte + 1
    inner = _indentation_at(owner) + unit
    block = (newline * 2).join(reindented(text, UNIT, unit, inner).replace("\n", newline) for text in texts)
    rest = _LINE_REST.match(_bytes_of(body), 1)
    alone = body.named_child_count == 0
    if rest is not None:
        return opening, newline + block + ("" if alone else newline)
    return opening, newline + block + newline + ("" if alone else newline + inner)


def _bytes_of(node: Node) -> bytes:
    return node.text or b""


def _indentation_at(node: Node) -> str:
    """The white space before a declaration: its column, in the characters of its line."""
    root = node
    while root.parent is not None:
        root = root.parent
    data = _bytes_of(root)
    shift = root.start_byte
    start = data.rfind(b"\n", 0, node.start_byte - shift) + 1
    match = re.compile(rb"[ \t]*").match(data, start)
    return "" if match is None else match[0].decode()


def _at_top(root: Node, kinds: Types, texts: Sequence[str], unit: str, newline: str) -> tuple[int, str]:
    first = next((child for child in root.children if child.type in kinds.statements), None)
    if first is None:
        raise CannotChange("there is no type that could define how it signs in")
    block = (newline * 2).join(
        reindented(_MODIFIERS.sub("", text), UNIT, unit).replace("\n", newline) for text in texts
    )
    return first.start_byte, block + newline * 2


def _is_named_after(path: str, name: str) -> bool:
    """Whether a file is the one for a type: `Name.cs`, `Name.xaml.cs`."""
    return path.rpartition("/")[2].partition(".")[0] == name
