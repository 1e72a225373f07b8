"""The HTML page in a real browser: it shows, filters, sorts, can be used by keyboard, and runs nothing of others.

Chromium or Chrome is taken from PATH, or from PAT_AUDIT_BROWSER; without one these tests are skipped.
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from pat_audit.model import Fix, Location, Problem, Report, Safety, Severity, Step
from pat_audit.report import Options, render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding

    Show = Callable[..., Page]

NAMES = ("chromium", "chromium-browser", "chrome-headless-shell", "google-chrome", "google-chrome-stable", "chrome")
PROGRAM = os.environ.get("PAT_AUDIT_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="no Chromium on this machine; Debian: apt-get install chromium"),
    # Playwright for Python leaves its loop to the end of the process.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless browser, the one of this machine."""
    with sync_playwright() as playwright:
        # The sandbox needs rights that containers do not have; the pages are our own.
        started = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def show(browser: Browser, catalogue: Catalogue, tmp_path: Path) -> Iterator[Show]:
    """A function that opens a report's page from a file; no page may ask for anything or write to the console."""
    said: list[str] = []
    asked: list[str] = []
    contexts = []

    def refuse(dialog: Dialog) -> None:
        said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def shown(report: Report, fragment: str = "", code: str = "", raw: bytes | None = None, **more: str) -> Page:
        options = Options(
            show_suppressed=True, root=str(tmp_path), read_bytes=lambda path: raw,
            read_line=lambda path, line: code or f"code({line})",
        )  # fmt: skip
        file = tmp_path / "report.html"
        file.write_text("".join(render("html", report, catalogue, options)), encoding="utf-8")
        context = browser.new_context(**more)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", refuse)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{file.as_uri()}{fragment}")
        return page

    yield shown
    for context in contexts:
        context.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def rows(page: Page) -> int:
    return page.locator("#list-body tr.finding").count()


def status(page: Page) -> str:
    return page.locator("#status").inner_text()


def test_it_shows_what_was_found(show: Show, finding: Finding, report: Report) -> None:
    error = replace(finding, severity=Severity.ERROR, credential="literal", fixes=finding.fixes[1:])
    page = show(Report((finding, error, replace(finding, suppressed="old")), report.problems, 7))
    assert page.title().startswith("pat-audit: ")
    assert status(page) == "1–2 of 2 findings"
    cards = page.locator(".card").all_inner_texts()
    assert [card.split("\n")[0] for card in cards[:5]] == ["1", "1", "0", "1", "1"]
    panels = [" ".join(text.split()) for text in page.locator(".panel").all_inner_texts()]
    assert any("By credential 2" in panel and "ADO_PAT (environment variable)" in panel for panel in panels)
    assert any("By file 1 " in panel and "tools/ado.py" in panel for panel in panels)
    assert any("with --fix 0 with --unsafe-fixes 1 by hand 1" in panel for panel in panels)
    assert page.locator(".ring-number").text_content() == "2"
    assert page.locator("#problem-list li").all_inner_texts() == [
        "old.py cannot be parsed: print",
        "error gone.py vanished",
    ]
    first = page.locator("#list-body tr.finding").first.inner_text()
    assert "error" in first
    assert "tools/ado.py:12" in first


def test_a_clean_run_says_so(show: Show) -> None:
    page = show(Report((), (), 1200))
    assert status(page) == "Nothing was found."
    assert "of 1,200 files with findings" in page.locator("#overview").inner_text()
    for hidden in ("#filters", "#panels", "#advice", "#list", "#pages", "#problems"):
        assert page.locator(hidden).is_hidden()


def test_a_row_opens_into_the_whole_finding(show: Show, finding: Finding) -> None:
    page = show(Report((finding,), (), 7))
    opener = page.get_by_role("button", name="ADO_PAT goes to Azure DevOps")
    assert opener.get_attribute("aria-expanded") == "false"
    opener.press("Enter")
    assert opener.get_attribute("aria-expanded") == "true"
    details = page.locator(".details").inner_text()
    for words in ("read from ADO_PAT", "line 4:7", "Send an Entra token", "Write a mail.", "pat-audit: ignore[PAT201]"):
        assert words in details
    assert page.locator(".details pre").first.inner_text() == "12 code(12)"
    opener.press("Enter")
    assert page.locator(".details").count() == 0


