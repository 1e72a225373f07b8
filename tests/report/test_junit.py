"""JUnit XML: what readers of it and the schemas of Ant and Jenkins ask of the document."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pat_audit.model import Problem, Report, Severity
from pat_audit.report import Options, render

if TYPE_CHECKING:
    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding

SUITE = {"name", "package", "id", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname"}
OUTCOMES = {"failure": {"type", "message"}, "error": {"type", "message"}, "skipped": {"message"}}
COUNTED = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def document(report: Report, catalogue: Catalogue, options: Options | None = None) -> ElementTree.Element:
    """The parsed report, held to the structure that both schemas allow."""
    root = ElementTree.fromstring("".join(render("junit", report, catalogue, options or Options())).encode())
    assert (root.tag, root.attrib) == ("testsuites", {})
    assert len(root) > 0
    for number, suite in enumerate(root):
        assert (suite.tag, set(suite.attrib), suite.get("id")) == ("testsuite", SUITE, str(number))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp", ""))
        assert suite.get("name")
        first, *cases, out, err = list(suite)
        assert [first.tag, out.tag, err.tag] == ["properties", "system-out", "system-err"]
        assert suite.get("tests") == str(len(cases))
        seen = []
        for case in cases:
            assert (case.tag, set(case.attrib)) == ("testcase", {"name", "classname", "time"})
            for outcome in case:
                assert set(outcome.attrib) == OUTCOMES[outcome.tag]
                seen.append(COUNTED[outcome.tag])
            assert len(case) <= 1
        assert {kind: suite.get(kind) for kind in COUNTED.values()} == {
            kind: str(seen.count(kind)) for kind in COUNTED.values()
        }
    return root


def test_a_failed_test_for_each_finding(report: Report, finding: Finding, catalogue: Catalogue) -> None:
    other = replace(finding, location=replace(finding.location, path="a.py"), severity=Severity.ERROR)
    root = document(Report((*report.findings, other, other), report.problems, 7), catalogue)
    assert [(suite.get("name"), suite.get("tests")) for suite in root] == [
        ("a.py", "2"),
        ("tools/ado.py", "1"),
        ("problems of the run", "2"),
    ]
    (case,) = root[1].findall("testcase")
    assert (case.get("name"), case.get("classname")) == ("PAT201 hand-built-basic-header 12:16", "tools/ado.py")
    (failure,) = case
    assert failure.attrib == {"type": "warning", "message": "ADO_PAT goes to Azure DevOps"}
    assert (failure.text or "").splitlines() == [
        "tools/ado.py:12:16: ADO_PAT goes to Azure DevOps",
        "tools/ado.py:4: read from ADO_PAT",
        "instead: Send an Entra token",
        "instead: Ask an administrator",
        "1. Write a mail.",
    ]
    assert [problem[0].tag for problem in root[2].findall("testcase")] == ["skipped", "error"]


def test_what_does_not_fail_the_run_fails_no_test(finding: Finding, catalogue: Catalogue) -> None:
    note, silent = replace(finding, severity=Severity.NOTE), replace(finding, suppressed="old server")
    report = Report((note, silent), (), 1)

    def outcomes(options: Options) -> list[str]:
        return [case[0].tag for case in document(report, catalogue, options).iter("testcase")]

    assert outcomes(Options()) == ["skipped"]
    assert outcomes(Options(fail_on=Severity.NOTE)) == ["failure"]
    assert outcomes(Options(fail_on=Severity.NOTE, show_suppressed=True)) == ["failure", "skipped"]


def test_a_clean_run_is_a_passed_test(catalogue: Catalogue) -> None:
    root = document(Report((), (), 3), catalogue)
    assert [case.get("name") for case in root.iter("testcase")] == ["no findings in 3 files"]
    assert root.find(".//failure") is None


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=40) | st.sampled_from(["]]>", "<!--", '"/><x a="', "\ufffe", "\x00", "&lt;", "\udcff"]))
def test_no_text_breaks_out_of_its_place(catalogue: Catalogue, finding: Finding, text: str) -> None:
    hostile = replace(finding, message=text, location=replace(finding.location, path=text), suppressed=None)
    root = document(Report((hostile,), (Problem(text, text, fatal=True),), 1), catalogue)
    assert {element.tag for element in root.iter()} <= {
        "testsuites", "testsuite", "properties", "testcase", "failure", "error", "system-out", "system-err",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["a < b & c > 'd' \"e\"", "größer → 日本"])
def test_ordinary_text_is_kept(catalogue: Catalogue, finding: Finding, text: str) -> None:
    root = document(Report((replace(finding, message=text),), (), 1), catalogue)
    (failure,) = root.iter("failure")
    assert failure.get("message") == text
    assert text in (failure.text or "")
