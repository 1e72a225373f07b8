"""Builds frozen dataclasses from YAML: their annotations are the schema, and every departure is named."""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any, Literal, NoReturn, TypeVar, Union

import yaml

from pat_audit.nearest import did_you_mean
from pat_audit.vocabulary import Effect, Type

Built = TypeVar("Built")

# YAML keys that are no Python names, and values that one part takes from the part around it.
KEY_OF_FIELD = {(Effect, "roles"): "with"}
TAKEN_FROM_OWNER = {(Type, "make"): ("names",)}

_ANNOTATIONS: dict[type[Any], dict[str, Any]] = {}  # resolving them is slow
_CORE = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(
    _CORE + name for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq")
)
# libyaml's composer recurses in C: what could nest deeper than its stack is refused beforehand.
LARGEST = 1_000_000  # characters
_MOST_NESTED = 15_000
_READER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in a rules folder: file, 1-based line (0: the whole file), key path, what to do."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


def build(text: str, kind: type[Built], file: str) -> tuple[Built | None, list[Mistake]]:
    """Read one YAML document as a `kind`.

    `text` is the document, `kind` a frozen dataclass, `file` its name for messages. Gives the object, or None
    and every mistake that stands in the way. Raises nothing for bad input.
    """
    if len(text) > LARGEST or sum(map(text.count, ("[", "{", "- ", "? "))) > _MOST_NESTED:
        return None, [Mistake(file, 0, "", "this is too large or nested too deeply to be a rules file")]
    try:
        root = yaml.compose(text, Loader=_READER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return None, [Mistake(file, line, "", f"this is not YAML: {error.problem or error.context}")]
    except yaml.YAMLError as error:
        return None, [Mistake(file, 0, "", f"this is not YAML: {str(error).splitlines()[0]}")]
    if root is None:
        return None, [Mistake(file, 0, "", "the file is empty")]
    builder = _Builder(file)
    built = builder.value(root, kind, "")
    return (None if builder.mistakes else built), builder.mistakes


class _Refused(Exception):
    """A value that does not fit; the mistake is noted already."""


class _Builder:
    """Walks one document's nodes along the annotations; notes each mistake and goes on."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.mistakes: list[Mistake] = []
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, wanted: Any, key: str) -> Any:
        """`node` as a `wanted` (an annotation), or None with a mistake noted."""
        try:
            return self._value(node, wanted, key)
        except _Refused:
            return None

    def _refuse(self, node: yaml.Node, key: str, message: str) -> NoReturn:
        self._note(node, key, message)
        raise _Refused

    def _note(self, node: yaml.Node, key: str, message: str) -> None:
        self.mistakes.append(Mistake(self.file, node.start_mark.line + 1, key, message))

    def _value(self, node: yaml.Node, wanted: Any, key: str) -> Any:
        if node.tag not in _PLAIN_TAGS:
            self._refuse(node, key, f"tags like {node.tag} have no meaning here")
        if isinstance(node, yaml.CollectionNode):
            if id(node) in self._seen:
                self._refuse(node, key, "YAML anchors and aliases are not supported: write the value out")
            self._seen.add(id(node))
        origin = typing.get_origin(wanted)
        if origin is tuple:
            return self._tuple(node, typing.get_args(wanted)[0], key)
        if origin is dict:
            return self._mapping(node, typing.get_args(wanted)[1], key)
        if is_dataclass(wanted):
            return self._dataclass(node, typing.cast("type[Any]", wanted), key, {})
        options = _options(wanted)
        dataclasses = [option for option in options if is_dataclass(option)]
        if dataclasses:
            return self._dataclass(node, typing.cast("type[Any]", dataclasses[0]), key, {})
        return self._scalar(node, options, key)

    def _tuple(self, node: yaml.Node, item: Any, key: str) -> tuple[Any, ...]:
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.value(each, item, f"{key}[{place}]") for place, each in enumerate(node.value))
        if isinstance(node, yaml.ScalarNode) and not is_dataclass(item):
            return (self._value(node, item, key),)
        return self._refuse(node, key, f"expected a list of {_described(item)}, found {_found(node)}")

    def _mapping(self, node: yaml.Node, item: Any, key: str) -> dict[str, Any]:
        return {
            name: self.value(value, item, f"{key}.{name}" if key else name)
            for name, (_, value) in self._pairs(node, key, "keys and values").items()
        }

    def _dataclass(self, node: yaml.Node, kind: type[Any], key: str, given: dict[str, Any]) -> Any:
        pairs = self._pairs(node, key, f"the keys of {_article(kind)}")
        known = {KEY_OF_FIELD.get((kind, each.name), each.name): each for each in fields(kind)}
        annotations = typing.get_type_hints(kind) if kind not in _ANNOTATIONS else _ANNOTATIONS[kind]
        _ANNOTATIONS[kind] = annotations
        for name, (where, _) in pairs.items():
            if name not in known:
                full = f"{key}.{name}" if key else name
                self._note(where, full, f"no such key in {_article(kind)}{did_you_mean(name, known)}")
        arguments = dict(given)
        complete = True
        for name, each in known.items():
            full = f"{key}.{name}" if key else name
            if name in pairs:
                owned = TAKEN_FROM_OWNER.get((kind, each.name))
                _, value = pairs[name]
                if owned and isinstance(value, yaml.MappingNode):
                    inner = next(option for option in _options(annotations[each.name]) if is_dataclass(option))
                    taken = {field: arguments.get(field, ()) for field in owned}
                    try:
                        arguments[each.name] = self._dataclass(value, typing.cast("type[Any]", inner), full, taken)
                    except _Refused:
                        complete = False
                else:
                    arguments[each.name] = self.value(value, annotations[each.name], full)
            elif each.name in arguments or each.default is not MISSING or each.default_factory is not MISSING:
                continue
            else:
                self._note(
                    node,
                    full,
                    f"this key is missing: {_article(kind)} needs {_described(annotations[each.name])}",
                )
                complete = False
        if not complete:
            raise _Refused
        return kind(**arguments)

    def _pairs(self, node: yaml.Node, key: str, what: str) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            self._refuse(node, key, f"expected {what}, found {_found(node)}")
        pairs: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for name_node, value in node.value:
            if not isinstance(name_node, yaml.ScalarNode):
                self._note(name_node, key, f"a key must be text, found {_found(name_node)}")
            elif name_node.value in pairs:
                first = pairs[name_node.value][0].start_mark.line + 1
                full = f"{key}.{name_node.value}" if key else name_node.value
                self._note(name_node, full, f"this key stands here a second time (first on line {first})")
            else:
                pairs[name_node.value] = (name_node, value)
        return pairs

    def _scalar(self, node: yaml.Node, options: tuple[Any, ...], key: str) -> str | int | float | bool:
        wanted = " or ".join(_described(option) for option in options)
        if not isinstance(node, yaml.ScalarNode):
            self._refuse(node, key, f"expected {wanted}, found {_found(node)}")
        text, plain = node.value, not node.style
        if plain and text in ("", "~", "null", "Null", "NULL"):
            self._refuse(node, key, f"expected {wanted}, found nothing")
        for option in options:
            read = _SCALARS.get(option)
            value = read(text, plain) if read else (text if text in typing.get_args(option) else None)
            if value is not None:
                return value
        choices = [choice for option in options if option not in _SCALARS for choice in typing.get_args(option)]
        return self._refuse(node, key, f"expected {wanted}, found {text!r}{did_you_mean(text, choices)}")


def _whole_number(text: str, plain: bool) -> int | None:
    digits = text.removeprefix("-")
    fits = plain and digits.isascii() and digits.isdigit() and (digits == "0" or digits[0] != "0")
    return int(text) if fits and len(digits) < 19 else None


def _number(text: str, plain: bool) -> float | None:
    whole, _, rest = text.partition(".")
    if _whole_number(whole, plain) is None or (rest and not (rest.isascii() and rest.isdigit())):
        return None
    return float(text)


def _truth(text: str, plain: bool) -> bool | None:
    return {"true": True, "false": False}.get(text) if plain else None


def _text(text: str, plain: bool) -> str:
    return text


# How a scalar is read where each type is asked for: `no`, `012` and dates are text like any other.
_SCALARS: dict[Any, typing.Callable[[str, bool], str | int | float | bool | None]] = {
    int: _whole_number,
    float: _number,
    bool: _truth,
    str: _text,
}


def _options(wanted: Any) -> tuple[Any, ...]:
    """The alternatives of a union, narrowest first, without None."""
    if typing.get_origin(wanted) not in (Union, types.UnionType):
        return (wanted,)
    options = [option for option in typing.get_args(wanted) if option is not type(None)]
    return tuple(sorted(options, key=lambda option: option is str))


_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


def _described(wanted: Any) -> str:
    origin = typing.get_origin(wanted)
    if origin is tuple:
        return f"a list of {_described(typing.get_args(wanted)[0])}"
    if origin is dict:
        return "keys and values"
    if origin is Literal:
        return "one of " + ", ".join(str(choice) for choice in typing.get_args(wanted))
    if is_dataclass(wanted):
        return _article(typing.cast("type[Any]", wanted))
    if wanted in _WORDS:
        return _WORDS[wanted]
    return " or ".join(_described(option) for option in _options(wanted))


def _article(kind: type[Any]) -> str:
    name = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind.__name__).strip()
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _found(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "keys and values"
    return "a list" if isinstance(node, yaml.SequenceNode) else f"{node.value!r}"
