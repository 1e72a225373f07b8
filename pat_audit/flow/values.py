"""Symbolic values: what is known of a string, header, pair, mapping or client that the program builds.

Leaves are text, a `Source` (a value from outside: an environment variable, an option, a prompt, or something
unknown that at least has a name), or a *reference* that a caller can fill in: `Parameter`, `Field`, `Member`.
Values compare by identity; `describe` gives the structural key that de-duplication uses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pat_audit.flow import ir
    from pat_audit.vocabulary import Effect, Type

MAX_OPTIONS = 6  # alternatives kept where branches join
MAX_PARTS = 64  # parts kept of one text
MAX_DEPTH = 24  # how deep a value is looked into
MAX_WEIGHT = 400  # leaves kept in one value, shared ones counted each time: bounds every walk over it
MAX_ITEMS = 256  # items of a container that are kept apart


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
    """What a function is handed under `name`; `function` identifies the function, `kind` is its class."""

    function: int
    name: str
    site: Site | None = None
    default: Value | None = None
    kind: Value | None = None


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
    """A name of a library: `requests.auth.HTTPBasicAuth`."""

    name: str
    site: Site | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """A method of a library value, not called yet."""

    receiver: Value
    name: str
    effect: Effect | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue:
    """A function of the program: its tree, and the scope that it closes over."""

    tree: ir.Function
    scope: Any
    owner: ClassValue | None = None
    receiver: Value | None = None
    bound: tuple[tuple[str | None, Value], ...] = ()

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

NOTHING = Nothing()
EMPTY = Text(())


def unknown(name: str, site: Site | None = None) -> Source:
    """A value of which only a name is known."""
    return Source("unknown", name[-200:], site)


def text(content: str, site: Site | None = None) -> Text:
    """Literal text."""
    return Text((content,) if content else (), site)


def join(values: Iterable[Value | None]) -> Value | None:
    """Where paths meet: one of the distinct values; None among others means `not yet` and gives way."""
    options: list[Value] = []
    seen: set[Any] = set()
    for value in values:
        for option in value.options if isinstance(value, OneOf) else (value,):
            if option is None:
                continue
            key = describe(option)
            if key not in seen:
                seen.add(key)
                options.append(option)
    if len(options) > 1:
        options = [option for option in options if not isinstance(option, Nothing)] or options[:1]
    kept: list[Value] = []
    weight = 0
    for option in options[:MAX_OPTIONS]:
        weight += weigh(option)
        if kept and weight > MAX_WEIGHT:
            break
        kept.append(option)
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else OneOf(tuple(kept), weight)


def weigh(value: Value | str) -> int:
    """How many leaves a walk over the value meets."""
    return value.weight if isinstance(value, Text | Encoded | OneOf) else 1


def encode(scheme: str, value: Value, site: Site | None, broken: str = "") -> Encoded:
    """`value` encoded."""
    return Encoded(scheme, value, site, broken, weigh(value) + 1)


def options(value: Value | None) -> tuple[Value, ...]:
    """The alternatives of a value."""
    if value is None:
        return ()
    return value.options if isinstance(value, OneOf) else (value,)


def concatenate(parts: Iterable[Value | None], site: Site | None) -> Text:
    """Text of the parts in order, nested texts opened, neighbouring literals merged, length bounded."""
    flat: list[str | Value] = []
    weight = 0
    for part in parts:
        for piece in part.parts if isinstance(part, Text) else (part if part is not None else unknown(""),):
            if isinstance(piece, Constant):
                piece = str(piece.value)
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] += piece
            else:
                weight += weigh(piece)
                if weight > MAX_WEIGHT or len(flat) > MAX_PARTS:
                    return Text((*flat, unknown("…")), site, MAX_WEIGHT)
                flat.append(piece)
    return Text(tuple(flat), site, weight)


def literal(value: Value | None) -> str | None:
    """The text of a value that is wholly known, else None."""
    if isinstance(value, Text):
        if not value.parts:
            return ""
        if len(value.parts) == 1 and isinstance(value.parts[0], str):
            return value.parts[0]
    elif isinstance(value, Constant):
        return str(value.value)
    return None


def describe(value: Value | str | None, depth: int = 0) -> Any:
    """A hashable key: equal keys, equal meaning. Objects that change are told apart by identity."""
    if value is None or isinstance(value, str):
        return value
    if depth > MAX_DEPTH:
        return "…"
    if isinstance(value, Text):
        return ("text", *[describe(part, depth + 1) for part in value.parts])
    if isinstance(value, Source):
        return ("source", value.origin, value.name, describe(value.key, depth + 1))
    if isinstance(value, Parameter):
        return ("parameter", value.function, value.name)
    if isinstance(value, Field):
        return ("field", value.owner, value.name)
    if isinstance(value, Member):
        return ("member", describe(value.base, depth + 1), value.name)
    if isinstance(value, Encoded):
        return (value.scheme, describe(value.value, depth + 1), value.site)
    if isinstance(value, Auth):
        parts = (value.user, value.password, value.token)
        return ("auth", value.scheme, value.site, *[describe(part, depth + 1) for part in parts])
    if isinstance(value, Constant):
        return ("constant", value.value)
    if isinstance(value, Nothing):
        return ("nothing",)
    if isinstance(value, External):
        return ("external", value.name)
    if isinstance(value, OneOf):
        return ("one of", *[describe(option, depth + 1) for option in value.options])
    if isinstance(value, ModuleValue):
        return ("module", value.path)
    return id(value)


def leaves(value: Value | None, depth: int = 0) -> Iterator[Value]:
    """The leaves that a text, encoding, auth object or choice is made of, in order."""
    if value is None or depth > MAX_DEPTH:
        return
    if isinstance(value, Text):
        for part in value.parts:
            if not isinstance(part, str):
                yield from leaves(part, depth + 1)
    elif isinstance(value, Encoded):
        yield from leaves(value.value, depth + 1)
    elif isinstance(value, Auth):
        for held in (value.user, value.password, value.token):
            yield from leaves(held, depth + 1)
    elif isinstance(value, OneOf):
        for option in value.options:
            yield from leaves(option, depth + 1)
    else:
        yield value


def is_open(value: Value | None) -> bool:
    """Whether a reference is left in it that a caller may fill in."""
    pending: list[Value | str | None] = [value]
    seen: set[int] = set()
    while pending:
        here = pending.pop()
        if here is None or isinstance(here, str | Constant | Nothing) or id(here) in seen:
            continue
        seen.add(id(here))
        if isinstance(here, Reference):
            return True
        if isinstance(here, Text):
            pending.extend(here.parts)
        elif isinstance(here, Source):
            pending.extend((here.key, here.default))
        elif isinstance(here, Encoded):
            pending.append(here.value)
        elif isinstance(here, Auth):
            pending.extend((here.user, here.password, here.token))
        elif isinstance(here, OneOf):
            pending.extend(here.options)
        elif isinstance(here, Container):
            pending.extend((here.rest, *here.items.values()))
        elif isinstance(here, Instance):
            pending.extend(here.roles.values())
        elif isinstance(here, Thing):
            pending.extend(here.bindings.values())
    return False
