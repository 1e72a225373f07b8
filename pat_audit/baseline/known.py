"""Takes what a baseline knows out of a report, and says what is stale or overdue in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pat_audit.baseline.entries import shown_place
from pat_audit.model import Confidence, Finding, Location, Problem, Report, Severity, Span

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Collection, Iterator, Mapping

    from pat_audit.baseline.entries import Entry
    from pat_audit.baseline.matching import Match

STALE, OVERDUE = "PAT903", "PAT904"
_NAMES = {STALE: "stale-baseline-entry", OVERDUE: "overdue-baseline-entry"}
_ANOTHER = "; the baseline knows another secret at this place"


def without_known(
    report: Report,
    match: Match,
    file: str,
    *,
    today: datetime.date,
    covered: Callable[[Entry], bool],
    enabled: Collection[str] | None,
    rule_names: Mapping[str, str],
) -> Report:
    """The report with its known findings silenced, and findings about the baseline `file` itself added.

    A known finding whose entry is overdue stays open. `covered` says of an entry whether the run would have seen
    its finding: of others it is not said that they are stale.
    """
    findings = []
    for finding in report.findings:
        entry = match.known.get(finding)
        if entry is not None and not _is_overdue(entry, today):
            said = f": {entry.reason}" if entry.reason else ""
            finding = replace(finding, suppressed=f"known in the baseline{said}", baselined=True)
        elif finding in match.changed and not finding.message.endswith(_ANOTHER):
            finding = replace(finding, message=finding.message + _ANOTHER)
        findings.append(finding)
    own = [*_overdue(match, file, today), *_stale(match, file, covered)]
    findings += [
        replace(each, name=rule_names.get(each.rule, each.name))
        for each in own
        if enabled is None or each.rule in enabled
    ]
    problems = dict.fromkeys((*report.problems, *_unsure(match, file)))
    return report._replace(findings=tuple(findings), problems=tuple(problems))


def _is_overdue(entry: Entry, today: datetime.date) -> bool:
    return entry.due is not None and entry.due < today


def _overdue(match: Match, file: str, today: datetime.date) -> Iterator[Finding]:
    for finding, entry in match.known.items():
        if _is_overdue(entry, today):
            owner = f" by {entry.owner}" if entry.owner else ""
            message = f"{finding.rule} in {finding.path} was to be gone{owner} by {entry.due}"
            yield _finding(OVERDUE, Severity.ERROR, message, file, entry)


def _stale(match: Match, file: str, covered: Callable[[Entry], bool]) -> Iterator[Finding]:
    for entry in match.stale:
        if covered(entry):
            path = shown_place(entry.key.path, file)
            message = f"{entry.key.rule} in {path} is no longer found: `pat-audit baseline --prune` takes the entry out"
            yield _finding(STALE, Severity.NOTE, message, file, entry)


def _finding(rule: str, severity: Severity, message: str, file: str, entry: Entry) -> Finding:
    end = len(entry.text) + 1
    return Finding(
        rule=rule,
        name=_NAMES[rule],
        category="run",
        severity=severity,
        confidence=Confidence.HIGH,
        message=message,
        location=Location(file, entry.line, 1, entry.line, end, Span(0, 0)),
    )


def _unsure(match: Match, file: str) -> Iterator[Problem]:
    if match.unsure:
        count = "1 written secret is the one that was" if match.unsure == 1 else f"{match.unsure} secrets are those"
        why = (
            "this clone is shallow: fetch its history (fetch-depth: 0)"
            if match.shallow
            else "the baseline is not committed, and was not written on this machine"
        )
        yield Problem(file, f"cannot tell whether {count} accepted: {why}")
