"""The cases of detect-secrets: the parameters of its plugins' tests, with whether a plugin should flag them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from benchmarks.peer_suites.case import Case
from benchmarks.peer_suites.python_text import Value, names_of, value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TEXTS = ("payload", "line", "token")
_FLAGS = ("should_flag", "expected")


def cases(checkout: Path) -> Iterator[Case]:
    """The cases of a checkout; a case's label is the plugin's name."""
    for path in sorted((checkout / "tests/plugins").glob("*_test.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = names_of(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                where = f"{path.relative_to(checkout)}:{node.name}"
                for mark in node.decorator_list:
                    yield from _of_mark(mark, names, path.stem.removesuffix("_test"), where)


def _of_mark(mark: ast.expr, names: dict[str, Value], label: str, where: str) -> Iterator[Case]:
    """The cases of `@pytest.mark.parametrize('payload, should_flag', [...])`; with no flag all are to be found."""
    match mark:
        case ast.Call(func=ast.Attribute(attr="parametrize"), args=[ast.Constant(value=str() as written), table]):
            given = [name.strip() for name in written.split(",")]
        case _:
            return
    rows = value(table, names)
    at = next((given.index(name) for name in _TEXTS if name in given), None)
    if at is None or not isinstance(rows, list):
        return
    flag = next((given.index(name) for name in _FLAGS if name in given), None)
    for number, row in enumerate(rows):
        whole = row if isinstance(row, list) else [row]
        if len(whole) == len(given) and isinstance(whole[at], str):
            positive = True if flag is None else bool(whole[flag])
            yield Case(label, f"{where}[{number}]", positive, whole[at])
