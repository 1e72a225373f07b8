"""Whether a file's bytes hold anything that could matter: one pass, before anything is decoded or parsed."""

from __future__ import annotations

import marshal
import os
import re
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from pat_audit import user_cache

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pat_audit.anchor_table import Anchor
    from pat_audit.anchors import Clauses
    from pat_audit.catalogue import Catalogue
    from pat_audit.glob_table import GlobTable

WORTH_HYPERSCAN = 200_000
"""Bytes in a whole run from which importing hyperscan (14 ms) is cheaper than searching without it."""

NO_FORMAT: frozenset[str] = frozenset()
"""What a file of no known format is of."""

SMALL_MODULE = 4096
"""Bytes of a module that is always read as evidence."""


class Verdict(NamedTuple):
    """Which kinds of work a file is worth."""

    tokens: bool
    urls: bool
    markers: bool
    program: bool


class Prefilter:
    """Says of a file's bytes what is worth doing with them.

    Built from the anchors of one catalogue, or from what a former run of that catalogue left in the user's
    cache. `size` is how many bytes the run is about to search: it decides for the engine that is cheaper in
    all, hyperscan or the standard library; both give the same verdicts.
    """

    __slots__ = (
        "_caches", "_cheap", "_evidence", "_exact", "_formats", "_globs", "_programs", "_questions", "_settings",
        "_text", "_together",
    )  # fmt: skip

    def __init__(self, catalogue: Catalogue, size: int | None = None, *, cache: bool = True) -> None:
        version = hyperscan_version() if size is None or size >= WORTH_HYPERSCAN else ""
        kept = _from_cache(catalogue, version) if cache else None
        engines = _engines(kept) if kept is not None else None
        if kept is None or engines is None:
            kept = _derive(catalogue, version)
            engines = _engines(kept)
            if engines is None:  # a processor that hyperscan was not built for
                kept = _derive(catalogue, "")
                engines = _engines(kept)
                assert engines is not None
            elif cache:
                user_cache.write(_cache_name(version), marshal.dumps((_stamp(catalogue, version), kept)))
        self._text: HyperscanSearch | PlainSearch
        self._cheap: HyperscanSearch | PlainSearch
        self._exact: HyperscanSearch | PlainSearch
        self._text, self._cheap, self._exact = engines
        self._caches = cache
        self._together: dict[frozenset[str], Clauses] = {}
        self._questions, self._programs, self._evidence, self._formats, globs = kept[1]
        self._globs = globs
        self._settings: GlobTable | None = None  # made when a file is no program: most hooks see none

    def for_more(self, catalogue: Catalogue, looked: int) -> Prefilter:
        """The prefilter to go on with after `looked` bytes: the other engine where those were many."""
        if looked < WORTH_HYPERSCAN or not isinstance(self._cheap, PlainSearch):
            return self
        return Prefilter(catalogue, None, cache=self._caches)

    def formats_of(self, path: str) -> frozenset[str]:
        """The formats that a file with this path may be of, if it is no program."""
        if self._settings is None:
            from pat_audit.glob_table import GlobTable

            self._settings = GlobTable((glob, id) for id, each in self._globs.items() for glob in each)
        return self._settings.find(path)

    def look(self, data: bytes, language: str = "", formats: frozenset[str] = NO_FORMAT) -> Verdict | None:
        """What a file with these bytes is worth; None: nothing.

        The bytes are UTF-8 or of any encoding that keeps ASCII as it is. `language` is the one that it would be
        evaluated as, `formats` those that it would be read as; what has none of either is not searched for what
        only programs and settings hold.
        """
        hits = self._cheap.hits(data) if language or formats else self._text.hits(data)
        if not hits:
            return None
        exact: int | None = None
        verdict = []
        for clauses in (*self._questions, self._programs.get(language) or self._clauses_of(formats)):
            met = False
            for cheap, wanted in clauses:
                if hits & cheap:
                    if wanted and exact is None:
                        exact = self._exact.hits(data)
                    if not wanted or wanted & (exact or 0):
                        met = True
                        break
            verdict.append(met)
        return Verdict(*verdict) if any(verdict) else None

    def _clauses_of(self, formats: frozenset[str]) -> Clauses:
        if formats not in self._together:
            self._together[formats] = tuple(
                dict.fromkeys(clause for id in sorted(formats) for clause in self._formats[id])
            )
        return self._together[formats]

    def possibly_signs_in(self, data: bytes, language: str) -> bool:
        """Whether evaluating a program of that language with this text could find anything."""
        verdict = self.look(data, language)
        return verdict is not None and verdict.program

    def possibly_evidence(self, data: bytes, language: str) -> bool:
        """Whether a module of that language with this text can add anything to a program that imports it.

        Wider than `possibly_signs_in`: an address, a setting or a request without any credential counts. A
        small module counts always: to read one costs less than to miss the helper in it.
        """
        if len(data) <= SMALL_MODULE:
            return True
        hits = self._cheap.hits(data)
        exact: int | None = None
        for cheap, wanted in self._evidence.get(language, ()):
            if hits & cheap:
                if not wanted:
                    return True
                if exact is None:
                    exact = self._exact.hits(data)
                if wanted & exact:
                    return True
        return False


