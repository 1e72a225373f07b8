"""The state of one body under evaluation: its names, where it stands, and what was seen in it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pat_audit.flow.combining import join
from pat_audit.flow.values import (
    ClassValue,
    FunctionValue,
    Site,
    Source,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pat_audit.flow import ir
    from pat_audit.flow.deferral import Deferred
    from pat_audit.flow.language import Language
    from pat_audit.flow.models import Models
    from pat_audit.flow.observation import Observation
    from pat_audit.flow.printing import Shell
    from pat_audit.flow.values import Text


class Argument(NamedTuple):
    """An evaluated argument; `name` as in `ir.Argument`."""

    name: str | None
    value: Value
    site: Site


class Write(NamedTuple):
    """A change that a function makes to something it was handed: applied again by its caller."""

    kind: str  # item, attribute, or a method's name
    target: Value
    key: Value | None
    value: Value


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """What calling a function comes to, in terms of its parameters."""

    returns: Value | None
    observations: Sequence[Observation]
    writes: Sequence[Write]
    called: frozenset[str] = frozenset()  # parameters that it calls


class Pending(NamedTuple):
    """A name that an import will give once somebody asks for it."""

    module: str
    name: str
    level: int


@dataclass(slots=True, eq=False)
class Frame:
    """One body: a module's, a class's or a function's."""

    path: str
    parent: Frame | None
    identity: int
    owner: ClassValue | None = None
    is_class: bool = False
    names: dict[str, Value] = field(default_factory=dict)
    imports: dict[str, Pending] = field(default_factory=dict)
    stars: dict[str, Pending] = field(default_factory=dict)  # what it imports everything from, by module
    observations: list[Observation] = field(default_factory=list)
    returns: list[Value] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    functions: list[FunctionValue] = field(default_factory=list)
    declared: dict[int, list[Source]] = field(default_factory=dict)  # options by the function they decorate
    outer: tuple[str, ...] = ()  # names that it binds in an enclosing frame
    called: set[str] = field(default_factory=set)  # parameters of it that are called
    deferred: Deferred | None = None  # of an imported module: what waits until it is asked for
    writers: dict[str, list[FunctionValue]] = field(default_factory=dict)  # functions that bind names of this one

    def site(self, node: ir.Expression | ir.Statement) -> Site:
        """Where a node of this body stands."""
        return Site(self.path, node.start, node.end)

    def enclosing(self) -> Frame:
        """The frame whose names a function defined here sees: a class body's are not among them."""
        frame = self
        while frame.is_class and frame.parent is not None:
            frame = frame.parent
        return frame

    def outermost(self) -> Frame:
        """The frame of the module that this one is in."""
        frame = self
        while frame.parent is not None:
            frame = frame.parent
        return frame

    def holder(self, name: str) -> Frame:
        """The enclosing frame that a name declared as bound outside is of."""
        frame = self
        while frame.parent is not None:
            frame = frame.parent
            if name in frame.names and not frame.is_class:
                return frame
        return frame

    def returned(self) -> Value | None:
        """What the body gives back."""
        return join(self.returns)


class Machine(Protocol):
    """What the parts of the evaluator ask of the whole."""

    language: Language
    models: Models
    classes: dict[int, ClassValue]  # by identity
    environment: dict[str, Value]  # what is known of the variables that the program is run with
    held: Sequence[Value]  # what stands in a text that is run, by the numbers of its markers
    # runs shell text as a program: gives what it prints in a tuple, or None where it cannot
    shell_text: Callable[[Shell, Text], tuple[Value | None] | None] | None

    def is_credential(self, name: str) -> bool:
        """Whether a name says that it is a personal credential's."""
        ...

    def evaluate(self, frame: Frame, statement: ir.Statement) -> None:
        """Evaluate one statement of a module in its frame."""
        ...

    def call(self, frame: Frame, callee: Value, arguments: list[Argument], site: Site) -> Value:
        """What calling `callee` gives; what it does is noted in `frame`."""
        ...

    def apply(self, frame: Frame, function: FunctionValue, arguments: list[Argument], site: Site) -> Value:
        """What calling a function of the program gives."""
        ...

    def summarise(self, function: FunctionValue) -> Summary:
        """The function's summary, made once."""
        ...

    def member(self, path: str, name: str) -> Value | None:
        """What module `path` of the repository calls `name`."""
        ...

    def kind(self, frame: Frame, annotation: ir.Expression) -> Value | None:
        """The class that an annotation in `frame` names, if it is of the program or modelled."""
        ...

    def implied(self, name: str, importer: str) -> Value | None:
        """What `name` is where modules see each other without an import."""
        ...

    def complete(self, path: str, owner: str, name: str) -> None:
        """Have the modules evaluated that add a member `name` to the class `owner` of module `path`."""
        ...

    def locate(self, module: str, level: int, importer: str) -> str | None:
        """The path of a module of the repository as `importer` names it."""
        ...

    def imported(self, importer: str, pending: Pending) -> Value | None:
        """What an import gives: a module or name of the repository, or a library's name; None in a cycle."""
        ...

    def observe(self, frame: Frame, observation: Observation) -> None:
        """Note something that the body in `frame` does."""
        ...
