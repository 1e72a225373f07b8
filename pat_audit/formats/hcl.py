"""Reads HCL, the language of Terraform, OpenTofu and Packer: blocks by type and labels, expressions as text.

A string is its text, `${…}` left in it. Every other expression is put into `${…}`, so that a reference is the
same whether it stands alone or in a string.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.formats.grammars import fault, parsed
from pat_audit.formats.lines import bounded
from pat_audit.formats.runs import Run, setting_of, text_of
from pat_audit.formats.settings import DEEPEST, Setting, Unparsable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

Path = tuple[str | int, ...]

_ESCAPE = re.compile(rb'\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([nrt"\\]))|(\$\$\{|%%\{)')
_ESCAPED = {b"n": "\n", b"r": "\r", b"t": "\t", b'"': '"', b"\\": "\\"}
_HEREDOC = re.compile(rb"<<(?P<indented>-?)(?P<word>[^\s]+)[ \t]*\r?\n")
_WRAPPERS = ("expression", "template_expr", "literal_value", "collection_value")
_PLAIN = ("numeric_lit", "bool_lit", "null_lit")
_NEGATIVE = re.compile(rb"-\s*[\d.]+")


def read(data: bytes) -> list[Setting]:
    """The settings of HCL: paths are the types and labels of blocks, attributes, and keys of objects.

    Raises Unparsable, with the settings outside of the fault, for text that is no HCL.
    """
    root = parsed("hcl", data)
    reader = _Reader(data)
    settings = bounded(reader.body(root, ()))
    problem = reader.problem or fault(root)
    if problem:
        raise Unparsable(problem, settings)
    return settings


class _Reader:
    """One file's bytes and what goes wrong in reading them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.problem = ""

    def body(self, node: Node, path: Path) -> Iterator[Setting]:
        """The settings of the attributes and blocks in a node, also of those around which the syntax is broken."""
        pending = [(node, path)]
        while pending:
            node, path = pending.pop()
            if node.type == "attribute":
                yield from self._attribute(node, path)
                continue
            if node.type == "block":
                path = (*path, *self._labels(node))
                if self._is_deep(node, path):
                    continue
            pending += [
                (child, path)
                for child in reversed(node.children)
                if child.is_error or child.type in ("body", "block", "attribute")
            ]

    def _is_deep(self, node: Node, path: Path) -> bool:
        if len(path) > DEEPEST:
            self.problem = self.problem or f"line {node.start_point.row + 1}: more than {DEEPEST} levels"
        return len(path) > DEEPEST

    def _labels(self, block: Node) -> list[str]:
        labels = []
        for child in block.children:
            if child.type == "identifier":
                labels.append(self._raw(child))
            elif child.type == "string_lit":
                labels.append(self._raw(child).strip('"'))
        return labels

    def _attribute(self, node: Node, path: Path) -> Iterator[Setting]:
        name = next((child for child in node.children if child.type == "identifier"), None)
        value = next((child for child in reversed(node.children) if child.type == "expression"), None)
        if name is not None and value is not None:
            yield from self._value(value, (*path, self._raw(name)), (name.start_byte, name.end_byte), 0)

    def _value(self, node: Node, path: Path, key: tuple[int, int], depth: int) -> Iterator[Setting]:
        while node.type in _WRAPPERS and node.named_child_count == 1 and node.named_children[0].type != "comment":
            node = node.named_children[0]
        if depth > DEEPEST or self._is_deep(node, path):
            return
        if node.type in ("string_lit", "quoted_template"):
            yield self._string(node, path, key)
        elif node.type == "heredoc_template":
            yield self._heredoc(node, path, key)
        elif node.type in ("tuple", "object"):
            yield from self._members(node, path, depth)
        elif node.type in _PLAIN or _NEGATIVE.fullmatch(self._data, node.start_byte, node.end_byte):
            yield Setting(path, self._raw(node), node.start_byte, node.end_byte, (), key)
        else:
            start, end = node.start_byte, node.end_byte
            yield setting_of(path, [Run("${", start), Run(self._raw(node), start), Run("}", end)], start, end, key)
            yield from self._inside(node, path, depth)

    def _members(self, node: Node, path: Path, depth: int) -> Iterator[Setting]:
        number = 0
        for child in node.named_children:
            if child.type == "expression":
                yield from self._value(child, (*path, number), (0, 0), depth + 1)
                number += 1
            elif child.type == "object_elem":
                parts = [part for part in child.named_children if part.type == "expression"]
                if len(parts) == 2:
                    name = self._raw(parts[0]).strip('"')
                    yield from self._value(parts[1], (*path, name), (parts[0].start_byte, parts[0].end_byte), depth + 1)

    def _inside(self, node: Node, path: Path, depth: int) -> Iterator[Setting]:
        """The objects and lists that a function is given, as in `jsonencode({…})`."""
        pending = list(reversed(node.named_children))
        while pending:
            child = pending.pop()
            if child.type in ("object", "tuple"):
                yield from self._members(child, path, depth + 1)
            else:
                pending += reversed(child.named_children)

    def _string(self, node: Node, path: Path, key: tuple[int, int]) -> Setting:
        start, end = node.start_byte + 1, max(node.start_byte + 1, node.end_byte - 1)
        holes = [
            (child.start_byte, child.end_byte)
            for child in node.named_children
            if child.type in ("template_interpolation", "template_directive")
        ]
        return setting_of(path, list(self._unescaped(start, end, holes)), start, end, key)

    def _heredoc(self, node: Node, path: Path, key: tuple[int, int]) -> Setting:
        head = _HEREDOC.match(self._data, node.start_byte, node.end_byte)
        start = head.end() if head else node.start_byte
        end = max(start, self._data.rfind(b"\n", start, node.end_byte) + 1)
        lines = [(line.start(), line.end()) for line in re.finditer(rb"[^\n]*+\n|[^\n]+", self._data[:end][start:])]
        indent = 0
        if head and head["indented"]:
            blanks = [
                len(raw) - len(raw.lstrip(b" \t"))
                for first, last in lines
                if (raw := self._data[start + first : start + last]).strip()
            ]
            indent = min(blanks, default=0)
        runs = []
        for first, last in lines:
            begin = min(start + first + indent, start + last)
            if not self._data[start + first : begin].strip(b" \t"):
                runs.append(Run(text_of(self._data[begin : start + last]), begin))
            else:
                runs.append(Run(text_of(self._data[start + first : start + last]), start + first))
        return setting_of(path, runs, runs[0].start if runs else start, end, key)

    def _unescaped(self, start: int, end: int, holes: list[tuple[int, int]]) -> Iterator[Run]:
        """The runs of a string's literal parts unescaped, and of its holes as they are."""
        for first, last in [*holes, (end, end)]:
            done = start
            for escape in _ESCAPE.finditer(self._data, start, first):
                yield Run(text_of(self._data[done : escape.start()]), done)
                yield Run(_meaning(escape), escape.start())
                done = escape.end()
            yield Run(text_of(self._data[done:last]), done)
            start = last

    def _raw(self, node: Node) -> str:
        return text_of(self._data[node.start_byte : node.end_byte])


def _meaning(escape: re.Match[bytes]) -> str:
    short, long, letter, doubled = escape.groups()
    if doubled:
        return doubled.decode()  # stays doubled, so that what is no reference does not look like one
    if letter:
        return _ESCAPED[letter]
    code = int(short or long, 16)
    return "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
