"""Writes a fixed file: whole or not at all, only where it is still the file that was read."""

from __future__ import annotations

import stat
from pathlib import Path

from pat_audit.whole_file import replace_file


class NotWrittenError(Exception):
    """Why a file was left as it was."""


def write(path: str, old: bytes, new: bytes) -> None:
    """Put `new` in the place of `old` in the file: by a rename, so that whoever looks sees the one or the other.

    Mode and owner stay. A symbolic link keeps its place, and the file that it leads to is replaced where that lies
    in the same folder tree. Raises NotWrittenError where the file has changed since, may not be written, is known
    under several names, or its disk is full.
    """
    place = Path(path)
    try:
        target = _target(place)
        status = target.stat()
        if not stat.S_IMODE(status.st_mode) & 0o222:
            raise NotWrittenError("is read-only")
        if status.st_nlink > 1:
            raise NotWrittenError("has several names (hard links), of which only one could be replaced at once")
        if target.read_bytes() != old:
            raise NotWrittenError("has changed since it was scanned")
        replace_file(target, [new])
    except OSError as error:
        raise NotWrittenError(f"cannot be written: {error.strerror or type(error).__name__}") from error


def _target(place: Path) -> Path:
    """The file behind a link, where it lies below the working directory or beside the link."""
    if not place.is_symlink():
        return place
    target = place.resolve(strict=True)
    if not any(target.is_relative_to(folder) for folder in (Path.cwd().resolve(), place.parent.resolve())):
        raise NotWrittenError("is a link to a file outside of what was scanned")
    return target
