"""A table of all findings for a spreadsheet: one row each, and no cell that it would take for a formula."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pat_audit.report.applicable import applicable
from pat_audit.report.neutral import neutral

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding
    from pat_audit.report.options import Options
    from pat_audit.report.shown import Shown

COLUMNS: dict[str, Callable[[Finding], object]] = {
    "rule": lambda finding: finding.rule,
    "name": lambda finding: finding.name,
    "category": lambda finding: finding.category,
    "severity": lambda finding: finding.severity.value,
    "confidence": lambda finding: finding.confidence.value,
    "path": lambda finding: finding.path,
    "line": lambda finding: finding.location.line,
    "column": lambda finding: finding.location.column,
    "message": lambda finding: finding.message,
    "credential": lambda finding: finding.credential,
    "service": lambda finding: finding.service,
    "provider": lambda finding: finding.provider,
    "url": lambda finding: finding.url,
    "fixable": lambda finding: applicable(finding) or "manual",
    "instead": lambda finding: " or ".join(fix.title for fix in finding.fixes),
    "also": lambda finding: " ".join(finding.also),
    "fingerprint": lambda finding: finding.fingerprint,
    "suppressed": lambda finding: finding.suppressed,
}
"""What each column says of a finding."""

# What spreadsheets take for the beginning of a formula, also in full width.
_FORMULA = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")


def render(shown: Shown, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """A line of names, then a line for each finding; every cell in quotes."""
    yield _line(COLUMNS)
    for finding in shown.findings:
        yield _line(_cell(read(finding)) for read in COLUMNS.values())


def _cell(value: object) -> str:
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    text = neutral(str(value))
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def _line(cells: object) -> str:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)  # type: ignore[arg-type]
    return written.getvalue()
