"""Gathers what is encoded in some bytes into one text, so that all of it is searched in one go."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pat_audit.tokens import decoding
from pat_audit.tokens.matching import text_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pat_audit.tokens.token import Token

_LEAST = 20  # bytes: no token that stands alone is shorter
_APART = b"\n\n\n"  # a near word of one piece says nothing of the next


@dataclass(frozen=True, slots=True)
class _Piece:
    """A decoded text, where it stands in the gathered text, and what it was decoded from."""

    at: int
    size: int
    start: int
    end: int
    encoded: tuple[str, ...]
    unquoted: decoding.Unquoted | None = None


class Inside:
    """The decoded texts of some bytes, each behind what stands before it (near words count there)."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pieces: list[_Piece] = []
        self._parts: list[bytes] = []
        self._size = 0

    def add_base64(self, start: int, end: int) -> None:
        """Decode the run of base64 characters from `start` to `end`, in each way that gives text."""
        for first, last, text, encoded in decoding.base64_texts(self._data, start, end):
            if len(text) >= _LEAST:
                self._append(text, first, last, encoded, None)

    def add_percents(self, ends: Iterable[int]) -> None:
        """Decode the percent-encoded stretches in which escapes end at the ascending offsets `ends`."""
        done = 0
        for at in ends:
            if at <= done:
                continue
            start, end = decoding.percent_run(self._data, at, done)
            done = end
            if end - start >= _LEAST:
                content = decoding.Unquoted(self._data[start:end])
                self._append(content.text, start, end, ("percent",), content)

    def _append(
        self, text: bytes, start: int, end: int, encoded: tuple[str, ...], unquoted: decoding.Unquoted | None
    ) -> None:
        before = text_before(self._data, start)
        self._pieces.append(_Piece(self._size + len(before) + 1, len(text), start, end, encoded, unquoted))
        self._parts += (before, b"\0", text, _APART)
        self._size += len(before) + 1 + len(text) + len(_APART)

    def text(self) -> bytes:
        """Everything that was decoded."""
        return b"".join(self._parts)

    def lifted(self, tokens: Iterable[Token]) -> Iterator[Token]:
        """Tokens of `text()` as tokens of the bytes around; those that were not encoded at all left out."""
        places = [piece.at for piece in self._pieces]
        for token in tokens:
            number = bisect_right(places, token.start) - 1
            if number < 0:
                continue
            piece = self._pieces[number]
            first, last = token.start - piece.at, token.end - piece.at
            if last > piece.size:
                continue  # in what stands before the next piece
            start, end = piece.start, piece.end
            if piece.unquoted:
                start = piece.start + piece.unquoted.raw_offset(first)
                end = piece.start + piece.unquoted.raw_offset(last)
                if end - start == last - first:
                    continue
            yield replace(token, start=start, end=end, encoded=piece.encoded + token.encoded)
