"""Kotlin's front end: texts with values in them, constructors that set what the class declares, broken text."""

from __future__ import annotations

from typing import Any

import pytest

from pat_audit.flow import ir
from pat_audit.languages.kotlin import lower


def nodes(text: str) -> list[Any]:
    """Every node of a text's tree, function bodies included."""
    found: list[Any] = []
    pending: list[Any] = [lower("A.kt", text.encode()).body]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            if hasattr(node, "_fields"):
                found.append(node)
            pending.extend(node)
        if isinstance(node, ir.Function):
            pending.append(node.body())
    return found


def shape(expression: ir.Expression) -> str:
    """An expression as a template."""
    if isinstance(expression, ir.Join):
        return "".join(shape(part) for part in expression.parts)
    if isinstance(expression, ir.Literal):
        return str(expression.value)
    return f"{{{expression.name}}}" if isinstance(expression, ir.Name | ir.Attribute) else type(expression).__name__


TEXTS = {
    "a name": ('"a $b c"', "a {b} c"),
    "braces": ('"a ${b} ${c.d}"', "a {b} {d}"),
    "an escaped dollar": (r'"a \$b"', "a $b"),
    "a raw text": ('"""a\n  "b" $c\\n"""', 'a\n  "b" {c}\\n'),
    "umlauts": ('"ä $b ö"', "ä {b} ö"),
}


@pytest.mark.parametrize(("written", "meant"), TEXTS.values(), ids=TEXTS)
def test_texts(written: str, meant: str) -> None:
    (made,) = [node for node in nodes(f"val it = {written}") if isinstance(node, ir.Assign)]
    assert made.value is not None
    assert shape(made.value) == meant


def test_the_first_constructor_sets_what_the_class_declares() -> None:
    constructors = [
        node
        for node in nodes('class A(val b: String, c: Int = 1) : D(b) { val e = "x$b" }')
        if isinstance(node, ir.Function) and node.name == ir.CONSTRUCTOR
    ]
    assert [[parameter.name for parameter in each.parameters] for each in constructors] == [["this", "b", "c"]]
    body = constructors[0].body()
    assert [each.targets[0].name for each in body if isinstance(each, ir.Assign)] == ["b", "c", "e"]  # type: ignore[union-attr]


def test_calls_with_a_block_are_one_call() -> None:
    calls = [node for node in nodes('a.b("c") { d() }') if isinstance(node, ir.Call)]
    assert sorted(len(call.arguments) for call in calls) == [0, 2]


def test_elvis_gives_one_or_the_other() -> None:
    assert any(isinstance(node, ir.Choice) and node.condition is None for node in nodes('val a = b ?: "c"'))


def test_what_is_broken_off_is_read_as_far_as_it_goes() -> None:
    assert "Basic " in {
        node.value for node in nodes('class A { fun b() { c("Basic " + d(') if isinstance(node, ir.Literal)
    }


def test_what_is_nested_too_deep_is_refused() -> None:
    with pytest.raises(ir.Unreadable):
        nodes("val x = " + "a(" * 10_000 + ")" * 10_000)
