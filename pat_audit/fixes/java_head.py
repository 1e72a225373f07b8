"""Where imports and definitions go in a Java file, and the imports that a fix has left without a use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.fixes.members import with_definitions
from pat_audit.fixes.program_tree import tree_of, written

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tree_sitter import Node

    from pat_audit.fixes.file_text import FileText

Import = tuple[str, str, str]  # package, class, what it is called in the file
_HEAD = re.compile(r"\A(?:[ \t]*//[^\n]*\n|[ \t]*/\*.*?\*/[ \t]*\r?\n|[ \t]*\r?\n)*", re.DOTALL)
_PLAIN = re.compile(r"import\s+([\w.]+)\s*;")
_LINE_REST = re.compile(rb"[ \t]*(?:\r\n|\n|\Z)")


def insert(file: FileText, text: str, imports: Sequence[Import], definitions: Sequence[tuple[str, str]]) -> str:
    """The file with these classes imported, in order where the others are, and with these definitions in it.

    Raises CannotChange where there is no place for a definition.
    """
    text = with_definitions(file, text, definitions)
    for package, name, _ in sorted(imports):
        text = _with_import(file, text, f"{package}.{name}")
    return text


def _imports(root: Node | None) -> list[tuple[str, Node]]:
    nodes = [] if root is None else [node for node in root.children if node.type == "import_declaration"]
    return [(match[1], node) for node in nodes for match in [_PLAIN.fullmatch(written(node).strip())] if match]


def _with_import(file: FileText, text: str, name: str) -> str:
    root = tree_of(file.path, file.language, text.encode())
    there = _imports(root)
    if any(each == name for each, _ in there):
        return text
    data, newline = text.encode(), file.newline
    line = f"import {name};"
    if there:
        names = [each for each, _ in there]
        behind = next((node for each, node in there if each > name), None) if names == sorted(names) else None
        if behind is not None:
            return _put(data, behind.start_byte, line + newline)
        return _put(data, there[-1][1].end_byte, newline + line)
    package = next((node for node in root.children if node.type == "package_declaration"), None) if root else None
    if package is not None:
        return _put(data, package.end_byte, newline * 2 + line)
    match = _HEAD.match(text)
    at = match.end() if match is not None else 0
    return text[:at] + line + newline * 2 + text[at:]


def _put(data: bytes, at: int, new: str) -> str:
    return (data[:at] + new.encode() + data[at:]).decode()


def without_unused(file: FileText, text: str, suspects: Collection[str]) -> str:
    """The text without the imports of single classes that were in use in `file` and are not any more."""
    before = _spoken(tree_of(file.path, file.language, file.data))
    while True:
        data = text.encode()
        root = tree_of(file.path, file.language, data)
        now = _spoken(root)
        idle = (node for name, node in _imports(root) if _last(name) in before and _last(name) not in now)
        gone = next(idle, None)
        if gone is None:
            return text
        start = data.rfind(b"\n", 0, gone.start_byte) + 1
        rest = _LINE_REST.match(data, gone.end_byte)
        text = (data[:start] + data[gone.end_byte if rest is None else rest.end() :]).decode()


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _spoken(root: Node | None) -> set[str]:
    """The names that a file speaks of outside of its imports; a comment may link to a class, too."""
    found: set[str] = set()
    for node in root.children if root is not None else ():
        if node.type not in ("import_declaration", "package_declaration"):
            found |= set(re.findall(r"\w+", written(node)))
    return found
