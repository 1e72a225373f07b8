"""Batch files: what their reader makes of variables, blocks, labels, and of broken text."""

from __future__ import annotations

import pytest

from pat_audit.flow import ir
from pat_audit.languages.batch import lower


def lowered(text: str) -> tuple[ir.Statement, ...]:
    """The statements of a program."""
    return lower("a.cmd", text.encode()).body


def assigned(statements: tuple[ir.Statement, ...]) -> dict[str, ir.Expression | None]:
    """What is assigned, by name, in any block."""
    found: dict[str, ir.Expression | None] = {}
    for statement in statements:
        if isinstance(statement, ir.Assign):
            found |= {target.name: statement.value for target in statement.targets if isinstance(target, ir.Name)}
        elif isinstance(statement, ir.Branch):
            for body in statement.bodies:
                found |= assigned(body)
        elif isinstance(statement, ir.Function | ir.Loop):
            found |= assigned(statement.body() if isinstance(statement, ir.Function) else statement.body)
    return found


SET = {
    "plain": "set X=a",
    "quoted": 'set "X=a"',
    "in a block": "if exist a (\n  set X=a\n)",
    "otherwise": "if exist a (\n  echo b\n) else (\n  set X=a\n)",
    "in a loop": "for %%i in (1 2) do set X=a",
    "behind a condition": 'if /i not "%A%"=="b" set X=a',
    "behind a command": "echo b && set X=a",
    "behind an ampersand": "echo b & set X=a",
    "in a label": "call :l\nexit /b\n:l\nset X=a\nexit /b",
    "any case": "@SET X=a",
    "CRLF": "echo b\r\nset X=a\r\n",
    "BOM": "\ufeffset X=a",
    "open block": "if exist a (\nset X=a",
    "stray parenthesis": ")\nset X=a",
    "open quote": 'echo "b\nset X=a',
}


@pytest.mark.parametrize("text", SET.values(), ids=SET)
def test_what_is_set(text: str) -> None:
    value = assigned(lowered(text)).get("X")
    assert isinstance(value, ir.Literal)
    assert value.value == "a"


def test_variables_are_spelled_as_at_first() -> None:
    names = assigned(lowered("set AdoPat=a\nset ADOPAT=b\n"))
    assert list(names) == ["AdoPat"]


def test_spans_are_bytes() -> None:
    data = "echo ä\ncurl -u :%PÄT% x\n".encode()
    (_, statement) = lower("a.cmd", data).body
    assert data[statement.start : statement.end].decode() == "curl -u :%PÄT% x"


@pytest.mark.parametrize("text", ["(" * 5_000, "if a==b " * 5_000, "echo a & " * 5_000, '"' * 999, "%" * 999, "^" * 99])
def test_hostile_text_ends(text: str) -> None:
    try:
        assert lowered(text) is not None
    except ir.Unreadable as error:
        assert "deep" in str(error)  # noqa: PT017
