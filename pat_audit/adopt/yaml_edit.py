"""Adds to a YAML file by inserting text, so that comments and layout stay, and proves it by parsing both."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml
from yaml import events

if TYPE_CHECKING:
    from collections.abc import Sequence

Item = dict[str, Any]
"""What is added: a mapping of texts, truth values, further mappings, and lists of them."""

_PLAIN = re.compile(r"[A-Za-z./][\w ./:+=-]*[\w/]")
_DEEPEST = 100
_DASH = re.compile(r"^ *(?=-(?:\s|$))", re.MULTILINE)
_BREAKS = re.compile(r"\r\n|\n|\r")


class CannotEditError(Exception):
    """The file is not one that can be added to by inserting text; the message says why."""


def parsed(text: str) -> list[Any]:
    """The events of a file with one YAML document or none. Raises CannotEditError for any other."""
    found: list[Any] = []
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            found.append(event)
            depth += isinstance(event, events.CollectionStartEvent) - isinstance(event, events.CollectionEndEvent)
            if depth > _DEEPEST:  # no one's configuration, and what PyYAML needs grows with its square
                raise CannotEditError("it is nested too deeply")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise CannotEditError(f"it is no valid YAML{f' (line {mark.line + 1})' if mark else ''}") from None
    if sum(isinstance(event, events.DocumentStartEvent) for event in found) > 1:
        raise CannotEditError("it holds more than one YAML document")
    return found


def texts(text: str) -> list[str]:
    """Every scalar of a file, keys and values, in order. Raises CannotEditError as `parsed` does."""
    return [event.value for event in parsed(text) if isinstance(event, events.ScalarEvent)]


def top_keys(text: str) -> list[str]:
    """The keys of the mapping that the file is, in order; empty where it is none."""
    return [found[place].value for found in [parsed(text)] for place in _top_values(found)[0]]


def top_texts(text: str, key: str) -> list[str] | None:
    """The list of texts under a top key, or None where it is missing or anything else."""
    found = parsed(text)
    value = _value(found, key)
    if value is None or not isinstance(found[value], events.SequenceStartEvent):
        return None
    inside = found[value + 1 : _end(found, value)]
    if not all(isinstance(event, events.ScalarEvent) for event in inside):
        return None
    return [event.value for event in inside]


def add_item(text: str, key: str, item: Item) -> str:
    """`text` with `item` as the last of the sequence under the top key `key`, in the style that is there.

    Raises CannotEditError where there is no such sequence, or where nothing but the item would not be the same.
    """
    before = parsed(text)
    value = _value(before, key)
    if value is None:
        raise CannotEditError(f"it has no `{key}` at its top")
    start, begin = before[value], before[value].start_mark
    replaced = 0
    if isinstance(start, events.ScalarEvent) and start.value == "" and start.style is None and not start.anchor:
        added = _insert_lines(text, begin.index, _block(item, 2), deeper_than=0)
        at, replaced = value, 1
    elif not isinstance(start, events.SequenceStartEvent):
        raise CannotEditError(f"its `{key}` is no list")
    else:
        at = _end(before, value)
        place = _end_of_text(before, at)
        if start.flow_style:
            comma = "" if at == value + 1 else ", "
            added = f"{text[:place]}{comma}{_flow(item)}{text[place:]}"
        else:
            column = _dash_column(text, begin)
            added = _insert_lines(text, place, _block(item, column), deeper_than=column)
    return _proved(before, at, replaced, _item_events(item), added)


def add_lines(text: str, addition: str) -> str:
    """`text` with the lines of `addition`, which is a mapping in block style, at the end of its top mapping.

    Raises CannotEditError where the file is no such mapping, or where the rest would not stay the same.
    """
    before = parsed(text)
    break_ = line_break(text)
    inside = parsed(addition)[3:-3]
    if len(before) <= 2:
        return f"{_ended(text, break_)}{_BREAKS.sub(break_, addition)}"
    top, begin = before[2], before[2].start_mark
    if not isinstance(top, events.MappingStartEvent) or top.flow_style or begin.column:
        raise CannotEditError("its top is no mapping in block style")
    close = before[-2]
    place = close.start_mark.index if close.explicit else len(text)
    failure = CannotEditError("nothing can be added at its end")
    for gap in (break_, ""):  # an empty line could be part of a text that is kept to its last line break
        head = _ended(text[:place], break_)
        try:
            return _proved(
                before, len(before) - 3, 0, inside, f"{head}{gap}{_BREAKS.sub(break_, addition)}{text[place:]}"
            )
        except CannotEditError as error:
            failure = error
    raise failure


def block(key: str, item: Item) -> str:
    """A YAML file that holds `item` alone in the list `key`."""
    return f"{key}:\n" + "\n".join(_block(item, 2)) + "\n"


def line_break(text: str) -> str:
    """The line break that a file uses: that of its first line."""
    found = _BREAKS.search(text)
    return found[0] if found else "\n"


def _top_values(found: list[Any]) -> tuple[list[int], list[int]]:
    """Where the keys of the top mapping stand among the events, and where their values begin."""
    if len(found) < 3 or not isinstance(found[2], events.MappingStartEvent):
        return [], []
    keys, values = [], []
    place, last = 3, len(found) - 3
    while place < last:
        value = _end(found, place) + 1
        if isinstance(found[place], events.ScalarEvent):
            keys.append(place)
            values.append(value)
        place = _end(found, value) + 1
    return keys, values


def _value(found: list[Any], key: str) -> int | None:
    keys, values = _top_values(found)
    named = [value for place, value in zip(keys, values, strict=True) if found[place].value == key]
    if len(named) > 1:
        raise CannotEditError(f"it has `{key}` more than once")
    return named[0] if named else None


def _end(found: list[Any], start: int) -> int:
    """Where the node that begins at `start` ends among the events."""
    depth = 0
    for place in range(start, len(found)):
        if isinstance(found[place], events.CollectionStartEvent):
            depth += 1
        elif isinstance(found[place], events.CollectionEndEvent):
            depth -= 1
        if depth == 0:
            return place
    raise CannotEditError("it ends too early")


def _end_of_text(found: list[Any], at: int) -> int:
    """Where the text before the event `at` ends: a collection in block style ends only where the next thing begins."""
    place = at - 1
    while isinstance(found[place], events.CollectionEndEvent) and (
        found[place].start_mark.index == found[place].end_mark.index
    ):
        place -= 1
    return int(found[place].end_mark.index)


def _dash_column(text: str, mark: Any) -> int:
    """How deep the dashes of the sequence in block style stand that begins at `mark`, or before it an anchor or tag."""
    found = _DASH.search(text, mark.index - mark.column)
    return len(found[0]) if found else int(mark.column)


def _insert_lines(text: str, place: int, lines: Sequence[str], *, deeper_than: int) -> str:
    """`text` with `lines` behind the line that `place` is in, and behind comments that belong to what is there."""
    break_ = line_break(text)
    end = place if place and text[place - 1] in "\r\n" else _after_line(text, place)
    while True:
        following = text[end : _after_line(text, end)]
        indentation = len(following) - len(following.lstrip(" "))
        if not following.lstrip(" ").startswith("#") or indentation <= deeper_than:
            break
        end += len(following)
    return _ended(text[:end], break_) + "".join(f"{line}{break_}" for line in lines) + text[end:]


def _after_line(text: str, place: int) -> int:
    found = _BREAKS.search(text, place)
    return found.end() if found else len(text)


def _ended(text: str, break_: str) -> str:
    return text if not text or text[-1] in "\r\n" else text + break_


def _proved(before: list[Any], at: int, replaced: int, inserted: list[Any], text: str) -> str:
    """`text`, once its events are those before with `inserted` at `at`, in place of `replaced` (an empty value)."""
    after = [_shape(event) for event in parsed(text)]
    wanted = [_shape(event) for event in before]
    new = [_shape(event) for event in inserted]
    if replaced:
        new = [("SequenceStartEvent",), *new, ("SequenceEndEvent",)]
    wanted[at : at + replaced] = new
    if after != wanted:
        raise CannotEditError("text put into it would change what stands there")
    return text


def _shape(event: Any) -> tuple[Any, ...]:
    """What an event means: its kind, value, tag and anchor, without its place and quotes."""
    attributes = ("value", "tag", "anchor", "explicit", "version", "tags")
    known = [getattr(event, name, None) for name in attributes]
    return (type(event).__name__, *known) if any(each is not None for each in known) else (type(event).__name__,)


def _item_events(item: Item) -> list[Any]:
    return parsed(_flow(item))[2:-2]


def _block(item: Item, indentation: int) -> list[str]:
    """The lines of an item of a list whose dashes stand at `indentation`; lists inside stand as deep as that one."""
    inner = 2 if indentation else 0
    lines = _mapping(item, inner)
    margin = " " * indentation
    return [f"{margin}- {lines[0]}", *(f"{margin}  {line}" for line in lines[1:])]


def _mapping(item: Item, inner: int) -> list[str]:
    lines: list[str] = []
    for key, value in item.items():
        if isinstance(value, dict):
            lines += [f"{key}:", *(f"  {line}" for line in _mapping(value, inner))]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"{key}:", *(line for each in value for line in _block(each, inner))]
        else:
            lines.append(f"{key}: {_flow(value)}")
    return lines


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    return _scalar(value) if isinstance(value, str) else json.dumps(value)


def _scalar(text: str) -> str:
    """A text, bare where YAML reads it as that very text, else in double quotes."""
    bare = _PLAIN.fullmatch(text) and ": " not in text and yaml.safe_load(text) == text
    return text if bare else json.dumps(text)
