"""A small catalogue and a report with everything in it, for the renderers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pat_audit.catalogue import Catalogue
from pat_audit.model import (
    Confidence,
    Edit,
    Finding,
    Fix,
    Location,
    Problem,
    Report,
    Safety,
    Severity,
    Span,
    Step,
)
from pat_audit.vocabulary import Case, Example, Recipe, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LINES = {
    ("tools/ado.py", 4): 'pat = os.environ["ADO_PAT"]',
    ("tools/ado.py", 12): '    headers = {"Authorization": "Basic " + encoded}',
}


@pytest.fixture
def catalogue() -> Catalogue:
    """Two rules and a recipe."""
    basic = Rule(
        id="PAT201",
        name="hand-built-basic-header",
        category="basic-header",
        message="{credential} goes to {service}",
        why="A hand-built header carries a long-lived credential.\n\nUse a short-lived one.",
        since="0.1",
        when=(Case({"scheme": ("basic",)}, "warning"),),
        recipes=("entra",),
        references=("https://example.com/docs",),
        examples=(
            Example("python", bad="x = 1  # <-- PAT201\ny = 2\n"),
            Example("python", good="z = 3\n"),
        ),
    )
    unused = Rule("PAT902", "unused-suppression", "run", "unused", "It hides the next.", "0.1", severity="note")
    entra = Recipe("entra", "Use a Microsoft Entra token", "manual", ("Install azure-identity.", "Send it."))
    return Catalogue(rules=[basic, unused], recipes=[entra])


@pytest.fixture
def finding() -> Finding:
    """A Basic header with a trail and a fix."""
    return Finding(
        rule="PAT201",
        name="hand-built-basic-header",
        category="basic-header",
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        message="ADO_PAT goes to Azure DevOps",
        location=Location("tools/ado.py", 12, 16, 12, 50, Span(100, 134)),
        provider="azure-devops",
        service="azure-devops",
        url="https://dev.azure.com/{}/_apis/projects",
        credential="env:ADO_PAT",
        trail=(Step(Location("tools/ado.py", 4, 7, 4, 28, Span(20, 41)), "read from ADO_PAT"),),
        fixes=(
            Fix("Send an Entra token", Safety.UNSAFE, (Edit("tools/ado.py", Span(100, 134), "new"),)),
            Fix("Ask an administrator", Safety.MANUAL, steps=("Write a mail.",)),
        ),
        fingerprint="f1",
    )


@pytest.fixture
def report(finding: Finding) -> Report:
    """The finding and two problems, in seven files."""
    problems = (Problem("old.py", "cannot be parsed: print"), Problem("gone.py", "vanished", fatal=True))
    return Report((finding,), problems, 7)


@pytest.fixture
def read_line() -> Callable[[str, int], str | None]:
    """The source behind the report."""
    return lambda path, line: LINES.get((path, line))


@pytest.fixture
def many(finding: Finding) -> Callable[[int], Report]:
    """A function from a number to a report with so many findings of all kinds."""
    severities, confidences = tuple(Severity), tuple(Confidence)
    services = ("azure-devops", "github", "gitlab", None)
    manual, safe = finding.fixes[1:], (Fix("Take the token out", Safety.SAFE, finding.fixes[0].edits, ("Do it.",)),)

    def made(number: int) -> Iterator[Finding]:
        for place in range(number):
            path = f"scripts/part{place % 397}/step{place % 1201}.py"
            where = Location(path, place % 90 + 1, 5, place % 90 + 1, 20, Span(place, place + 15))
            yield Finding(
                rule="PAT201" if place % 3 else "PAT902",
                name="hand-built-basic-header" if place % 3 else "unused-suppression",
                category="basic-header",
                severity=severities[place % 7 % 3],
                confidence=confidences[place % 5 % 3],
                message=f"token {place % 53} goes to service {place % 4}",
                location=where,
                service=services[place % 4],
                credential=f"env:TOKEN_{place % 53}",
                trail=(Step(replace(where, line=where.line + 3), f"read from TOKEN_{place % 53}"),),
                fixes=(safe, finding.fixes, manual)[place % 11 % 3],
                fingerprint=f"f{place}",
            )

    return lambda number: Report(tuple(made(number)), (), number)
