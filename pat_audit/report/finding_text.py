"""One finding in full: its line, the way the credential took, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.model import Safety
from pat_audit.report.neutral import neutral
from pat_audit.report.paint import paint
from pat_audit.report.source_frame import frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding, Fix, Location
    from pat_audit.report.masking import Places
    from pat_audit.report.options import Options

_SURE = {"high": "", "medium": ", likely", "low": ", perhaps"}
_SAFETY = {Safety.SAFE: "", Safety.UNSAFE: " (check what it changes)", Safety.MANUAL: ""}


def finding_text(
    finding: Finding,
    catalogue: Catalogue,
    options: Options,
    places: Places,
) -> Iterator[str]:
    """The lines of one finding and an empty one; `places` is what `masking.secret_places` gave for all."""
    where = finding.location
    severity = finding.severity.value
    head = f"{paint(severity, severity, options)}{_SURE[finding.confidence.value]}"
    place = paint(neutral(f"{where.path}:{where.line}:{where.column}"), "bold", options)
    yield f"{place}: {head}: {finding.rule} {paint(neutral(finding.name), 'faint', options)}\n"
    yield from _wrapped(neutral(finding.message), "  ", options.width)
    yield from _framed(where, options, places, severity)
    if finding.suppressed is not None:
        yield f"  suppressed here: {neutral(finding.suppressed)}\n"
    if finding.trail:
        yield paint("  how it got here:", "faint", options) + "\n"
        for number, step in enumerate(finding.trail, 1):
            here = step.location
            file = "" if here.path == where.path else f"{neutral(here.path)}:"
            at = paint(f"({file}{here.line}:{here.column})", "faint", options)
            yield f"  {number:>3}. {neutral(step.note)} {at}\n"
            if (here.path, here.line) != (where.path, where.line):
                yield from _framed(here, options, places, "")
    if options.verbose and finding.rule in catalogue.rule_by_id:
        why = " ".join(catalogue.rule_by_id[finding.rule].why.split())
        yield from _wrapped(why, "  why: ", options.width)
    for rank, fix in enumerate(finding.fixes):
        yield from _advised(fix, options, first=rank == 0)
    if finding.also:
        yield f"  also here: {', '.join(map(neutral, finding.also))}\n"
    yield "\n"


def _framed(where: Location, options: Options, places: Places, style: str) -> Iterator[str]:
    line = frame(where, places.get((where.path, where.line), ()), options)
    if line is None:
        return
    number = f"{where.line:>6}"
    yield f"{paint(f'{number} | ', 'faint', options)}{line.text}\n"
    if style:
        margin = paint(" " * 6 + " | ", "faint", options)
        yield f"{margin}{' ' * line.start}{paint('^' * line.width, style, options)}\n"


def _advised(fix: Fix, options: Options, *, first: bool) -> Iterator[str]:
    word = "instead:" if first else "     or:"
    yield f"  {paint(word, 'good', options)} {neutral(fix.title)}{_SAFETY[fix.safety]}\n"
    if not first and not options.verbose:
        return
    for number, step in enumerate(fix.steps, 1):
        yield from _wrapped(neutral(step), f"  {number:>3}. ", options.width)


def _wrapped(text: str, lead: str, width: int) -> Iterator[str]:
    from textwrap import wrap

    lines = wrap(
        text,
        max(width, 40),
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
    yield from (f"{line}\n" for line in lines)
