"""C# to IR: what strings, names and members come to, where they stand, and what broken text costs."""

from __future__ import annotations

import pytest

from pat_audit.flow import ir
from pat_audit.languages.csharp import lower


def statements(program: str | bytes) -> tuple[ir.Statement, ...]:
    """The IR of a program."""
    data = program.encode() if isinstance(program, str) else program
    return lower("A.cs", data).body


def value(program: str) -> ir.Expression:
    """What the program's last statement evaluates or assigns."""
    last = statements(program)[-1]
    assert isinstance(last, ir.Evaluate | ir.Assign)
    assert last.value is not None
    return last.value


def method(program: str, name: str) -> ir.Function:
    """A method of the program's only class."""
    (made,) = [each for each in statements(program) if isinstance(each, ir.Class)]
    return next(each for each in made.body if isinstance(each, ir.Function) and each.name == name)


def shape(expression: ir.Expression | None) -> str:
    """An expression as text: literals as they are, names in angle brackets."""
    match expression:
        case ir.Literal(value=content):
            return str(content)
        case ir.Name(name=name):
            return f"<{name}>"
        case ir.Join(parts=parts):
            return "".join(shape(part) for part in parts)
        case ir.Attribute(value=inner, name=name):
            return f"{shape(inner)}.{name}"
        case ir.Index(value=inner, key=key):
            return f"{shape(inner)}[{shape(key)}]"
        case ir.Collection(items=items):
            return "[" + ", ".join(shape(item) for item in items if not isinstance(item, ir.Argument)) + "]"
        case ir.Call(function=function, arguments=arguments):
            given = [f"{each.name}: {shape(each.value)}" if each.name else shape(each.value) for each in arguments]
            return f"{shape(function)}({', '.join(given)})"
        case ir.Choice(options=options):
            return " or ".join(shape(option) for option in options)
        case ir.Bind(target=target, value=held):
            return f"({shape(target)} := {shape(held)})"
        case ir.Initialize(value=made, attributes=attributes, entries=entries):
            given = [f"{name} = {shape(held)}" for name, held in attributes]
            given += [f"{shape(entry.key)}: {shape(entry.value)}" for entry in entries]
            return f"{shape(made)}{{{', '.join(given)}}}"
        case ir.Mapping(entries=entries):
            return "{" + ", ".join(f"{shape(entry.key)}: {shape(entry.value)}" for entry in entries) + "}"
        case ir.Operation(operator=operator, operands=operands):
            return f"{operator}({', '.join(shape(each) for each in operands)})"
        case None:
            return ""
        case _:
            return type(expression).__name__


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r'"a\"b\n\u0041\x42"', 'a"b\nAB'),
        (r'@"a\""b"""', 'a\\"b"'),
        ('$"Basic {token}"', "Basic <token>"),
        ('$"{{a}} {b,5} {c:x}"', "{a} <b> <c>"),
        (r'$@"c:\{a}""x"""', 'c:\\<a>"x"'),
        ('@$"{a}\n{b}"', "<a>\n<b>"),
        ('"""\n    a "b" {c}\n      d\n    """', 'a "b" {c}\n  d'),
        ('$$"""a {{b}} {c}"""', "a <b> {c}"),
        ('"a"u8', "a"),
        ("'x'", "x"),
        ('"a" + b + "c"', "a<b>c"),
        ('string.Format("{0}:{1}", "", pat)', "<String>.Format({0}:{1}, , <pat>)"),
        ('a ?? b ?? "c"', "<a> or <b> or c"),
        ('ok ? "a" : b', "a or <b>"),
        ('k switch { 1 => "a", _ => b }', "a or <b>"),
        ("(string)config[\"a\"]", "<config>[a]"),
        ("o as string", "<o>"),
        ("(await client.GetAsync(url))!.Content", "<client>.GetAsync(<url>).Content"),
        ("task.Result.Token", "<task>.Token"),
        ("a?.B?.C(d)", "<a>.B.C(<d>)"),
        ("a?[\"b\"]?.C", "<a>[b].C"),
        ("nameof(Options.Pat)", "Pat"),
        ("list[^1]", "<list>[prefix_unary_expression(1)]"),
        ("text[1..]", "<text>[]"),
        ("F(a: 1, ref b)", "<F>(a: 1, <b>)"),
        ("d.TryGetValue(k, out var v)", "(<v> := <d>.TryGetValue(<k>))"),
        ("new Uri(\"a\")", "<Uri>(a)"),
        ("new System.Net.NetworkCredential(\"\", p)", "<NetworkCredential>(, <p>)"),
        ("new A.B<C>()", "<A>.B()"),
        ("new[] { a, \"b\" }", "[<a>, b]"),
        ("new { Name = \"a\", b.Pat, c }", "{Name: a, Pat: <b>.Pat, c: <c>}"),
        ("new Options { Pat = pat, Uri = new(\"u\") }", "<Options>(){Pat = <pat>, Uri = <new Uri>(u)}"),
        ("new D { { \"a\", b }, [\"c\"] = d }", "<D>(){a: <b>, c: <d>}"),
        ("new C { Headers = { A = b } }", "<C>(){Headers = <C>().Headers{A = <b>}}"),
        ("settings with { Pat = pat }", "<settings>{Pat = <pat>}"),
        ("pat.Length == 52", "Eq(<length of>(<pat>), 52)"),
        ("x is string s && s.Trim() == \"a\"", "&&(is((<s> := <x>)), Eq(<s>.Trim(), a))"),
        ("global::System.Convert.ToBase64String(b)", "<System>.Convert.ToBase64String(<b>)"),
    ],
)  # fmt: skip
def test_what_is_written_and_meant(written: str, meant: str) -> None:
    assert shape(value(f"var made = {written};")) == meant


