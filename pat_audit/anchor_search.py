"""Searches bytes for all anchors at once: with hyperscan, or with the standard library where there is none."""

from __future__ import annotations

import marshal
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pat_audit.anchor_table import Anchor

_Row = tuple[str, bool, tuple[bytes, ...]]  # the fields of an Anchor


class HyperscanSearch:
    """All anchors in one pass at the speed of memory."""

    __slots__ = ("_database", "_scan")

    def __init__(self, database: bytes) -> None:
        import hyperscan

        self._database = database

        loaded = hyperscan.loadb(database, mode=hyperscan.HS_MODE_BLOCK)
        loaded.scratch = hyperscan.Scratch(loaded)  # a loaded database has none of its own
        self._scan: Callable[..., Any] = loaded.scan

    def __reduce__(self) -> tuple[type[HyperscanSearch], tuple[bytes]]:
        return type(self), (self._database,)  # a worker that is started afresh loads it again

    def hits(self, data: bytes) -> int:
        """A mask with bit n set where anchor n matches somewhere in the bytes."""
        found: list[int] = []
        self._scan(data, match_event_handler=lambda number, *_: found.append(number))
        mask = 0
        for number in found:
            mask |= 1 << number
        return mask


class PlainSearch:
    """The same with the standard library alone: a needle in the lower-cased bytes, then the pattern."""

    __slots__ = ("_compiled", "_packed", "_rows")

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._rows: list[_Row] | None = None
        self._compiled: dict[int, re.Pattern[bytes]] = {}

    def hits(self, data: bytes) -> int:
        """A mask with bit n set where anchor n matches somewhere in the bytes."""
        if self._rows is None:
            self._rows = marshal.loads(self._packed)
            assert self._rows is not None
        lower = data.lower()
        mask = 0
        for number, (pattern, caseless, needles) in enumerate(self._rows):
            for needle in needles:
                if needle in lower:
                    break
            else:
                if needles:
                    continue
            compiled = self._compiled.get(number)
            if compiled is None:
                compiled = re.compile(pattern.encode(), re.IGNORECASE if caseless else 0)
                self._compiled[number] = compiled
            if compiled.search(data):
                mask |= 1 << number
        return mask


def pack_anchors(anchors: Sequence[Anchor]) -> bytes:
    """Anchors for `PlainSearch`."""
    return marshal.dumps([_row(each) for each in anchors])


def compile_anchors(anchors: Sequence[Anchor]) -> bytes:
    """A hyperscan database that says of each anchor whether it stands in some bytes."""
    import hyperscan

    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    caseless = hyperscan.HS_FLAG_CASELESS
    database.compile(
        expressions=[anchor.pattern.encode() for anchor in anchors],
        ids=list(range(len(anchors))),
        elements=len(anchors),
        flags=[hyperscan.HS_FLAG_SINGLEMATCH | (caseless if anchor.caseless else 0) for anchor in anchors],
    )
    return bytes(hyperscan.dumpb(database))


def _row(anchor: Anchor) -> _Row:
    return anchor.pattern, anchor.caseless, tuple([needle.encode() for needle in anchor.needles])


def hyperscan_version() -> str:
    """The version that a database is compiled by, or nothing where hyperscan has no wheel."""
    try:
        import hyperscan
    except ImportError:
        return ""
    return str(getattr(hyperscan, "__version__", "unknown"))
