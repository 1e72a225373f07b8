"""Finds tokens in bytes: as they are, inside base64 and inside percent-encoding."""

from __future__ import annotations

import marshal
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pat_audit.model import Secret
from pat_audit.tokens import decoding
from pat_audit.tokens.entropy import entropy
from pat_audit.tokens.inside import Inside
from pat_audit.tokens.matching import NEAR, matches, name_before, text_before
from pat_audit.tokens.plan import Lookup, make_plan
from pat_audit.tokens.token import Token as Token
from pat_audit.tokens.token import without_overlaps
from pat_audit.tokens.verdict import UNKNOWN, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pat_audit.tokens.engines import Engine
    from pat_audit.vocabulary import CredentialKind

_FORMAT = 1
_DEEPEST = 2  # base64 in base64, and no further


@dataclass(frozen=True, slots=True)
class _Made:
    """What is made once from the kinds, and with which hyperscan."""

    plan: tuple[Lookup, ...]
    blobs: tuple[bytes, bytes] | None = None
    version: str = ""


class TokenScanner:
    """Finds the tokens of some kinds. Made once; the engine is started when it is first used."""

    def __init__(
        self,
        kinds: Sequence[CredentialKind],
        *,
        engine: Literal["hyperscan", "re", "any"] = "any",
        _made: _Made | None = None,
    ) -> None:
        """Make a scanner for `kinds`.

        `engine` is for tests: by default hyperscan where it is installed. Raises ValueError for a pattern
        that cannot be searched for and for the name of a check that does not exist.
        """
        self._shapes = [(kind, shape) for kind in kinds for shape in kind.shapes]
        self._made = _made or _Made(make_plan(kinds))
        self._plan = self._made.plan
        self._wanted = engine
        self._engine: Engine | None = None
        self._patterns: dict[int, re.Pattern[bytes]] = {}
        self._bounds: dict[str, frozenset[int]] = {}
        self._near: dict[int, tuple[bytes, ...]] = {}
        self._order = {id(shape): number for number, (_, shape) in enumerate(self._shapes)}
        self._runs = [number for number, lookup in enumerate(self._plan) if lookup.how == "run"]

    def serialize(self) -> bytes:
        """The compiled scanner, for `deserialize` on this machine."""
        from pat_audit.tokens.engines import HyperscanEngine, hyperscan_version

        engine = self._started()
        blobs = engine.blobs() if isinstance(engine, HyperscanEngine) else None
        version = hyperscan_version() if blobs else ""
        return marshal.dumps((_FORMAT, version, self._fingerprint(), [tuple(each) for each in self._plan], blobs))

    @classmethod
    def deserialize(cls, kinds: Sequence[CredentialKind], data: bytes) -> TokenScanner:
        """The scanner that `serialize` wrote for the same kinds; a new one where `data` does not fit."""
        try:
            version, made_with, fingerprint, plan, blobs = marshal.loads(data)
        except (ValueError, EOFError, TypeError):
            return cls(kinds)
        if version != _FORMAT:
            return cls(kinds)
        made = _Made(tuple(Lookup(*each) for each in plan), blobs, made_with)
        scanner = cls(kinds, _made=made)
        return scanner if scanner._fingerprint() == fingerprint else cls(kinds)

    def _fingerprint(self) -> list[tuple[str, str, str]]:
        return [(shape.pattern, shape.bounded, " ".join(shape.near or shape.keywords)) for _, shape in self._shapes]

    def _started(self) -> Engine:
        if self._engine is None:
            from pat_audit.tokens.engines import HyperscanEngine, PlainEngine, hyperscan_version

            version = hyperscan_version() if self._wanted != "re" else ""
            if not version:
                if self._wanted == "hyperscan":
                    raise RuntimeError("hyperscan is not installed")
                self._engine = PlainEngine(self._plan)
            else:
                blobs = self._made.blobs if version == self._made.version else None
                self._engine = HyperscanEngine(self._plan, blobs)
        return self._engine

    def find(self, data: bytes) -> list[Token]:
        """The tokens in `data`, in order, that are no placeholders. Time grows linearly with its size."""
        return self._find(data, _DEEPEST)

    def classify(self, text: str) -> Token | None:
        """The token that `text` is as a whole, encoded or not, alone or after `user:`; None: it is none."""
        data = text.strip().encode("utf-8", "surrogatepass")
        if data[:6].lower() == b"basic ":
            data = data[6:].lstrip()
        return self._whole(data, _DEEPEST)

    def _whole(self, data: bytes, depth: int) -> Token | None:
        for token in self._find(data, 0):
            user, colon, _ = data.partition(b":")
            at_start = token.start == 0 or (colon and token.start == len(user) + 1)
            if at_start and data[token.end :] in (b"", b":"):
                return token
        if depth == 0:
            return None
        inner: list[tuple[bytes, tuple[str, ...]]] = []
        if b"%" in data:
            inner.append((decoding.Unquoted(data).text, ("percent",)))
        if len(data) >= decoding.SHORTEST_RUN:
            inner += [
                (content, encoded)
                for start, end, content, encoded in decoding.base64_texts(data, 0, len(data.rstrip(b"=")))
                if (start, end) == (0, len(data))
            ]
        for content, encoded in inner:
            found = self._whole(content.strip(), depth - 1)
            if found:
                return replace(found, start=0, end=len(data), encoded=encoded + found.encoded)
        return None

    def _find(self, data: bytes, depth: int) -> list[Token]:
        engine = self._started()
        ends, percents = engine.places(data)
        found = [
            token
            for number in sorted(ends)
            if self._plan[number].how != "run"
            for token in self._at(number, data, ends[number])
        ]
        inside = Inside(data)
        numbers = [number for number in self._runs if not self._plan[number].expression or number in ends]
        for start, end in _long_runs(engine, data):
            found += self._in_run(numbers, data, start, end)
            if depth:
                inside.add_base64(start, end)
        if depth:
            inside.add_percents(percents)
            if text := inside.text():
                found += inside.lifted(self._find(text, depth - 1))
        return without_overlaps(found, self._order) if len(found) > 1 else found

    def _at(self, number: int, data: bytes, ends: Iterable[int]) -> Iterator[Token]:
        lookup = self._plan[number]
        if lookup.how == "near":
            ranges: Iterable[tuple[int, int]] = ((end, end + NEAR) for end in ends)
        else:
            ranges = ((end - lookup.high, end) for end in ends)
        for start, end in matches(self._pattern(number), lookup.high, data, ranges, self._around(lookup)):
            yield from self._judged(lookup, data, start, end)

    def _in_run(self, numbers: list[int], data: bytes, start: int, end: int) -> Iterator[Token]:
        for first, last in decoding.letter_runs(data, start, end):
            for begin in {first, decoding.unescaped(data, first)}:
                for number in numbers:
                    lookup = self._plan[number]
                    if lookup.low <= last - begin <= lookup.high and self._pattern(number).fullmatch(data, begin, last):
                        yield from self._judged(lookup, data, begin, last)

    def _judged(self, lookup: Lookup, data: bytes, start: int, end: int) -> Iterator[Token]:
        from pat_audit.tokens.checks import CHECKS
        from pat_audit.tokens.placeholders import is_placeholder, made_by_hand

        before = text_before(data, start).lower()
        text = data[start:end].decode("ascii")
        for number in lookup.shapes:
            kind, shape = self._shapes[number]
            if shape.near and not any(word in before for word in self._near_words(number)):
                continue
            if shape.unless and name_before(before) in shape.unless:
                continue
            check = CHECKS[shape.check](text) if shape.check else UNKNOWN
            if check.verdict is not Verdict.VALID:
                if check.verdict is Verdict.INVALID and shape.unchecked == "silent":
                    continue
                if entropy(text) < shape.minimum_entropy or is_placeholder(text):
                    continue
                if shape.unchecked != "report" and made_by_hand(text):
                    continue
            yield Token(kind, shape, start, end, check.verdict, check.detail, (), Secret(text))

    def _near_words(self, number: int) -> tuple[bytes, ...]:
        if number not in self._near:
            self._near[number] = tuple(word.lower().encode() for word in self._shapes[number][1].near)
        return self._near[number]

    def _pattern(self, number: int) -> re.Pattern[bytes]:
        if number not in self._patterns:
            lookup = self._plan[number]
            after = f"(?![{lookup.bounded}])" if lookup.bounded else ""
            self._patterns[number] = re.compile(f"(?:{lookup.pattern}){after}".encode())
        return self._patterns[number]

    def _around(self, lookup: Lookup) -> frozenset[int]:
        if lookup.bounded not in self._bounds:
            inside = re.compile(f"[{lookup.bounded}]".encode()) if lookup.bounded else None
            self._bounds[lookup.bounded] = frozenset(
                code for code in range(256) if inside and inside.match(bytes((code,)))
            )
        return self._bounds[lookup.bounded]


def _long_runs(engine: Engine, data: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while (hit := engine.next_run(data, at)) >= 0:
        start, end = decoding.run_around(data, hit - decoding.SHORTEST_RUN, at)
        yield start, end
        at = end


_latest: tuple[Sequence[CredentialKind], TokenScanner] | None = None


def scanner_for(kinds: Sequence[CredentialKind]) -> TokenScanner:
    """A scanner for `kinds`: the latest one again where they are the same object."""
    global _latest
    if _latest is None or _latest[0] is not kinds:
        _latest = (kinds, TokenScanner(kinds))
    return _latest[1]


def find_tokens(data: bytes, kinds: Sequence[CredentialKind]) -> list[Token]:
    """The tokens of `kinds` in `data`, in order; placeholders left out. See TokenScanner."""
    return scanner_for(kinds).find(data)


def classify(text: str, kinds: Sequence[CredentialKind]) -> Token | None:
    """The token of `kinds` that `text` is as a whole, encoded or not, alone or after `user:`."""
    return scanner_for(kinds).classify(text)
