"""The HTML page as a file: whole, closed to the network, and with nothing of the scanned text in its markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pat_audit.model import Fix, Location, Problem, Report, Safety, Step
from pat_audit.report import Options, render

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding

BREAKING = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    "\u2028\u2029",
    '"}</script>',
    "${alert(1)}",
    "$style",
    "\0",
    "\\u003c/script>",
    "<img src=x onerror=alert(1)>",
)


class Page(HTMLParser):
    """The tags of a page in order, with their attributes, and the texts of its style, scripts and data."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._open = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = str(dict(attrs).get("id") or tag) if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open] = self.texts.get(self._open, "") + data

    @property
    def data(self) -> dict[str, Any]:
        read = json.loads(self.texts["data"])
        assert isinstance(read, dict)
        return read


def html(report: Report, catalogue: Catalogue, options: Options | None = None) -> str:
    return "".join(render("html", report, catalogue, options or Options(show_suppressed=True)))


def hostile(finding: Finding, text: str) -> Report:
    place = replace(finding.location, path=text or "a")
    fix = Fix(text, Safety.SAFE, finding.fixes[0].edits, steps=(text,))
    changed = replace(
        finding, message=text, name=text, rule=text or "R", service=text, credential=f"env:{text}", url=text,
        location=place, trail=(Step(replace(place, line=3), text),), fixes=(fix,), also=(text,), suppressed=text,
    )  # fmt: skip
    return Report((changed,), (Problem(text, text),), 1)


def test_the_policy_allows_this_style_and_script_alone(report: Report, catalogue: Catalogue) -> None:
    page = Page(html(report, catalogue))
    (policy,) = (attributes["content"] for _, attributes in page.tags if attributes.get("http-equiv"))
    allowed = dict(part.strip().split(" ", 1) for part in str(policy).split(";"))
    for directive, text in (("script-src", page.texts["script"]), ("style-src", page.texts["style"])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert allowed[directive] == f"'sha256-{digest}'"
    assert allowed["default-src"] == allowed["base-uri"] == allowed["form-action"] == "'none'"
    assert not any(name.startswith("on") or name == "style" for _, attributes in page.tags for name in attributes)


def test_it_loads_nothing(report: Report, catalogue: Catalogue) -> None:
    text = html(report, catalogue)
    page = Page(text)
    for _, attributes in page.tags:
        for name in ("src", "href", "action", "srcset"):
            assert re.match(r"(data:,|#|$)", attributes.get(name) or ""), attributes
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|innerHTML|insertAdjacent|document\.write|eval\(", text)


def test_the_data_holds_every_text_once(report: Report, finding: Finding, catalogue: Catalogue) -> None:
    page = Page(html(Report((finding, finding, replace(finding, suppressed="old")), report.problems, 7), catalogue))
    data = page.data
    assert len(data["findings"]) == 3
    assert len(data["texts"]) == len(set(data["texts"]))
    assert data["texts"].count("ADO_PAT goes to Azure DevOps") == 1
    assert data["problems"] == [["old.py", "cannot be parsed: print", False], ["gone.py", "vanished", True]]
    assert [fix[:3] for fix in data["fixes"]] == [
        ["Send an Entra token", "unsafe", True],
        ["Ask an administrator", "manual", False],
    ]
    assert data["rules"][0][:3] == ["PAT201", "hand-built-basic-header", "basic-header"]
    assert data["rules"][0][3] == "A hand-built header carries a long-lived credential. Use a short-lived one."


def test_code_comes_masked_and_marked(finding: Finding, catalogue: Catalogue) -> None:
    line = 'x = "hunter2abc"'
    written = replace(
        finding, rule="PAT101", category="hardcoded-pat", location=Location("a.py", 1, 5, 1, 17), trail=()
    )
    options = Options(read_line=lambda path, number: line)
    text = html(Report((written,), (), 1), catalogue, options)
    assert "hunter2abc" not in text
    data = Page(text).data
    number, start, width = data["findings"][0][12]
    assert data["texts"][number][start : start + width] == '"***"'


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=30) | st.lists(st.sampled_from(BREAKING), max_size=3).map("".join))
def test_scanned_text_stays_in_the_data(finding: Finding, catalogue: Catalogue, text: str) -> None:
    options = Options(show_suppressed=True, read_line=lambda path, line: text)
    page, plain = Page(html(hostile(finding, text), catalogue, options)), Page(html(Report((), (), 0), catalogue))
    assert page.tags == plain.tags
    assert page.texts["script"] == plain.texts["script"]
    assert "<" not in page.texts["data"]
    assert len(page.data["findings"]) == 1


@pytest.mark.parametrize("text", BREAKING)
def test_each_text_that_breaks_pages_stays_in_the_data(finding: Finding, catalogue: Catalogue, text: str) -> None:
    page = Page(html(hostile(finding, text), catalogue, Options(show_suppressed=True, read_line=lambda *_: text)))
    assert [tag for tag, _ in page.tags].count("script") == 2
    assert "<" not in page.texts["data"]


def test_twenty_thousand_findings_make_a_page_in_seconds(many: Callable[[int], Report], catalogue: Catalogue) -> None:
    began = time.monotonic()
    text = html(many(20_000), catalogue, Options(read_line=lambda path, line: f"code({line}) of {path}"))
    assert time.monotonic() - began < 30
    assert len(text) < 12_000_000
