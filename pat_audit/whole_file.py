"""Puts a file in place as a whole: by a rename, so that whoever looks sees the old one or the new one."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pat_audit.abandoned import ENDING, clear

if TYPE_CHECKING:
    from collections.abc import Iterable


def replace_file(place: Path, pieces: Iterable[bytes]) -> None:
    """Write `pieces` as the file `place`, which is no link; mode and owner of one that is there stay.

    Until the rename the text stands beside it in a file that only this user can read. Raises OSError, and what
    `pieces` raises; then what stood there before is untouched and nothing is left beside it. What a killed run left
    in the folder is cleared away.
    """
    try:
        status = place.stat()
    except FileNotFoundError:
        status = None
    clear(str(place.parent))
    handle, name = tempfile.mkstemp(ENDING, f".{place.name[:64]}.", place.parent)  # private: mode 0600
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(_mode_of_new_files() if status is None else stat.S_IMODE(status.st_mode))
        if status is not None:
            with suppress(OSError, AttributeError):
                if (status.st_uid, status.st_gid) != (os.getuid(), os.getgid()):
                    os.chown(name, status.st_uid, status.st_gid)
        Path(name).replace(place)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _mode_of_new_files() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
