"""The summary for people: what it says, and that GitHub's own reader finds no markup in scanned text."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options as Reading
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pat_audit.model import Fix, Problem, Report, Safety, Severity
from pat_audit.report import Options, render

if TYPE_CHECKING:
    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding


class Page(HTMLParser):
    """How many of which tags a page has, with which attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.links: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def summary(report: Report, catalogue: Catalogue, options: Options | None = None) -> str:
    return "".join(render("markdown", report, catalogue, options or Options(show_suppressed=True)))


def page(report: Report, catalogue: Catalogue) -> Page:
    return Page(cmarkgfm.github_flavored_markdown_to_html(summary(report, catalogue), Reading.CMARK_OPT_UNSAFE))


def with_text(finding: Finding, text: str) -> Report:
    fixes = (Fix(text, Safety.MANUAL, steps=(text, "Use `" + text.replace("`", "") + "`.")),)
    hostile = replace(
        finding, message=text, credential=f"env:{text}", service=text, fixes=fixes, suppressed=None,
        location=replace(finding.location, path=text or "a"),
    )  # fmt: skip
    return Report((hostile, replace(hostile, suppressed=text)), (Problem(text, text),), 1)


def test_what_a_person_reads(report: Report, finding: Finding, catalogue: Catalogue) -> None:
    error = replace(finding, severity=Severity.ERROR, credential="literal", service=None, message="a_b * c")
    read = page(Report((*report.findings, error), report.problems, 7), catalogue)
    assert "pat-audit: 2 findings in 7 files" in read.text
    for words in ("ADO_PAT (environment variable)", "written down", "tools/ado.py:12", "a_b * c", "azure-devops"):
        assert words in read.text
    assert "[*] 2 fixable with --fix --unsafe-fixes." in read.text
    assert "Send an Entra token (2 findings)" in read.text
    assert "gone.py vanished" in read.text
    assert read.tags["table"] == 4
    assert read.text.index("🔴") < read.text.index("🟠")


def test_a_clean_run(catalogue: Catalogue) -> None:
    assert summary(Report((), (), 1200), catalogue) == "## pat-audit: no findings in 1,200 files\n\n"


def test_steps_are_listed_and_keep_their_code(finding: Finding, catalogue: Catalogue) -> None:
    fix = Fix("Ask for a token", Safety.MANUAL, steps=("Install `azure-identity`.", "1. is no list", "- nor this"))
    read = page(Report((replace(finding, fixes=(fix,)),), (), 1), catalogue)
    assert (read.tags["ol"], read.tags["ul"], read.tags["li"], read.tags["details"]) == (1, 0, 3, 1)
    assert "Install azure-identity." in read.text


def test_it_stays_small_enough_for_a_job_summary(finding: Finding, catalogue: Catalogue) -> None:
    many = tuple(
        replace(finding, message="m" * 5_000, location=replace(finding.location, path=f"{number}/{'p' * 900}"))
        for number in range(20_000)
    )
    written = summary(Report(many, tuple(Problem("p", "q" * 900) for _ in range(5_000)), 1), catalogue)
    assert len(written.encode()) < 900_000
    assert "… and 19,750 more." in written


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</code><b>x",
        "[x](https://evil.example)",
        "![x](https://evil.example/p.png)",
        "<https://evil.example>",
        "https://evil.example/x",
        "www.evil.example",
        "mail@evil.example",
        "a | b | c",
        "a \\| b",
        "a \\",
        "`code` ``code`` ```",
        "*a* _b_ **c** ~~d~~ __e__",
        "# heading",
        "- item",
        "1. item",
        "1) item",
        "> quote",
        "```\nfence",
        "---",
        "[x]: https://evil.example",
        "[^1]: note",
        "$x$ $$y$$",
        "&lt;b&gt;",
        "<!-- comment",
        "</details>",
    ],
)
def test_scanned_text_is_no_markup(text: str, finding: Finding, catalogue: Catalogue) -> None:
    plain, hostile = page(with_text(finding, "word"), catalogue), page(with_text(finding, text), catalogue)
    del plain.tags["code"], hostile.tags["code"]  # `…` in a step
    assert hostile.tags == plain.tags
    assert hostile.links == []


@pytest.mark.parametrize("text", ["@octocat", "a #12", "!34", "~label", "https://x.example/", "www.x.example"])
def test_words_that_a_forge_would_link_are_broken(text: str, finding: Finding, catalogue: Catalogue) -> None:
    (line,) = (
        line
        for line in summary(Report((replace(finding, message=text),), (), 1), catalogue).splitlines()
        if "PAT201" in line
    )
    cell = line.rsplit(" | ", 1)[1]
    assert "\u200b" in cell


MARKUP = st.text(max_size=30) | st.lists(
    st.sampled_from(
        ["<b>", "</", "|", "\\", "`", "*", "_", "[", "](", ")", "!", "#", "\n", "&", "a", " ", "-", "1.", "~"]
    )
).map("".join)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=MARKUP)
def test_no_text_at_all_is_markup(finding: Finding, catalogue: Catalogue, text: str) -> None:
    plain, hostile = page(with_text(finding, "word"), catalogue), page(with_text(finding, text or "a"), catalogue)
    del plain.tags["code"], hostile.tags["code"]
    assert hostile.tags == plain.tags
    assert hostile.links == []
