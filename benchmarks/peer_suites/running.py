"""Runs pat-audit on cases, in memory: each is a file of its own in a folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.scan import scan_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peer_suites.case import Case
    from benchmarks.peer_suites.families import Family
    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding

_AT_ONCE = 500
_WRITTEN = frozenset(("PAT101", "PAT102", "PAT103", "PAT104", "PAT105"))  # rules that report what is written down


def run(cases: Sequence[Case], catalogue: Catalogue) -> list[list[Finding]]:
    """The findings of each case's text on the lines that count, of all rules."""
    found: list[list[Finding]] = []
    for start in range(0, len(cases), _AT_ONCE):
        some = cases[start : start + _AT_ONCE]
        paths = [f"c{number:06}/{case.name}" for number, case in enumerate(some, start)]
        report = scan_files(dict(zip(paths, (case.text.encode() for case in some), strict=True)), catalogue)
        by_path: dict[str, list[Finding]] = {path: [] for path in paths}
        for finding in report.findings:
            by_path[finding.path].append(finding)
        found += [
            [each for each in by_path[path] if _counts(each, case)] for path, case in zip(paths, some, strict=True)
        ]
    return found


def _counts(finding: Finding, case: Case) -> bool:
    if case.lines is None:
        return True
    first, last = case.lines
    return first <= finding.location.line <= last


def of_family(findings: Sequence[Finding], family: Family) -> list[Finding]:
    """Those that are of a family."""
    return [
        finding
        for finding in findings
        if finding.rule in family.rules or (finding.rule in _WRITTEN and finding.provider in family.providers)
    ]
