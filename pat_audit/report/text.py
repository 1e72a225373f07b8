"""Text for a person: the line with its finding, the way the credential took, what to do, a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.model import Safety, Severity
from pat_audit.report.advice import advice
from pat_audit.report.masking import secret_places
from pat_audit.report.neutral import neutral
from pat_audit.report.source_frame import frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding, Fix, Location
    from pat_audit.report.masking import Places
    from pat_audit.report.options import Options
    from pat_audit.report.shown import Shown

_STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "bold": "1",
    "faint": "2",
    "good": "32",
}
_SURE = {"high": "", "medium": ", likely", "low": ", perhaps"}
_SAFETY = {Safety.SAFE: "", Safety.UNSAFE: " (check what it changes)", Safety.MANUAL: ""}


def render(shown: Shown, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """The findings one by one, the files that could not be scanned as they should, and the summary."""

    def paint(text: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if options.colour and text else text

    places = secret_places(shown.findings)
    for finding in shown.findings:
        yield from _finding(finding, catalogue, options, places, paint)
    if options.quiet and not shown.problems:
        return
    for problem in shown.problems:
        word = paint("error" if problem.fatal else "note", "error" if problem.fatal else "note")
        yield f"{word}: {neutral(problem.path)}: {neutral(problem.message)}\n"
    if not options.quiet:
        yield f"{_summary(shown, paint)}\n"


def _finding(
    finding: Finding,
    catalogue: Catalogue,
    options: Options,
    places: Places,
    paint: Callable[[str, str], str],
) -> Iterator[str]:
    where = finding.location
    severity = finding.severity.value
    head = f"{paint(severity, severity)}{_SURE[finding.confidence.value]}"
    place = paint(f"{neutral(where.path)}:{where.line}:{where.column}", "bold")
    yield f"{place}: {head}: {finding.rule} {paint(neutral(finding.name), 'faint')}\n"
    yield f"  {neutral(finding.message)}\n"
    yield from _framed(where, options, places, paint, severity)
    if finding.suppressed is not None:
        yield f"  suppressed here: {neutral(finding.suppressed)}\n"
    if finding.trail:
        yield paint("  how it got here:", "faint") + "\n"
        for number, step in enumerate(finding.trail, 1):
            here = step.location
            file = "" if here.path == where.path else f"{neutral(here.path)}:"
            at = paint(f"({file}{here.line}:{here.column})", "faint")
            yield f"  {number:>3}. {neutral(step.note)} {at}\n"
            if (here.path, here.line) != (where.path, where.line):
                yield from _framed(here, options, places, paint, "")
    if options.verbose and finding.rule in catalogue.rule_by_id:
        why = " ".join(catalogue.rule_by_id[finding.rule].why.split())
        yield from _wrapped(why, "  why: ", options.width)
    for fix in advice(finding, catalogue):
        yield from _advised(fix, options, paint)
    if finding.also:
        yield f"  also here: {', '.join(map(neutral, finding.also))}\n"
    yield "\n"


def _framed(
    where: Location, options: Options, places: Places, paint: Callable[[str, str], str], style: str
) -> Iterator[str]:
    line = frame(where, places.get((where.path, where.line), ()), options)
    if line is None:
        return
    number = f"{where.line:>6}"
    yield f"{paint(f'{number} | ', 'faint')}{line.text}\n"
    if style:
        yield f"{paint(' ' * 6 + ' | ', 'faint')}{' ' * line.start}{paint('^' * line.width, style)}\n"


def _advised(fix: Fix, options: Options, paint: Callable[[str, str], str]) -> Iterator[str]:
    yield f"  {paint('instead:', 'good')} {neutral(fix.title)}{_SAFETY[fix.safety]}\n"
    for number, step in enumerate(fix.steps, 1):
        yield from _wrapped(neutral(step), f"  {number:>3}. ", options.width)


def _wrapped(text: str, lead: str, width: int) -> Iterator[str]:
    from textwrap import wrap

    lines = wrap(text, max(width, 40), initial_indent=lead, subsequent_indent=" " * len(lead))
    yield from (f"{line}\n" for line in lines)


def _summary(shown: Shown, paint: Callable[[str, str], str]) -> str:
    files = _count(shown.files, "file")
    silent = f"; {shown.suppressed} suppressed" if shown.suppressed else ""
    if not shown.open:
        return f"{paint('No findings', 'good')} in {files}{silent}."
    parts = [
        paint(_count(shown.count(severity), severity.value), severity.value)
        for severity in Severity
        if shown.count(severity)
    ]
    hint = "`pat-audit explain RULE` says more."
    return f"{_count(shown.open, 'finding')} in {files}: {', '.join(parts)}{silent}. {hint}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