def test_what_a_fix_writes_is_shown(show: Show, finding: Finding) -> None:
    page = show(Report((finding, replace(finding, fixes=finding.fixes[1:])), (), 1), raw=b"x" * 100 + b"o" * 34 + b"\n")
    page.locator(".opener").first.click()
    assert " ".join(page.locator(".change.gone").inner_text().split()) == f"removed: - {'x' * 100}{'o' * 34}"
    assert " ".join(page.locator(".change.made").inner_text().split()) == f"added: + {'x' * 100}new"
    page.locator(".opener").nth(1).click()
    assert page.locator(".hunk").count() == 1


def test_the_baseline_is_told_from_comments(show: Show, finding: Finding) -> None:
    kept = replace(finding, suppressed="in the baseline", baselined=True)
    page = show(Report((finding, kept, kept, replace(finding, suppressed="a comment")), (), 1))
    cards = [" ".join(card.split()) for card in page.locator(".card").all_inner_texts()]
    assert "1 suppressed by comments" in cards
    assert "2 in the baseline" in cards
    page.get_by_label("show suppressed").check()
    assert page.locator(".what .tag", has_text="in the baseline").count() == 2


def test_search_and_filters(show: Show, many: Callable[[int], Report]) -> None:
    page = show(many(300))
    assert status(page) == "1–50 of 300 findings"
    page.get_by_label("Search").fill("TOKEN_7 part7/")
    expect(page.locator("#status")).to_have_text("1–1 of 1 finding")
    assert "part7/step7.py" in page.locator("#list-body").inner_text()
    assert page.locator("#chips").inner_text() == "Search: TOKEN_7 part7/ ✕"
    page.get_by_role("button", name="Clear filters").click()
    assert status(page) == "1–50 of 300 findings"

    page.get_by_label("note", exact=True).uncheck()
    page.get_by_label("warning", exact=True).uncheck()
    errors = int(page.locator(".card-error .card-number").inner_text())
    assert status(page) == f"1–50 of {errors} findings"
    assert set(page.locator("#list-body .severity").all_inner_texts()) == {"▲ error"}

    page.get_by_label("Fixable").select_option("2")
    both = status(page)
    page.locator("[data-facet=service][data-value=github]").click()
    assert page.locator("[data-facet=service][data-value=github]").get_attribute("aria-pressed") == "true"
    assert status(page) != both
    assert set(page.locator("#list-body tr.finding td:nth-child(6)").all_inner_texts()) == {"github"}
    assert page.evaluate("document.activeElement.dataset.value") == "github"

    again = show(many(300), "#" + page.url.partition("#")[2])
    assert status(again) == status(page)
    assert again.get_by_label("Fixable").input_value() == "2"
    page.get_by_label("Search").fill("no such word")
    expect(page.locator("#status")).to_have_text("No finding fits these filters.")
    assert page.locator("#list").is_hidden()


def test_an_address_that_makes_no_sense_does_no_harm(show: Show, many: Callable[[int], Report]) -> None:
    page = show(many(60), "#sort=constructor.up&severity=9.x&page=-4&confidence=__proto__&fixable=%3Cb%3E")
    assert page.locator("#status").inner_text() == "No finding fits these filters."
    page.get_by_role("button", name="Clear filters").click()
    assert status(page) == "1–50 of 60 findings"


def test_sorting_and_pages(show: Show, many: Callable[[int], Report]) -> None:
    page = show(many(120))
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Severity")
    page.get_by_role("button", name="Where").click()
    paths = page.locator("#list-body td.where").all_inner_texts()
    page.get_by_role("button", name="Where").click()
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Where")
    assert page.locator("#list-body td.where").all_inner_texts()[0] != paths[0]
    page.get_by_role("button", name="Next").click()
    assert status(page) == "51–100 of 120 findings"
    page.get_by_role("button", name="Next").click()
    assert (status(page), rows(page)) == ("101–120 of 120 findings", 20)
    assert page.get_by_role("button", name="Next").is_disabled()
    assert page.evaluate("document.activeElement.id") == "findings-title"


