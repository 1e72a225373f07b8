"""Takes out of a JavaScript module's imports what a fix has left without a use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.fixes.javascript_head import imported, required
from pat_audit.fixes.program_tree import named, tree_of, walk, written

if TYPE_CHECKING:
    from collections.abc import Collection

    from tree_sitter import Node

    from pat_audit.fixes.file_text import FileText

_NAMES = frozenset({
    "identifier", "shorthand_property_identifier", "type_identifier", "shorthand_property_identifier_pattern",
    "nested_type_identifier",
})  # fmt: skip
_LINE_REST = re.compile(rb"[ \t]*+;?[ \t]*+(?:\r\n|\n|\r|\Z)")


def without_unused(file: FileText, text: str, suspects: Collection[str]) -> str:
    """The text without the named imports of `suspects` that nothing speaks of any more."""
    for _ in range(len(suspects) + 1):
        root = tree_of(file.path, file.language, text.encode())
        shorter = None if root is None else _without_one(root, text.encode(), suspects)
        if shorter is None:
            return text
        text = shorter.decode()
    return text


def _without_one(root: Node, data: bytes, suspects: Collection[str]) -> bytes | None:
    for statement in root.children:
        told = imported(statement) or required(statement)
        if told is None or told[1] is None:
            continue
        names = told[1]
        if names.type == "identifier":
            if (
                written(names) in suspects
                and _uses(root, written(names)) == 1
                and b"\n" not in data[statement.start_byte : statement.end_byte]
            ):
                return _without_statement(data, statement)
            continue
        items = named(names)
        for item in items:
            bound = _bound(item)
            if bound not in suspects or _uses(root, bound) > sum(
                written(node) == bound for node in walk(item) if not node.children
            ):
                continue
            clause = names.parent
            alone = len(items) == 1 and (
                clause is None or clause.type != "import_clause" or clause.named_child_count == 1
            )
            if alone:
                return _without_statement(data, statement)
            return _without_item(data, items, item) if len(items) > 1 else None
    return None


def _bound(item: Node) -> str:
    name = item.child_by_field_name("alias") or item.child_by_field_name("value") or item.child_by_field_name("name")
    return written(name or item)


def _uses(root: Node, name: str) -> int:
    return sum(node.type in _NAMES and written(node) == name for node in walk(root))


def _without_statement(data: bytes, statement: Node) -> bytes | None:
    start = data.rfind(b"\n", 0, statement.start_byte) + 1
    rest = _LINE_REST.match(data, statement.end_byte)
    if rest is None or data[start : statement.start_byte].strip():
        return None
    before, after = data[:start], data[rest.end() :]
    if not before.strip() or before.endswith((b"\n\n", b"\r\n\r\n")):
        after = re.sub(rb"\A(?:[ \t]*\r?\n)+", b"", after)
    return before + after


def _without_item(data: bytes, items: list[Node], item: Node) -> bytes:
    position = items.index(item)
    if position + 1 < len(items):
        return data[: item.start_byte] + data[items[position + 1].start_byte :]
    return data[: items[position - 1].end_byte] + data[item.end_byte :]
