"""Python lowers to the IR with exact byte spans, whatever the line ends and characters; what it cannot is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pat_audit.flow import ir
from pat_audit.flow.ir import Unreadable
from pat_audit.languages.python import lower

if TYPE_CHECKING:
    from collections.abc import Iterator


def nodes(value: object) -> Iterator[object]:
    """Every node of a tree, functions' bodies among them."""
    if isinstance(value, tuple):
        if hasattr(value, "start"):
            yield value
        if isinstance(value, ir.Function):
            yield from nodes(value.body())
        for part in value:
            yield from nodes(part)


def literals(data: bytes) -> list[tuple[object, bytes]]:
    """Each literal text, and the bytes that its span covers."""
    tree = lower("a.py", data)
    return [(node.value, data[node.start : node.end]) for node in nodes(tree.body) if isinstance(node, ir.Literal)]


@pytest.mark.parametrize(
    "data",
    [
        b"x = 'a'\ny = 'b'\n",
        b"x = 'a'\r\ny = 'b'\r\n",
        b"x = 'a'\ry = 'b'\r",
        b"\xef\xbb\xbfx = 'a'\ny = 'b'\n",
        b"# \xc3\xa4\xe2\x82\xac\nx = 'a'; '\xf0\x9f\x98\x80'; y = 'b'\n",
        b"\x0cx = 'a'\n\x0cy = 'b'\n",
        b"if 1:\n\tx = 'a'\n\ty = 'b'",
    ],
    ids=["lf", "crlf", "cr", "bom", "wide", "form feed", "tabs"],
)
def test_spans_are_bytes_of_the_text(data: bytes) -> None:
    assert [span for value, span in literals(data) if value in ("a", "b")] == [b"'a'", b"'b'"]


@pytest.mark.parametrize(
    "text",
    [
        "async def f():\n    async with a as b: return await c('x')",
        "def f():\n    yield 'x'",
        "match a:\n    case 1: b = 'x'\n    case _: pass",
        "try:\n    pass\nexcept* E:\n    a = 'x'",
        "class C:\n    def m(self, *, a='x'): ...",
        "a = [b for c in d if e('x')]",
        "a = b if c else 'x'",
        "a: int = 'x'",
        "a += 'x'",
        "print(f'{a!r:>{b}}x')",
        "lambda a='x': a",
        "(a := 'x')",
        "assert a == 'x'",
        "raise E('x')",
        "while True:\n    a('x')\nelse:\n    pass",
    ],
)
def test_no_statement_hides_what_is_in_it(text: str) -> None:
    assert "x" in [value for value, _ in literals(text.encode())]


def test_names_that_are_bound_outside_are_the_functions_own_business() -> None:
    (function,) = lower("a.py", b"def f():\n    if a:\n        global x, y\n    def g():\n        nonlocal z\n").body
    assert isinstance(function, ir.Function)
    assert set(function.outer) == {"x", "y"}
    inner = next(each for each in function.body() if isinstance(each, ir.Function))
    assert inner.outer == ("z",)


def test_a_long_sum_is_one_node() -> None:
    text = "x = " + " + ".join(["'a'"] * 900)
    (assign,) = lower("a.py", text.encode()).body
    assert isinstance(assign, ir.Assign)
    assert isinstance(assign.value, ir.Join)
    assert len(assign.value.parts) == 900


@pytest.mark.parametrize("text", [b"def f(:\n", b"x = (\n", b"x = '\n"])
def test_what_is_no_python_is_said_to_be_none(text: bytes) -> None:
    with pytest.raises(Unreadable, match="line 1"):
        lower("a.py", text)


def test_nesting_without_end_is_unreadable_and_no_crash() -> None:
    with pytest.raises((Unreadable, RecursionError)):
        lower("a.py", b"x = " + b"[" * 5000 + b"]" * 5000)
