"""Finds where tokens may stand: one pass of hyperscan, or `re` and `find` where there is no hyperscan.

Both give places that hold every token, and more; what is there is decided afterwards, the same way for both.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from pat_audit.tokens.decoding import SHORTEST_RUN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pat_audit.tokens.plan import Lookup

_PERCENT = r"%(?:2[BbFf]|3[Dd])"  # of + / =, which tokens hold; what else is encoded stands beside them
_FIRST_PIECE = 2048
_PERCENT_BYTES = re.compile(_PERCENT.encode())


class Engine(Protocol):
    """One way to search."""

    def places(self, data: bytes) -> tuple[dict[int, list[int]], list[int]]:
        """Offsets by number of lookup, ascending; and the ends of percent-escapes that tokens need.

        An offset is the end of a near word, or a place inside the match of another lookup (its ends count).
        For runs with near words it only says that there is one.
        """

    def next_run(self, data: bytes, start: int) -> int:
        """Where the next SHORTEST_RUN letters and digits in a row end, from `start` on; -1 where none do."""


class HyperscanEngine:
    """Searches with hyperscan: all lookups in one pass, long runs in another."""

    def __init__(self, lookups: Sequence[Lookup], blobs: tuple[bytes, bytes] | None = None) -> None:
        import hyperscan

        self._hyperscan: Any = hyperscan
        self._percent = len(lookups)
        if blobs is None:
            once = hyperscan.HS_FLAG_SINGLEMATCH
            wanted = [
                (number, lookup.expression, once if lookup.how == "run" else 0)
                for number, lookup in enumerate(lookups)
                if lookup.expression
            ]
            wanted.append((self._percent, _PERCENT, 0))
            self._all = self._compiled(wanted)
            self._runs = self._compiled([(0, "[A-Za-z0-9]{%d}" % SHORTEST_RUN, 0)])  # noqa: UP031
        else:
            self._all, self._runs = map(self._loaded, blobs)

    def _compiled(self, wanted: Sequence[tuple[int, str, int]]) -> Any:
        database = self._hyperscan.Database(mode=self._hyperscan.HS_MODE_BLOCK)
        database.compile(
            expressions=[text.encode() for _, text, _ in wanted],
            ids=[number for number, _, _ in wanted],
            elements=len(wanted),
            flags=[flags for _, _, flags in wanted],
        )
        return database

    def _loaded(self, blob: bytes) -> Any:
        database = self._hyperscan.loadb(blob, mode=self._hyperscan.HS_MODE_BLOCK)
        database.scratch = self._hyperscan.Scratch(database)
        return database

    def blobs(self) -> tuple[bytes, bytes]:
        """Both databases as bytes for `__init__`."""
        return self._hyperscan.dumpb(self._all), self._hyperscan.dumpb(self._runs)

    def places(self, data: bytes) -> tuple[dict[int, list[int]], list[int]]:
        ends: dict[int, list[int]] = {}

        def on_match(number: int, start: int, end: int, flags: int, context: object) -> None:
            if number in ends:
                ends[number].append(end)
            else:
                ends[number] = [end]

        self._all.scan(data, match_event_handler=on_match)
        return ends, ends.pop(self._percent, [])

    def next_run(self, data: bytes, start: int) -> int:
        # hyperscan copies all but bytes: the rest of the file may only be handed over in growing pieces, or
        # a file of many runs would be copied once for each
        size = _FIRST_PIECE if start else len(data)
        while start < len(data):
            end = self._first_run(data[start : start + size])
            if end >= 0:
                return start + end
            start += size - SHORTEST_RUN + 1 if start + size < len(data) else size
            size *= 8
        return -1

    def _first_run(self, piece: bytes) -> int:
        first = -1

        def on_match(number: int, start: int, end: int, flags: int, context: object) -> bool:
            nonlocal first
            first = end
            return True

        with suppress(self._hyperscan.ScanTerminated):
            self._runs.scan(piece, match_event_handler=on_match)
        return first


class PlainEngine:
    """Searches with the standard library alone: much slower, with the same result."""

    def __init__(self, lookups: Sequence[Lookup]) -> None:
        self._lookups = lookups
        self._run = re.compile(b"[A-Za-z0-9]{%d}" % SHORTEST_RUN)

    def places(self, data: bytes) -> tuple[dict[int, list[int]], list[int]]:
        lowered = data.lower()
        ends: dict[int, list[int]] = {}
        for number, lookup in enumerate(self._lookups):
            if lookup.how == "free":
                ends[number] = list(range(lookup.high, len(data) + lookup.high, lookup.high + 1))
            elif lookup.how == "run":
                if lookup.expression and any(word.encode() in lowered for word in lookup.words):
                    ends[number] = [0]
            else:
                found = _ends_of(lookup.words, lowered)
                if found:
                    ends[number] = found
        return ends, [found.end() for found in _PERCENT_BYTES.finditer(data)]

    def next_run(self, data: bytes, start: int) -> int:
        found = self._run.search(data, start)
        return found.end() if found else -1


def _ends_of(words: Sequence[str], lowered: bytes) -> list[int]:
    ends: set[int] = set()
    for word in words:
        needle = word.encode()
        at = lowered.find(needle)
        while at >= 0:
            ends.add(at + len(needle))
            at = lowered.find(needle, at + 1)
    return sorted(ends)


def hyperscan_version() -> str:
    """The version of hyperscan that is installed; empty where it cannot be used."""
    try:
        import hyperscan
    except ImportError:
        return ""
    return str(getattr(hyperscan, "__version__", "")) or "unknown"
