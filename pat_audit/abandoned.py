"""Clears away what a killed run left: the text of a file that was not put in its place yet."""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress

ENDING = ".pat-audit-part"
"""How the name of a file ends until it is whole and gets its own name."""

_SECONDS = 600.0  # a file is written in seconds: what is older has nobody that writes it any more
_cleared: set[str] = set()


def clear(folder: str, handle: int | None = None) -> None:
    """Remove this user's abandoned parts of files directly in a folder; `handle` is open on it. Never raises.

    Each folder is looked at once by a process.
    """
    if folder in _cleared:
        return
    _cleared.add(folder)
    with suppress(OSError), os.scandir(folder if handle is None else handle) as entries:
        before = time.time() - _SECONDS
        for name in [entry.name for entry in entries if entry.name[:1] == "." and entry.name.endswith(ENDING)]:
            with suppress(OSError):
                place = name if handle is not None else os.path.join(folder, name)  # noqa: PTH118
                status = os.stat(place, dir_fd=handle, follow_symlinks=False)
                if stat.S_ISREG(status.st_mode) and _is_own(status) and status.st_mtime < before:
                    os.unlink(place, dir_fd=handle)


def _is_own(status: os.stat_result) -> bool:
    return not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
