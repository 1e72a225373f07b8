"""The small tree that every language lowers to: a handful of expressions and statements with byte spans.

Nodes are named tuples, because a file makes tens of thousands of them: a tuple costs a third of a frozen
dataclass. `start` and `end` are byte offsets in the analysed UTF-8 bytes, end exclusive. A function's body
is lowered when it is first asked for, so that code nobody calls costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable


class Unreadable(Exception):
    """What a front end raises for text that it cannot read; the message says why and where."""


class Literal(NamedTuple):
    """A constant: text and bytes are both text here, numbers and booleans are kept, None is None."""

    start: int
    end: int
    value: str | int | float | bool | None


class Name(NamedTuple):
    """A variable or imported name."""

    start: int
    end: int
    name: str


class Attribute(NamedTuple):
    """`value.name`."""

    start: int
    end: int
    value: Expression
    name: str


class Index(NamedTuple):
    """`value[key]`; `key` is None for a slice."""

    start: int
    end: int
    value: Expression
    key: Expression | None


class Argument(NamedTuple):
    """One argument: by position (`name` None), by keyword, or spread (`*x` with name `*`, `**x` with `**`)."""

    name: str | None
    value: Expression


class Call(NamedTuple):
    """`function(arguments)`."""

    start: int
    end: int
    function: Expression
    arguments: tuple[Argument, ...]


class Join(NamedTuple):
    """Parts put together to one text: an f-string, interpolation, adjacent literals, `a + b + c`.

    `sure` is false for `+`, which may also add numbers or lists.
    """

    start: int
    end: int
    parts: tuple[Expression, ...]
    sure: bool


class Format(NamedTuple):
    """`template % values`: printf-style formatting."""

    start: int
    end: int
    template: Expression
    values: Expression


class Operation(NamedTuple):
    """Any other operator: only its operands are of interest (a comparison with a number is kept apart)."""

    start: int
    end: int
    operator: str
    operands: tuple[Expression, ...]


class Collection(NamedTuple):
    """A list, tuple or set display; a spread item is an `Argument` named `*`."""

    start: int
    end: int
    kind: str
    items: tuple[Expression | Argument, ...]


class Entry(NamedTuple):
    """One `key: value` of a mapping; `key` None spreads `value`."""

    key: Expression | None
    value: Expression


class Mapping(NamedTuple):
    """A dictionary display."""

    start: int
    end: int
    entries: tuple[Entry, ...]


class Choice(NamedTuple):
    """One of several: `a if c else b`, `a or b`."""

    start: int
    end: int
    condition: Expression | None
    options: tuple[Expression, ...]


class Bind(NamedTuple):
    """An assignment that is an expression (`name := value`)."""

    start: int
    end: int
    target: Expression
    value: Expression


class Each(NamedTuple):
    """A comprehension: `element` (an Entry for a mapping) for each binding of the targets."""

    start: int
    end: int
    kind: str
    element: Expression | Entry
    bindings: tuple[tuple[Expression, Expression], ...]
    conditions: tuple[Expression, ...]


class Super(NamedTuple):
    """The instance that the method runs on, seen as one of its base class."""

    start: int
    end: int


class Parameter(NamedTuple):
    """A function's parameter; `kind` is `` (ordinary), `*` or `**`; `keyword_only` as it says."""

    start: int
    end: int
    name: str
    default: Expression | None
    annotation: Expression | None
    kind: str
    keyword_only: bool


class Function(NamedTuple):
    """A function, method or lambda (named ``). `body()` lowers it; `outer` are names that it binds outside itself."""

    start: int
    end: int
    name: str
    parameters: tuple[Parameter, ...]
    body: Callable[[], tuple[Statement, ...]]
    decorators: tuple[Expression, ...]
    outer: tuple[str, ...] = ()


class Class(NamedTuple):
    """A class definition."""

    start: int
    end: int
    name: str
    bases: tuple[Expression, ...]
    body: tuple[Statement, ...]
    decorators: tuple[Expression, ...]


class Assign(NamedTuple):
    """`targets = value`; `value` None only declares (`name: annotation`)."""

    start: int
    end: int
    targets: tuple[Expression, ...]
    value: Expression | None
    annotation: Expression | None


class Evaluate(NamedTuple):
    """An expression for its effect."""

    start: int
    end: int
    value: Expression


class Return(NamedTuple):
    """What the function gives back (`yield` too)."""

    start: int
    end: int
    value: Expression


class Branch(NamedTuple):
    """One of several bodies runs (or none, when `total` is false); conditions are evaluated before."""

    start: int
    end: int
    conditions: tuple[Expression, ...]
    bodies: tuple[tuple[Statement, ...], ...]
    total: bool


class Loop(NamedTuple):
    """A body that runs for each item of `iterable` (None: while)."""

    start: int
    end: int
    target: Expression | None
    iterable: Expression | None
    body: tuple[Statement, ...]


class Import(NamedTuple):
    """`from module import name as alias`; `name` empty imports the module itself, `*` everything.

    `level` counts leading dots.
    """

    start: int
    end: int
    module: str
    name: str
    alias: str
    level: int


Expression: TypeAlias = (
    Literal
    | Name
    | Attribute
    | Index
    | Call
    | Join
    | Format
    | Operation
    | Collection
    | Mapping
    | Choice
    | Bind
    | Each
    | Super
    | Function
)
Statement: TypeAlias = Assign | Evaluate | Return | Branch | Loop | Import | Function | Class


class Module(NamedTuple):
    """One file's statements."""

    path: str
    body: tuple[Statement, ...]
