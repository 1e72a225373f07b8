"""What the strings of C# say: escapes, verbatim text, raw text with its indentation taken off."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{1,4}|.)", re.DOTALL)
_ESCAPED = {"0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_VERBATIM = re.compile(r'^@?"|"(?:u8)?$')
_QUOTED = re.compile(r"^[\"']|[\"'](?:u8)?$")
_RAW = re.compile(r'^"{3,}|(?<!")"{3,}(?:u8)?$')


def unescaped(text: str) -> str:
    """Text with its escapes read: `\\n`, `\\u0041`."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "uUx" and len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    return _ESCAPED.get(code, code)


def quoted(text: str) -> str:
    """What a string or character in quotes says; its quotes may be missing where the file breaks off."""
    return unescaped(_QUOTED.sub("", text))


def verbatim(text: str) -> str:
    """What `@"…"` says."""
    return _VERBATIM.sub("", text).replace('""', '"')


def raw(text: str) -> str:
    """What a string in three or more quotes says."""
    return dedented(_RAW.sub("", text))


def dedented(text: str) -> str:
    """The lines of a raw string: those of its quotes go, and of the others the indentation of the last."""
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) < 2 or lines[0].strip() or lines[-1].strip():
        return text
    indent = lines[-1]
    return "\n".join(line.removeprefix(indent) for line in lines[1:-1])
