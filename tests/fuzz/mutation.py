"""Changes bytes at random, with the standard library alone: what a run without atheris lives on."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from random import Random

LARGEST = 16_384
"""Bytes of one input."""

Mutator = Callable[[bytes, Random, Sequence[bytes]], bytes]
"""Takes an input, a source of random numbers and further inputs to borrow from; gives another input."""

_ODD = (
    b"\0", b"\r", b"\r\n", b"\n", b"\t", b"\x0c", b"\xef\xbb\xbf", b"\xff", b"\xc3\xa4", b"\xe2\x82\xac",
    b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\x1b[31m", b"'", b'"', b'"""', b"`", b"\\", b"${", b"$(",
    b"{{", b"}}", b"<<EOF\n", b"/*", b"*/", b"//", b"#", b"<!--", b"-->", b"(", b")", b"[", b"]", b"{", b"}", b"@",
    b"://", b"%3A", b"%", b"=", b"==", b":", b"- ", b"Basic ", b"Bearer ", b"***", b"-1", b"99999999999999999999",
)  # fmt: skip


def mutated(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """One to four changes of bytes, lines, or stretches of other inputs."""
    for _ in range(random.choice((1, 1, 2, 4))):
        data = random.choice(_CHANGES)(data, random, others)
    return data[:LARGEST]


def _span(data: bytes, random: Random, longest: int = 64) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.randint(0, longest))


def _delete(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    start, end = _span(data, random)
    return data[:start] + data[end:]


def _duplicate(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    start, end = _span(data, random)
    return data[:end] + data[start:end] * random.choice((1, 2, 40)) + data[end:]


def _insert(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] + random.choice(_ODD) * random.choice((1, 1, 1, 2, 300)) + data[at:]


def _flip(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    if not data:
        return b"a"
    at = random.randrange(len(data))
    return data[:at] + bytes((random.randrange(256),)) + data[at + 1 :]


def _splice(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    other = random.choice(others) if others else b""
    start, end = _span(other, random, 400)
    at = random.randint(0, len(data))
    return data[:at] + other[start:end] + data[at:]


def _move_lines(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    lines = data.splitlines(keepends=True)
    if len(lines) < 2:
        return data
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def _without_line(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        del lines[random.randrange(len(lines))]
    return b"".join(lines)


def _cut_short(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    return data[: random.randint(0, len(data))]


def _encode(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    start, end = _span(data, random)
    return data[:start] + base64.b64encode(data[start:end]) + data[end:]


_CHANGES: tuple[Mutator, ...] = (
    _delete, _duplicate, _insert, _flip, _splice, _splice, _move_lines, _without_line, _cut_short, _encode,
)  # fmt: skip
