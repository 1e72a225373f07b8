"""What one run gives: its findings, and what could not be scanned as it should."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pat_audit.model import Finding

# Tuples: every run makes a report, and a dataclass costs a start three times as much as one.


class Problem(NamedTuple):
    """A file that could not be read, decoded or parsed, and why; nothing else is lost for it.

    `fatal` problems make the run exit 2; the others are named and the file was scanned as text.
    """

    path: str
    message: str
    fatal: bool = False


class Report(NamedTuple):
    """Everything that one run found; `masked`: no text of a finding holds a secret any more."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    files: int
    masked: bool = False
