"""What was found: findings, where they are, how the value got there, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from pat_audit.run_report import Problem as Problem
from pat_audit.run_report import Report as Report
from pat_audit.severity import Severity as Severity  # noqa: TC001 - others import it from here


class Confidence(StrEnum):
    """How sure we are that the finding is what its message says."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """3 for high, 2 for medium, 1 for low: larger is surer."""
        return {"high": 3, "medium": 2, "low": 1}[self.value]


class Safety(StrEnum):
    """What applying a fix may change: nothing, where a credential comes from, or only a person can say."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of byte offsets in one file's raw bytes."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where in which file: 1-based lines, 1-based columns in code points, end exclusive, plus the byte span."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    span: Span = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way a credential took to the finding."""

    location: Location
    note: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the bytes `span` of `path` with `text`."""

    path: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A way to mend a finding: edits that a tool can apply, or numbered steps for a person."""

    title: str
    safety: Safety
    edits: tuple[Edit, ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Send:
    """A call through which a credential leaves the program; `keeps`: it makes the client that keeps it for others.

    `signs`: an authenticator of the program's own puts it into each request.
    """

    location: Location
    keeps: bool
    signs: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """How a credential is used, as far as a fix must know it: plain data that crosses processes.

    `act` is what was observed (`flow.observation.Act`, or `written` for a token in the text), `callables` are what
    made the sign-in and what sends it, `made` is the expression that a fix replaces, `recipes` the ids of what may
    stand in its place, most fitting first, and `variable` what an environment variable with such a credential is called
    by habit. `shared`: others sign in through the same expression to another service. `others` are
    the uses beside it that are reported with this one, and are mended with it.
    """

    act: str
    made: Location
    callables: tuple[str, ...]
    recipes: tuple[str, ...]
    sends: tuple[Send, ...] = ()
    variable: str = ""
    shared: bool = False
    others: tuple[Use, ...] = ()


class Secret:
    """A credential's text that cannot be printed, pickled or serialised by accident.

    `reveal()` is the only way to the text, and only the token checks call it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself: for checks in memory, never for output."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret does not leave the process")

    def __format__(self, spec: str) -> str:
        return repr(self)


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where a finding stands in a repository's history: the commit that brought it, and the one that took it away.

    `state` is `present` (in the latest commit), `removed`, `elsewhere` (in commits that the latest one does not come
    from) or `dangling` (in no commit: `commit` is empty). Dates are the authors', as ISO 8601 has them.
    """

    state: str
    commit: str = ""
    date: str = ""
    removed_in: str = ""
    removed_on: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a person should mend how the code signs in."""

    rule: str
    name: str
    category: str
    severity: Severity
    confidence: Confidence
    message: str
    location: Location
    provider: str | None = None
    service: str | None = None
    url: str | None = None
    credential: str | None = None
    trail: tuple[Step, ...] = ()
    fixes: tuple[Fix, ...] = ()
    also: tuple[str, ...] = ()
    fingerprint: str = ""
    suppressed: str | None = None
    use: Use | None = None
    baselined: bool = False
    history: Appearance | None = None
    spare: Use | None = None  # of a finding that gave way to this one: what it is a part of

    @property
    def path(self) -> str:
        """The file that the finding is in."""
        return self.location.path
