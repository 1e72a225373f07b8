"""Symbolic values: what is known of a string, header, pair, mapping or client that the program builds.

Leaves are text, a `Source` (a value from outside: an environment variable, an option, a prompt, or something
unknown that at least has a name), or a *reference* that a caller can fill in: `Parameter`, `Field`, `Member`.
Values compare by identity; `describe` gives the structural key that de-duplication uses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.flow import ir
    from pat_audit.vocabulary import Effect, Type


class Site(NamedTuple):
    """Where something stands: path, start and end byte offsets."""

    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Text made of literal pieces and values. `site` is the expression that put it together."""

    parts: tuple[str | Value, ...]
    site: Site | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A value from outside the program, or one that is unknown but has a name.

    `origin`: environment, option, config, prompt, keyring, vault, file, secret-store, entra, job, request,
    database, or unknown. `name` is the variable, key or dotted path as far as it is known; `key` is what the
    name is computed from while a caller may still say it.
    """

    origin: str
    name: str
    site: Site | None = None
    default: Value | None = None
    key: Value | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """What a function is handed under `name`; `function` identifies the function.

    `kind()` gives the class that its annotation names; it is asked for when the value is used as an instance,
    since most annotations lead to modules that nothing else needs.
    """

    function: int
    name: str
    site: Site | None = None
    default: Value | None = None
    kind: Callable[[], Value | None] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """The attribute `name` of the instance that a method of class `owner` runs on."""

    owner: int
    name: str
    site: Site | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """An attribute, item or method result of a reference, to be looked up once that is known."""

    base: Parameter | Field | Member
    name: str
    site: Site | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """`value` encoded by `scheme` (base64, base64-wrapped, base64-url, hex, utf-16)."""

    scheme: str
    value: Value
    site: Site | None = None
    broken: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Auth:
    """Something that signs requests in: scheme basic, pat, bearer, …, with what it was made of."""

    scheme: str
    user: Value | None
    password: Value | None
    token: Value | None
    site: Site | None
    maker: str = ""
    service: str = ""
    credential: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A number or truth value."""

    value: int | float | bool


@dataclass(frozen=True, slots=True, eq=False)
class Nothing:
    """None: no value."""


@dataclass(slots=True, eq=False)
class Container:
    """A list, tuple, set or mapping that the program fills; shared by whoever holds it.

    Items of a sequence stand under their index, those of a mapping under their key in lower case; `rest` is
    what stands under keys that are not known.
    """

    kind: str
    items: dict[str | int, Value] = field(default_factory=dict)
    keys: dict[str | int, Value] = field(default_factory=dict)
    rest: Value | None = None
    site: Site | None = None


@dataclass(slots=True, eq=False)
class Instance:
    """An object of a modelled library type: what it was made with, and what was set on it since."""

    type: Type
    roles: dict[str, Value] = field(default_factory=dict)
    site: Site | None = None
    maker: str = ""
    name: str = ""


@dataclass(slots=True, eq=False)
class Thing:
    """An object of a class of the program's own. `bindings` fill in the class's parameter references."""

    owner: ClassValue
    bindings: dict[tuple[int, str], Value] = field(default_factory=dict)
    attributes: dict[str, Value] = field(default_factory=dict)
    site: Site | None = None


@dataclass(frozen=True, slots=True, eq=False)
class External:
    """A name of a library: `requests.auth.HTTPBasicAuth`. `bound` are arguments that each call of it gets first."""

    name: str
    site: Site | None = None
    bound: tuple[tuple[str | None, Value], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """A method of a library value, not called yet. `bound` are arguments that each call of it gets first."""

    receiver: Value
    name: str
    effect: Effect | None = None
    bound: tuple[tuple[str | None, Value], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue:
    """A function of the program: its tree, and the scope that it closes over."""

    tree: ir.Function
    scope: Any
    owner: ClassValue | None = None
    receiver: Value | None = None
    bound: tuple[tuple[str | None, Value], ...] = ()
    others: tuple[FunctionValue, ...] = ()  # further ones of its name, told apart by what they are handed

    def on(self, owner: ClassValue | None, receiver: Value | None) -> FunctionValue:
        """The function as a method of `owner`, called on `receiver`."""
        others = tuple([other.on(owner, receiver) for other in self.others])
        return FunctionValue(self.tree, self.scope, owner, receiver, self.bound, others)

    @property
    def identity(self) -> int:
        """What its `Parameter` references carry: one number for each function tree."""
        return id(self.tree)


@dataclass(slots=True, eq=False)
class ClassValue:
    """A class of the program: its tree, scope, bases, and a table of what its instances hold."""

    tree: ir.Class
    scope: Any
    bases: tuple[Value, ...] = ()
    members: dict[str, Value] = field(default_factory=dict)
    annotated: list[str] = field(default_factory=list)
    declared: dict[str, ir.Expression] = field(default_factory=dict)  # fields by the type that they are declared with
    state: Any = None

    @property
    def identity(self) -> int:
        """What its `Field` references carry."""
        return id(self.tree)


@dataclass(frozen=True, slots=True, eq=False)
class ModuleValue:
    """A module of the repository, by path."""

    path: str


@dataclass(frozen=True, slots=True, eq=False)
class BaseView:
    """An instance seen as one of its base class: `super()`."""

    thing: Thing


@dataclass(frozen=True, slots=True, eq=False)
class OneOf:
    """One of several values: what branches that join leave."""

    options: tuple[Value, ...]
    weight: int = 1


Reference = (Parameter, Field, Member)
# fmt: off
Value: TypeAlias = (
    Text | Source | Parameter | Field | Member | Encoded | Auth | Constant | Nothing | Container | Instance | Thing
    | External | Method | FunctionValue | ClassValue | ModuleValue | BaseView | OneOf
)
# fmt: on
