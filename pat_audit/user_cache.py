"""Keeps derived data between runs in a folder that no other user of the machine can have written to."""

# ruff: noqa: PTH102, PTH103, PTH117, PTH118, PTH120
# os.path throughout: pathlib costs every start several milliseconds.

from __future__ import annotations

import os
import stat
import sys
import zlib
from contextlib import suppress

from pat_audit.abandoned import ENDING, clear

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_DIRECTORY = getattr(os, "O_DIRECTORY", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_BY_FOLDER_HANDLE = os.open in os.supports_dir_fd


def folder() -> str | None:
    """Where this user's cached data belongs, made or not; None: nowhere.

    $XDG_CACHE_HOME or ~/.cache, on Windows %LOCALAPPDATA%.
    """
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        home = os.environ.get("HOME", "")
        if not base.startswith("/") and home.startswith("/"):
            base = f"{home}/.cache"
    return os.path.join(base, "pat-audit") if base and os.path.isabs(base) else None


def read(name: str) -> bytes | None:
    """What `write` last kept under `name` (a plain file name), or None. Never raises.

    None also where the folder or the file is a link, belongs to somebody else or can be written by others,
    and where the file is damaged: half a marshalled object can ask for all memory there is.
    """
    with suppress(OSError, ValueError):
        place = folder()
        if place is None:
            return None
        handle = _open_folder(place)
        try:
            flags = os.O_RDONLY | _NOFOLLOW | _BINARY
            file = os.open(name if handle is not None else os.path.join(place, name), flags, dir_fd=handle)
            with os.fdopen(file, "rb") as stream:
                return _checked(stream.read()) if _is_ours(os.fstat(stream.fileno())) else None
        finally:
            if handle is not None:
                os.close(handle)
    return None


def write(name: str, data: bytes) -> None:
    """Keep `data` under `name` (a plain file name), whole or not at all. A full disk is no error."""
    with suppress(OSError, ValueError):
        place = folder()
        if place is None:
            return
        os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
        with suppress(FileExistsError):
            os.mkdir(place, mode=0o700)
        handle = _open_folder(place)
        temporary = f".{name}.{os.getpid()}{ENDING}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW | _BINARY
        try:
            clear(place, handle)
            where = "" if handle is not None else f"{place}{os.sep}"
            try:
                with os.fdopen(os.open(where + temporary, flags, 0o600, dir_fd=handle), "wb") as stream:
                    stream.write(zlib.crc32(data).to_bytes(4, "big"))
                    stream.write(data)
                os.replace(where + temporary, where + name, src_dir_fd=handle, dst_dir_fd=handle)
            except OSError:
                os.unlink(where + temporary, dir_fd=handle)
        finally:
            if handle is not None:
                os.close(handle)


def _checked(content: bytes) -> bytes | None:
    data = content[4:]
    return data if zlib.crc32(data).to_bytes(4, "big") == content[:4] else None


def _open_folder(place: str) -> int | None:
    """A handle on the folder once it is known to be ours; None on systems without such handles.

    Raises PermissionError where it is not ours, other OSErrors where it cannot be opened.
    """
    if not _BY_FOLDER_HANDLE:
        if not _is_ours(os.lstat(place)):
            raise PermissionError(place)
        return None
    handle = os.open(place, os.O_RDONLY | _DIRECTORY | _NOFOLLOW)
    if not _is_ours(os.fstat(handle)):
        os.close(handle)
        raise PermissionError(place)
    return handle


def _is_ours(status: os.stat_result) -> bool:
    if not (stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode)):
        return False
    if sys.platform == "win32":
        return True  # %LOCALAPPDATA% is private to the user
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022
