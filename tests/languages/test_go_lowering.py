"""Go lowers to the IR with exact byte spans, broken and deeply nested text too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pat_audit.flow import ir
from pat_audit.languages.go import lower
from pat_audit.languages.go_layout import package_names, spoken

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
    tree = lower("a.go", data)
    return [
        (node.value, data[node.start : node.end])
        for node in nodes(tree.body)
        if isinstance(node, ir.Literal) and isinstance(node.value, str)
    ]


def value_of(text: str) -> ir.Expression:
    """The IR of one expression."""
    statement = lower("a.go", f"package p\n\nvar x = {text}\n".encode()).body[-1]
    assert isinstance(statement, ir.Assign)
    assert statement.value is not None
    return statement.value


def only_function(text: str) -> ir.Function:
    """The IR of a file's only function."""
    (found,) = [each for each in lower("a.go", text.encode()).body if isinstance(each, ir.Function)]
    return found


@pytest.mark.parametrize(
    "data",
    [
        b'package p\n\nvar x = "a"\nvar y = "b"\n',
        b'package p\r\n\r\nvar x = "a"\r\nvar y = "b"\r\n',
        b'\xef\xbb\xbfpackage p\n\nvar x = "a"\nvar y = "b"\n',
        b'package p\n\n// \xc3\xa4\xe2\x82\xac\nvar x = "a" // \xf0\x9f\x98\x80\nvar y = "b"\n',
        b'func f() {\n\tx := "a"\n\tif y != "b" {',
    ],
    ids=["lf", "crlf", "bom", "wide", "broken off"],
)
def test_spans_are_bytes_of_the_text(data: bytes) -> None:
    assert [span for value, span in literals(data) if value in ("a", "b")] == [b'"a"', b'"b"']


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"a\tb\"\\"', 'a\tb"\\'),
        (r'"\x41\u00e4\U0001F600\101"', "Aä😀A"),
        (r'"\ud800"', "\ufffd"),
        ('`raw \\n "x"`', 'raw \\n "x"'),
        ("`two\nlines`", "two\nlines"),
        (r"'\n'", "\n"),
        ('[]byte("text")', "text"),
        ("x.(string)", None),
    ],
)
def test_text_is_what_the_literal_stands_for(text: str, value: str | None) -> None:
    made = value_of(text)
    assert (made.value if isinstance(made, ir.Literal) else None) == value


def test_a_place_of_a_part_is_that_of_the_file() -> None:
    data = b'x := "a"\n'
    tree = lower("a.md", data, lambda at: at + 100)
    assert [(node.start, node.end) for node in nodes(tree.body) if isinstance(node, ir.Literal)] == [(105, 108)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('map[string]string{"a": "b"}', ir.Mapping),
        ('http.Header{"Authorization": {"b"}}', ir.Mapping),
        ("make(map[string][]string)", ir.Mapping),
        ('[]string{"a", "b"}', ir.Collection),
        ('[...]string{"a", "b"}', ir.Collection),
        ('append(a, "b")', ir.Collection),
        ('&http.BasicAuth{Username: "a", Password: b}', ir.Call),
        ("new(T)", ir.Call),
        ('f[int]("a")', ir.Call),
        ('"a" + b + c', ir.Join),
        ("&a.b", ir.Reference),
        ("*a", ir.Name),
        ("len(a) == 52", ir.Operation),
        ("func() {}", ir.Function),
    ],
)
def test_expressions_lower_to_what_they_make(text: str, kind: type) -> None:
    assert type(value_of(text)) is kind


def test_fields_of_a_literal_are_named_arguments() -> None:
    made = value_of('&pkg.T{A: "a", B: inner{C: "c"}}')
    assert isinstance(made, ir.Call)
    assert [argument.name for argument in made.arguments] == ["A", "B"]


def test_a_literal_whose_type_is_left_out_has_that_of_its_list() -> None:
    made = value_of('[]pkg.T{{A: "a"}, {A: "b"}}')
    assert isinstance(made, ir.Collection)
    assert [type(item) for item in made.items] == [ir.Call, ir.Call]


