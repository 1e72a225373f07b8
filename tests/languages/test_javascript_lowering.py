"""JavaScript and TypeScript to IR: what texts say, where nodes stand, and what becomes of broken and hostile text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pat_audit.flow import holes, ir
from pat_audit.languages.javascript import LANGUAGE, is_minified, lower
from pat_audit.languages.javascript_layout import parsed
from pat_audit.languages.known import language_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def nodes(value: Any) -> Iterator[Any]:
    """Every node of a lowered program, the bodies of functions included."""
    pending = [value]
    while pending:
        here = pending.pop()
        if isinstance(here, ir.Function):
            pending.extend(here.body())
        if isinstance(here, tuple):
            pending.extend(here)
            if hasattr(here, "start"):
                yield here


def body(code: str, path: str = "a.ts") -> tuple[ir.Statement, ...]:
    return lower(path, code.encode()).body


def value_of(code: str) -> Any:
    """The value of `x = …`."""
    found = body(f"x = {code};")[0]
    assert isinstance(found, ir.Assign)
    return found.value


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("'a'", "a"),
        ('"it\'s"', "it's"),
        (r"'tab\tand\x41\u0042\u{43}\n'", "tab\tandABC\n"),
        ("'a\\\nb'", "ab"),
        ("`plain`", "plain"),
        ("`two\nlines`", "two\nlines"),
        ("''", ""),
        ("('parenthesized')", "parenthesized"),
        ("'as' as string", "as"),
        ("'sure'!", "sure"),
        ("<string>'cast'", "cast"),
    ],
)
def test_texts(code: str, text: str) -> None:
    literal = value_of(code)
    assert isinstance(literal, ir.Literal)
    assert literal.value == text


def test_a_template_is_its_pieces_in_order() -> None:
    joined = value_of(r"`Basic ${token}\n${a.b} end`")
    assert isinstance(joined, ir.Join)
    assert joined.sure
    shown = [part.value if isinstance(part, ir.Literal) else type(part).__name__ for part in joined.parts]
    assert shown == ["Basic ", "Name", "\n", "Attribute", " end"]


def test_what_a_template_fills_in_comes_from_outside() -> None:
    marker = holes.marker("variable", "AdoPat")
    joined = value_of(f"'Basic {marker}'")
    assert [type(part) for part in joined.parts] == [ir.Literal, ir.Outside]
    assert joined.parts[1].name == "AdoPat"


@pytest.mark.parametrize("ending", ["ts", "js", "tsx", "mjs", "vue"])
def test_spans_are_the_bytes_that_a_node_stands_in(ending: str) -> None:
    code = "const größe = 'ü';\nsend(`a${größe}b`, { key: größe.länge });\n"
    if ending == "vue":
        code = f"<template>\u00e4</template>\n<script>\n{code}</script>\n"
    data = code.encode()
    found = {
        type(node).__name__: data[node.start : node.end].decode() for node in nodes(lower(f"a.{ending}", data).body)
    }
    assert found["Join"] == "`a${größe}b`"
    assert found["Attribute"] == "größe.länge"
    assert found["Call"] == "send(`a${größe}b`, { key: größe.länge })"
    assert found["Mapping"] == "{ key: größe.länge }"


def test_spans_go_through_the_place_of_an_embedded_program() -> None:
    call = next(
        node for node in nodes(lower("a.js", b"send(x)", lambda at: at + 100).body) if isinstance(node, ir.Call)
    )
    assert (call.start, call.end) == (100, 107)


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbfsend('a');", b"send(\r\n'a'\r\n);\r\n", b"send('a')", b"#!/usr/bin/env node\nsend('a')"]
)
def test_marks_line_ends_and_first_lines_do_not_matter(data: bytes) -> None:
    calls = [node for node in nodes(lower("a.js", data).body) if isinstance(node, ir.Call)]
    assert len(calls) == 1
    argument = calls[0].arguments[0].value
    assert data[argument.start : argument.end] == b"'a'"


@pytest.mark.parametrize(
    "code",
    [
        "function broken() {\n send('a');\n",
        "class A { method() { send('a'); }",
        "if (x { send('a'); }",
        "const a = ;\nsend('a');",
        "send('a'",
        "}}} send('a');",
        "import from 'x';\nsend('a');",
        "const x = { a: 1, b: send('a'), ",
    ],
)
def test_broken_text_still_gives_what_stands_in_it(code: str) -> None:
    calls = [node for node in nodes(body(code)) if isinstance(node, ir.Call)]
    assert any(isinstance(call.function, ir.Name) and call.function.name == "send" for call in calls)


def test_a_call_that_is_broken_off_has_the_arguments_that_stand_there() -> None:
    code = "const response = await fetch(url, {\n headers: {\n  Authorization: `Basic ${token}`,\n"
    call = next(node for node in nodes(body(code)) if isinstance(node, ir.Call))
    options = call.arguments[1].value
    assert isinstance(options, ir.Mapping)
    headers = options.entries[0].value
    assert isinstance(headers, ir.Mapping)
    assert [entry.key.value for entry in headers.entries if isinstance(entry.key, ir.Literal)] == ["Authorization"]


@pytest.mark.parametrize(
    ("start", "end"), [("(", ")"), ("[", "]"), ("f(", ")"), ("{a:", "}"), ("!", ""), ("x?1:(", ")"), ("a?.[", "]")]
)
def test_deep_nesting_is_refused_or_read_but_does_no_harm(start: str, end: str) -> None:
    code = "x = " + start * 10_000 + "1" + end * 10_000
    try:
        found = list(nodes(body(code)))
    except (ir.Unreadable, RecursionError):
        return
    assert len(found) < 100_000


def test_functions_nest_deeply() -> None:
    code = "f(() => {\n" * 1_000 + "send()" + "})" * 1_000
    assert len([node for node in nodes(body(code)) if isinstance(node, ir.Call)]) == 1_001


@pytest.mark.parametrize("operator", ["+", "||", "&&", "??", ","])
def test_long_chains_do_not_nest(operator: str) -> None:
    code = f" {operator} ".join(f"a{number}" for number in range(3_000))
    if operator == ",":
        code = f"[{code}]"
    names = {node.name for node in nodes(value_of(code)) if isinstance(node, ir.Name)}
    assert {"a0", "a2999"} <= names


def test_else_if_does_not_nest() -> None:
    code = " else ".join(f"if (a == {number}) {{ f({number}) }}" for number in range(2_000))
    branch = body(code)[0]
    assert isinstance(branch, ir.Branch)
    assert len(branch.bodies) == 2_000


def test_what_a_machine_wrote_comes_to_nothing() -> None:
    bundle = b"/* banner */\n" + b"function a(){return fetch('x')};" * 1_000
    assert is_minified(bundle)
    assert lower("bundle.js", bundle).body == ()
    written = b"fetch('x');\n" * 10_000
    assert not is_minified(written)
    assert len(lower("written.js", written).body) == 10_000


def test_imports_of_both_kinds() -> None:
    code = """
