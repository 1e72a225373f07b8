"""What each format looks like."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pat_audit.config import OUTPUT_FORMATS
from pat_audit.model import Problem, Report, Safety, Severity
from pat_audit.report import RENDERERS, Options, render

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding

    Read = Callable[[str, int], str | None]


def text_of(format: str, report: Report, catalogue: Catalogue, options: Options | None = None) -> str:
    return "".join(render(format, report, catalogue, options or Options()))


def test_every_format_that_can_be_asked_for_has_a_renderer() -> None:
    assert set(RENDERERS) == set(OUTPUT_FORMATS)


def test_text(report: Report, catalogue: Catalogue, read_line: Read) -> None:
    assert text_of("text", report, catalogue, Options(read_line=read_line)) == (
        "tools/ado.py:12:16: warning: PAT201 [*] hand-built-basic-header\n"
        "  ADO_PAT goes to Azure DevOps\n"
        '    12 | headers = {"Authorization": "Basic " + encoded}\n'
        "       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  how it got here:\n"
        "    1. read from ADO_PAT (4:7)\n"
        '     4 | pat = os.environ["ADO_PAT"]\n'
        "  instead: Send an Entra token (--fix --unsafe-fixes: check what it changes)\n"
        "       or: Ask an administrator\n"
        "\n"
        "note: old.py: cannot be parsed: print\n"
        "error: gone.py: vanished\n"
        "1 finding in 7 files: 1 warning. `pat-audit explain RULE` says more.\n"
        "[*] 1 fixable with --fix --unsafe-fixes.\n"
    )


def test_text_of_a_clean_run(catalogue: Catalogue) -> None:
    assert text_of("text", Report((), (), 1), catalogue) == "No findings in 1 file.\n"
    assert text_of("text", Report((), (), 1200), catalogue, Options(quiet=True)) == ""


def test_text_in_colour_and_verbose(report: Report, catalogue: Catalogue) -> None:
    shown = text_of("text", report, catalogue, Options(colour=True, verbose=True))
    assert "\x1b[1;33mwarning\x1b[0m" in shown
    assert "\x1b[32m       or: \x1b[0mAsk an administrator\n    1. Write a mail.\n" in shown
    assert "why: A hand-built header carries a long-lived credential. Use a short-lived one." in shown


def test_suppressed_findings_show_on_request(finding: Finding, catalogue: Catalogue) -> None:
    report = Report((replace(finding, suppressed="old server"),), (), 1)
    assert text_of("text", report, catalogue) == "No findings in 1 file; 1 suppressed.\n"
    assert json.loads(text_of("json", report, catalogue))["findings"] == []
    options = Options(show_suppressed=True)
    assert "suppressed here: old server" in text_of("text", report, catalogue, options)
    assert "(suppressed: old server)" in text_of("concise", report, catalogue, options)
    document = json.loads(text_of("json", report, catalogue, options))
    assert document["findings"][0]["suppressed"] == "old server"
    assert document["summary"]["findings"] == 0
    for format in ("github", "azure"):
        assert text_of(format, report, catalogue, options) == ""


def test_concise(report: Report, catalogue: Catalogue) -> None:
    assert text_of("concise", report, catalogue) == ("tools/ado.py:12:16: PAT201 [*] ADO_PAT goes to Azure DevOps\n")


def test_json_is_the_contract(report: Report, catalogue: Catalogue) -> None:
    document = json.loads(text_of("json", report, catalogue))
    assert document["version"] == 1
    assert document["tool"]["name"] == "pat-audit"
    by_severity = {"error": 0, "warning": 1, "note": 0}
    assert document["summary"] == {"files": 7, "findings": 1, "by_severity": by_severity, "suppressed": 0}
    assert document["errors"] == [
        {"path": "old.py", "message": "cannot be parsed: print"},
        {"path": "gone.py", "message": "vanished"},
    ]
    (finding,) = document["findings"]
    assert finding == {
        "rule": "PAT201",
        "name": "hand-built-basic-header",
        "category": "basic-header",
        "severity": "warning",
        "confidence": "high",
        "message": "ADO_PAT goes to Azure DevOps",
        "path": "tools/ado.py",
        "line": 12,
        "column": 16,
        "end_line": 12,
        "end_column": 50,
        "provider": "azure-devops",
        "service": "azure-devops",
        "url": "https://dev.azure.com/{}/_apis/projects",
        "credential": "env:ADO_PAT",
        "trail": [{"path": "tools/ado.py", "line": 4, "column": 7, "note": "read from ADO_PAT"}],
        "fixes": [
            {
                "title": "Send an Entra token",
                "safety": "unsafe",
                "edits": [{"path": "tools/ado.py", "start": 100, "end": 134, "text": "new"}],
                "steps": [],
            },
            {"title": "Ask an administrator", "safety": "manual", "edits": [], "steps": ["Write a mail."]},
        ],
        "also": [],
        "fingerprint": "f1",
        "suppressed": None,
    }
    (line,) = text_of("json-lines", report, catalogue).splitlines()
    assert json.loads(line) == finding


def test_findings_come_in_order(finding: Finding, catalogue: Catalogue) -> None:
    later = replace(finding, location=replace(finding.location, line=100, end_line=100))
    other = replace(finding, location=replace(finding.location, path="a.py"))
    shown = text_of("concise", Report((later, finding, other), (), 2), catalogue)
    assert [line.split(": ")[0] for line in shown.splitlines()] == [
        "a.py:12:16",
        "tools/ado.py:12:16",
        "tools/ado.py:100:16",
    ]


def test_github(report: Report, finding: Finding, catalogue: Catalogue) -> None:
    properties = "title=PAT201 hand-built-basic-header,file=tools/ado.py,line=12,endLine=12,col=16,endColumn=50"
    message = "ADO_PAT goes to Azure DevOps. Instead: Send an Entra token or Ask an administrator"
    assert text_of("github", report, catalogue).splitlines() == [
        f"::warning {properties}::{message}",
        "::notice file=old.py::cannot be parsed: print",
        "::error file=gone.py::vanished",
    ]
    odd = replace(
        finding,
        message="50% of a\nb: c, d",
        location=replace(finding.location, path="a,b:c%.py", end_line=13),
        severity=Severity.NOTE,
    )
    (line,) = text_of("github", Report((odd,), (), 1), catalogue).splitlines()
    assert line.startswith("::notice title=PAT201 hand-built-basic-header,file=a%2Cb%3Ac%25.py,line=12,")
    assert "endColumn" not in line
    assert "::50%25 of a\\x0ab: c, d. Instead" in line


def test_azure(report: Report, finding: Finding, catalogue: Catalogue) -> None:
    lines = text_of("azure", report, catalogue, Options(root="/src")).splitlines()
    assert lines[0] == (
        "##vso[task.logissue type=warning;sourcepath=/src/tools/ado.py;linenumber=12;columnnumber=16;"
        "code=PAT201;]ADO_PAT goes to Azure DevOps. Instead: Send an Entra token or Ask an administrator"
    )
    assert lines[2] == "##vso[task.logissue type=error;sourcepath=/src/gone.py;]vanished"
    odd = replace(finding, message="100%; [a]", fixes=(), rule="X", severity=Severity.ERROR)
    odd = replace(odd, location=replace(odd.location, path="a;b]%.py"))
    (line,) = text_of("azure", Report((odd,), (), 1), catalogue, Options(root="/s")).splitlines()
    assert "sourcepath=/s/a%3Bb%5D%AZP25.py;" in line
    assert line.endswith("]100%AZP25%3B [a%5D")
    note = replace(finding, severity=Severity.NOTE, fixes=(), rule="X")
    assert text_of("azure", Report((note,), (), 1), catalogue) == (
        "tools/ado.py:12:16: X ADO_PAT goes to Azure DevOps\n"
    )


@pytest.mark.parametrize("format", sorted(RENDERERS))
def test_nothing_found_and_nothing_known_breaks_no_format(format: str, catalogue: Catalogue, finding: Finding) -> None:
    text_of(format, Report((), (), 0), catalogue)
    text_of(format, Report((replace(finding, rule="ZZ999"),), (Problem("", "x"),), 0), catalogue)


def test_a_narrow_terminal_has_no_line_that_wraps(finding: Finding, catalogue: Catalogue) -> None:
    words = "a credential that goes a long way to a service " * 4
    wide = replace(finding, message=words, trail=tuple(replace(step, note=words) for step in finding.trail) * 2)
    wide = replace(wide, fixes=tuple(replace(fix, title=words) for fix in wide.fixes), suppressed=words)
    code = "    call(" + "argument, " * 30 + ")"
    options = Options(width=40, read_line=lambda path, line: code, show_suppressed=True, verbose=True, colour=True)
    shown = text_of("text", Report((wide,), (), 1), catalogue, options)
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in shown.splitlines()]
    assert len(lines) > 40
    assert [line for line in lines[1:-1] if len(line) > 40] == []


def test_what_a_tool_can_mend_is_marked_and_counted(finding: Finding, catalogue: Catalogue) -> None:
    safe = replace(finding, fixes=(replace(finding.fixes[0], safety=Safety.SAFE), *finding.fixes))
    manual = replace(finding, fixes=finding.fixes[1:])
    silenced = replace(safe, suppressed="old")
    report = Report((safe, finding, finding, manual, silenced), (), 1)
    options = Options(show_suppressed=True)
    shown = text_of("text", report, catalogue, options)
    assert shown.splitlines()[-1] == "[*] 1 fixable with --fix, 2 more with --unsafe-fixes."
    marks = [": PAT201 [*] " in line for line in text_of("concise", report, catalogue, options).splitlines()]
    assert marks == [True, True, True, False, True]
    assert "[*]" not in text_of("text", Report((manual,), (), 1), catalogue)
    assert "instead: Send an Entra token (--fix)\n" in shown
