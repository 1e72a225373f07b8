"""How a report is to be rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pat_audit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable


def _no_line(path: str, line: int) -> str | None:
    return None


def _no_bytes(path: str) -> bytes | None:
    return None


class Options(NamedTuple):
    """How a report is to be rendered.

    `mask` replaces every secret in a text by `***`; `read_line(path, line)` gives the text of a 1-based line
    of a file of the report, or None; `read_bytes(path)` gives a UTF-8 file as it is, or None; `root` is the
    directory that the report's relative paths start from. `width` counts columns; `colour` asks for ANSI
    colours; `enabled` holds the ids of the rules that ran (None: all). `quiet` leaves out what is no finding,
    `verbose` adds why each rule exists. `fail_on` is the severity from which on a finding fails the run.
    """

    mask: Callable[[str], str] = str
    read_line: Callable[[str, int], str | None] = _no_line
    root: str = "."
    width: int = 100
    colour: bool = False
    show_suppressed: bool = False
    enabled: frozenset[str] | None = None
    quiet: bool = False
    verbose: bool = False
    fail_on: Severity = Severity.WARNING
    read_bytes: Callable[[str], bytes | None] = _no_bytes
