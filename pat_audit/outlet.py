"""Where a report goes: standard output that may close at any time, or a file that is whole or not there."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class OutletError(Exception):
    """The report cannot be written where it was asked for; the message names the place."""


def send(pieces: Iterable[str], file: str | None = None) -> None:
    """Write a report to `file`, or to standard output where that is None.

    A reader that closes standard output early (`| head`) is no error. Raises OutletError where the file
    cannot be written; what stood there before is then untouched.
    """
    if file is None:
        _to_standard_output(pieces)
    else:
        _to_file(pieces, file)


def can_hold(file: str) -> None:
    """Raise OutletError, before a long scan, where `file` cannot be written.

    There is no folder for it, it is one, or a link in the repository leads out of it.
    """
    from pat_audit.boundary import leads_out

    if leads_out(file):
        raise OutletError(f"{file}: leads out of this repository by a symbolic link; name the place that it leads to")
    folder = os.path.dirname(file) or "."  # noqa: PTH120
    if not os.path.isdir(folder):  # noqa: PTH112
        raise OutletError(f"{file}: there is no folder {folder}; make it first")
    if os.path.isdir(file):  # noqa: PTH112
        raise OutletError(f"{file}: this is a folder; name a file in it")


def _to_standard_output(pieces: Iterable[str]) -> None:
    out = sys.stdout
    try:
        if hasattr(out, "reconfigure"):
            out.reconfigure(errors="backslashreplace")  # a terminal that lacks a character shows its number
        for piece in pieces:
            out.write(piece)
        out.flush()
    except BrokenPipeError:
        # What Python still holds must not be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
    except OSError as error:
        raise OutletError(f"the report cannot be written: {error.strerror}") from None


def _to_file(pieces: Iterable[str], file: str) -> None:
    from pathlib import Path

    from pat_audit.whole_file import replace_file

    place = Path(file)
    can_hold(file)  # again: a link may have come meanwhile
    try:
        if place.exists() and not place.is_file():  # a pipe or a device
            with place.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
                stream.writelines(pieces)
            return
        replace_file(place.resolve(), (piece.encode("utf-8", "backslashreplace") for piece in pieces))
    except OSError as error:
        raise OutletError(f"{file}: cannot be written: {error.strerror}") from None
