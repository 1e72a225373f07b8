"""The bytes of one file on disk, read without waiting for what is no file and without following strangers."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.source import LARGEST_TEXT, SAMPLE, is_binary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CHUNK = 4 * 1024 * 1024
OVERLAP = 4096  # the longest token, so that none hides on a border
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


class NoFileError(Exception):
    """What was to be read is no regular file: a directory, a link, a pipe."""


class Raw(NamedTuple):
    """The bytes of a file (its first LARGEST_TEXT ones) and how many it has in all."""

    data: bytes
    size: int


def read_file(path: str, *, follow: bool = False) -> Raw:
    """Read one file.

    `follow`: a link is followed, as for a path that somebody gave. Raises OSError as the system does
    (FileNotFoundError where it is gone), NoFileError for anything but a regular file: such a thing is
    opened without waiting and never read, so that a pipe without a writer holds nothing up.
    """
    try:
        handle = os.open(path, os.O_RDONLY | _NO_WAIT | (0 if follow else _NO_FOLLOW))
    except OSError as error:
        if not follow and os.path.islink(path):  # noqa: PTH114 - pathlib takes 9 ms to import
            raise NoFileError("a link") from None
        raise error
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise NoFileError("no regular file")
        size = status.st_size
        # Asking for one byte more than there should be tells whether the file has grown.
        data = os.read(handle, min(size + 1, LARGEST_TEXT, 1 << 16))
        if len(data) == size or not data or _is_surely_binary(data):
            return Raw(data, size)
        parts = [data]
        got = len(data)
        while got < LARGEST_TEXT:
            part = os.read(handle, min(LARGEST_TEXT - got, CHUNK))
            if not part:
                return Raw(b"".join(parts), got)
            parts.append(part)
            got += len(part)
        return Raw(b"".join(parts), max(size, got))
    finally:
        os.close(handle)


def further_chunks(path: str) -> Iterator[bytes]:
    """What a file holds behind its first LARGEST_TEXT bytes, in overlapping chunks. Raises OSError."""
    with open(path, "rb") as file:  # noqa: PTH123
        file.seek(LARGEST_TEXT - OVERLAP)
        yield from overlapping(iter(lambda: file.read(CHUNK), b""))


def overlapping(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Each chunk behind the last OVERLAP bytes of the one before: what stands across a border is in one of them."""
    kept = b""
    for chunk in chunks:
        yield kept + chunk
        kept = chunk[-OVERLAP:]


def _is_surely_binary(start: bytes) -> bool:
    """Whether a larger file need not be read to its end: what it starts with is no text."""
    return start.find(b"\0", 0, SAMPLE) >= 0 and is_binary(start)
