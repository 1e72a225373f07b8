"""Which word of a command line plays which role."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING

from pat_audit.flow.combining import literal, options
from pat_audit.flow.composition import HOLE, is_basic_header, template
from pat_audit.flow.url_parts import cut
from pat_audit.flow.values import Container, Encoded, Text, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pat_audit.vocabulary import Command

_SETTING = re.compile(
    r"[ \t]*-{0,2}(?P<key>[\w.-]+)[ \t]*(?:=|:|[ \t])[ \t]*(?P<quote>[\"']?)(?P<value>[^\r]*?)(?P=quote)[ \t]*\r?\Z"
)
_OF_MANUAL = re.compile(r"(?P<user>[^:/\[\s]*)\[?:[{<](?P<token>[\w -]+)[}>]\]?(?P<path>(?:[{<]\w+[}>])?/\S+)?\Z")
_LONGEST_SETTING = 2000  # characters; a run of blanks in it is looked at from each of them
VARIABLE = "variable"  # the role of `NAME=value`; each is kept under its name behind this
_ENDS = frozenset({"|", "||", "&&", ";", "&", ">", ">>", "<"})


def roles_of(row: Command, words: list[Value]) -> tuple[dict[str, Value], list[Value]]:
    """Which word of a command line plays which role, and the words that are no options."""
    by_option = {option: role for role, options_ in row.options.items() for option in options_}
    roles: dict[str, Value] = {}
    positions: list[Value] = []
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        text = literal(word)
        shape = text if text is not None else (template(word) if isinstance(word, Text) else "")
        if text in _ENDS:
            break
        role = by_option.get(shape)
        if role is not None and index < len(words):
            _take(row, roles, role, words[index])
            index += 1
            continue
        if shape in row.valued:
            index += 1
            continue
        bundled = None if shape.startswith("--") or len(shape) < 3 else by_option.get(f"-{shape[-1]}")
        if bundled is not None and shape[1:].isalpha() and shape[:2] not in by_option and index < len(words):
            _take(row, roles, bundled, words[index])  # `-sLu user:password`
            index += 1
            continue
        if shape.startswith("-"):
            role, value = _attached(by_option, word, shape)
            if role is not None and value is not None:
                _take(row, roles, role, value)
            continue
        positions.append(word)
    for role, places in row.positions.items():
        for place in places:
            if role == "program":
                continue
            if role == "setting" and isinstance(place, int):
                if 0 <= place < len(positions) - 1:
                    _set(row, roles, template_of(positions[place]), positions[place + 1])
            elif isinstance(place, int):
                if -len(positions) <= place < len(positions):
                    roles.setdefault(role, positions[place])
            else:
                found = next((word for word in positions if _is_url(word)), None)
                if found is not None:
                    roles.setdefault(role, found)
    return roles, positions


def _attached(by_option: dict[str, str], word: Value, shape: str) -> tuple[str | None, Value | None]:
    """An option with its value in one word: `--user=x`, `-ux`."""
    option, equals, _ = shape.partition("=")
    if equals and option in by_option:
        return by_option[option], _after(word, len(option) + 1)
    if not shape.startswith("--") and shape[:2] in by_option and len(shape) > 2:
        return by_option[shape[:2]], _after(word, 2)
    return None, None


def _after(word: Value, count: int) -> Value:
    return cut(word, count, site=word.site) if isinstance(word, Text) else word


def _take(row: Command, roles: dict[str, Value], role: str, value: Value) -> None:
    if role == "setting":
        key, equals, _ = template_of(value).partition("=")
        if equals:
            _set(row, roles, key, _after(value, len(key) + 1))
        return
    if role == VARIABLE:
        name, equals, _ = template_of(value).partition("=")
        if equals:  # else it is the one of the program that runs the command
            roles[f"{VARIABLE} {name}"] = _after(value, len(name) + 1)
        return
    if role == "header" and "header" in roles and is_basic_header(template_of(roles["header"])):
        return
    roles[role] = value


def _set(row: Command, roles: dict[str, Value], key: str, value: Value) -> None:
    """A setting by its key: `http.extraheader`, `//registry.npmjs.org/:_authToken`."""
    for pattern, target in row.settings.items():
        if fnmatch.fnmatchcase(key.lower(), pattern.lower()):
            roles[target] = value


def line_settings(row: Command, roles: dict[str, Value], text: Value | None) -> None:
    """The settings that stand in lines of their own: `password=…`, `user = "…"`."""
    for option in options(text):
        if not isinstance(option, Text):
            continue
        shape = template(option)
        at = 0
        for line in shape.split("\n"):
            match = _SETTING.match(line) if len(line) <= _LONGEST_SETTING else None
            if match is not None:
                start, end = at + match.start("value"), at + match.end("value")
                _set(row, roles, match["key"], cut(option, start, end, site=option.site))
            at += len(line) + 1


def calling(row: Command, words: list[Value]) -> list[Value]:
    """The words of the command that a program runs, behind its own options and leading words."""
    own = int(next(iter(row.positions.get("program", (0,)))))
    index = 0
    while index < len(words):
        shape = template_of(words[index])
        if shape in row.valued:
            index += 2
        elif is_option(shape):
            index += 1
        elif own:
            own -= 1
            index += 1
        else:
            break
    return words[index:]


def as_in_manuals(pair: Value, url: Value | None) -> tuple[Value, Value | None]:
    """A pair and an address as manuals write them: `user[:{token}]`, with no space before `{organization}/path`."""
    written = literal(pair)
    match = _OF_MANUAL.match(written) if written is not None else None
    if match is None:
        return pair, url
    site = getattr(pair, "site", None)
    if match["path"] and url is None:
        url = Text((match["path"],), site)
    return Text((f"{match['user']}:<{match['token']}>",), site), url


def is_option(shape: str) -> bool:
    """Whether a word is an option."""
    return len(shape) > 1 and shape[0] == "-" and not shape[1].isdigit()


def template_of(word: Value) -> str:
    """A word with a NUL for what is not known of it."""
    return template(word) if isinstance(word, Text) else HOLE


def _is_url(word: Value) -> bool:
    if isinstance(word, Text):
        shape = template(word)
        return "://" in shape or shape.startswith("\x00")
    return not isinstance(word, Container | Encoded)


def follows(run_: list[str], present: Sequence[str | None]) -> bool:
    """Whether the words of `run_` stand among the words, in order."""
    rest = iter(present)
    return all(any(word == part for word in rest) for part in run_)
