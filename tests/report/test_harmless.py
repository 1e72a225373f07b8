"""Scanned text commands neither a terminal nor a pipeline, and no secret is ever shown, in any format."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pat_audit.catalogue import load_catalogue
from pat_audit.model import Edit, Fix, Problem, Report, Safety, Span, Step
from pat_audit.report import RENDERERS, Options, render
from pat_audit.report.masking import token_mask
from pat_audit.report.neutral import neutral
from pat_audit.tokens.samples import sample
from pat_audit.tokens.scan import scanner_for

if TYPE_CHECKING:
    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding

OWN_COMMAND = {
    "github": re.compile(r"::(error|warning|notice) [^:]*::"),
    "azure": re.compile(r"##vso\[task\.logissue [^\]]*\]"),
}
PIECES = st.sampled_from(
    [
        "##vso[",
        "##",
        "[",
        "vso[task.setvariable]",
        "::",
        ":",
        "error",
        "::error file=a:b::x",
        "::stop-commands::",
        "\x1b[31m",
        "\x9b",
        "\r",
        "\n",
        "\t",
        "\u202e",
        "\u2028",
        "\u200b",
        "\udcff",
        "\x00",
        " ",
        "a",
        "é",
        "%0A",
        "]",
        ";",
        "##[group]",
    ]
)
HOSTILE = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=30)


def hostile(finding: Finding, text: str) -> Report:
    place = replace(finding.location, path=text or "a")
    changed = replace(
        finding,
        message=text,
        location=place,
        url=text,
        credential=text,
        trail=(Step(place, text), Step(replace(place, line=3), text)),
        fixes=(
            Fix(
                text,
                Safety.UNSAFE,
                edits=(Edit(place.path, Span(0, 3), text),),
                steps=(text, "long words " * 20 + text),
            ),
        ),
        suppressed=text,
    )
    return Report((changed, replace(changed, fixes=(), suppressed=None)), (Problem(text, text, fatal=True),), 1)


@pytest.mark.parametrize("format", sorted(RENDERERS))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=HOSTILE)
def test_no_command_gets_through(format: str, catalogue: Catalogue, finding: Finding, text: str) -> None:
    options = Options(
        read_line=lambda path, line: text,
        read_bytes=lambda path: f"old {text}\n".encode("utf-8", "surrogateescape"),
        show_suppressed=True,
        root="/src",
        verbose=True,
    )
    output = "".join(render(format, hostile(finding, text), catalogue, options))
    for line in output.split("\n"):
        rest = OWN_COMMAND[format].sub("", line, count=1) if format in OWN_COMMAND else line
        assert not re.search(r"##(vso)?\[", rest, re.IGNORECASE)
        assert not re.match(r"\s*::", rest)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u202e\ud800-\udfff]", line)
    if format in ("json", "sarif"):
        json.loads(output)


@given(HOSTILE)
def test_neutral_text_is_one_line_and_stays_so(text: str) -> None:
    once = neutral(text)
    assert "\n" not in once
    assert not once.lstrip().startswith("::")
    assert "##[" not in once
    assert "##vso[" not in once.lower()


def test_json_keeps_what_it_escapes(finding: Finding, catalogue: Catalogue) -> None:
    path = "##vso[x]\udcff::.py"
    report = Report((replace(finding, location=replace(finding.location, path=path)),), (), 1)
    output = "".join(render("json", report, catalogue, Options()))
    assert "##" not in output
    assert json.loads(output)["findings"][0]["path"] == path


def test_source_text_of_cpp_and_ipv6_stays_readable() -> None:
    assert neutral("std::string a = b::c;") == "std::string a = b::c;"
    assert neutral("fe80::1 [::1]") == "fe80::1 [::1]"


@pytest.fixture(scope="module")
def full() -> Catalogue:
    """The catalogue with the built-in credentials."""
    return load_catalogue(cache=False)


def _at(fix: Fix, path: str) -> Fix:
    return replace(fix, edits=tuple(replace(edit, path=path) for edit in fix.edits))


@pytest.mark.parametrize("format", sorted(RENDERERS))
@pytest.mark.parametrize("kind", ["azure-devops-pat", "azure-devops-pat-legacy", "github-pat", "gitlab-pat"])
def test_a_token_is_shown_nowhere(format: str, kind: str, finding: Finding, full: Catalogue) -> None:
    token = sample(kind)
    report = hostile(finding, f"x = '{token}' and https://u:{token}@h/ and {token}")
    where = finding.location
    steps = tuple(replace(step, location=where) for step in report.findings[0].trail)
    report = Report(
        tuple(
            replace(each, location=where, trail=steps, fixes=tuple(_at(fix, where.path) for fix in each.fixes))
            for each in report.findings
        ),
        (Problem("a.py", f"bad line: {token}"),),
        1,
    )
    options = Options(
        mask=token_mask(lambda: scanner_for(full.credentials)),
        read_line=lambda path, line: f"token = '{token}'; url = 'https://u:{token}@dev.azure.com'" + " " * line,
        read_bytes=lambda path: f"token = '{token}'; url = 'https://u:{token}@dev.azure.com'\n".encode() * 20,
        show_suppressed=True,
        verbose=True,
    )
    output = "".join(render(format, report, full, options))
    assert token not in output
    assert token[8:30] not in output


@pytest.mark.parametrize("format", sorted(RENDERERS))
@pytest.mark.parametrize("kind", ["azure-devops-pat", "github-pat"])
def test_a_token_in_a_file_s_name_is_shown_nowhere(format: str, kind: str, finding: Finding, full: Catalogue) -> None:
    token = sample(kind)
    path = f"keys/{token}.txt"
    where = replace(finding.location, path=path)
    steps = tuple(replace(step, location=where) for step in finding.trail)
    named = replace(finding, location=where, trail=steps, fixes=tuple(_at(fix, path) for fix in finding.fixes))
    options = Options(mask=token_mask(lambda: scanner_for(full.credentials)), show_suppressed=True)
    report = Report((named, replace(named, suppressed="x")), (Problem(path, "cannot be read", fatal=True),), 1)
    output = "".join(render(format, report, full, options))
    assert token not in output
    assert token[8:30] not in output
    assert "keys/" in output
