"""What tells one content of a file from another without reading it: git's word, or else the system's."""

# ruff: noqa: PTH116
# os.path throughout: some ten thousand paths.

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from pat_audit.source import display_path

if TYPE_CHECKING:
    from collections.abc import Collection

    from pat_audit.cache.git_state import GitState

_GRAIN = 2 * 10**9  # nanoseconds: a file that is as young as this may change again and keep its time


class Contents:
    """Asks git about a work tree, or nobody where there is none; `of` then gives each file's key.

    A file that git knows and finds unchanged is known by its blob. git looks at no content for that, and runs
    nothing. Any other file is known by its size, its times and its number on disk.
    """

    def __init__(self, root: str, state: GitState | None) -> None:
        self._root = root
        self._state = state
        self._began = time.time_ns() if state is None else state.began

    def of(self, wanted: Collection[str], odd: bool) -> dict[str, str]:
        """The key of each file by its path from the root; nothing for one that cannot be told from a later one.

        `odd`: some of the paths are shown otherwise than they are on disk, and are not looked for there.
        """
        keys = self._blobs()
        found: dict[str, str] = {}
        for path in wanted:
            key = keys.get(path)
            if key is None:
                key = "" if odd and display_path(path) != path else self.on_disk(path)
            found[path] = key
        return found

    def on_disk(self, path: str) -> str:
        """The key of a file by what the system says of it; nothing for one that is too young to be sure."""
        return key_on_disk(self._root + path, self._began)

    def _blobs(self) -> dict[str, str]:
        answer = None if self._state is None else self._state.answer
        if answer is None:
            return {}
        keys: dict[str, str] = {}
        for entry in os.fsdecode(answer.listed).split("\0"):
            if entry.startswith("H 1") and entry.find(" 0\t", 48) > 0:  # neither in conflict nor assumed unchanged
                about, _, path = entry.partition("\t")
                keys[path] = about[9:-2]
        for path in os.fsdecode(answer.changed).split("\0"):
            keys.pop(path, None)
        return keys


def key_on_disk(path: str, began: int) -> str:
    """The key of a file by what the system says of it; nothing for one that is too young at `began` to be sure."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return "none"
    if max(status.st_mtime_ns, status.st_ctime_ns) > began - _GRAIN:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"
