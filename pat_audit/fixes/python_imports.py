"""Takes out of a Python file's imports what a fix has left without a use."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from pat_audit.languages.python import parse

if TYPE_CHECKING:
    from collections.abc import Collection


def without_unused(text: str, suspects: Collection[str]) -> str:
    """The text without the imports of the names in `suspects` that nothing speaks of any more."""
    for _ in range(len(suspects) + 1):
        shorter = _without_one(text, suspects)
        if shorter is None:
            return text
        text = shorter
    return text


def _without_one(text: str, suspects: Collection[str]) -> str | None:
    tree = parse(text.encode())
    for statement in tree.body:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        for alias in statement.names:
            bound = alias.asname or alias.name.partition(".")[0]
            if bound in suspects and _mentions(text, bound) <= _mentions(_source(text, statement), bound):
                shorter = _without(text, statement, alias)
                if shorter is not None:
                    return shorter
    return None


def _mentions(text: str, name: str) -> int:
    code = re.sub(r"(?m)(?:(?<=\s)|^)#.*", "", text)
    return len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", code))


def _source(text: str, statement: ast.stmt) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[statement.lineno - 1 : statement.end_lineno])


def _without(text: str, statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> str | None:
    lines = text.splitlines(keepends=True)
    first, last = statement.lineno - 1, statement.end_lineno or statement.lineno
    if len(statement.names) == 1:
        whole = "".join(lines[first:last])
        if ";" in whole or statement.col_offset:
            return None
        before, after = lines[:first], lines[last:]
        # a section that is gone leaves one gap, not two
        if (not before or not before[-1].strip()) and after and not after[0].strip():
            after = after[1:]
        return "".join(before + after)
    position = statement.names.index(alias)
    if alias.lineno != alias.end_lineno:
        return None
    row = alias.lineno - 1
    line = lines[row].encode()
    start, end = alias.col_offset, alias.end_col_offset or 0
    if position + 1 < len(statement.names) and statement.names[position + 1].lineno == alias.lineno:
        end = statement.names[position + 1].col_offset
    elif position and statement.names[position - 1].lineno == alias.lineno:
        start = statement.names[position - 1].end_col_offset or start
    else:
        rest = line[end:].decode()
        if line[:start].strip() or not re.match(r"\s*+,?\s*+(#.*)?$", rest):
            return None
        return "".join(lines[:row] + lines[row + 1 :])
    lines[row] = (line[:start] + line[end:]).decode()
    return "".join(lines)
