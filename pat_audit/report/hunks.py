"""What the edits of a fix change, line by line, for people: without secrets, and without the lines around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pat_audit.report.masking import masked_line
from pat_audit.report.neutral import neutral

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pat_audit.model import Edit, Fix
    from pat_audit.report.masking import Places
    from pat_audit.report.options import Options

_MOST_LINES = 80  # of one fix


class Hunk(NamedTuple):
    """Lines of a file from a 1-based line on, and what stands there after the fix."""

    path: str
    line: int
    old: tuple[str, ...]
    new: tuple[str, ...]


def hunks(fix: Fix, options: Options, places: Places) -> tuple[Hunk, ...]:
    """The hunks of a fix, in order. Empty where a file cannot be read or is too different, or where they are long.

    `places` is what `masking.secret_places` gave for all findings: whatever is masked there is masked here.
    """
    made: list[Hunk] = []
    for path in dict.fromkeys(edit.path for edit in fix.edits):
        raw = options.read_bytes(path)
        edits = sorted((edit for edit in fix.edits if edit.path == path), key=lambda edit: edit.span)
        if raw is None or edits[-1].span.end > len(raw):
            return ()
        made += _of_file(path, raw, edits, options, places)
    return tuple(made) if sum(len(hunk.old) + len(hunk.new) for hunk in made) <= _MOST_LINES else ()


def _of_file(path: str, raw: bytes, edits: Sequence[Edit], options: Options, places: Places) -> Iterator[Hunk]:
    for start, end, text in _whole_lines(raw, edits):
        first = raw.count(b"\n", 0, start) + 1
        old, new = raw[start:end].decode("utf-8", "replace").splitlines(), text.splitlines()
        same = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        old, new, first = old[same:], new[same:], first + same
        while old and new and old[-1] == new[-1]:
            old, new = old[:-1], new[:-1]
        if not old and not new:
            continue
        masked = (
            masked_line(line, places.get((path, number), ()), options.mask) for number, line in enumerate(old, first)
        )
        yield Hunk(
            neutral(path),
            first,
            tuple(neutral(line.expandtabs(4)) for line in masked),
            tuple(neutral(options.mask(line).expandtabs(4)) for line in new),
        )


def _whole_lines(raw: bytes, edits: Sequence[Edit]) -> Iterator[tuple[int, int, str]]:
    """Edits widened to whole lines, those that meet on a line as one: from, to, and the text instead."""
    groups: list[tuple[int, int, list[Edit]]] = []
    for edit in edits:
        start = raw.rfind(b"\n", 0, edit.span.start) + 1
        stop = raw.find(b"\n", edit.span.end) + 1 or len(raw)
        if groups and start < groups[-1][1]:
            first, last, together = groups[-1]
            groups[-1] = (first, max(last, stop), [*together, edit])
        else:
            groups.append((start, stop, [edit]))
    for start, stop, together in groups:
        text, done = "", start
        for edit in together:
            text += raw[done : edit.span.start].decode("utf-8", "replace") + edit.text
            done = edit.span.end
        yield start, stop, text + raw[done:stop].decode("utf-8", "replace")
