"""A listing that ends in the middle: with what it left open closed, a grammar reads all that stands in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.languages.syntax_tree import parse

if TYPE_CHECKING:
    from tree_sitter import Node

# What may hide brackets in languages that descend from C: comments and texts.
_TOKEN = re.compile(
    rb'//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)'
    rb"|\"(?:[^\"\\\n]|\\.){0,1000}+\"|'(?:[^'\\\n]|\\.){0,1000}+'|[(){}\[\]]",
    re.DOTALL,
)
_CLOSING = {b"(": b")", b"[": b"]", b"{": b"}"}
_LARGEST = 200_000  # bytes of a listing


def parse_whole(package: str, data: bytes, grammar: str = "language") -> Node:
    """The root of a text's tree, read as if what it leaves open at its end were closed there.

    Nodes may end behind the text's end by what was added.
    """
    root = parse(package, data, grammar)
    if not root.has_error or len(data) > _LARGEST:
        return root
    ends = _missing(data)
    if not ends:
        return root
    closed = parse(package, data + ends, grammar)
    return closed if _errors(closed) < _errors(root) else root


def _missing(data: bytes) -> bytes:
    """The brackets that close what is open at the end, a statement's end before each block's."""
    pending: list[bytes] = []
    for match in _TOKEN.finditer(data):
        token = match.group()
        if token in _CLOSING:
            pending.append(_CLOSING[token])
        elif pending and token == pending[-1]:
            pending.pop()
    ends = b""
    for token in reversed(pending):
        ends += b"\n;}" if token == b"}" and not ends.endswith(b"}") else token
    return ends


def _errors(root: Node) -> int:
    """How many bytes lie in nodes that the grammar could not read."""
    size = 0
    pending = [root]
    while pending:
        node = pending.pop()
        if node.is_error:
            size += node.end_byte - node.start_byte
        elif node.has_error:
            pending.extend(node.children)
    return size
