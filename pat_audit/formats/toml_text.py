"""Reads TOML: tables, arrays of tables, inline tables, strings of all four kinds."""

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

_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([ \t]*\r?\n\s*)|(.))", re.S)
_ESCAPED = {b"b": "\b", b"t": "\t", b"n": "\n", b"f": "\f", b"r": "\r", b"e": "\x1b"}
_FIRST_BREAK = re.compile(rb"\r?\n")
_KEYS = ("bare_key", "quoted_key", "dotted_key")


def read(data: bytes) -> list[Setting]:
    """The settings of TOML, in the order in which they are written.

    Raises Unparsable, with the settings outside of the fault, for text that is no TOML.
    """
    root = parsed("toml", data)
    reader = _Reader(data)
    settings = bounded(reader.settings(root))
    problem = reader.problem or fault(root)
    if problem:
        raise Unparsable(problem, settings)
    return settings


class _Reader:
    """One file's bytes, and how many tables its arrays of tables have so far."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._tables: dict[Path, int] = {}
        self.problem = ""

    def settings(self, root: Node) -> Iterator[Setting]:
        for node in root.children:
            if node.type == "pair":
                yield from self._pair(node, (), 0)
            elif node.type in ("table", "table_array_element"):
                keys = next((child for child in node.children if child.type in _KEYS), None)
                if keys is None:
                    continue
                prefix = self._table(self._names(keys), another=node.type == "table_array_element")
                for child in node.children:
                    yield from self._nested(child, prefix)
            elif node.is_error:
                for child in node.children:
                    yield from self._nested(child, ())

    def _nested(self, node: Node, prefix: Path) -> Iterator[Setting]:
        for pair in node.children if node.is_error else (node,):
            if pair.type == "pair":
                yield from self._pair(pair, prefix, 0)

    def _table(self, names: tuple[str, ...], *, another: bool) -> Path:
        """The path of a table: each array of tables on the way stands for its last table."""
        path: Path = ()
        for number, name in enumerate(names):
            path = (*path, name)
            if another and number == len(names) - 1:
                self._tables[path] = self._tables.get(path, -1) + 1
            if path in self._tables:
                path = (*path, self._tables[path])
        return path

    def _pair(self, node: Node, prefix: Path, depth: int) -> Iterator[Setting]:
        children = [child for child in node.children if child.type != "comment"]
        if len(children) < 3:
            return
        key, value = children[0], children[-1]
        path = (*prefix, *self._names(key))
        yield from self._value(value, path, (key.start_byte, key.end_byte), depth + 1)

    def _value(self, node: Node, path: Path, key: tuple[int, int], depth: int) -> Iterator[Setting]:
        if depth > DEEPEST or len(path) > DEEPEST:
            self.problem = self.problem or f"line {node.start_point.row + 1}: more than {DEEPEST} levels"
        elif node.type == "string":
            yield self._string(node, path, key)
        elif node.type == "inline_table":
            for child in node.children:
                if child.type == "pair":
                    yield from self._pair(child, path, depth)
        elif node.type == "array":
            number = 0
            for child in node.children:
                if child.is_named and child.type != "comment" and not child.is_error:
                    yield from self._value(child, (*path, number), (0, 0), depth + 1)
                    number += 1
        elif not node.is_error:
            text = text_of(self._data[node.start_byte : node.end_byte])
            yield Setting(path, text, node.start_byte, node.end_byte, (), key)

    def _string(self, node: Node, path: Path, key: tuple[int, int]) -> Setting:
        start, end = node.start_byte, node.end_byte
        quote = self._data[start : start + 1]
        width = 3 if self._data.startswith(quote * 3, start) and end - start >= 6 else 1
        start, end = start + width, end - width
        if width == 3 and (first := _FIRST_BREAK.match(self._data, start, end)):
            start = first.end()
        if quote == b'"' and self._data.find(b"\\", start, end) >= 0:
            return setting_of(path, list(self._unescaped(start, end)), start, end, key)
        return Setting(path, text_of(self._data[start:end]), start, end, (), key)

    def _unescaped(self, start: int, end: int) -> Iterator[Run]:
        done = start
        for escape in _ESCAPE.finditer(self._data, start, end):
            yield Run(text_of(self._data[done : escape.start()]), done)
            yield Run(_meaning(escape), escape.start())
            done = escape.end()
        yield Run(text_of(self._data[done:end]), done)

    def _names(self, key: Node) -> tuple[str, ...]:
        """The names of a key: a dotted one has several, and the grammar nests them to the left."""
        names: list[str] = []
        open_keys = [key]
        while open_keys:
            node = open_keys.pop()
            if node.type == "dotted_key":
                open_keys += [child for child in node.children if child.type in _KEYS][::-1]
            elif node.type == "quoted_key":
                names.append("".join(run.text for run in self._unescaped(node.start_byte + 1, node.end_byte - 1)))
            else:
                names.append(text_of(self._data[node.start_byte : node.end_byte]))
        return tuple(names)


def _meaning(escape: re.Match[bytes]) -> str:
    short, long, joint, other = escape.groups()
    if short or long:
        code = int(short or long, 16)
        return "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
    return "" if joint else _ESCAPED.get(other) or text_of(other)
