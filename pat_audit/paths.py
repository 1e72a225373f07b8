"""Very many paths in little memory: sorted, each once, packed together, and looked at a hundred at a time."""

from __future__ import annotations

import heapq
import zlib
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

_BLOCK = 128  # paths that are packed together
_RUN = 64 * _BLOCK  # paths that are held as they are until they are sorted and packed
_KEPT = 64  # blocks that are kept unpacked for those who ask whether a path is there


class Paths(Collection[str]):
    """Paths in order, each once. Some ten bytes for each of a million, where a string of its own takes seventy."""

    __slots__ = ("_blocks", "_firsts", "_length", "_unpacked")

    def __init__(self, paths: Iterable[str] = ()) -> None:
        gathering = Gathering()
        for path in paths:
            gathering.add(path)
        self._take(gathering)

    def _take(self, gathering: Gathering) -> None:
        blocks = list(gathering.blocks())
        self._blocks = [block.packed for block in blocks]
        self._firsts = [block.first for block in blocks]
        self._length = sum(block.paths for block in blocks)
        self._unpacked: dict[int, frozenset[str]] = {}

    @classmethod
    def of(cls, paths: Collection[str]) -> Paths:
        """The same paths in order: these themselves, where they are."""
        return paths if isinstance(paths, Paths) else cls(paths)

    @classmethod
    def gathered(cls, gathering: Gathering) -> Paths:
        """All that was gathered, which is spent with that."""
        made = cls.__new__(cls)
        made._take(gathering)
        return made

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[str]:
        for packed in self._blocks:
            yield from _unpacked(packed)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Paths):
            return NotImplemented
        return len(self) == len(other) and all(map(str.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def __contains__(self, path: object) -> bool:
        if not isinstance(path, str):
            return False
        are_few = self._length <= _RUN  # then one set of all answers fastest
        number = 0 if are_few else bisect_right(self._firsts, path) - 1
        if number < 0:
            return False
        found = self._unpacked.get(number)
        if found is None:
            if len(self._unpacked) >= _KEPT:
                del self._unpacked[next(iter(self._unpacked))]
            found = self._unpacked[number] = frozenset(self if are_few else _unpacked(self._blocks[number]))
        return path in found

    def starting(self, start: str) -> Iterator[str]:
        """Those that start so."""
        for packed in self._blocks[max(0, bisect_right(self._firsts, start) - 1) :]:
            for path in _unpacked(packed):
                if path.startswith(start):
                    yield path
                elif path > start:
                    return

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self._blocks, self._firsts, self._length)


def _again(blocks: list[str | bytes], firsts: list[str], length: int) -> Paths:
    made = Paths()
    made._blocks, made._firsts, made._length = blocks, firsts, length
    return made


class _Block(NamedTuple):
    packed: str | bytes
    first: str
    last: str
    paths: int


class Gathering:
    """Takes paths in any order, and packs those that came."""

    __slots__ = ("_loose", "_sequences")

    def __init__(self) -> None:
        self._loose: list[str] = []
        self._sequences: list[list[_Block]] = []  # each in order; one, where the paths came in order

    def add(self, path: str) -> None:
        """Take one; the same may come again."""
        self._loose.append(path)
        if len(self._loose) == _RUN:
            self._put(packed=True)

    def blocks(self) -> Iterator[_Block]:
        """All that came, in order and each once; nothing is kept of it here."""
        if self._loose:
            self._put(packed=bool(self._sequences))
        sequences, self._sequences = self._sequences, []
        if len(sequences) < 2:
            return iter(sequences[0] if sequences else ())
        return _in_blocks(_once(heapq.merge(*map(_paths, sequences))), packed=True)

    def _put(self, *, packed: bool) -> None:
        loose = sorted(set(self._loose))
        self._loose = []
        fitting = next((each for each in self._sequences if each[-1].last < loose[0]), None)
        if fitting is None:
            fitting = []
            self._sequences.append(fitting)
        fitting += _in_blocks(loose, packed=packed)


class PathsByName:
    """Paths by the last part of them, in lower case: put in order when they are first asked for."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = paths
        self._by_name: Paths | None = None
        self._by_ending: dict[tuple[str, ...], Paths] = {}

    def named(self, name: str) -> tuple[str, ...]:
        """Those with that name, in lower case, sorted."""
        if self._by_name is None:
            self._by_name = Paths(f"{path.rpartition('/')[2].lower()}/{path}" for path in self._paths)
        start = f"{name}/"
        return tuple(each[len(start) :] for each in self._by_name.starting(start))

    def ending(self, suffixes: tuple[str, ...], start: str) -> tuple[str, ...]:
        """Those whose names, in lower case, end so, and which start so, sorted."""
        if suffixes not in self._by_ending:
            self._by_ending[suffixes] = Paths(path for path in self._paths if path.lower().endswith(suffixes))
        return tuple(self._by_ending[suffixes].starting(start))


def _in_blocks(paths: Iterable[str], *, packed: bool) -> Iterator[_Block]:
    loose: list[str] = []
    for path in paths:
        loose.append(path)
        if len(loose) == _BLOCK:
            yield _block(loose, packed)
            loose = []
    if loose:
        yield _block(loose, packed)


def _block(paths: list[str], packed: bool) -> _Block:
    text = "\0".join(paths)
    if not packed:
        return _Block(text, paths[0], paths[-1], len(paths))
    data = zlib.compress(text.encode("utf-8", "surrogatepass"), 1)
    return _Block(data, paths[0], paths[-1], len(paths))


def _unpacked(packed: str | bytes) -> list[str]:
    if isinstance(packed, str):
        return packed.split("\0")
    return zlib.decompress(packed).decode("utf-8", "surrogatepass").split("\0")


def _paths(blocks: list[_Block]) -> Iterator[str]:
    for block in blocks:
        yield from _unpacked(block.packed)


def _once(paths: Iterable[str]) -> Iterator[str]:
    last = None
    for path in paths:
        if path != last:
            yield path
        last = path
