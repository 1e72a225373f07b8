"""Text for a person: each finding in full, what could not be scanned, and a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.report.paint import paint
from pat_audit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.report.options import Options
    from pat_audit.report.shown import Shown


def render(shown: Shown, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """The findings one by one, the files that could not be scanned as they should, and the summary."""
    if shown.findings:
        from pat_audit.report.finding_text import finding_text
        from pat_audit.report.masking import secret_places

        places = secret_places(shown.findings)
        for finding in shown.findings:
            yield from finding_text(finding, catalogue, options, places)
    if shown.problems:
        from pat_audit.report.neutral import neutral

        for problem in shown.problems:
            word = "error" if problem.fatal else "note"
            yield f"{paint(word, word, options)}: {neutral(problem.path)}: {neutral(problem.message)}\n"
    if not options.quiet:
        yield f"{_summary(shown, options)}\n"
        if shown.findings:
            yield from _fixable(shown, options)


def _fixable(shown: Shown, options: Options) -> Iterator[str]:
    from pat_audit.report.applicable import MARK, fixable_line

    offered = fixable_line(shown.findings)
    if offered:
        yield f"{paint(MARK, 'good', options)} {offered}.\n"


def _summary(shown: Shown, options: Options) -> str:
    files = _count(shown.files, "file")
    silent = f"; {shown.suppressed} suppressed" if shown.suppressed else ""
    if not shown.open:
        return f"{paint('No findings', 'good', options)} in {files}{silent}."
    parts = [
        paint(_count(shown.count(severity), severity.value), severity.value, options)
        for severity in Severity
        if shown.count(severity)
    ]
    hint = "`pat-audit explain RULE` says more."
    return f"{_count(shown.open, 'finding')} in {files}: {', '.join(parts)}{silent}. {hint}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
