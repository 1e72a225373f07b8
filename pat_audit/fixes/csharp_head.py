"""Where `using` directives and definitions go in a C# file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.fixes.members import with_definitions
from pat_audit.fixes.program_tree import tree_of, walk, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from pat_audit.fixes.file_text import FileText

Import = tuple[str, str, str]  # namespace, type, what it is called in the file
_HEAD = re.compile(r"\A(?:[ \t]*//[^\n]*\n|[ \t]*/\*.*?\*/[ \t]*\r?\n|#![^\n]*\n|[ \t]*\r?\n)*", re.DOTALL)
_PLAIN = re.compile(r"(?:global\s+)?using\s+([\w.]+)\s*;")


def insert(file: FileText, text: str, imports: Sequence[Import], definitions: Sequence[tuple[str, str]]) -> str:
    """The file with the namespaces of these types and with these definitions in it.

    A `using` stands in its place where the others are in order (`System` first), else behind them. Raises
    CannotChange where there is no place for a definition.
    """
    text = with_definitions(file, text, definitions)
    for namespace in sorted({namespace for namespace, _, _ in imports}):
        text = _with_using(file, text, namespace)
    return text


def _with_using(file: FileText, text: str, namespace: str) -> str:
    root = tree_of(file.path, file.language, text.encode())
    directives = [] if root is None else [node for node in walk(root) if node.type == "using_directive"]
    plain = [(match[1], node) for node in directives for match in [_PLAIN.fullmatch(written(node).strip())] if match]
    if any(name == namespace for name, _ in plain):
        return text
    data = text.encode()
    line = f"using {namespace};"
    if not directives:
        match = _HEAD.match(text)
        at = match.end() if match is not None else 0
        rest = text[at:]
        return text[:at] + line + file.newline + (file.newline if rest.strip() else "") + rest
    own = [(name, node) for name, node in plain if not _is_system(name) and not written(node).startswith("global")]
    names = [name.lower() for name, _ in own]
    if not _is_system(namespace) and names == sorted(names):
        behind = next((node for name, node in own if name.lower() > namespace.lower()), None)
    else:
        behind = None
    if _is_system(namespace):
        behind = next((node for name, node in plain if not _is_system(name) or name > namespace), None)
    if behind is not None:
        at = behind.start_byte
        return (data[:at] + f"{line}{file.newline}{_indentation(data, behind)}".encode() + data[at:]).decode()
    last = plain[-1][1] if plain else directives[-1]
    at = last.end_byte
    return (data[:at] + f"{file.newline}{_indentation(data, last)}{line}".encode() + data[at:]).decode()


def _is_system(name: str) -> bool:
    return name.partition(".")[0] == "System"


def _indentation(data: bytes, node: Node) -> str:
    start = data.rfind(b"\n", 0, node.start_byte) + 1
    return re.match(rb"[ \t]*", data[start:])[0].decode()  # type: ignore[index]  # it matches always
