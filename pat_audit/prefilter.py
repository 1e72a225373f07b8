"""Whether a file's bytes hold anything that could matter: one pass, before anything is decoded or parsed."""

from __future__ import annotations

import marshal
import os
import re
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pat_audit import user_cache

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.anchors import Anchor, Clauses
    from pat_audit.catalogue import Catalogue

WORTH_HYPERSCAN = 200_000
"""Bytes in a whole run from which importing hyperscan (14 ms) is cheaper than searching without it."""


class Verdict(NamedTuple):
    """Which kinds of work a file is worth."""

    tokens: bool
    urls: bool
    python: bool

    def __bool__(self) -> bool:
        return self.tokens or self.urls or self.python


class Engine(Protocol):
    """Finds which anchors stand in a file."""

    def hits(self, data: bytes) -> int:
        """A mask with bit n set where anchor n matches somewhere in the bytes."""


class Prefilter:
    """Says of a file's bytes what is worth doing with them.

    Built from the anchors of one catalogue, or from what a former run of that catalogue left in the user's
    cache. `size` is how many bytes the run is about to search: it decides for the engine that is cheaper in
    all, hyperscan or the standard library; both give the same verdicts.
    """

    __slots__ = ("_engine", "_python", "_tokens", "_urls")

    def __init__(self, catalogue: Catalogue, size: int | None = None, *, cache: bool = True) -> None:
        engine = _hyperscan_version() if size is None or size >= WORTH_HYPERSCAN else ""
        kept = _from_cache(catalogue, engine) if cache else None
        made = _engine(kept) if kept is not None else None
        if kept is None or made is None:
            kept = _derive(catalogue, engine)
            made = _engine(kept)
            if made is None:  # a processor that hyperscan was not built for
                kept = _derive(catalogue, "")
                made = PlainSearch(kept[1])
            elif cache:
                user_cache.write(_cache_name(engine), marshal.dumps((_stamp(catalogue, engine), *kept[1:])))
        self._engine: Engine = made
        self._tokens: Clauses
        self._tokens, self._urls, self._python = kept[2]

    def look(self, data: bytes) -> Verdict:
        """What a file with these bytes (UTF-8 or any encoding that keeps ASCII as it is) is worth."""
        hits = self._engine.hits(data)
        if not hits:
            return _NOTHING
        return Verdict(_met(self._tokens, hits), _met(self._urls, hits), _met(self._python, hits))

    def possibly_signs_in(self, data: bytes) -> bool:
        """Whether evaluating a Python program with this text could find anything."""
        return _met(self._python, self._engine.hits(data))


_NOTHING = Verdict(False, False, False)


def _met(clauses: Clauses, hits: int) -> bool:
    for clause in clauses:
        for mask in clause:
            if not hits & mask:
                break
        else:
            return True
    return False


# --- engines ----------------------------------------------------------------------------------------------


class _Hyperscan:
    """All anchors in one pass at the speed of memory."""

    __slots__ = ("_scan",)

    def __init__(self, database: bytes) -> None:
        import hyperscan

        loaded = hyperscan.loadb(database, mode=hyperscan.HS_MODE_BLOCK)
        loaded.scratch = hyperscan.Scratch(loaded)  # a loaded database has none of its own
        self._scan: Callable[..., Any] = loaded.scan

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

    __slots__ = ("_compiled", "_rows")

    def __init__(self, rows: list[tuple[str, bool, tuple[str, ...]]]) -> None:
        self._rows = [
            (number, pattern, caseless, tuple(needle.encode() for needle in needles))
            for number, (pattern, caseless, needles) in enumerate(rows)
        ]
        self._compiled: dict[int, re.Pattern[bytes]] = {}

    def hits(self, data: bytes) -> int:
        """A mask with bit n set where anchor n matches somewhere in the bytes."""
        lower = data.lower()
        mask = 0
        for number, pattern, caseless, needles in self._rows:
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


# --- made once, kept between runs -------------------------------------------------------------------------

# Whose change makes kept anchors worthless.
_DERIVERS = ("anchors.py", "naming.py", "prefilter.py")

_Kept = tuple[Any, list[tuple[str, bool, tuple[str, ...]]], tuple["Clauses", "Clauses", "Clauses"], bytes]


def _derive(catalogue: Catalogue, engine: str) -> _Kept:
    from pat_audit.anchors import derive

    anchors = derive(catalogue)
    rows = [(anchor.pattern, anchor.caseless, anchor.needles) for anchor in anchors.anchors]
    clauses = (anchors.tokens, anchors.urls, anchors.python)
    return ((), rows, clauses, _compile(anchors.anchors) if engine else b"")


def _engine(kept: _Kept) -> Engine | None:
    """The engine for what was kept; None where its database is of another machine, or hyperscan refuses."""
    _, rows, _, database = kept
    if not database:
        return PlainSearch(rows)
    import hyperscan

    try:
        return _Hyperscan(database)
    except hyperscan.HyperscanError:
        return None


def _compile(anchors: tuple[Anchor, ...]) -> bytes:
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


def _hyperscan_version() -> str:
    """The version that a database is compiled by, or nothing where hyperscan has no wheel."""
    try:
        import hyperscan
    except ImportError:
        return ""
    return str(getattr(hyperscan, "__version__", "unknown"))


def _cache_name(engine: str) -> str:
    return f"prefilter-{'hyperscan' if engine else 'plain'}"


def _stamp(catalogue: Catalogue, engine: str) -> tuple[Any, ...]:
    """What the anchors are derived from: the catalogue, and the code that derives them."""
    here = os.path.dirname(__file__)  # noqa: PTH120
    looks = [os.stat(os.path.join(here, name)) for name in _DERIVERS]  # noqa: PTH116, PTH118
    return (catalogue.digest, engine, sys.version, tuple((look.st_mtime_ns, look.st_size) for look in looks))


def _from_cache(catalogue: Catalogue, engine: str) -> _Kept | None:
    data = user_cache.read(_cache_name(engine))
    if data is None:
        return None
    try:
        kept: _Kept = marshal.loads(data)
        return kept if kept[0] == _stamp(catalogue, engine) else None
    except (ValueError, EOFError, TypeError, IndexError, OSError):
        return None
