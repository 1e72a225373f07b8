"""Whether a file's bytes hold anything that could matter: one pass, before anything is decoded or parsed."""

from __future__ import annotations

import marshal
import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from pat_audit import user_cache
from pat_audit.anchor_search import HyperscanSearch, PlainSearch, compile_anchors, hyperscan_version, pack_anchors

if TYPE_CHECKING:
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
        engines = _engines(kept, version) if kept is not None else None
        if kept is None or engines is None:
            kept = _derive(catalogue, version)
            engines = _engines(kept, version)
            if engines is None:  # a processor that hyperscan was not built for
                kept = _derive(catalogue, "")
                engines = _engines(kept, "")
                assert engines is not None
            elif cache:
                user_cache.write(_cache_name(catalogue, version), marshal.dumps((_stamp(catalogue, version), kept)))
        self._text: HyperscanSearch | PlainSearch
        self._cheap: HyperscanSearch | PlainSearch
        self._exact: HyperscanSearch | PlainSearch
        self._text, self._cheap, self._exact = engines
        self._caches = cache
        self._together: dict[frozenset[str], Clauses] = {}
        of_text, programs, evidence, formats, self._globs = kept[1]
        self._questions: tuple[Clauses, ...] = marshal.loads(of_text)
        self._programs = _Unpacked(programs)
        self._evidence = _Unpacked(evidence)
        self._formats = _Unpacked(formats)
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

            globs: dict[str, tuple[str, ...]] = marshal.loads(self._globs)
            self._settings = GlobTable((glob, id) for id, each in globs.items() for glob in each)
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
        for clauses in (*self._questions, self._programs[language] or self._clauses_of(formats)):
            met, exact = self._met(clauses, hits, data, exact)
            verdict.append(met)
        return Verdict(*verdict) if any(verdict) else None

    def _met(self, clauses: Clauses, hits: int, data: bytes, exact: int | None) -> tuple[bool, int | None]:
        """Whether one of the clauses is met, and the exact hits: None, as before, where none was asked for them."""
        for cheap, wanted, further in clauses:
            if hits & cheap:
                if not wanted:
                    return True, exact
                if exact is None:
                    exact = self._exact.hits(data)
                if wanted & exact and (not further or further & exact):
                    return True, exact
        return False, exact

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
        met, _ = self._met(self._evidence[language], self._cheap.hits(data), data, None)
        return met


class _Unpacked(dict[str, "Clauses"]):
    """Clauses by name, unpacked when they are asked for; none for a name that there is not."""

    __slots__ = ("_packed",)

    def __init__(self, packed: _Packed) -> None:
        self._packed = packed

    def __missing__(self, name: str) -> Clauses:
        clauses: Clauses = marshal.loads(self._packed[name]) if name in self._packed else ()
        self[name] = clauses
        return clauses


# --- made once, kept between runs -------------------------------------------------------------------------

# Whose change makes kept anchors worthless.
_DERIVERS = ("anchor_search.py", "anchor_table.py", "anchors.py", "glob_table.py", "naming.py", "prefilter.py")

# What a prefilter is made of, as plain data that marshal keeps, each part packed by itself because a hook needs few:
# the anchors of text, of programs, and the exact ones, or their databases where there is hyperscan; what is asked of
# them of any text, in the order of Verdict's fields, then by language of programs, what is evidence for them, then by
# format, and each format's globs.
_Packed = dict[str, bytes]
_Kept = tuple[tuple[bytes, ...], tuple[bytes, _Packed, _Packed, _Packed, bytes]]


def _derive(catalogue: Catalogue, version: str) -> _Kept:
    from pat_audit.anchors import derive

    anchors = derive(catalogue)
    tables = (anchors.cheap[: anchors.of_text], anchors.cheap, anchors.exact)
    of_text = marshal.dumps((anchors.tokens, anchors.urls, anchors.markers))
    programs, evidence, formats = map(_packed, (anchors.programs, anchors.evidence, anchors.formats))
    questions = (of_text, programs, evidence, formats, marshal.dumps(anchors.globs))
    return tuple(map(compile_anchors if version else pack_anchors, tables)), questions


def _packed(clauses: dict[str, Clauses]) -> _Packed:
    return {name: marshal.dumps(each) for name, each in clauses.items()}


def _engines(kept: _Kept, version: str) -> list[PlainSearch] | list[HyperscanSearch] | None:
    """The engines for what was kept; None where its databases are another machine's, or hyperscan refuses."""
    tables, _ = kept
    if not version:
        return [PlainSearch(table) for table in tables]
    import hyperscan

    try:
        return [HyperscanSearch(table) for table in tables]
    except hyperscan.HyperscanError:
        return None


def _cache_name(catalogue: Catalogue, version: str) -> str:
    return f"prefilter-{'hyperscan' if version else 'plain'}-{catalogue.place}"


def _stamp(catalogue: Catalogue, version: str) -> tuple[Any, ...]:
    """What the anchors are derived from: the catalogue, and the code that derives them."""
    here = os.path.dirname(__file__)  # noqa: PTH120
    looks = [os.stat(os.path.join(here, name)) for name in _DERIVERS]  # noqa: PTH116, PTH118
    return (catalogue.digest, version, sys.version, tuple((look.st_mtime_ns, look.st_size) for look in looks))


def _from_cache(catalogue: Catalogue, version: str) -> _Kept | None:
    data = user_cache.read(_cache_name(catalogue, version))
    if data is None:
        return None
    try:
        stamp, kept = marshal.loads(data)
        return cast("_Kept", kept) if stamp == _stamp(catalogue, version) else None
    except (ValueError, EOFError, TypeError, OSError):
        return None
