"""A summary of the run for people: the job page of a pipeline, a merge request, a wiki."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pat_audit.model import Severity
from pat_audit.report.applicable import fixable_line, mark
from pat_audit.report.labels import credential_label, service_label, service_titles
from pat_audit.report.markdown_text import code, prose, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding, Fix
    from pat_audit.report.options import Options
    from pat_audit.report.shown import Shown

# A job summary on GitHub holds 1 MiB, and nobody reads on for long.
_MOST_FINDINGS = 250
_MOST_ROWS = 15
_MOST_PROBLEMS = 50
_SIGNS = {Severity.ERROR: "🔴 error", Severity.WARNING: "🟠 warning", Severity.NOTE: "🔵 note"}


def render(shown: Shown, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """Headings, tables by service, credential and file, the findings, and what to do about them."""
    findings = sorted(shown.findings, key=lambda finding: (finding.suppressed is not None, -finding.severity.rank))
    yield f"## pat-audit: {_head(shown)}\n\n"
    if findings:
        open_ = [finding for finding in findings if finding.suppressed is None]
        titles = service_titles(catalogue)
        yield from _counted("Service", open_, lambda finding: prose(service_label(finding, titles)))
        yield from _counted("Credential", open_, lambda finding: prose(credential_label(finding)))
        yield from _counted("File", open_, lambda finding: code(finding.path))
        yield from _findings(findings)
        yield from _advice(open_)
    if shown.problems:
        yield "### What could not be scanned as it should\n\n"
        for problem in shown.problems[:_MOST_PROBLEMS]:
            yield f"- {code(problem.path)} {prose(problem.message)}\n"
        yield from _more(len(shown.problems) - _MOST_PROBLEMS)
        yield "\n"


def _head(shown: Shown) -> str:
    silent = f", {shown.suppressed:,} suppressed" if shown.suppressed else ""
    files = _count(shown.files, "file")
    if not shown.open:
        return f"no findings in {files}{silent}"
    return f"{_count(shown.open, 'finding')} in {files}{silent}"


def _counted(title: str, findings: Sequence[Finding], label: Callable[[Finding], str]) -> Iterator[str]:
    """A table of how many findings of which severity each label has, the most serious first."""
    rows: dict[str, Counter[Severity]] = {}
    for finding in findings:
        rows.setdefault(label(finding), Counter())[finding.severity] += 1
    if not rows:
        return
    yield f"| {title} | errors | warnings | notes |\n| :-- | --: | --: | --: |\n"
    ordered = sorted(rows.items(), key=lambda row: [-row[1][severity] for severity in Severity])
    for name, counts in ordered[:_MOST_ROWS]:
        cells = [f"{counts[severity]:,}" if counts[severity] else "" for severity in Severity]
        yield f"| {name} | {' | '.join(cells)} |\n"
    yield "\n"
    yield from _more(len(rows) - _MOST_ROWS)


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    yield "### Findings\n\n"
    line = fixable_line(findings)
    if line:
        yield f"[\\*] {line}.\n\n"
    yield "| | Rule | Where | What |\n| :-- | :-- | :-- | :-- |\n"
    for finding in findings[:_MOST_FINDINGS]:
        where = finding.location
        silent = "" if finding.suppressed is None else f" *suppressed:* {prose(finding.suppressed)}"
        fixable = " [\\*]" if mark(finding) else ""
        place = code(f"{where.path}:{where.line}")
        sign = _SIGNS[finding.severity]
        yield f"| {sign} | {prose(finding.rule)}{fixable} | {place} | {prose(finding.message)}{silent} |\n"
    yield "\n"
    yield from _more(len(findings) - _MOST_FINDINGS)


def _advice(findings: Sequence[Finding]) -> Iterator[str]:
    """Each way to mend findings once, the one that mends most first, its steps folded away."""
    uses: Counter[tuple[str, tuple[str, ...]]] = Counter()
    first: dict[tuple[str, tuple[str, ...]], Fix] = {}
    for finding in findings:
        for fix in finding.fixes[:1]:
            key = (fix.title, fix.steps)
            uses[key] += 1
            first.setdefault(key, fix)
    if not uses:
        return
    yield "### What to do instead\n\n"
    for key, count in uses.most_common(_MOST_ROWS):
        fix = first[key]
        title = f"{words(fix.title)} ({_count(count, 'finding')})"
        if not fix.steps:
            yield f"- {title}\n\n"
            continue
        steps = "".join(f"{number}. {words(step)}\n" for number, step in enumerate(fix.steps, 1))
        yield f"<details><summary>{title}</summary>\n\n{steps}\n</details>\n\n"
    yield from _more(len(uses) - _MOST_ROWS)


def _more(number: int) -> Iterator[str]:
    if number > 0:
        yield f"… and {number:,} more.\n\n"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
