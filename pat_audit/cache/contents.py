"""What tells one content of a file from another without reading it: git's word, or else the system's."""

# ruff: noqa: PTH116
# os.path throughout: some ten thousand paths.

from __future__ import annotations

import os
import time
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.discover import entries
from pat_audit.paths import Paths
from pat_audit.source import display_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.cache.git_state import GitState

_MARK = 8  # bytes
_GRAIN = 2 * 10**9  # nanoseconds: a file that is as young as this may change again and keep its time


class Marks(NamedTuple):
    """The files of a run, each with eight bytes that tell its content from another.

    Zeros say that it cannot be told from a later one. What is kept of a run is made for the next, so that a mark need
    only differ from the one before it; it is made with a salt that nobody knows who could make two contents for it.
    """

    paths: Paths = Paths()
    marks: bytes = b""
    salt: bytes = b""

    def each(self) -> Iterator[tuple[str, int]]:
        """The paths in order, each with its mark."""
        return zip(self.paths, memoryview(self.marks).cast("Q"), strict=True)

    def against(self, before: Marks) -> Iterator[tuple[str, bool, bool]]:
        """The files whose content is or may be another one: the path, whether it is here, whether it was there."""
        others = before.each()
        other = next(others, None)
        for path, mark in self.each():
            while other is not None and other[0] < path:
                yield other[0], False, True
                other = next(others, None)
            if other is None or other[0] != path:
                yield path, True, False
                continue
            if not mark or mark != other[1]:
                yield path, True, True
            other = next(others, None)
        while other is not None:
            yield other[0], False, True
            other = next(others, None)


class Contents:
    """Asks git about a work tree, or nobody where there is none; `of` then gives the files' marks.

    A file that git knows and finds unchanged is known by its blob. git looks at no content for that, and runs
    nothing. Any other file is known by its size, its times and its number on disk.
    """

    def __init__(self, root: str, state: GitState | None) -> None:
        self._root = root
        self._state = state
        self._began = time.time_ns() if state is None else state.began

    def of(self, wanted: Paths, odd: bool, salt: bytes = b"") -> Marks:
        """The mark of each file by its path from the root; marks that are to be alike have the same salt.

        `odd`: some of the paths are shown otherwise than they are on disk, and are not looked for there.
        """
        salt = salt or os.urandom(16)
        marks = bytearray()
        blobs = self._blobs()
        blob = next(blobs, None)
        for path in wanted:
            while blob is not None and blob[0] < path:
                blob = next(blobs, None)
            if blob is not None and blob[0] == path:
                key = blob[1]
            else:
                key = "" if odd and display_path(path) != path else self.on_disk(path)
            marks += blake2b(key.encode(), digest_size=_MARK, key=salt).digest() if key else bytes(_MARK)
        return Marks(wanted, bytes(marks), salt)

    def on_disk(self, path: str) -> str:
        """The key of a file by what the system says of it; nothing for one that is too young to be sure."""
        return key_on_disk(self._root + path, self._began)

    def _blobs(self) -> Iterator[tuple[str, str]]:
        """The files that are as git knows them, with their blobs, in the order in which git has them: by the path."""
        answer = None if self._state is None else self._state.answer
        if answer is None:
            return
        changed = Paths(entries(answer.changed))
        for entry in entries(answer.listed):
            if entry.startswith("H 1") and entry.find(" 0\t", 48) > 0:  # neither in conflict nor assumed unchanged
                about, _, path = entry.partition("\t")
                if path not in changed:
                    yield path, about[9:-2]


def key_on_disk(path: str, began: int) -> str:
    """The key of a file by what the system says of it; nothing for one that is too young at `began` to be sure."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return "none"
    if max(status.st_mtime_ns, status.st_ctime_ns) > began - _GRAIN:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"
