"""One finding in full: its line, the way the credential took, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.model import Safety
from pat_audit.report.applicable import mark
from pat_audit.report.neutral import neutral
from pat_audit.report.paint import paint
from pat_audit.report.source_frame import frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding, Fix, Location
    from pat_audit.report.masking import Places
    from pat_audit.report.options import Options

_MARGIN = "       | "
_SURE = {"high": "", "medium": ", likely", "low": ", perhaps"}
_SAFETY = {Safety.SAFE: " (--fix)", Safety.UNSAFE: " (--fix --unsafe-fixes: check what it changes)"}


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
    fixable = paint(mark(finding).rstrip(), "good", options)
    name = paint(neutral(finding.name), "faint", options)
    yield " ".join(filter(None, (f"{place}: {head}: {finding.rule}", fixable, name))) + "\n"
    yield from _wrapped(neutral(finding.message), "  ", options)
    yield from _framed(where, options, places, severity)
    if finding.suppressed is not None:
        yield from _wrapped(neutral(finding.suppressed), "  suppressed here: ", options)
    if finding.trail:
        yield paint("  how it got here:", "faint", options) + "\n"
        for number, step in enumerate(finding.trail, 1):
            here = step.location
            file = "" if here.path == where.path else f"{neutral(here.path)}:"
            at = f"({file}{here.line}:{here.column})"
            yield from _wrapped(f"{neutral(step.note)} {at}", f"  {number:>3}. ", options, faint=at)
            if (here.path, here.line) != (where.path, where.line):
                yield from _framed(here, options, places, "")
    if options.verbose and finding.rule in catalogue.rule_by_id:
        why = " ".join(catalogue.rule_by_id[finding.rule].why.split())
        yield from _wrapped(why, "  why: ", options)
    for rank, fix in enumerate(finding.fixes):
        yield from _advised(fix, options, first=rank == 0)
    if finding.also:
        yield from _wrapped(", ".join(map(neutral, finding.also)), "  also here: ", options)
    yield "\n"


def _framed(where: Location, options: Options, places: Places, style: str) -> Iterator[str]:
    room = options._replace(width=_width(options) - len(_MARGIN))
    line = frame(where, places.get((where.path, where.line), ()), room)
    if line is None:
        return
    yield f"{paint(f'{where.line:>6} | ', 'faint', options)}{line.text}\n"
    if style:
        yield f"{paint(_MARGIN, 'faint', options)}{' ' * line.start}{paint('^' * line.width, style, options)}\n"


def _advised(fix: Fix, options: Options, *, first: bool) -> Iterator[str]:
    lead = "  instead: " if first else "       or: "
    how = _SAFETY.get(fix.safety, "") if fix.edits else ""
    yield from _wrapped(f"{neutral(fix.title)}{how}", lead, options, style="good")
    if not first and not options.verbose:
        return
    for number, step in enumerate(fix.steps, 1):
        yield from _wrapped(neutral(step), f"  {number:>3}. ", options)


def _width(options: Options) -> int:
    return max(options.width, 40)


def _wrapped(text: str, lead: str, options: Options, *, style: str = "", faint: str = "") -> Iterator[str]:
    """`text` in lines behind `lead`, which is in `style`; `faint` is what its end is in faint letters."""
    from textwrap import wrap

    lines = wrap(
        text,
        _width(options),
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
    if lines and style:
        lines[0] = paint(lead, style, options) + lines[0][len(lead) :]
    if lines and faint and lines[-1].endswith(faint):
        lines[-1] = lines[-1][: -len(faint)] + paint(faint, "faint", options)
    yield from (f"{line}\n" for line in lines)
