"""PowerShell to IR: what strings, words and statements come to, where they stand, and what broken text costs."""

from __future__ import annotations

import pytest

from pat_audit.flow import ir
from pat_audit.languages.powershell import lower


def statements(program: str | bytes) -> tuple[ir.Statement, ...]:
    """The IR of a program."""
    data = program.encode() if isinstance(program, str) else program
    return lower("a.ps1", data).body


def value(program: str) -> ir.Expression:
    """What the program's last statement evaluates or assigns."""
    last = statements(program)[-1]
    assert isinstance(last, ir.Evaluate | ir.Assign)
    assert last.value is not None
    return last.value


def shape(expression: ir.Expression | None) -> str:
    """An expression as text: literals as they are, names in angle brackets."""
    match expression:
        case ir.Literal(value=content):
            return str(content)
        case ir.Name(name=name):
            return f"<{name}>"
        case ir.Join(parts=parts):
            return "".join(shape(part) for part in parts)
        case ir.Index(value=ir.Name(name="env:"), key=key):
            return f"<env:{shape(key)}>"
        case ir.Collection(items=items):
            return "[" + ", ".join(shape(item) for item in items if not isinstance(item, ir.Argument)) + "]"
        case ir.Attribute(value=inner, name=name):
            return f"{shape(inner)}.{name}"
        case ir.Call(function=function, arguments=arguments):
            return f"{shape(function)}({', '.join(shape(argument.value) for argument in arguments)})"
        case ir.Command(name=name, arguments=arguments):
            words = [f"-{each.name}={shape(each.value)}" if each.name else shape(each.value) for each in arguments]
            return f"{{{' '.join([shape(name), *words])}}}"
        case ir.Choice(options=options):
            return " or ".join(shape(option) for option in options)
        case _:
            return type(expression).__name__


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("'it''s $x'", "it's $x"),
        ('"a""b`"c`n"', 'a"b"c\n'),
        ('"$a:${b}$($c)"', "<a>:<b><c>"),
        ('"$a.b [$c]"', "<a>.b [<c>]"),
        ('"$env:PAT ${env:PAT}"', "<env:PAT> <env:PAT>"),
        ('"$script:x$global:y"', "<x><y>"),
        ('"cost: $5 `$x"', "cost: <5> $x"),
        ('"$($h["a"])"', "Index"),
        ('@"\n"$a" ""\nb\n"@', '"<a>" ""\nb'),
        ("@'\n$a\r\n'@", "$a"),
        ('@"\n"@', ""),
        ("\"a\" + $b + 'c'", "a<b>c"),
        ('"{0}:{1}" -f $a, $b', "{0}:{1}.format(<a>, <b>)"),
        ('"{0}" -f ($a ?? "b")', "{0}.format(<a> or b)"),
        ('$a -join ":"', ":.-join(<a>)"),
        ('$a -replace "x", "y"', "<a>.replace(x, y)"),
        ("[Convert]::ToBase64String($a)", "<[convert]>.tobase64string(<a>)"),
        ("[System.Text.Encoding]::UTF8.GetBytes($a)", "<[system.text.encoding]>.utf8.getbytes(<a>)"),
        ("[Uri]::new($a, $b)", "<[uri]>(<a>, <b>)"),
        ("New-Object Net.WebClient", "<[net.webclient]>()"),
        ("New-Object -TypeName PSCredential -ArgumentList $u, $p", "<[pscredential]>(<u>, <p>)"),
        ("New-Object PSCredential($u, $p)", "<[pscredential]>(<u>, <p>)"),
        ("$a ? $b : $c", "<b> or <c>"),
        ("[string]$x", "<x>"),
        ("$true", "True"),
        ("“curly $a”", "curly <a>"),
    ],
)
def test_expressions_say_what_powershell_makes_of_them(written: str, meant: str) -> None:
    assert shape(value(f"$_ = {written}")) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Get-Foo -Base64EncodedToken $t -Flag", "{get-foo -Base64EncodedToken=<t> -Flag=True}"),
        ("Get-Foo -Name:$n a,b , c", "{get-foo -Name=<n> [a, b, c]}"),
        ('git -c http.extraheader="A: $b" clone', "{git -c=http.extraheader=A: <b> clone}"),
        (
            "git clone --filter=tree:0 https://$($env:X)@h/$r.git",
            "{git clone --filter=tree:0 https://<env:X>@h/<r>.git}",
        ),
        ('& "$d\\config.cmd" --auth pat --token $t', "{<d>\\config.cmd --auth pat --token <t>}"),
        ("foo `\n  -A 1 `\n  -B 2 # no\n", "{foo -A=1 -B=2}"),
        ('foo --% $a "b"', '{foo $a "b"}'),
        ("foo $a.b[0] $c/d ${e}f", "{foo Index <c>/d <e>f}"),
        ("foo @p", "{foo -**=<p>}"),
        ("curl -Uri $u", "{invoke-webrequest -Uri=<u>}"),
        ("curl -u $u", "{curl -u=<u>}"),
        ("./build.ps1 -Pat $p", "{./build.ps1 -Pat=<p>}"),
        ("7z x", "{7z x}"),
        ("foo 2>&1 >out.txt -x", "{foo -x=True}"),
    ],
)
def test_commands_are_read_word_by_word(written: str, meant: str) -> None:
    assert shape(value(written)) == meant


