"""Programs and lines that grow in one way each: what a hostile or a generated file could hold, for any size."""

# ruff: noqa: E501
# a shape is one row

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PYTHON = 'import os, requests\npat = os.environ["ADO_PAT"]\n'
_SENT = '\nrequests.get("https://dev.azure.com/x", auth=("", pat))\n'


def _python(body: Callable[[int], str]) -> Callable[[int], str]:
    return lambda n: _PYTHON + body(n) + _SENT


def _lines(one: Callable[[int], str], between: str = "\n") -> Callable[[int], str]:
    return lambda n: between.join(map(one, range(n)))


SHAPES: dict[str, tuple[str, Callable[[int], str]]] = {
    "unions": ("a.py", _python(_lines(lambda i: f'if c{i}:\n    pat = os.environ["T{i}"] + str(pat)'))),
    "branches of one": ("a.py", _python(lambda n: "if a:\n    x = 0\n" + "".join(f"elif a == {i}:\n    x = pat + '{i}'\n" for i in range(n)))),
    "call chain": ("a.py", _python(lambda n: "def f0(x): return x\n" + "".join(f"def f{i}(x): return f{i - 1}(x) + x\n" for i in range(1, n)) + f"pat = f{n - 1}(pat)\n")),
    "recursion": ("a.py", _python(_lines(lambda i: f"def f{i}(x, y): return f{i}(y, x) + f{(i * 7) % 11}(x, y)"))),
    "dictionary": ("a.py", _python(lambda n: "d = {\n" + "".join(f'"k{i}": pat,\n' for i in range(n)) + "}\n" + "d['k1']\n")),
    "concatenation": ("a.py", _python(_lines(lambda i: f"pat = pat + '{i}'"))),
    "doubling": ("a.py", _python(_lines(lambda i: "pat = pat + pat"))),
    "formatting": ("a.py", _python(_lines(lambda i: "pat = f'{pat}{pat}{pat}'"))),
    "replacing": ("a.py", _python(_lines(lambda i: f"pat = pat.replace('{i}', pat).strip()"))),
    "nested calls": ("a.py", _python(lambda n: "".join(f"x{i} = {'f(' * 20}pat{')' * 20}\n" for i in range(n)))),
    "lambdas": ("a.py", _python(lambda n: "g0 = lambda x: x\n" + "".join(f"g{i} = lambda x, g=g{i - 1}: g(g(x))\n" for i in range(1, n)) + f"pat = g{n - 1}(pat)\n")),
    "comprehensions": ("a.py", _python(_lines(lambda i: f"x{i} = [[a + b for a in x{max(i - 1, 0)}] for b in [pat, pat]]"))),
    "attributes": ("a.py", _python(_lines(lambda i: f"x = pat{'.a' * 50}\npat.b{i} = x"))),
    "loops": ("a.py", _python(_lines(lambda i: f"for i{i} in range(9):\n    pat += str(pat)"))),
    "classes": ("a.py", _python(lambda n: "class C0:\n    pat = pat\n" + "".join(f"class C{i}(C{i - 1}):\n    def m(self): return C{(i + 1) % n}().m()\n" for i in range(1, n)) + f"C{n - 1}().m()\n")),
    "methods": ("a.py", _python(lambda n: "class C:\n    def __init__(self): self.x0 = pat\n" + "".join(f"    def m{i}(self):\n        self.x{i} = self.m{max(i - 1, 0)}()\n        return self.x{i // 2}\n" for i in range(n)))),
    "callers": ("a.py", _python(lambda n: "def send(u, t): requests.get(u, auth=('', t))\n" + "".join(f"send('https://dev.azure.com/{i}', pat)\n" for i in range(n)))),
    "C# unions": ("a.cs", lambda n: 'class A { void M() { var pat = System.Environment.GetEnvironmentVariable("ADO_PAT");\n' + "".join(f"if (c{i}) pat = pat + pat;\n" for i in range(n)) + "} }"),
    "C# methods": ("a.cs", lambda n: 'class A { string pat = System.Environment.GetEnvironmentVariable("ADO_PAT");\n' + "".join(f"string M{i}(string x) {{ return M{(i * 7 + 1) % n}(x) + pat; }}\n" for i in range(n)) + "}"),
    "JavaScript unions": ("a.js", lambda n: "let pat = process.env.ADO_PAT;\n" + "".join(f"if (c{i}) pat = `${{pat}}${{pat}}`;\n" for i in range(n)) + 'fetch("https://dev.azure.com/x", {headers: {Authorization: "Basic " + btoa(":" + pat)}});'),
    "JavaScript closures": ("a.js", lambda n: "let pat = process.env.ADO_PAT;\nconst g0 = x => x;\n" + "".join(f"const g{i} = x => g{i - 1}(g{i - 1}(x));\n" for i in range(1, n)) + f"g{n - 1}(pat);"),
    "shell doubling": ("a.sh", lambda n: "a=$ADO_PAT\n" + "a=$a$a\n" * n + "curl -u :$a https://dev.azure.com/x\n"),
    "PowerShell doubling": ("a.ps1", lambda n: "$a = $env:ADO_PAT\n" + '$a = "$a$a"\n' * n + "Invoke-RestMethod https://dev.azure.com/x -Headers @{Authorization = \"Basic $a\"}\n"),
    "Makefile variables": ("Makefile", lambda n: "A0 = $(ADO_PAT)\n" + "".join(f"A{i} = $(A{i - 1})$(A{i - 1})\n" for i in range(1, n)) + f"all:\n\tcurl -u :$(A{n - 1}) https://dev.azure.com/x\n"),
    "pipeline variables": ("azure-pipelines.yml", lambda n: "variables:\n  v0: $(ADO_PAT)\n" + "".join(f"  v{i}: $(v{i - 1})$(v{i - 1})\n" for i in range(1, n)) + f"steps:\n- script: curl -u :$(v{n - 1}) https://dev.azure.com/x\n"),
    "YAML anchors": ("a.yml", lambda n: "a0: &a0 [password, pat]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, n))),
}  # fmt: skip
"""Name -> the file's name, and its text for a size."""

_FILES = ["a.txt", "a.py", "a.cs", "a.ps1", "a.sh", "a.js", "a.ts", "a.java", "a.go", "a.kt", "a.groovy", "a.cmd", "azure-pipelines.yml", "a.yml", "a.json", "a.toml", "a.xml", "pip.conf", ".env", "Dockerfile", "Makefile", ".npmrc", ".yarnrc", ".netrc", "requirements.txt", "a.tf", "README.md", "a.vue", "NuGet.config", "gradle.properties"]  # fmt: skip
LINES = {
    "base64 letters": "QUJDRGVm0123", "URL pieces": "https://a:b@c/", "://": "://", ":@/": ":@/", "equals": "=",
    "double quotes": '"', "single quotes": "'", "escaped quotes": '\\"', "spaces": " ", "digits": "0123456789", "[": "[",
    "{": "{", "(": "(", "<": "<", "${": "${", "$(": "$(", "{{ a }}": "{{ a }}", "{{": "{{", "commas": ",", "options": "--a",
    "/*": "/*", "hashes": "#", "words": "a b ", "dots": "a.", "here-strings": '@"\n', "scripts": "<script ",
    "functions": "func (", "groups": "var (\n", "except": "except ", "token prefixes": "pypi-AgEIcHlwaS5vcmc",
}  # fmt: skip
"""Name -> what a line is made of."""

_HEADS = {"Dockerfile": "FROM a\nRUN ", "a.vue": "<script>\n", "NuGet.config": "<configuration>\n", "a.xml": "<a>\n"}
_TOLD = "ADO_PAT https://dev.azure.com Authorization Basic password"


def line(file: str, piece: str, size: int) -> str:
    """A file with one long line of pieces, beside words that make it worth a look."""
    return f"{_HEADS.get(file, '')}{piece * (size // len(piece))}\n{_TOLD}\n"


def files() -> list[str]:
    """A file of each language and format."""
    return list(_FILES)