def test_a_new_without_a_type_takes_that_of_its_place() -> None:
    assert shape(value("HttpClient client = new(handler);")) == "<HttpClient>(<handler>)"
    assert shape(value('client.Headers.Authorization = new("Basic", x);')) == "<new Authorization>(Basic, <x>)"


MEMBERS = """
class Client : Base
{
    const string Root = "a";
    static string shared;
    private string _pat, Name;
    public string Pat { get; set; }
    string Both => Root + _pat;
    void Use(string Name) { var _pat = Pat; F(Root, shared, Name, _pat, Other); inherited = Pat; Pat = "x"; }
    static void Set(string x) { shared = x; x = "y"; }
    void Inner() { Action<string> f = _pat => G(_pat, Pat); void Local(string Pat) { G(Pat); } }
}
"""


def test_a_bare_name_is_a_member_unless_the_body_declares_it() -> None:
    _, call, inherited, own = method(MEMBERS, "Use").body()
    assert isinstance(call, ir.Evaluate)
    assert shape(call.value) == "<F>(<Client>.Root, <Client>.shared, <Name>, <_pat>, <Other>)"
    assert [shape(each.targets[0]) for each in (inherited, own) if isinstance(each, ir.Assign)] == [
        "<this>.inherited",
        "<this>.Pat",
    ]
    shared, local = method(MEMBERS, "Set").body()
    assert isinstance(shared, ir.Assign)
    assert isinstance(local, ir.Assign)
    assert (shape(shared.targets[0]), shape(local.targets[0])) == ("<Client>.shared", "<x>")


def test_inner_functions_see_what_is_around_them() -> None:
    lambda_, local = method(MEMBERS, "Inner").body()
    assert isinstance(lambda_, ir.Assign)
    assert isinstance(lambda_.value, ir.Function)
    assert isinstance(local, ir.Function)
    bodies = [*lambda_.value.body(), *local.body()]
    assert [shape(each.value) for each in bodies if isinstance(each, ir.Return | ir.Evaluate)] == [
        "<G>(<_pat>, <this>.Pat)",
        "<G>(<Pat>)",
    ]


def test_a_property_is_a_field_or_a_function_that_is_called_by_being_read() -> None:
    both = method(MEMBERS, "Both")
    assert both.kind == "property"
    (given,) = both.body()
    assert isinstance(given, ir.Return)
    assert shape(given.value) == "<Client>.Root<this>._pat"


@pytest.mark.parametrize(
    "program",
    [
        "class A(string pat) { readonly string _pat = pat; }",
        "record A(string pat) { string _pat { get; } = pat; }",
        "class A { A(string pat) { _pat = pat; } string _pat; }",
        "class A { A(string pat) => _pat = pat; string _pat; }",
    ],
)
def test_a_constructor_sets_the_fields(program: str) -> None:
    made = method(program, ir.CONSTRUCTOR)
    assert [parameter.name for parameter in made.parameters] == ["this", "pat"]
    stored = [each for each in made.body() if isinstance(each, ir.Assign)]
    bound = [each.value for each in made.body() if isinstance(each, ir.Return) and isinstance(each.value, ir.Bind)]
    targets = [shape(each.targets[0]) for each in stored] + [shape(each.target) for each in bound]
    assert "<this>._pat" in targets


