"""What the terminal is like: colours or not, how wide, and progress where a person watches."""

from __future__ import annotations

import os
import sys
import time
from typing import TextIO

_PATIENCE = 1.0  # seconds before progress is shown
_PAUSE = 0.1  # seconds between two pictures of it


def use_colour(asked: str, stream: TextIO | None) -> bool:
    """Whether to colour what goes to `stream` (None: a file).

    `asked` is `always`, `never` or `auto`: then NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE, TERM=dumb and
    whether it is a terminal decide, in this order.
    """
    if asked != "auto":
        return asked == "always"
    environment = os.environ
    if environment.get("NO_COLOR") or stream is None:
        return False
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        if environment.get(name, "0") not in ("", "0"):
            return True
    return environment.get("TERM") != "dumb" and _is_terminal(stream)


def width(stream: TextIO | None) -> int:
    """Columns to fill: the terminal's, at most 120; 100 where there is no terminal."""
    if stream is None or not _is_terminal(stream):
        return 100
    try:
        return max(40, min(os.get_terminal_size(stream.fileno()).columns, 120))
    except (OSError, ValueError):
        return 100


class Progress:
    """A line on standard error that says how far a run is, from its second second on, for a terminal only."""

    def __init__(self, unit: str = "files") -> None:
        self._unit = unit
        self._began = self._drawn = time.monotonic()
        self._width = 0

    def __call__(self, done: int, of: int) -> None:
        """Say that `done` of `of` files, or whatever is counted, are done."""
        now = time.monotonic()
        if now - self._began < _PATIENCE or now - self._drawn < _PAUSE:
            return
        self._drawn = now
        line = f"scanned {done:,} of {of:,} {self._unit}"
        sys.stderr.write(f"\r{line:<{self._width}}")
        sys.stderr.flush()
        self._width = len(line)

    def clear(self) -> None:
        """Take the line away."""
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
            self._width = 0


def is_read_by_programs(file: str | None) -> bool:
    """Whether what goes to `file` (None: standard output) is for a program to read: no terminal, no pipeline's log."""
    runner = any(os.environ.get(name, "").lower() not in ("", "0", "false") for name in ("CI", "TF_BUILD"))
    return file is not None or not (runner or _is_terminal(sys.stdout))


def progress_wanted(quiet: bool) -> bool:
    """Whether a person at a terminal would see progress."""
    return not quiet and _is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False
