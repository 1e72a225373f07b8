"""Reads YAML from its parser's events: aliases are not followed, so that no file costs more than its bytes."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING, Any

import yaml

from pat_audit.formats.runs import text_of
from pat_audit.formats.settings import DEEPEST, MOST_SETTINGS, Setting, Unparsable
from pat_audit.formats.yaml_scalars import Text
from pat_audit.formats.yaml_templates import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOADER = getattr(yaml, "CLoader", yaml.Loader)  # for its events alone: nothing is constructed
_RESUMING = re.compile(r"""^(?:---|[\w."'$][^\n]*:(?:\s|$))""", re.M)
_PROPERTIES = re.compile(r"(?:[&!]\S*+(?:\s|#.*)*)+")
_MOST_RESUMED = 20  # times that reading goes on behind a fault of one file


def read(data: bytes) -> list[Setting]:
    """The settings of YAML: every scalar that is no key, of every document in turn.

    Raises Unparsable, with what stands before the fault and from the next key of the root on.
    """
    base = len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0
    written = text_of(data[base:])
    settings, problem = _read(Text(written, harmless(written), base))
    if not problem:
        return settings
    repaired = harmless(written, repaired=True)
    others, other_problem = _read(Text(written, repaired, base))
    if not other_problem and "\t" not in written:
        return others
    if not other_problem or len(others) > len(settings):
        settings = others
    raise Unparsable(problem, settings)


def _read(text: Text) -> tuple[list[Setting], str]:
    """The settings of one text and what is wrong with it, or nothing."""
    settings: list[Setting] = []
    first_problem = ""
    start = 0
    for _ in range(_MOST_RESUMED):
        try:
            _collect(text, start, settings)
            return settings, first_problem
        except yaml.MarkedYAMLError as error:
            first_problem = first_problem or _wording(text, start, error)
            following = _RESUMING.search(text.given, max(start + 1, start + _fault(error)))
            if following is None:
                break
            start = following.start()
            first_byte = text.byte(start)
            while settings and settings[-1].start >= first_byte:
                settings.pop()
        except (yaml.YAMLError, Unparsable) as error:
            return settings, first_problem or str(error)
    return settings, first_problem


def _collect(text: Text, begin: int, settings: list[Setting]) -> None:
    """Puts the settings from a character on into a list.

    Raises YAMLError as the parser does, Unparsable where there are too many levels or values.
    """
    # Of each open collection: the path of what it stands in, its key there, whether that is a mapping, the
    # key's bytes, and whether the collection is itself a key.
    stack: list[tuple[tuple[str | int, ...], str | int, bool, tuple[int, int], bool]] = []
    prefix: tuple[str | int, ...] = ()
    last: str | int = ""
    key = (0, 0)
    in_mapping = at_key = False
    scalar, alias = yaml.ScalarEvent, yaml.AliasEvent
    opening = {yaml.MappingStartEvent: True, yaml.SequenceStartEvent: False}
    closing = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
    events: Iterator[Any] = yaml.parse(text.given[begin:] if begin else text.given, Loader=_LOADER)
    for event in events:
        kind = type(event)
        if kind is scalar:
            start, end = begin + event.start_mark.index, begin + event.end_mark.index
            if text.given[start : start + 1] in ("&", "!"):
                properties = _PROPERTIES.match(text.given, start, end)
                start = properties.end() if properties else start
            if at_key:
                last = text.original(event.value, *_inner(event.style, start, end))
                key = (text.byte(start), text.byte(end))
                at_key = False
                continue
            if len(settings) == MOST_SETTINGS:
                raise Unparsable(f"line {event.start_mark.line + 1}: more than {MOST_SETTINGS} values")
            path = (*prefix, last) if stack else ()
            settings.append(text.setting(path, event.value, event.style or "", (start, end), key))
        elif kind in opening:
            if len(stack) == DEEPEST:
                raise Unparsable(f"line {event.start_mark.line + 1}: more than {DEEPEST} levels")
            path = (*prefix, "?" if at_key else last) if stack else ()
            stack.append((prefix, last, in_mapping, key, at_key))
            prefix, in_mapping, key = path, opening[kind], (0, 0)
            at_key = in_mapping
            last = "" if in_mapping else 0
            continue
        elif kind in closing:
            prefix, last, in_mapping, key, was_key = stack.pop()
            at_key = False
            if was_key:
                last, key = "?", (0, 0)
                continue
        elif kind is alias:
            if at_key:
                last, key, at_key = f"*{event.anchor}", (0, 0), False
                continue
        else:
            continue
        if in_mapping:
            at_key = True
        elif isinstance(last, int):
            last += 1


def _inner(style: str | None, start: int, end: int) -> tuple[int, int]:
    """Where the text of a key stands without its quotes."""
    return (start + 1, end - 1) if style in ("'", '"') else (start, end)


def _fault(error: yaml.MarkedYAMLError) -> int:
    """The character from which on nothing was read: where a quote or bracket was opened that is not closed."""
    if error.context_mark and "scalar" in (error.context or ""):
        return int(error.context_mark.index)
    return int(error.problem_mark.index) if error.problem_mark else 0


def _wording(text: Text, start: int, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    line = text.written.count("\n", 0, start + (mark.index if mark else 0)) + 1
    return f"line {line}: {error.problem or 'no YAML'}"
