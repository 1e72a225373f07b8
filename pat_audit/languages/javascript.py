"""JavaScript and TypeScript to IR: which grammar reads a file, and the scripts of single-file components."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.flow.language import Language
from pat_audit.languages.javascript_layout import SETTINGS, JavaScriptLayout
from pat_audit.languages.javascript_scopes import set_outside
from pat_audit.languages.javascript_statements import StatementLowering
from pat_audit.languages.syntax_tree import parse

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_LINE = 5_000
"""Bytes of a line that nobody writes by hand: a file of such lines was minified or bundled."""

_TYPESCRIPT = ("tree_sitter_typescript", "language_typescript")
_TSX = ("tree_sitter_typescript", "language_tsx")
_JAVASCRIPT = ("tree_sitter_javascript", "language")
_GRAMMARS = {"ts": _TYPESCRIPT, "mts": _TYPESCRIPT, "cts": _TYPESCRIPT, "tsx": _TSX, "vue": _TSX, "svelte": _TSX}
_COMPONENTS = ("vue", "svelte")
_CODE = re.compile(rb"\breturn\b|\bfunction\b|=>|\bthis\.")
_SCRIPT = re.compile(rb"<script\b[^>]{0,2000}+>(.*?)(?:</script\s*>|\Z)", re.DOTALL | re.IGNORECASE)


def lower(path: str, data: bytes, place: Callable[[int], int] | None = None) -> ir.Module:
    """The IR of one program; its grammar is chosen by the ending of `path`.

    `data` is UTF-8; spans in the result are byte offsets in it, or what `place` makes of them. A minified or
    bundled text comes to nothing: it is no program that anybody would mend. Raises `ir.Unreadable` for nesting
    too deep to hold.
    """
    ending = path.rpartition(".")[2].lower()
    if is_minified(data):
        return ir.Module(path, ())
    if ending in _COMPONENTS:
        data = _scripts_only(data)
    package, grammar = grammar_of(path)
    root = parse(package, data, grammar)
    lowering = StatementLowering(data, place)
    lowering.outer = set_outside(package, grammar, root, data)
    body = lowering.later(root)()
    if b"exports" in data:
        start = ir.Name(0, 0, ir.DEFAULT)
        body = (ir.Assign(0, 0, (start,), ir.Mapping(0, 0, ()), None), *body)
    return ir.Module(path, body)


def grammar_of(path: str) -> tuple[str, str]:
    """The package and the name of the grammar that reads a file, by the ending of its path."""
    return _GRAMMARS.get(path.rpartition(".")[2].lower(), _JAVASCRIPT)


def is_minified(data: bytes) -> bool:
    """Whether a text was written by a machine for machines: most of it is code in lines longer than anybody's."""
    if len(data) <= LONGEST_LINE:
        return False
    long = [line for line in data.split(b"\n") if len(line) > LONGEST_LINE and len(_CODE.findall(line)) > 10]
    return sum(map(len, long)) * 2 > len(data)


def _scripts_only(data: bytes) -> bytes:
    """A component's text with everything but its scripts blanked out, every byte in its place."""
    kept = bytearray(re.sub(rb"[^\r\n]", b" ", data))
    for match in _SCRIPT.finditer(data):
        kept[match.start(1) : match.end(1)] = match[1]
    return bytes(kept)


_GATEWAYS = ("index.ts", "index.js", "index.mjs", "index.tsx", "package.json", *SETTINGS)
LANGUAGE = Language("javascript", lower, JavaScriptLayout, fields_as_items=True, gateways=_GATEWAYS)