def test_methods_are_members_of_the_type_that_they_are_declared_on() -> None:
    tree = lower(
        "a.go", b"package p\nfunc (c *C[T]) a() {}\ntype C[T any] struct { b string }\nfunc (o Other) d() {}\n"
    )
    classes = {node.name: node for node in tree.body if isinstance(node, ir.Class)}
    methods = {
        name: [each.name for each in owner.body if isinstance(each, ir.Function)] for name, owner in classes.items()
    }
    assert methods == {"C": ["a"], "Other": ["d"]}
    assert not classes["C"].added
    assert classes["Other"].added


def test_several_results_are_taken_apart() -> None:
    function = only_function("package p\nfunc f() { a, err := g(); b, c := 1, 2 }")
    assigned = [node for node in function.body() if isinstance(node, ir.Assign)]
    kinds = [
        target.kind if isinstance(target, ir.Collection) else "one" for each in assigned for target in each.targets
    ]
    assert kinds == ["results", "one", "one"]


def test_a_bare_return_gives_the_named_results() -> None:
    function = only_function("package p\nfunc f() (a string, err error) { a = g(); return }")
    last = function.body()[-1]
    assert isinstance(last, ir.Return)
    assert isinstance(last.value, ir.Collection)


def test_names_of_the_file_that_a_function_assigns_are_told() -> None:
    assert only_function("package p\nvar a, b string\nfunc f(c string) { a = c; b := a; d = b }").outer == ("a",)
    assert only_function('package p\nvar a string\nfunc f() { flag.StringVar(&a, "a", "", "") }').outer == ("a",)


@pytest.mark.parametrize(
    "text",
    [
        'x := "kept"; }}} )',
        'func f( { x := "kept" }',
        'func f() { if { x := "kept" }',
        'package p\ntype T struct { a b c }\n)\nfunc g() { x("kept") }',
        'func f() { a.b.(\nx("kept") }',
    ],
)
def test_what_stands_in_broken_text_is_kept(text: str) -> None:
    assert "kept" in [value for value, _ in literals(text.encode())]


def test_long_chains_do_not_nest() -> None:
    joined = value_of(" + ".join(['"a"'] * 5000))
    assert isinstance(joined, ir.Join)
    assert len(joined.parts) == 5000
    function = only_function("package p\nfunc f() {" + " else ".join(["if a { b() }"] * 3000) + "}")
    (branch,) = function.body()
    assert isinstance(branch, ir.Branch)
    assert len(branch.bodies) == 3000


@pytest.mark.parametrize("text", ["(" * 10_000 + "a" + ")" * 10_000, "[]a{" * 10_000 + "}" * 10_000])
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(ir.Unreadable):
        list(nodes(lower("a.go", f"var x = {text}".encode()).body))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("net/http", "http"),
        ("github.com/microsoft/azure-devops-go-api/azuredevops/v7", "azuredevops"),
        ("github.com/xanzy/go-gitlab", "gitlab"),
        ("gopkg.in/yaml.v2", "yaml"),
        ("github.com/go-git/go-git/v5", "git"),
        ("gitlab.com/gitlab-org/api/client-go", "gitlab"),
    ],
)
def test_a_package_is_known_by_what_the_file_calls_it(path: str, name: str) -> None:
    tree = lower("a.go", f'package p\nimport "{path}"\nvar x = {name}.New()\n'.encode())
    (imported,) = [node for node in tree.body if isinstance(node, ir.Import)]
    assert (imported.module, imported.alias) == (path, name)
    assert name in package_names(path)


def test_versions_are_left_out_of_what_a_library_is_called() -> None:
    assert spoken("github.com/go-git/go-git/v5/plumbing/transport/http.BasicAuth") == (
        "github.com/go-git/go-git/plumbing/transport/http.BasicAuth"
    )
    assert spoken("gopkg.in/src-d/go-git.v4/plumbing") == "gopkg.in/src-d/go-git/plumbing"