def test_constructors_run_one_another_and_the_base() -> None:
    program = "class A : B { A() : this(1) { } A(int x) : base(x) { } }"
    (made,) = [each for each in statements(program) if isinstance(each, ir.Class)]
    chained = [each.body()[0] for each in made.body if isinstance(each, ir.Function)]
    assert [shape(each.value) for each in chained if isinstance(each, ir.Evaluate)] == [
        "<this>.__init__(1)",
        "Super.__init__(<x>)",
    ]


def test_attributes_say_what_a_member_or_parameter_is() -> None:
    (made,) = [each for each in statements('class A { [Option("pat")] string Pat; }') if isinstance(each, ir.Class)]
    (declared,) = made.body
    assert isinstance(declared, ir.Assign)
    assert declared.value is None
    assert isinstance(declared.annotation, ir.Index)
    assert shape(declared.annotation.key) == "[<OptionAttribute>(pat)]"


def test_statements_outside_any_class_and_methods_without_one() -> None:
    kinds = [type(each).__name__ for each in statements('using System;\nvar a = "b";\nvoid F() { }\nF();')]
    assert kinds == ["Assign", "Function", "Evaluate"]
    (alone,) = statements("public static async Task F(string pat) { G(pat); }")
    assert isinstance(alone, ir.Function)
    assert [parameter.name for parameter in alone.parameters] == ["pat"]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_places_are_bytes(mark: str, end: str) -> None:
    program = f'{mark}// ä€{end}namespace N{end}{{{end}class C {{ void F() {{ var s = $"ü{{x}}"; }} }}{end}}}{end}'
    data = program.encode()
    (declared,) = method_of(data)
    assert isinstance(declared, ir.Assign)
    assert isinstance(declared.value, ir.Join)
    assert data[declared.value.start : declared.value.end].decode() == '$"ü{x}"'
    text, hole = declared.value.parts
    assert data[text.start : text.end].decode() == "ü"
    assert data[hole.start : hole.end] == b"x"


def method_of(data: bytes) -> tuple[ir.Statement, ...]:
    """The body of the only method of the only class."""
    (made,) = [each for each in statements(data) if isinstance(each, ir.Class)]
    (function,) = [each for each in made.body if isinstance(each, ir.Function)]
    return function.body()


def test_a_call_in_a_chain_stands_where_its_method_is_named() -> None:
    program = 'var a = url\n    .WithBasicAuth("", pat)\n    .GetAsync();'
    outer = value(program)
    assert isinstance(outer, ir.Call)
    assert isinstance(outer.function, ir.Attribute)
    inner = outer.function.value
    assert program[inner.start : inner.end] == 'WithBasicAuth("", pat)'


def test_what_is_broken_off_gives_what_stands_in_it() -> None:
    program = 'class A {\n void F() {\n  var a = "x";\n  using (var c = new HttpClient())\n  c.Get(G("{0}", a)));\n'
    found = [name for name in ("x", "HttpClient", "Get", "{0}") if name in repr(everything(statements(program)))]
    assert found == ["x", "HttpClient", "Get", "{0}"]


def everything(body: tuple[ir.Statement, ...]) -> list[object]:
    """The statements with the bodies of functions and classes in them."""
    found: list[object] = []
    for each in body:
        if isinstance(each, ir.Class):
            found.extend(everything(each.body))
        elif isinstance(each, ir.Function):
            found.extend(everything(each.body()))
        else:
            found.append(each)
    return found


@pytest.mark.parametrize("program", ["", "class", "class {", "}}}", '"', '$"{', "new", "a.", "[", "\0", "x = ;", "???"])
def test_scraps_are_no_failure(program: str) -> None:
    everything(statements(program))


def test_long_chains_are_read() -> None:
    joined = value("var a = " + " + ".join(['"x"'] * 5000) + ";")
    assert isinstance(joined, ir.Join)
    assert len(joined.parts) == 5000
    options = value("var a = " + " ?? ".join(["x"] * 3000) + ";")
    assert isinstance(options, ir.Choice)
    assert len(options.options) == 3000
    (branch,) = statements("if (a) b(); " + "else if (a) b(); " * 3000)
    assert isinstance(branch, ir.Branch)
    assert len(branch.bodies) == 3001


@pytest.mark.parametrize("nested", ["(" * 10_000 + "a" + ")" * 10_000, "f(" * 10_000 + ")" * 10_000])
def test_nesting_without_end_is_unreadable(nested: str) -> None:
    with pytest.raises(ir.Unreadable, match="deep"):
        statements(f"var a = {nested};")
