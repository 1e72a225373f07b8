"""The table for spreadsheets: read back as it was written, and no cell is a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pat_audit.model import Report
from pat_audit.report import Options, render
from pat_audit.report.csv import COLUMNS

if TYPE_CHECKING:
    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding


def rows(report: Report, catalogue: Catalogue) -> list[dict[str, str]]:
    output = "".join(render("csv", report, catalogue, Options(show_suppressed=True)))
    read = list(csv.reader(io.StringIO(output, newline=""), strict=True))
    assert read[0] == list(COLUMNS)
    assert all(len(row) == len(COLUMNS) for row in read)
    return [dict(zip(read[0], row, strict=True)) for row in read[1:]]


def test_a_row_for_each_finding(report: Report, finding: Finding, catalogue: Catalogue) -> None:
    silent = replace(finding, suppressed='"old", they said', fixes=finding.fixes[1:], url=None)
    first, second = rows(Report((finding, silent), (), 2), catalogue)
    assert (first["path"], first["line"], first["column"]) == ("tools/ado.py", "12", "16")
    assert (first["rule"], first["severity"], first["fixable"]) == ("PAT201", "warning", "unsafe")
    assert first["instead"] == "Send an Entra token or Ask an administrator"
    assert (second["suppressed"], second["url"], second["fixable"]) == ('"old", they said', "", "manual")
    assert rows(Report((), (), 2), catalogue) == []


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "|calc", "%0A", "＝1", '"=1', '=HYPERLINK("http://x")'],
)
def test_no_cell_is_a_formula(text: str, finding: Finding, catalogue: Catalogue) -> None:
    hostile = replace(
        finding, message=text, credential=text, url=text, suppressed=text, location=replace(finding.location, path=text)
    )
    (row,) = rows(Report((hostile,), (), 1), catalogue)
    for cell in row.values():
        assert cell.lstrip(" ")[:1] not in tuple("=+-@|%＝＋－＠\t\r"), cell
    assert text.strip() in row["message"] or "\r" in text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=30) | st.lists(st.sampled_from('",;\n\r=a\x00')).map("".join))
def test_no_text_makes_another_cell_or_row(finding: Finding, catalogue: Catalogue, text: str) -> None:
    (row,) = rows(Report((replace(finding, message=text, suppressed=text),), (), 1), catalogue)
    assert row["rule"] == "PAT201"