# --- engines ----------------------------------------------------------------------------------------------


class HyperscanSearch:
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

    def __init__(self, rows: Sequence[_Row]) -> None:
        self._rows = rows
        self._compiled: dict[int, re.Pattern[bytes]] = {}

    def hits(self, data: bytes) -> int:
        """A mask with bit n set where anchor n matches somewhere in the bytes."""
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


# --- made once, kept between runs -------------------------------------------------------------------------

# Whose change makes kept anchors worthless.
_DERIVERS = ("anchor_table.py", "anchors.py", "glob_table.py", "naming.py", "prefilter.py")

_Row = tuple[str, bool, tuple[bytes, ...]]  # the fields of an Anchor


# What a prefilter is made of, as plain data that marshal keeps: the anchors of text, of programs, and the
# exact ones; what is asked of them of any text, in the order of Verdict's fields, then by language of programs,
# what is evidence for them, then by format, and each format's globs; and the databases of all three, where there is
# hyperscan.
_ByName = dict[str, "Clauses"]
_Asked = tuple[tuple["Clauses", ...], _ByName, _ByName, _ByName, dict[str, tuple[str, ...]]]
_Kept = tuple[tuple[list[_Row], ...], _Asked, tuple[bytes, ...]]


def _derive(catalogue: Catalogue, version: str) -> _Kept:
    from pat_audit.anchors import derive

    anchors = derive(catalogue)
    tables = (anchors.cheap[: anchors.of_text], anchors.cheap, anchors.exact)
    rows = tuple([_row(each) for each in table] for table in tables)
    of_text = (anchors.tokens, anchors.urls, anchors.markers)
    questions = (of_text, anchors.programs, anchors.evidence, anchors.formats, anchors.globs)
    return rows, questions, tuple(map(compile_anchors, tables)) if version else ()


def _row(anchor: Anchor) -> _Row:
    return anchor.pattern, anchor.caseless, tuple([needle.encode() for needle in anchor.needles])


def _engines(kept: _Kept) -> list[PlainSearch] | list[HyperscanSearch] | None:
    """The engines for what was kept; None where its databases are another machine's, or hyperscan refuses."""
    tables, _, databases = kept
    if not databases:
        return [PlainSearch(rows) for rows in tables]
    import hyperscan

    try:
        return [HyperscanSearch(database) for database in databases]
    except hyperscan.HyperscanError:
        return None


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


def hyperscan_version() -> str:
    """The version that a database is compiled by, or nothing where hyperscan has no wheel."""
    try:
        import hyperscan
    except ImportError:
        return ""
    return str(getattr(hyperscan, "__version__", "unknown"))


def _cache_name(version: str) -> str:
    return f"prefilter-{'hyperscan' if version else 'plain'}"


def _stamp(catalogue: Catalogue, version: str) -> tuple[Any, ...]:
    """What the anchors are derived from: the catalogue, and the code that derives them."""
    here = os.path.dirname(__file__)  # noqa: PTH120
    looks = [os.stat(os.path.join(here, name)) for name in _DERIVERS]  # noqa: PTH116, PTH118
    return (catalogue.digest, version, sys.version, tuple((look.st_mtime_ns, look.st_size) for look in looks))


def _from_cache(catalogue: Catalogue, version: str) -> _Kept | None:
    data = user_cache.read(_cache_name(version))
    if data is None:
        return None
    try:
        stamp, kept = marshal.loads(data)
        return cast("_Kept", kept) if stamp == _stamp(catalogue, version) else None
    except (ValueError, EOFError, TypeError, OSError):
        return None
