"""Texts of a configuration format in programs: manifests in raw strings, configurations that code puts together."""

from __future__ import annotations

import datetime

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.flow.settings_texts import holds_settings
from pat_audit.flow.values import Site, Source, Text
from pat_audit.scan import scan_files
from pat_audit.settings.texts_in_programs import written

CATALOGUE = load_catalogue(plugins=False)
MANIFEST = """\
apiVersion: keda.sh/v1alpha1
kind: ScaledJob
spec:
  triggers:
  - type: azure-pipelines
    metadata:
      personalAccessTokenFromEnv: "AZP_TOKEN"
"""


def found(path: str, program: str) -> list[tuple[int, int, str]]:
    """Line, column and rule of what is found in a program."""
    report = scan_files({path: program.encode()}, CATALOGUE, datetime.date(2026, 11, 23))
    return [(each.location.line, each.location.column, each.rule) for each in report.findings]


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("scaling.go", "package scaling\n\nconst trigger = `", "`\n"),
        ("scaling.py", 'TRIGGER = """', '"""\n'),
        ("scaling.ts", "export const trigger = `", "`;\n"),
        ("Scaling.cs", 'const string Trigger = """\n', '""";\n'),
        ("Scaling.kt", 'val trigger = """', '"""\n'),
        ("scaling.sh", "kubectl apply -f - <<'EOF'\n", "EOF\n"),
        ("scaling.ps1", "$trigger = @'\n", "'@\n"),
    ],
)
def test_a_manifest_in_a_program_is_one(path: str, before: str, after: str) -> None:
    last = MANIFEST.splitlines()[-1]
    line = (before + MANIFEST).splitlines().index(last) + 1
    assert found(path, before + MANIFEST + after) == [(line, last.index("AZP_TOKEN") + 1, "PAT401")]


def test_a_manifest_with_doubled_quotes_is_found_on_its_line() -> None:
    program = 'const string Trigger = @"' + MANIFEST.replace('"', '""') + '";\n'
    assert [(line, rule) for line, _, rule in found("Scaling.cs", program)] == [(7, "PAT401")]


def test_lines_that_are_no_known_format_are_only_text() -> None:
    assert not found("help.py", '"""Settings.\n\npat: the token\npersonalAccessToken: the same\nurl: where to\n"""\n')


def test_what_a_program_puts_into_a_configuration_is_judged_at_its_line() -> None:
    program = """\
import os

def sources(feed):
    pat = os.environ["AZDO_PAT"]
    return f'''<configuration>
  <packageSourceCredentials>
    <internal>
      <add key="Username" value="{feed}" />
      <add key="ClearTextPassword" value="{pat}" />
    </internal>
  </packageSourceCredentials>
</configuration>'''
"""
    assert [(line, rule) for line, _, rule in found("feeds.py", program)] == [(4, "PAT501"), (9, "PAT504")]


def test_a_configuration_without_a_credential_is_nothing() -> None:
    program = """\
def sources(feed):
    return f'''<configuration>
  <packageSources>
    <add key="internal" value="{feed}" />
  </packageSources>
</configuration>'''
"""
    assert not found("feeds.py", program)


def test_places_with_escapes_are_those_of_the_piece_between_them() -> None:
    raw = rb'x = "<add key=\"ClearTextPassword\" value=\"$PAT\" />"'
    start, end = 4, len(raw)
    parts = ('<add key="ClearTextPassword" value="', Source("environment", "PAT"), '" />')
    text = written(Text(parts, Site("x.sh", start, end)), raw)
    assert text is not None
    assert text.syntax == "xml"
    hole = text.data.index(b"pathole")
    assert start <= text.place(hole) <= end
    assert text.place(len(text.data)) <= end


def test_a_text_that_mostly_stands_elsewhere_is_judged_there() -> None:
    text = Text(("apiVersion: v1\n", "kind: Secret\n", "data:\n  pat: eA==\n"), Site("x.py", 0, 9))
    assert written(text, b"f(a, b, c)") is None


@pytest.mark.parametrize(
    ("shape", "holds"),
    [
        ("first: line\nsecond: line\npersonal_access_token: x\n", True),
        ("first: line\nsecond: line\nthird: line and some more\n", False),
        ("personal_access_token: x, all in one line, as long as it is", False),
        ('<add key="Username" value="x"/><add key="PersonalAccessToken" value="y"/>', True),
        ("pat: x\n", False),
    ],
)
def test_which_texts_are_looked_at(shape: str, holds: bool) -> None:
    assert holds_settings(shape, lambda name: "accesstoken" in name.lower().replace("_", "")) is holds
