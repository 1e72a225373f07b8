"""Groovy's front end: texts with values in them, calls without brackets, blocks, and what the grammar lacks."""

from __future__ import annotations

from typing import Any

import pytest

from pat_audit.flow import ir
from pat_audit.languages.groovy import lower
from pat_audit.languages.groovy_text import readable
from pat_audit.languages.known import language_of


def module(text: str) -> ir.Module:
    return lower("sample.groovy", text.encode())


def value(expression: str) -> Any:
    """What a variable's value is lowered to."""
    statement = module(f"def it = {expression}\n").body[0]
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


def shape(expression: ir.Expression) -> str:
    """An expression as a template: names and members in braces."""
    if isinstance(expression, ir.Literal):
        return str(expression.value)
    if isinstance(expression, ir.Join):
        return "".join(shape(part) for part in expression.parts)
    if isinstance(expression, ir.Name):
        return f"{{{expression.name}}}"
    if isinstance(expression, ir.Attribute):
        return f"{{{shape(expression.value).strip('{}')}.{expression.name}}}"
    if isinstance(expression, ir.Call):
        return f"{shape(expression.function)}()"
    return type(expression).__name__


TEXTS = {
    "no values in single quotes": ("'a $b ${c}'", "a $b ${c}"),
    "a name": ('"a $b c"', "a {b} c"),
    "a path": ('"$b.c"', "{b.c}"),
    "braces": ('"a ${b} ${c.d}"', "a {b} {c.d}"),
    "a call with quotes": ('"Basic ${enc("x")}"', "Basic {enc}()"),
    "an escaped dollar": (r'"a \${b}"', "a ${b}"),
    "three quotes": ('"""a\n "b" ${c}"""', 'a\n "b" {c}'),
    "three single quotes": ("'''a\n$b'''", "a\n$b"),
}


@pytest.mark.parametrize(("written", "meant"), TEXTS.values(), ids=TEXTS)
def test_texts(written: str, meant: str) -> None:
    assert shape(value(written)) == meant


def test_a_call_without_brackets() -> None:
    (statement, *_) = module('sh script: "a", returnStdout: true\n').body
    assert isinstance(statement, ir.Evaluate)
    assert isinstance(statement.value, ir.Call)
    assert [argument.name for argument in statement.value.arguments] == ["script", "returnStdout"]


CALLS = {
    "of a member": ('class A {\n  def go() {\n    steps.sh "a"\n    b()\n  }\n}', ["sh", "b"]),
    "with a value that is a call": ("credentials {\n  password System.getenv('A')\n}\n", ["getenv", "password"]),
    "in blocks": ("a {\n  b('x') {\n    c 'y'\n  }\n}\n", ["a", "b", "c"]),
    "behind a null check": ("a?.b('x')\n", ["b"]),
}


@pytest.mark.parametrize(("text", "called"), CALLS.values(), ids=CALLS)
def test_calls(text: str, called: list[str]) -> None:
    calls = [node.function for node in nodes(module(text).body) if isinstance(node, ir.Call)]
    assert set(called) <= {getattr(function, "name", "") for function in calls}


def test_a_block_of_settings_is_handed_over() -> None:
    calls = [
        node
        for node in nodes(module("credentials {\n  username = 'a'\n  password 'b'\n}\n").body)
        if isinstance(node, ir.Call) and getattr(node.function, "name", "") == "credentials {}"
    ]
    assert [[argument.name for argument in call.arguments] for call in calls] == [["username", "password"]]


def test_elvis_gives_one_or_the_other() -> None:
    made = value("a ?: 'b'")
    assert isinstance(made, ir.Choice)
    assert made.condition is None


def test_a_function_of_a_script_has_no_instance_and_gives_its_last_value() -> None:
    (function, *_) = module("def call(config, String b = 'c') {\n  total = 1\n  \"Basic $config\"\n}\n").body
    assert isinstance(function, ir.Function)
    assert [parameter.name for parameter in function.parameters] == ["config", "b"]
    first, last = function.body()
    assert isinstance(first, ir.Assign)
    assert isinstance(first.targets[0], ir.Name)
    assert isinstance(last, ir.Return)


def test_constructors_without_types() -> None:
    (owner, *_) = module("class A {\n  def steps\n  A(steps) {\n    this.steps = steps\n  }\n}\n").body
    assert isinstance(owner, ir.Class)
    made = [member for member in owner.body if isinstance(member, ir.Function)]
    assert [(each.name, [parameter.name for parameter in each.parameters]) for each in made] == [
        (ir.CONSTRUCTOR, ["this", "steps"])
    ]


def test_spans_are_bytes() -> None:
    text = 'def a = "ä ${b("ö")} ü"\r\necho \'x\'\r\n'
    data = text.encode()
    tree = nodes(lower("a.groovy", data).body)
    calls = {data[node.start : node.end].decode() for node in tree if isinstance(node, ir.Call)}
    assert {'b("ö")', "echo 'x'"} <= calls


@pytest.mark.parametrize(
    "text",
    ["a?.b ?: c\n", 'x = "${a("b")}"\ny = /a"b/\n', "// \"\n/* ' */\nb 'c'\n", '"${', "'", "a /", '"""a ${b'],
    ids=range(7),
)
def test_what_is_made_readable_has_the_same_length(text: str) -> None:
    assert len(readable(text.encode())) == len(text.encode())


def test_what_is_broken_off_is_read_as_far_as_it_goes() -> None:
    made = nodes(module("node {\n  stage('a') {\n    sh \"curl -u :${PAT} x\"\n").body)
    assert "curl -u :" in {node.value for node in made if isinstance(node, ir.Literal)}


def test_what_is_nested_too_deep_is_refused() -> None:
    with pytest.raises(ir.Unreadable):
        nodes(module("x = " + "(" * 10_000 + "1" + ")" * 10_000 + "\n").body)


@pytest.mark.parametrize(
    "path",
    [
        "Jenkinsfile",
        "ci/Jenkinsfile",
        "ci/jenkinsfile.deploy",
        "ci/deploy.jenkinsfile",
        "build.gradle",
        "vars/a.groovy",
    ],
)
def test_files_are_known_by_their_names(path: str) -> None:
    assert language_of(path, b"") == "groovy"


@pytest.mark.parametrize("path", ["Jenkinsfile-notes.md", "jenkins", "a.gradle.lockfile"])
def test_other_files_are_not(path: str) -> None:
    assert language_of(path, b"") == ""
