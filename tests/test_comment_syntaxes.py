"""A comment suppresses in every language and format that is scanned, in each syntax that it has for comments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.config import Config
from pat_audit.languages.known import ENDINGS
from pat_audit.scan import scan, scan_files
from pat_audit.target import Target
from pat_audit.tokens.samples import sample

if TYPE_CHECKING:
    from pat_audit.model import Finding

CATALOGUE = load_catalogue(plugins=False)
TOKEN = sample("azure-devops-pat")
RULES = "PAT101,PAT102,PAT103,PAT104,PAT105"

# A file's name, and its text with a token; MARK stands for a comment's words.
SYNTAXES = {
    "Python": ("a.py", 'T = "TOKEN"  # MARK\n'),
    "Python above": ("a.py", '# MARK\nT = "TOKEN"\n'),
    "Python, arguments": ("a.py", '# MARK\nsend(\n    "x",\n    "TOKEN",\n)\n'),
    "C#": ("a.cs", 'class A { string t = "TOKEN"; } // MARK\n'),
    "C# block": ("a.cs", 'class A {\n  /* MARK */\n  string t = "TOKEN";\n}\n'),
    "C# over lines": ("a.cs", 'class A {\n  /*\n   * MARK\n   */\n  string t = "TOKEN";\n}\n'),
    "C# documentation": ("a.cs", 'class A {\n  /// MARK\n  string t = "TOKEN";\n}\n'),
    "C# chain": ("a.cs", 'class A { void B() {\n  // MARK\n  client\n    .Use("a")\n    .Use("TOKEN");\n} }\n'),
    "Razor": ("a.cshtml", '@* MARK *@\n<a href="TOKEN"></a>\n'),
    "PowerShell": ("a.ps1", '$t = "TOKEN" # MARK\n'),
    "PowerShell block": ("a.ps1", '<# MARK #>\n$t = "TOKEN"\n'),
    "PowerShell over lines": ("a.ps1", '<#\n  MARK\n#>\n$t = "TOKEN"\n'),
    "PowerShell backtick": ("a.ps1", '# MARK\nInvoke-It `\n  -Pat "TOKEN"\n'),
    "batch rem": ("a.cmd", "rem MARK\nset PAT=TOKEN\n"),
    "batch Rem": ("a.bat", "@Rem MARK\nset PAT=TOKEN\n"),
    "batch colons": ("a.cmd", ":: MARK\nset PAT=TOKEN\n"),
    "batch caret": ("a.cmd", "rem MARK\ncurl ^\n  -u me:TOKEN https://dev.azure.com/o\n"),
    "shell": ("a.sh", "PAT=TOKEN # MARK\n"),
    "shell, backslash": ("a.sh", "# MARK\ncurl \\\n  -u me:TOKEN https://dev.azure.com/o\n"),
    "JavaScript": ("a.js", 'const t = "TOKEN"; // MARK\n'),
    "TypeScript block": ("a.ts", '/* MARK */\nconst t = "TOKEN";\n'),
    "JavaScript documentation": ("a.js", '/**\n * What it is.\n * MARK\n */\nconst t = "TOKEN";\n'),
    "JSX": ("a.jsx", 'const a = <b>\n  {/* MARK */}\n  <c t="TOKEN" />\n</b>;\n'),
    "Vue": ("a.vue", '<template>\n<!-- MARK -->\n<a t="TOKEN"/>\n</template>\n'),
    "Java": ("A.java", 'class A { String t = "TOKEN"; } // MARK\n'),
    "Java documentation": ("A.java", 'class A {\n  /**\n   * MARK\n   */\n  String t = "TOKEN";\n}\n'),
    "Kotlin": ("a.kt", 'val t = "TOKEN" // MARK\n'),
    "Groovy": ("a.groovy", 'def t = "TOKEN" // MARK\n'),
    "Jenkinsfile": ("Jenkinsfile", '/* MARK */\ndef t = "TOKEN"\n'),
    "Gradle": ("build.gradle", 'def t = "TOKEN" // MARK\n'),
    "Go": ("a.go", 'package a\n\nvar t = "TOKEN" // MARK\n'),
    "Go block": ("a.go", 'package a\n\n/* MARK */\nvar t = "TOKEN"\n'),
    "YAML": ("azure-pipelines.yml", "variables:\n  PAT: TOKEN # MARK\n"),
    "YAML above": ("a.yaml", "a:\n  # MARK\n  pat: TOKEN\n"),
    "script in YAML": ("azure-pipelines.yml", "steps:\n- script: |\n    # MARK\n    export PAT=TOKEN\n"),
    "TOML": ("a.toml", 'pat = "TOKEN" # MARK\n'),
    "INI semicolon": ("a.ini", "[a]\n; MARK\npat = TOKEN\n"),
    "INI hash": ("a.cfg", "[a]\n# MARK\npat = TOKEN\n"),
    ".npmrc": (".npmrc", "; MARK\n//pkgs.dev.azure.com/o/_packaging/f/npm/registry/:_password=TOKEN\n"),
    ".netrc": (".netrc", "# MARK\nmachine dev.azure.com login me password TOKEN\n"),
    ".env": (".env", "# MARK\nAZURE_DEVOPS_PAT=TOKEN\n"),
    "properties": ("a.properties", "! MARK\npat=TOKEN\n"),
    "git configuration": (".git-credentials.conf", "# MARK\nurl = https://me:TOKEN@dev.azure.com/o\n"),
    "XML": (
        "nuget.config",
        '<configuration>\n  <!-- MARK -->\n  <add key="ClearTextPassword" value="TOKEN" />\n</configuration>\n',
    ),
    "XML over lines": ("a.xml", "<a>\n  <!--\n    MARK\n  -->\n  <b>TOKEN</b>\n</a>\n"),
    "JSON with comments": ("a.jsonc", '{\n  // MARK\n  "pat": "TOKEN"\n}\n'),
    "JSON with a key for comments": ("a.json", '{\n  "//": "MARK",\n  "pat": "TOKEN"\n}\n'),
    "notebook": (
        "a.ipynb",
        '{"cells": [{"cell_type": "code", "source": [\n    "# MARK\\n",\n    "t = \'TOKEN\'\\n",\n    "x = 1"\n]}]}\n',
    ),
    "notebook, behind code": (
        "a.ipynb",
        '{"cells": [{"cell_type": "code", "source": [\n    "t = \'TOKEN\'  # MARK\\n",\n    "x = 1"\n]}]}\n',
    ),
    "HCL hash": ("a.tf", 'variable "a" {\n  # MARK\n  default = "TOKEN"\n}\n'),
    "HCL slashes": ("a.tf", 'locals {\n  pat = "TOKEN" // MARK\n}\n'),
    "Bicep": ("a.bicep", "var pat = 'TOKEN' // MARK\n"),
    "Dockerfile": ("Dockerfile", "FROM a\n# MARK\nENV PAT=TOKEN\n"),
    "Dockerfile, backslash": ("Dockerfile", "FROM a\n# MARK\nRUN a && \\\n  b TOKEN\n"),
    "Makefile": ("Makefile", "# MARK\nPAT = TOKEN\n"),
    "Markdown": ("a.md", "# Title\n\n<!-- MARK -->\nSet it to TOKEN.\n"),
    "Markdown, in the line": ("a.md", "# Title\n\nSet it to TOKEN. <!-- MARK -->\n"),
    "reStructuredText": ("a.rst", "Title\n=====\n\nSet it to TOKEN. # MARK\n"),
    "SQL": ("a.sql", "-- MARK\nINSERT INTO a VALUES ('TOKEN');\n"),
    "Visual Basic": ("a.vb", '\' MARK\nDim t = "TOKEN"\n'),
    "Ruby": ("a.rb", "=begin\nMARK\n=end\nt = 'TOKEN'\n"),
    "Lua": ("a.lua", "t = 'TOKEN' -- MARK\n"),
    "Haskell": ("a.hs", '{- MARK -}\nt = "TOKEN"\n'),
    "F#": ("a.fs", '(* MARK *)\nlet t = "TOKEN"\n'),
    "Lisp": ("a.lisp", ';; MARK\n(setq t "TOKEN")\n'),
    "TeX": ("a.tex", "% MARK\n\\token{TOKEN}\n"),
    "Jinja": ("a.j2", "{# MARK #}\npat: TOKEN\n"),
    "Handlebars": ("a.hbs", "{{!-- MARK --}}\npat: TOKEN\n"),
    "Helm": ("a.tpl", "{{- /* MARK */ -}}\npat: TOKEN\n"),
    "ASP": ("a.aspx", "<%-- MARK --%>\n<a>TOKEN</a>\n"),
    "CSS": ("a.css", "/* MARK */\n.a { content: 'TOKEN' }\n"),
    "PHP": ("a.php", "<?php\n$t = 'TOKEN'; // MARK\n"),
    "Vim": ("a.vim", "\" MARK\nlet t = 'TOKEN'\n"),
    "m4": ("a.m4", "dnl MARK\nPAT=TOKEN\n"),
}


def found(name: str, text: str, mark: str) -> list[Finding]:
    data = text.replace("TOKEN", TOKEN).replace("MARK", mark).encode()
    return list(scan_files({name: data}, CATALOGUE).findings)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_comment_suppresses(syntax: str) -> None:
    name, text = SYNTAXES[syntax]
    rules = {finding.rule for finding in found(name, text, "a word")}
    assert rules, "nothing is found without a comment"
    suppressed = found(name, text, f"pat-audit: ignore[{','.join(sorted(rules))}] revoked")
    assert [(finding.rule, finding.suppressed) for finding in suppressed] == [
        (finding.rule, "revoked") for finding in found(name, text, "a word")
    ]


# Files of the others cannot be written twice into one.
TWICE = [
    syntax
    for syntax, (name, _) in SYNTAXES.items()
    if not name.endswith((".ipynb", ".json", ".jsonc")) and not syntax.startswith(("Go", "Vue", "XML"))
]


@pytest.mark.parametrize("syntax", TWICE)
def test_for_that_place_only(syntax: str) -> None:
    name, text = SYNTAXES[syntax]
    rules = {finding.rule for finding in found(name, text, "a word")}
    twice = text + "\n\n" + text.replace("MARK", "another")
    marked = found(name, twice, f"pat-audit: ignore[{','.join(sorted(rules))}] revoked")
    line = text.count("\n")
    assert [finding for finding in marked if finding.location.line <= line and finding.suppressed is None] == []
    later = [finding for finding in marked if finding.location.line > line]
    assert later
    assert [finding.suppressed for finding in later] == [None] * len(later)


def test_every_language_is_among_them() -> None:
    endings = {name.rpartition(".")[2].lower() for name, _ in SYNTAXES.values()}
    assert [language for language, ends in ENDINGS.items() if not endings & {*ends}] == []


FOREIGN = {
    "gitleaks": "x = 'TOKEN'  # gitleaks:allow\n",
    "betterleaks": "x = 'TOKEN'  # betterleaks:allow\n",
    "detect-secrets": "x = 'TOKEN'  # pragma: allowlist secret\n",
    "detect-secrets, once": "x = 'TOKEN'  # pragma: whitelist secret\n",
    "detect-secrets, next line": "# pragma: allowlist nextline secret\nx = 'TOKEN'\n",
    "bandit": "x = 'TOKEN'  # nosec\n",
    "bandit, named": "x = 'TOKEN'  # nosec B105, B602\n",
    "bandit, by its name": "x = 'TOKEN'  # nosec hardcoded_password_string\n",
    "flake8": "x = 'TOKEN'  # noqa: E501, S105\n",
    "ruff": "x = 'TOKEN'  # noqa: S106\n",
    "ruff, the file": "# ruff: noqa: S105\n\n\nx = 'TOKEN'\n",
    "TruffleHog": "x = 'TOKEN'  # trufflehog:ignore\n",
    "kingfisher": "x = 'TOKEN'  # kingfisher:ignore\n",
    "over lines": "x = '''\nTOKEN\n'''  # gitleaks:allow\ny = 'TOKEN'  # gitleaks:allow\n",
}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def suppressed(text: str, *, respect: bool, name: str = "a.py") -> list[str | None]:
    Path(name).write_text(text.replace("TOKEN", TOKEN))
    report = scan(Target(["."], Config(respect_foreign_markers=respect), CATALOGUE))
    assert report.findings
    return [finding.suppressed for finding in report.findings]


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize("tool", FOREIGN)
def test_a_marker_of_another_tool_counts_on_request(tool: str) -> None:
    text = FOREIGN[tool]
    assert set(suppressed(text, respect=False)) == {None}
    last = suppressed(text, respect=True)[-1]
    assert last is not None
    assert last.startswith("marked ")


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    "text",
    [
        "x = 'TOKEN'  # nosec B602\n",
        "x = 'TOKEN'  # noqa: E501\n",
        "x = 'TOKEN'  # noqa\n",
        "x = 'TOKEN'\ny = 1  # gitleaks:allow\n",
        "# gitleaks:allow\nx = 'TOKEN'\n",
        "# ruff: noqa: E501\nx = 'TOKEN'\n",
        "nosec = 'TOKEN'\n",
        "x = 'TOKEN'  # gitleaks: allowed\n",
    ],
)
def test_what_says_nothing_of_secrets_does_not_count(text: str) -> None:
    assert suppressed(text, respect=True) == [None]


@pytest.mark.usefixtures("tree")
def test_they_vouch_for_written_tokens_only() -> None:
    text = (
        "import os, requests\n"
        "auth = ('', os.environ['ADO_PAT'])  # nosec\n"
        "requests.get('https://dev.azure.com/o/_apis/projects', auth=auth)  # nosec\n"
    )
    assert set(suppressed(text, respect=True)) == {None}


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.go", 'package a\n\nvar t = "TOKEN" //#nosec G101 -- a test\n'),
        ("a.yaml", "pat: TOKEN # gitleaks:allow\n"),
        ("a.xml", "<a>TOKEN</a> <!-- pragma: allowlist secret -->\n"),
        ("a.cs", 'class A { string t = "TOKEN"; } // kingfisher:ignore\n'),
        ("a.sql", "SELECT 'TOKEN'; -- trufflehog:ignore\n"),
    ],
)
def test_they_count_in_other_languages_too(name: str, text: str) -> None:
    (reason,) = suppressed(text, respect=True, name=name)
    assert reason is not None