def test_suppressed_findings_are_there_on_request(show: Show, finding: Finding) -> None:
    page = show(Report((finding, replace(finding, suppressed="moved in March")), (), 1))
    assert rows(page) == 1
    page.get_by_label("show suppressed").check()
    assert rows(page) == 2
    page.locator(".silent .opener").click()
    assert "moved in March" in page.locator(".details").inner_text()


HOSTILE = (
    "</script><script>window.injected = 1; alert(1)</script>",
    "<img src=x onerror='window.injected = 1'>",
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
    "${window.injected = 1}",
    "`;window.injected=1;//",
    '"><style>body{display:none}</style>',
    "<!--<script>",
    "__proto__",
    "{{constructor.constructor('alert(1)')()}}",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_or_line_is_text(show: Show, finding: Finding, text: str) -> None:
    place = replace(finding.location, path=text)
    hostile = replace(
        finding, rule=text, name=text, message=text, location=place, service=text, credential=f"env:{text}", url=text,
        trail=(Step(Location("other", 3, 1, 3, 2), text),), also=(text,), suppressed=None,
        fixes=(Fix(text, Safety.SAFE, finding.fixes[0].edits, steps=(text,)),),
    )  # fmt: skip
    report = Report((hostile, replace(hostile, suppressed=text)), (Problem(text, text),), 1)
    page = show(report, code=text)
    page.get_by_label("show suppressed").check()
    for opener in page.locator(".opener").all():
        opener.click()
    page.locator(".advice summary").first.click()
    page.locator("[data-facet=file]").first.click()
    assert page.locator("#chips").inner_text() == f"File: {text} ✕"
    assert page.evaluate("window.injected") is None
    known = page.evaluate("[...new Set([...document.querySelectorAll('*')].map((each) => each.localName))]")
    assert {"img", "iframe", "object", "embed", "a"} & set(known) <= {"a"}
    assert page.locator("script").count() == 2
    assert page.locator("style").count() == 1
    assert page.locator("a").count() == 1
    assert page.locator("[onload], [onerror], [style]").count() == 0
    assert page.locator(".details pre mark, .details pre code").first.is_visible()
    shown = page.locator("#list-body td.where").first.inner_text()
    assert shown == f"{text}:12"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 380])
def test_axe_finds_nothing_to_object_to(
    show: Show, many: Callable[[int], Report], report: Report, scheme: str, width: int
) -> None:
    found = Report((*many(120).findings, *report.findings), report.problems, 130)
    page = show(found, color_scheme=scheme, viewport={"width": width, "height": 900})
    page.locator(".opener").first.click()
    page.locator(".advice summary").first.click()
    page.locator("[data-facet=service]").first.click()
    found_by_axe = Axe().run(page).response
    assert len(found_by_axe["passes"]) > 30
    broken = found_by_axe["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in broken] == []
    # On a narrow screen the list scrolls in its frame, and the page does not.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_keyboard_reaches_everything_and_is_seen(show: Show, finding: Finding) -> None:
    page = show(Report((finding,), (), 1))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the findings"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "findings-title"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "words"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.className || document.activeElement.id"))
    assert {"opener", "sort", "clear", "by-rule", "severity-error"} <= seen


def test_light_and_dark_and_the_switch(show: Show, finding: Finding) -> None:
    back = "getComputedStyle(document.body).backgroundColor"
    light = show(Report((finding,), (), 1), color_scheme="light")
    dark = show(Report((finding,), (), 1), color_scheme="dark")
    bright, dim = light.evaluate(back), dark.evaluate(back)
    assert bright != dim
    light.get_by_label("Theme").select_option("dark")
    assert light.evaluate(back) == dim
    light.reload()
    assert light.evaluate(back) == dim
    light.get_by_label("Theme").select_option("auto")
    assert light.evaluate(back) == bright


def test_twenty_thousand_findings_are_usable(show: Show, many: Callable[[int], Report]) -> None:
    began = time.monotonic()
    page = show(many(20_000))
    assert status(page) == "1–50 of 20,000 findings"
    for button in ("Next", "Where", "Severity"):
        page.get_by_role("button", name=button).click()
    took = page.evaluate(
        "() => { const began = performance.now(); document.querySelector('[data-facet=service]').click();"
        " return performance.now() - began; }"
    )
    assert took < 3_000  # milliseconds; a tenth of it on a machine that does nothing else
    assert page.locator("#list-body tr").count() == 100
    assert time.monotonic() - began < 60
