"""The small tree that every language lowers to: a handful of expressions and statements with byte spans.

Nodes are named tuples, because a file makes tens of thousands of them: a tuple costs a third of a frozen
dataclass. `start` and `end` are byte offsets in the analysed UTF-8 bytes, end exclusive. A function's body
is lowered when it is first asked for, so that code nobody calls costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable


CONSTRUCTOR = "__init__"
"""The name that every front end gives a class's constructor."""

PIPED = "|"
"""The name of the argument, and the kind of the parameter, for what is piped into a function."""

DEFAULT = "export default"
"""The name of what a module gives where it gives one thing (JavaScript's `export default`, `module.exports`)."""


EXTENSION = "this."
"""What stands before the name under which a module holds a function that is called like a method of others."""


HELD = "held"
"""The origin of an `Outside` that stands for a value which the evaluator has already: its name is the number of it."""


class Unreadable(Exception):
    """What a front end raises for text that it cannot read; the message says why and where."""


class Literal(NamedTuple):
    """A constant: text and bytes are both text here, numbers and booleans are kept, None is None."""

    start: int
    end: int
    value: str | int | float | bool | None


class Name(NamedTuple):
    """A variable or imported name; `[name]` is a type, in languages whose types and variables are told apart."""

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
    """A list, tuple or set display; a spread item is an `Argument` named `*`.

    As a target, kind `results` takes what a call gives apart: of a value that is no sequence the first item
    is the value itself (`request, err := http.NewRequest(…)`).
    """

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


class Initialize(NamedTuple):
    """`value` with attributes and items set before anybody else has it: an object initialiser, a struct literal.

    `attributes` are set by name, `entries` as items (`entry.key` None: added to a sequence or mapping).
    """

    start: int
    end: int
    value: Expression
    attributes: tuple[tuple[str, Expression], ...]
    entries: tuple[Entry, ...] = ()


class Command(NamedTuple):
    """A command of a shell: its name and arguments, and what is piped into it.

    What is called may be a function of the program, a modelled command of the language, or a program; the
    value is what it prints. An argument has a name where the language has named ones (`-Uri $url`); a switch
    that stands alone is named, with a value of True. `writes`: what it prints goes to that file.
    """

    start: int
    end: int
    name: Expression
    arguments: tuple[Argument, ...]
    input: Expression | None = None
    writes: Expression | None = None


class Outside(NamedTuple):
    """A value that comes from outside under a name: what a template puts into a script before it runs."""

    start: int
    end: int
    origin: str
    name: str


class Reference(NamedTuple):
    """The place of a variable, handed over so that it can be filled: `&pat`, `out var pat`.

    Its value is the variable's; what a library's callable reads from outside is stored there.
    """

    start: int
    end: int
    target: Expression


class Super(NamedTuple):
    """The instance that the method runs on, seen as one of its base class."""

    start: int
    end: int


class Parameter(NamedTuple):
    """A function's parameter; `kind` is `` (ordinary), `*`, `**` or PIPED; `keyword_only` as it says.

    One of kind PIPED takes what is piped in where it is handed nothing else.
    """

    start: int
    end: int
    name: str
    default: Expression | None
    annotation: Expression | None
    kind: str
    keyword_only: bool


class Function(NamedTuple):
    """A function, method or lambda (named ``). `body()` lowers it; `outer` are names that it binds outside itself.

    A method's first parameter is the instance (front ends of languages that have none write it in, as `this`);
    the constructor is the method named CONSTRUCTOR. `kind` is `static` (no instance), `class` (the class in its
    place), `property` (called by being read) or nothing.
    """

    start: int
    end: int
    name: str
    parameters: tuple[Parameter, ...]
    body: Callable[[], tuple[Statement, ...]]
    decorators: tuple[Expression, ...]
    outer: tuple[str, ...] = ()
    kind: str = ""


class Class(NamedTuple):
    """A class definition; fields are assignments in its body, those without a value only declared.

    `added`: a part of a class that another file of the program declares under this name (Go's methods).
    """

    start: int
    end: int
    name: str
    bases: tuple[Expression, ...]
    body: tuple[Statement, ...]
    decorators: tuple[Expression, ...]
    added: bool = False


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
    | Initialize
    | Command
    | Outside
    | Reference
    | Super
    | Function
)
Statement: TypeAlias = Assign | Evaluate | Return | Branch | Loop | Import | Function | Class


class Module(NamedTuple):
    """One file's statements."""

    path: str
    body: tuple[Statement, ...]
