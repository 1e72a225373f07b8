"""One line of source as a person may see it: masked, harmless, cut to the width, its finding underlined."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pat_audit.report.masking import masked_line
from pat_audit.report.neutral import neutral

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pat_audit.model import Location
    from pat_audit.report.options import Options

_AROUND = 4_000  # characters of a long line that are looked at on either side: more than any token
_IN_TOKENS = string.ascii_letters + string.digits + "+/=_.~%-"


@dataclass(frozen=True, slots=True)
class Frame:
    """A line ready to print, and the column (0-based) and width of what is to be underlined in it."""

    text: str
    start: int
    width: int


def frame(where: Location, ranges: Sequence[tuple[int, int, bool]], options: Options) -> Frame | None:
    """The line of a location, at most `options.width` wide; None where it cannot be read.

    `ranges` are the column ranges in it that hold secrets, as `masking.secret_places` gives them.
    """
    line = options.read_line(where.path, where.line)
    if line is None or not line.strip():
        return None
    start = min(where.column - 1, len(line))
    end = min(where.end_column - 1, len(line)) if where.end_line == where.line else len(line)
    first = max(0, start - _AROUND)
    window = line[first : max(start, min(end, start + _AROUND)) + _AROUND]
    moved = [(max(0, from_ - first), to if to < 0 else max(0, to - first), certain) for from_, to, certain in ranges]

    def clean(text: str) -> str:
        text = masked_line(text, moved, options.mask)
        if first:  # the rest of a token that began before the window
            text = "…" + text.lstrip(_IN_TOKENS)
        return text.expandtabs(4)

    whole = clean(window)
    if first + len(window) < len(line):
        whole = whole.rstrip(_IN_TOKENS) + "…"
    indent = len(whole) - len(whole.lstrip())
    # Masking moves columns: what stands before is masked by itself to see where it ends.
    begin = min(len(clean(window[: start - first])), len(whole))
    stop = min(max(len(clean(window[: end - first])), begin + 1), max(len(whole), begin + 1))
    return _cut(whole[indent:], max(0, begin - indent), max(1, stop - begin), options.width)


def _cut(text: str, start: int, width: int, limit: int) -> Frame:
    limit = max(limit, 20)
    text = text.rstrip()
    if len(text) > limit:
        first = 0 if start + width <= limit else max(0, start - limit // 4)
        before, after = ("…" if first else ""), ("…" if first + limit < len(text) else "")
        text = before + text[first : first + limit - 2] + after
        start = start - first + len(before)
    shown = neutral(text)
    grown = len(neutral(text[:start])) - len(text[:start])  # what became an escape is longer
    return Frame(shown, start + grown, max(1, min(width, len(text) - start)))
