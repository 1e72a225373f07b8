"""Java's front end: what texts it reads, where things stand, and that nothing broken stops it."""

from __future__ import annotations

from typing import Any

import pytest

from pat_audit.flow import ir
from pat_audit.languages.java import lower


def module(text: str) -> ir.Module:
    return lower("Sample.java", text.encode())


def value(expression: str) -> Any:
    """What a variable's value is lowered to."""
    statement = module(f"var it = {expression};").body[0]
    assert isinstance(statement, ir.Assign)
    return statement.value


def nodes(tree: Any) -> list[Any]:
    """Every node of a tree, function bodies included."""
    found: list[Any] = []
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            if hasattr(node, "_fields"):
                found.append(node)
            pending.extend(node)
        if isinstance(node, ir.Function):
            pending.append(node.body())
    return found


TEXTS = {
    "plain": ('"Basic "', "Basic "),
    "escapes": (r'"a\tb\n\"\\A\101\s"', 'a\tb\n"\\AA '),
    "a character": ("':'", ":"),
    "an escaped character": (r"'\''", "'"),
    "a text block": ('"""\n    Basic\n      %s\n    """', "Basic\n  %s\n"),
    "a text block on one line": ('"""\n    Basic \\\n    x"""', "Basic x"),
    "quotes in a text block": ('"""\n  "a" \\"""b""c"""', '"a" """b""c'),
    "umlauts": ('"Grüße"', "Grüße"),
}


@pytest.mark.parametrize(("written", "meant"), TEXTS.values(), ids=TEXTS)
def test_texts(written: str, meant: str) -> None:
    assert value(written).value == meant


def test_a_sum_is_one_join() -> None:
    made = value("\"a\" + b + 'c' + d()")
    assert isinstance(made, ir.Join)
    assert [type(part).__name__ for part in made.parts] == ["Literal", "Name", "Literal", "Call"]


def test_a_chain_of_calls_is_nested_calls() -> None:
    made = value('A.of().header("x", y).build()')
    names = []
    while isinstance(made, ir.Call):
        assert isinstance(made.function, ir.Attribute)
        names.append(made.function.name)
        made = made.function.value
    assert names == ["build", "header", "of"]


def test_spans_are_bytes() -> None:
    text = '\ufeff// Grüße\r\nclass A {\r\n  String s = "ä" + b.c("ö");\r\n}\r\n'
    data = text.encode()
    tree = lower("A.java", data)
    written = {data[node.start : node.end].decode() for node in nodes(tree.body) if isinstance(node, ir.Literal)}
    assert written == {'"ä"', '"ö"'}
    calls = [data[node.start : node.end].decode() for node in nodes(tree.body) if isinstance(node, ir.Call)]
    assert calls == ['b.c("ö")']


def test_spans_follow_the_place_that_a_piece_stands_in() -> None:
    tree = lower("A.java", b'x = "ab";', lambda at: at + 100)
    assert [(node.start, node.end) for node in nodes(tree.body) if isinstance(node, ir.Literal)] == [(104, 108)]


def test_methods_have_their_instance_and_static_ones_their_class() -> None:
    (owner, *_) = module("class A { A(int a) {} void b(String... c) {} static void d() {} }").body
    assert isinstance(owner, ir.Class)
    made = [member for member in owner.body if isinstance(member, ir.Function)]
    assert [(each.name, each.kind) for each in made] == [(ir.CONSTRUCTOR, ""), ("b", ""), ("d", "class")]
    assert [[parameter.name for parameter in each.parameters] for each in made] == [
        ["this", "a"],
        ["this", "c"],
        ["this"],
    ]
    assert made[1].parameters[1].kind == "*"


def test_a_bare_name_that_is_no_variable_is_a_field() -> None:
    (owner, *_) = module("class A { void b(int p) { int v; p = 1; v = 2; f = 3; g(x -> { p = 4; h = 5; }); } }").body
    assigned = [node.targets[0] for node in nodes(owner) if isinstance(node, ir.Assign)]
    fields = {target.name for target in assigned if isinstance(target, ir.Attribute)}
    names = {target.name for target in assigned if isinstance(target, ir.Name)}
    assert (fields, names) == ({"f", "h"}, {"p", "v"})


def test_a_class_without_a_name_stands_before_its_statement() -> None:
    (owner, *_) = module("class A { Object b() { return new C(1) { int d() { return 2; } }; } }").body
    assert isinstance(owner, ir.Class)
    method = owner.body[0]
    assert isinstance(method, ir.Function)
    hoisted, returned = method.body()
    assert isinstance(hoisted, ir.Class)
    assert hoisted.bases[0].name == "C"  # type: ignore[union-attr]
    assert isinstance(returned, ir.Return)
    assert returned.value.function.name == hoisted.name  # type: ignore[union-attr]


def test_the_file_stands_for_its_class() -> None:
    tree = lower("b/B.java", b"class A {} class B {}")
    given = tree.body[-1]
    assert isinstance(given, ir.Assign)
    assert (given.targets[0].name, given.value.name) == (ir.DEFAULT, "B")  # type: ignore[union-attr]


def test_imports() -> None:
    tree = module("import a.b.C; import a.b.*; import static a.b.C.D; import static a.b.C.*;")
    assert [(each.module, each.name) for each in tree.body if isinstance(each, ir.Import)] == [
        ("a.b", "C"),
        ("a.b", "*"),
        ("a.b.C", "D"),
        ("a.b.C", "*"),
    ]


def test_accessors_that_a_library_writes() -> None:
    (owner, *_) = module(
        "@Data class A { String pat; static final String URL = null; String getB() {} String b; }"
    ).body
    assert isinstance(owner, ir.Class)
    made = [member.name for member in owner.body if isinstance(member, ir.Function)]
    assert sorted(made) == ["getB", "getPat", "setB", "setPat"]


BROKEN = {
    "no end": 'class A { void b() { header("Basic " + c(',
    "no class": 'String auth = "Basic " + d; request.header("Authorization", auth)',
    "an ellipsis": 'class A { ... void b() { x("Basic " + c); } }',
    "a stray brace": 'class A { } } class B { void b() { x("Basic " + c); } }',
    "a half method": 'class A { void ( { } void b() { x("Basic " + c); } }',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_read_as_far_as_it_goes(text: str) -> None:
    joins = [node for node in nodes(module(text).body) if isinstance(node, ir.Literal) and node.value == "Basic "]
    assert joins


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 10_000 + "1" + ")" * 10_000 + ";",
        "x = " + "a(" * 10_000 + ")" * 10_000 + ";",
        "{" * 10_000 + "}" * 10_000,
    ],
    ids=["parentheses", "arguments", "blocks"],
)
def test_what_is_nested_too_deep_is_refused(text: str) -> None:
    with pytest.raises(ir.Unreadable):
        nodes(module(text).body)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + " + ".join(["a"] * 10_000) + ";",
        "x = a" + ".b(1)" * 10_000 + ";",
        "if (a) b(); " + "else if (a) b(); " * 5_000,
    ],
    ids=["a sum", "a builder", "else if"],
)
def test_long_chains_are_no_nesting(text: str) -> None:
    assert len(module(text).body) == 1


def test_what_is_broken_off_keeps_its_places() -> None:
    data = b'class A { void b() { header("Basic " + c('
    made = [node for node in nodes(lower("A.java", data).body) if isinstance(node, ir.Join)]
    assert [data[node.start : node.end] for node in made] == [b'"Basic " + c(']
