"""What one run leaves for the next: by file, what it came to and what that depended on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pat_audit.cache.contents import Marks

if TYPE_CHECKING:
    from pat_audit.model import Finding
    from pat_audit.run_report import Problem


@dataclass(slots=True)
class Seen:
    """What a file came to as text: whether it is one, has comments that suppress, is a program worth evaluating."""

    text: bool = True
    marked: bool = False
    program: bool = False
    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Evaluated:
    """What evaluating a program came to, and the modules that it led to."""

    findings: list[Finding]
    problems: list[Problem]
    modules: frozenset[str]


@dataclass(slots=True)
class Record:
    """All of one run. `seen` leaves out texts in which nothing is.

    `contents` has the mark of each file of the run; `unsure` are files that may come to something else next time
    though they stay as they are. `outside` has the keys of files that it asked for beside them, there or
    not, `folders` the names in folders that it asked for. `shared` are files that many programs' imports are found
    by; `idle` are modules that added nothing, each with its language: only one that adds something now matters.
    `names` and `endings` are those by which files were looked for.
    """

    contents: Marks = field(default_factory=Marks)
    unsure: set[str] = field(default_factory=set)
    outside: dict[str, str] = field(default_factory=dict)
    folders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)
    evaluated: dict[str, Evaluated] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    idle: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    endings: set[str] = field(default_factory=set)
