"""Where imports and definitions go in a Python file: in order, in their section, before what uses them."""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING

from pat_audit.fixes.change import CannotChange
from pat_audit.flow import ir
from pat_audit.languages.python import parse

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

Import = tuple[str, str, str]  # module, name (nothing: the module), what it is called in the file
_FUTURE, _STANDARD, _OTHERS, _OWN = range(4)
_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n|\n|\r))*")


def insert(
    text: str, imports: Sequence[Import], definitions: Sequence[str], newline: str, uses: Collection[str]
) -> str:
    """The module with these imports and definitions in it; `uses` are the names that they bind.

    An import joins a `from` statement of its module, or stands where its section has it in order, as isort and
    ruff put it. Raises CannotChange for a text that does not parse.
    """
    for module, name, alias in sorted(imports):
        text = _with_import(text, module, name, alias, newline, uses)
    if not definitions:
        return text
    tree = _parsed(text)
    lines = text.splitlines(keepends=True)
    head = _head(tree, uses)
    after = head[-1].end_lineno if head else _docstring_end(tree)
    assert after is not None
    start = sum(map(len, lines[:after]))
    if lines and after and not lines[after - 1].endswith(("\n", "\r")):
        text, start = text + newline, start + len(newline)
    rest = text[start:]
    gap = _BLANK_LINES.match(rest)
    rest = rest[gap.end() :] if gap is not None else rest
    body = (newline * 3).join(definition.strip().replace("\n", newline) for definition in definitions)
    before = newline * 2 if start else ""
    if not body.startswith(("def ", "class ", "async ", "@")):
        before = newline if start else ""
    tail = "" if not rest else newline * 2
    return text[:start] + before + body + newline + tail + rest


def _parsed(text: str) -> ast.Module:
    try:
        return parse(text.encode())
    except ir.Unreadable as error:
        raise CannotChange("the file does not parse") from error


def _speaks_of(statement: ast.stmt, names: Collection[str]) -> bool:
    return any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(statement))


def _head(tree: ast.Module, uses: Collection[str]) -> list[ast.stmt]:
    """The module's imports that stand before any function, class, or statement that uses what is inserted."""
    found: list[ast.stmt] = []
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            found.append(statement)
        elif isinstance(statement, _DEFINED) or _speaks_of(statement, uses):
            break
    return found


def _docstring_end(tree: ast.Module) -> int:
    first = tree.body[0] if tree.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return first.end_lineno or 0
    return 0


def _with_import(text: str, module: str, name: str, alias: str, newline: str, uses: Collection[str]) -> str:
    tree = _parsed(text)
    lines = text.splitlines(keepends=True)
    head = _head(tree, uses)
    if name:
        for statement in head:
            if isinstance(statement, ast.ImportFrom) and statement.module == module and not statement.level:
                joined = _joined(lines, statement, name, alias)
                if joined is not None:
                    return joined
    spelled = f"from {module} import {name}" if name else f"import {module}"
    bound = name or module
    spelled += f" as {alias}" if alias != bound else ""
    wanted = _key(module, bool(name), _STANDARD if _root(module) in sys.stdlib_module_names else _OTHERS)
    before: ast.stmt | None = None
    for statement in head:
        if _key_of(statement) <= wanted:
            before = statement
    if before is not None:
        same = _key_of(before)[0] == wanted[0]
        at = before.end_lineno or 0
        following = next((each for each in head if each.lineno > at), None)
        # a section of its own is parted by blank lines from those around it
        opening = "" if same else newline
        closing = newline if following is not None and not same and _key_of(following)[0] != wanted[0] else ""
        if closing and at < len(lines) and not lines[at].strip():
            closing = ""
        return _inserted(lines, at, f"{opening}{spelled}{newline}{closing}", newline)
    if head:
        gap = newline if _key_of(head[0])[0] != wanted[0] else ""
        return _inserted(lines, head[0].lineno - 1, f"{spelled}{newline}{gap}", newline)
    at = _docstring_end(tree)
    if at:
        gap = "" if at < len(lines) and not lines[at].strip() else newline
        return _inserted(lines, at, f"{newline}{spelled}{newline}{gap}", newline)
    at = _comment_end(lines)
    gap = newline if at < len(lines) and lines[at].strip() else ""
    return _inserted(lines, at, f"{newline if at else ''}{spelled}{newline}{gap}", newline)


def _comment_end(lines: Sequence[str]) -> int:
    """The lines of a head comment: shebang, coding, licence."""
    count = 0
    while count < len(lines) and lines[count].startswith("#"):
        count += 1
    return count


def _inserted(lines: list[str], at: int, new: str, newline: str) -> str:
    before = "".join(lines[:at])
    if before and not before.endswith(("\n", "\r")):
        before += newline
    return before + new + "".join(lines[at:])


def _joined(lines: list[str], statement: ast.ImportFrom, name: str, alias: str) -> str | None:
    """The text with one more name in a `from` import that stands on one line; None: it does not."""
    if statement.lineno != statement.end_lineno or any(each.name == "*" for each in statement.names):
        return None
    number = statement.lineno - 1
    line = lines[number]
    spelled = name if alias == name else f"{name} as {alias}"
    names = [each.name if each.asname is None else f"{each.name} as {each.asname}" for each in statement.names]
    if spelled in names:
        return "".join(lines)
    behind = next((each for each in statement.names if each.name.lower() > name.lower()), None)
    if behind is None or names != sorted(names, key=str.lower):
        offset = len(line.encode()[: statement.names[-1].end_col_offset].decode())
        lines[number] = f"{line[:offset]}, {spelled}{line[offset:]}"
    else:
        offset = len(line.encode()[: behind.col_offset].decode())
        lines[number] = f"{line[:offset]}{spelled}, {line[offset:]}"
    return "".join(lines)


def _key_of(statement: ast.stmt) -> tuple[int, bool, str]:
    if isinstance(statement, ast.ImportFrom):
        module = statement.module or ""
        section = _OWN if statement.level else _section(module)
        return _key(module, True, section)
    if isinstance(statement, ast.Import):
        module = statement.names[0].name
        return _key(module, False, _section(module))
    return (_OWN, True, "")


def _key(module: str, is_from: bool, section: int) -> tuple[int, bool, str]:
    return section, is_from, module.lower()


def _section(module: str) -> int:
    if module == "__future__":
        return _FUTURE
    return _STANDARD if _root(module) in sys.stdlib_module_names else _OTHERS


def _root(module: str) -> str:
    return module.partition(".")[0]
