"""Parses a configuration file with a tree-sitter grammar and says where its syntax is at fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.formats.settings import Unparsable
from pat_audit.languages.syntax_tree import parse

if TYPE_CHECKING:
    from tree_sitter import Node

LARGEST = 4 * 1024 * 1024
"""Bytes of one file that are parsed: a syntax tree is some fifty times the size of its text."""


def parsed(grammar: str, data: bytes) -> Node:
    """The root of a file's syntax tree. `grammar` is the last part of a package's name: `toml`.

    Raises Unparsable for a file that is too large or takes too long.
    """
    if len(data) > LARGEST:
        raise Unparsable(f"has {len(data) >> 20} MB: too large to be read as {grammar}")
    try:
        return parse(f"tree_sitter_{grammar}", data)
    except ir.Unreadable as error:
        raise Unparsable(str(error)) from None


def fault(root: Node) -> str:
    """What is wrong with a text, or nothing: where its syntax tree has an error."""
    if not root.has_error:
        return ""
    node = root
    while not (node.is_error or node.is_missing):
        worse = next((child for child in node.children if child.has_error), None)
        if worse is None:
            break
        node = worse
    return f"line {node.start_point.row + 1}: no valid syntax"
