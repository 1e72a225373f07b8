"""Matches a pattern around the places that an engine found, and looks at what stands before a match."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NEAR = 100  # bytes before a token in which a near word may stand
_HEXADECIMAL = frozenset(b"0123456789abcdefABCDEF")


def matches(
    pattern: re.Pattern[bytes],
    longest: int,
    data: bytes,
    ranges: Iterable[tuple[int, int]],
    around: frozenset[int],
) -> Iterator[tuple[int, int]]:
    """The matches that start in ascending ranges (both ends included), left to right without overlaps.

    Reads each byte a bounded number of times, however dense the ranges are.
    """
    start = 0
    for low, last in ranges:
        start = max(start, low)
        while start <= last:
            limit = last + 8 * longest + 64
            found = pattern.search(data, start, limit)
            sure = limit - longest  # a match that starts before is seen whole, with what follows it
            if found is None or found.start() >= sure:
                start = sure
            elif found.start() > last:
                start = found.start()
            elif stands_alone(data, found.start(), around):
                yield found.span()
                start = found.end()
            else:
                start = found.start() + 1


def stands_alone(data: bytes, start: int, around: frozenset[int]) -> bool:
    """Whether none of the bytes `around`, but for an escape (`\\n`, `%3A`, `\\u003d`), is before a token."""
    if start == 0 or data[start - 1] not in around:
        return True
    if start < 2:
        return False
    two = data[start - 2 : start]
    if two in (b"\\n", b"\\r", b"\\t"):
        return True
    if not _HEXADECIMAL.issuperset(two):
        return False
    return data[max(0, start - 3) : start - 2] == b"%" or data[max(0, start - 6) : start - 2] == b"\\u00"


_NAME = re.compile(rb"""([a-z0-9_-]{1,40})["']?[ \t]{0,4}(?::|=|=>)[ \t]{0,4}["']?\Z""", re.IGNORECASE)


def name_before(before: bytes) -> str:
    """The name, in lower case, that what stands behind `before` is the value of; empty where it is none's."""
    named = _NAME.search(before)
    return "" if named is None else named[1].decode().lower()


def text_before(data: bytes, start: int) -> bytes:
    """What stands before an offset on its line and the two lines above, as far as a near word may be."""
    return b"\n".join(data[max(0, start - NEAR) : start].split(b"\n")[-3:])
