"""What of a report is shown: findings in order, the suppressed apart, every text without secrets."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pat_audit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pat_audit.model import Finding, Fix, Location, Problem, Report, Step
    from pat_audit.report.options import Options

# Compiled when first used: most runs show no finding.
_PASSWORD_IN_URL = r"(?<=//)([^\s/@:{}$<%]{0,200}):[^\s/@{}$<%]{1,2000}@"


class Shown:
    """A report that can be printed as it is. `suppressed` counts what comments or a baseline silence, shown or not;
    `baselined` is the part of it that stands in a baseline.
    """

    __slots__ = ("baselined", "files", "findings", "problems", "suppressed")

    def __init__(
        self,
        findings: tuple[Finding, ...],
        problems: tuple[Problem, ...],
        files: int,
        suppressed: int,
        baselined: int = 0,
    ) -> None:
        self.findings = findings
        self.problems = problems
        self.files = files
        self.suppressed = suppressed
        self.baselined = baselined

    def count(self, severity: Severity) -> int:
        """How many findings of this severity nothing silences."""
        return sum(finding.severity is severity and finding.suppressed is None for finding in self.findings)

    @property
    def open(self) -> int:
        """How many findings nothing silences."""
        return sum(self.count(severity) for severity in Severity)


def shown(report: Report, options: Options) -> Shown:
    """The report without secrets, in the order of its files and lines."""
    suppressed = sum(finding.suppressed is not None for finding in report.findings)
    wanted = [
        finding if report.masked else masked(finding, options.mask)
        for finding in report.findings
        if options.show_suppressed or finding.suppressed is None
    ]
    wanted.sort(key=lambda finding: (finding.path, finding.location.line, finding.location.column, finding.rule))
    problems = tuple(
        each._replace(path=options.mask(each.path), message=options.mask(each.message)) for each in report.problems
    )
    baselined = sum(finding.suppressed is not None and finding.baselined for finding in report.findings)
    return Shown(tuple(wanted), problems, report.files, suppressed, baselined)


def masked(finding: Finding, mask: Callable[[str], str]) -> Finding:
    """The finding with `mask` applied to each of its texts."""

    def maybe(text: str | None) -> str | None:
        return None if text is None else mask(text)

    return replace(
        finding,
        message=mask(finding.message),
        location=_place(finding.location, mask),
        url=None if finding.url is None else re.sub(_PASSWORD_IN_URL, r"\1:***@", mask(finding.url)),
        credential=maybe(finding.credential),
        trail=_steps(finding.trail, mask),
        fixes=tuple(_fix(fix, mask) for fix in finding.fixes),
        suppressed=maybe(finding.suppressed),
    )


def _steps(trail: Sequence[Step], mask: Callable[[str], str]) -> tuple[Step, ...]:
    return tuple(replace(step, location=_place(step.location, mask), note=mask(step.note)) for step in trail)


def _place(where: Location, mask: Callable[[str], str]) -> Location:
    """The place, without a token in the file's name; such a file is not found by its name, and shows no line."""
    path = mask(where.path)
    return where if path == where.path else replace(where, path=path)


def _fix(fix: Fix, mask: Callable[[str], str]) -> Fix:
    return replace(
        fix,
        title=mask(fix.title),
        edits=tuple(replace(edit, path=mask(edit.path), text=mask(edit.text)) for edit in fix.edits),
        steps=tuple(mask(step) for step in fix.steps),
    )