def test_spans_are_exact_bytes() -> None:
    program = "\ufeff# é\r\n$größe = 'ü'\r\n$x = [Convert]::ToBase64String(\"é$größe\")\r\n".encode()
    assigned = [each for each in statements(program) if isinstance(each, ir.Assign)]
    texts = [program[each.value.start : each.value.end].decode() for each in assigned if each.value is not None]
    assert texts == ["'ü'", '[Convert]::ToBase64String("é$größe")']
    assert shape(assigned[0].targets[0]) == "<größe>"


def test_places_are_those_of_the_file_that_the_program_is_in() -> None:
    module = lower("a.yml", b"$x = 'y'", place=lambda at: at + 100)
    assign = module.body[0]
    assert (assign.start, assign.end) == (100, 108)


@pytest.mark.parametrize(
    "broken",
    [
        "function A {\n  $x = @{ a = (1\n}\nfunction B { 'b' }\n",
        "if ($a { 'x' }\nfunction B { 'b' }\n",
        "$x = 'never closed\nfunction B { $b }\n",
        ")))\n}\nfunction B { 'b' }\n",
        "$x = = 1 +\nfunction B { 'b' }\n",
        "[CmdletBinding(\nfunction B { 'b' }\n",
    ],
)
def test_broken_text_costs_no_function_behind_it(broken: str) -> None:
    assert "b" in [each.name for each in functions(statements(broken))]


def functions(body: tuple[ir.Statement, ...]) -> list[ir.Function]:
    """All functions, those within others too."""
    found: list[ir.Function] = []
    for each in body:
        if isinstance(each, ir.Function):
            found += [each, *functions(each.body())]
        elif isinstance(each, ir.Branch):
            found += [inner for part in each.bodies for inner in functions(part)]
    return found


@pytest.mark.parametrize(
    "opening", ["(", "$(", "@(", "{", "@{a=", "[a", "if(1){", '"$(', "-not ", "function a {", "$a[", "foo ("]
)
def test_deep_nesting_is_refused_or_read(opening: str) -> None:
    try:
        body = statements("$x = " + opening * 10_000)
        functions(body)
    except ir.Unreadable:
        return
    assert body is not None


def test_a_long_sum_is_one_text() -> None:
    made = value("$x = 'a'" + " + 'b'" * 5_000)
    assert isinstance(made, ir.Join)
    assert len(made.parts) == 5_001


def test_what_a_function_gives_is_what_its_statements_leave() -> None:
    function = statements("function F { $h = 1; Write-Verbose x; if ($a) { $h } else { 'n' } }")[0]
    assert isinstance(function, ir.Function)
    branch = function.body()[-1]
    assert isinstance(branch, ir.Branch)
    assert all(isinstance(body[-1], ir.Return) for body in branch.bodies)


def test_parameters_of_both_forms_are_known() -> None:
    first, second = statements(
        "function F([string]$A = 'x', $B) {}\n"
        "function G { [CmdletBinding()] param([Parameter(ValueFromPipeline)]$C) $C }"
    )
    assert isinstance(first, ir.Function)
    assert isinstance(second, ir.Function)
    assert [(each.name, shape(each.default)) for each in first.parameters] == [("A", "x"), ("B", "NoneType")]
    assert [(each.name, each.kind) for each in second.parameters] == [("C", ir.PIPED)]


def test_a_class_has_fields_methods_and_a_constructor() -> None:
    made = statements(
        "class A : B { [string]$Url\n"
        " A([string]$u) : base($u) { $this.Url = $u }\n"
        " [string] Get() { return $this.Url } }"
    )[0]
    assert isinstance(made, ir.Class)
    assert made.name == "[a]"
    assert shape(made.bases[0]) == "<[b]>"
    names = [each.name for each in made.body if isinstance(each, ir.Function)]
    assert sorted(names) == [ir.CONSTRUCTOR, "get"]


def test_variables_are_one_in_any_case_and_spelled_as_first_written() -> None:
    first, second = statements("$MyPat = 1\n$mypat = 2")
    assert isinstance(first, ir.Assign)
    assert isinstance(second, ir.Assign)
    assert shape(first.targets[0]) == shape(second.targets[0]) == "<MyPat>"
