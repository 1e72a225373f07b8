"""Puts a value together from the runs of text that it was written in, and keeps where each of them stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pat_audit.formats.settings import Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Run(NamedTuple):
    """Text of a value and the byte offset in the file at which it, or what stands for it, is written."""

    text: str
    start: int


def width(text: str) -> int:
    """How many bytes a text takes in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def joined(runs: Iterable[Run]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The value that runs make and its `places`, one for each run that is out of step with what is before it."""
    texts: list[str] = []
    places: list[tuple[int, int]] = []
    inside = 0
    for text, start in runs:
        if not text:
            continue
        if not places or places[-1][1] + inside - places[-1][0] != start:
            places.append((inside, start))
        texts.append(text)
        inside += width(text)
    return "".join(texts), tuple(places)


def setting_of(
    path: tuple[str | int, ...], runs: Sequence[Run], start: int, end: int, key: tuple[int, int] = (0, 0)
) -> Setting:
    """A setting whose value is written in runs; `start` and `end` are the bytes that it stands in."""
    value, places = joined(runs)
    if len(places) == 1 and places[0] == (0, start):
        places = ()
    return Setting(path, value, start, end, places, key)


def line_of(data: bytes, offset: int) -> int:
    """The 1-based line that a byte stands on."""
    return data.count(b"\n", 0, offset) + 1


def text_of(data: bytes) -> str:
    """Bytes as text; what is no UTF-8 becomes U+FFFD."""
    return data.decode("utf-8", "replace")
