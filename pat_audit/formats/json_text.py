"""Reads JSON, also with comments, trailing commas, single quotes and bare words, in one pass over its tokens.

A syntax tree of JSON takes 25 times the file's size in memory; the tokens alone say all that settings need.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8

from pat_audit.formats.runs import Run, line_of, setting_of, text_of
from pat_audit.formats.settings import DEEPEST, MOST_SETTINGS, Setting, Unparsable

# Templates stand before what they would be taken for: `{{` opens no object, `#{` no comment. A word with a colon
# behind it has a second group. Commas part nothing that brackets and colons do not. What is no token is an empty one:
# looking further would take the square of the blanks before it.
_TOKEN = re.compile(
    rb"""[\s\0,]*+(?:
    "([^"\\]*+(?:\\.[^"\\]*+)*+)"(?:\s*+(:))?
    | (\{\{[^\n]*?\}\}|\{%[^\n]*?%\}|\#\{[^}\n]*\}\#?|\$\{[^}\n]*\}|[^\s\0{}\[\],:"'/\#]++)(?:\s*+(:))?
    | ([{}\[\]:])
    | '([^'\\\n]*+(?:\\.[^'\\\n]*+)*+)'(?:\s*+(:))?
    | (//[^\n]*+|/\*.*?\*/|\#[^\n]*+)
    | )""",
    re.S | re.X,
)
_STRING, _BARE, _MARK, _SINGLE, _COMMENT = 1, 3, 5, 6, 8
_KEYS = {_STRING + 1: _STRING, _BARE + 1: _BARE, _SINGLE + 1: _SINGLE}
_BLANK = re.compile(rb"[\s\0,]*\Z")
_ESCAPE = re.compile(
    rb"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(\r?\n)|(.))", re.S
)
_ESCAPED = {b"b": "\b", b"f": "\f", b"n": "\n", b"r": "\r", b"t": "\t", b"0": "\0"}
_LEVELS = {ord("{"): True, ord("["): False}
_COLON, _CLOSING_BRACE = ord(":"), ord("}")


def read(data: bytes) -> list[Setting]:
    """The settings of JSON: every string, number, `true`, `false` and `null` as it is written.

    Raises Unparsable, with what could be read, for what no lenient reader of JSON takes.
    """
    settings: list[Setting] = []
    problem = _collect(data, settings)
    if problem:
        raise Unparsable(problem, settings)
    return settings


def unescaped(raw: bytes, start: int) -> list[Run]:
    """The runs that a string's raw text (without quotes, at byte `start`) stands for."""
    runs: list[Run] = []
    done = 0
    for escape in _ESCAPE.finditer(raw):
        runs.append(Run(text_of(raw[done : escape.start()]), start + done))
        runs.append(Run(_meaning(escape), start + escape.start()))
        done = escape.end()
    runs.append(Run(text_of(raw[done:]), start + done))
    return runs


def _meaning(escape: re.Match[bytes]) -> str:
    high, low, unit, line, other = escape.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    if unit:
        code = int(unit, 16)
        return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)
    if line:
        return ""
    return _ESCAPED.get(other) or text_of(other)


def _collect(data: bytes, settings: list[Setting]) -> str:
    """Puts the settings into a list and says what is wrong with the text, or nothing."""
    problem = ""
    stack: list[tuple[tuple[str | int, ...], str | int, bool, tuple[int, int]]] = []
    prefix: tuple[str | int, ...] = ()  # the path of the container that is open
    last: str | int = ""  # the key in it, or the place in a list
    key = (0, 0)
    in_object = False
    position = len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0
    for token in _TOKEN.finditer(data, position):
        kind = token.lastindex
        if kind is None:
            break  # what stands here is nothing that we know
        position = token.end()
        if kind in _KEYS:
            kind = _KEYS[kind]
            if in_object:
                last, key = _text(token[kind], token.start(kind)), token.span(kind)
                continue
        elif kind == _MARK:
            mark = data[position - 1]
            if mark in _LEVELS:
                if len(stack) == DEEPEST:
                    return f"line {line_of(data, position)}: more than {DEEPEST} levels"
                path = (*prefix, last) if stack else ()
                stack.append((prefix, last, in_object, key))
                prefix, in_object, key = path, _LEVELS[mark], (0, 0)
                last = "" if in_object else 0
            elif mark == _COLON:
                if settings and in_object and settings[-1].path[:-1] == prefix:  # a comment stood before it
                    named = settings.pop()
                    last, key = named.value, (named.start, named.end)
            elif stack:
                if in_object != (mark == _CLOSING_BRACE):
                    problem = problem or f"line {line_of(data, position)}: a bracket that closes another one"
                prefix, last, in_object, key = stack.pop()
                if isinstance(last, int):
                    last += 1
            else:
                problem = problem or f"line {line_of(data, position)}: a bracket too many"
            continue
        elif kind == _COMMENT:
            continue
        assert kind is not None
        raw = token[kind]
        start, end = token.span(kind)
        if len(settings) == MOST_SETTINGS:
            return f"line {line_of(data, start)}: more than {MOST_SETTINGS} values"
        path = (*prefix, last) if stack else ()
        if b"\\" in raw and kind != _BARE:
            settings.append(setting_of(path, unescaped(raw, start), start, end, key))
        else:
            settings.append(Setting(path, raw.decode("utf-8", "replace"), start, end, (), key))
        if isinstance(last, int):
            last += 1
    if not _BLANK.match(data, position):
        return problem or f"line {line_of(data, position + 1)}: no JSON"
    if stack and not problem:
        problem = f"line {line_of(data, position)}: {len(stack)} brackets are not closed"
    return problem


def _text(raw: bytes, start: int) -> str:
    return "".join(run.text for run in unescaped(raw, start)) if b"\\" in raw else text_of(raw)