import a, { b as c, default as d, type E } from 'node:m/n';
import * as f from './o';
const { g, h: i } = require('../p');
const j = require('q').k;
export { l as default } from './r';
export * from './s';
"""
    imports = [statement for statement in body(code) if isinstance(statement, ir.Import)]
    assert [(each.module, each.name, each.alias, each.level) for each in imports] == [
        ("m/n", ir.DEFAULT, "a", 0), ("m/n", "b", "c", 0), ("m/n", ir.DEFAULT, "d", 0), ("m/n", "E", "E", 0),
        ("./o", "", "f", 1), ("../p", "g", "g", 1), ("../p", "h", "i", 1), ("q", "k", "j", 0),
        ("./r", "l", ir.DEFAULT, 1), ("./s", "*", "", 1),
    ]  # fmt: skip


def test_a_body_is_lowered_when_it_is_asked_for() -> None:
    function = body("function f() { " + "!" * 1_000 + "1; }")[0]
    assert isinstance(function, ir.Function)
    with pytest.raises(ir.Unreadable):
        function.body()


def test_functions_stand_before_what_uses_them() -> None:
    kinds = [type(statement).__name__ for statement in body("f(); function f() {} import x from 'y';")]
    assert kinds == ["Import", "Function", "Evaluate"]


def test_a_function_says_what_it_sets_around_it() -> None:
    code = "let a; let b; function f(b) { a = 1; b = 2; let c; c = 3; const g = () => { c = 4; a = 5; }; }"
    outer = {node.name: node.outer for node in nodes(body(code)) if isinstance(node, ir.Function)}
    assert outer == {"f": ("a",), "g": ("a", "c")}


@pytest.mark.parametrize(
    ("path", "data", "language"),
    [
        ("a.tsx", b"", "javascript"),
        ("a.cts", b"", "javascript"),
        ("bin/tool", b"#!/usr/bin/env node\n", "javascript"),
        ("bin/tool", b"#!/usr/bin/env -S deno run\n", "javascript"),
        ("a.json", b"{}", ""),
    ],
)
def test_which_files_are_javascript(path: str, data: bytes, language: str) -> None:
    assert language_of(path, data) == language


def test_settings_are_read_with_comments_and_trailing_commas() -> None:
    text = b'\xef\xbb\xbf{ // one\n "paths": {"@/*": ["src/*",], /* two */ "url": ["http://x"],}, }'
    assert parsed(text) == {"paths": {"@/*": ["src/*"], "url": ["http://x"]}}
    assert parsed(b"[[[") == {}


def test_a_member_of_an_object_is_its_item() -> None:
    assert LANGUAGE.fields_as_items


def test_what_is_broken_off_is_walked_and_gives_what_the_query_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    from pat_audit.languages import javascript_scopes as scopes
    from pat_audit.languages.syntax_tree import parse

    text = b"""
let a, { b, c: d } = f(), [e] = g();
function outer(p, q = 1, { r }) {
  a = p; [b, e] = q; ({ d, e } = r); a += 1; x.y = 2;
  const inner = async (s) => { a = s; let t; t = 1; };
  class K { m(u) { a = u; } }
  const old = function* (v) { b = v; };
}
"""
    root = parse("tree_sitter_javascript", text, "language")

    def places(captures: dict[str, list[Any]]) -> dict[str, list[int]]:
        return {name: sorted(node.start_byte for node in nodes) for name, nodes in captures.items()}

    assert places(scopes._walked(root)) == places(scopes._queried("tree_sitter_javascript", "language", root))
    monkeypatch.setattr(scopes, "_queried", None)  # of a tree with errors it is not asked
    lower("a.js", text + b"[" * 1000)
