"""Where definitions go in a script: behind its head, before the first thing that it does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.languages.powershell_text import Reader, Shared

if TYPE_CHECKING:
    from collections.abc import Sequence

_BLANK_OR_COMMENT = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r)")
_SETTING = re.compile(r"[ \t]*(?:set|shopt)[ \t]+[-+\w][^\r\n;&|]*(?:\r\n|\n|\r)")  # `set -euo pipefail`
_BLANK = re.compile(r"(?:[ \t]*(?:\r\n|\n|\r))*")
_USING = re.compile(r"using[ \t]+(?:namespace|module|assembly)\b[^\r\n]*", re.IGNORECASE)
_PARAM = re.compile(r"param(?=[\s(])", re.IGNORECASE)
_LINE_REST = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r|\Z)")
_FIRST_COMMENT = re.compile(  # a blank line within `<# … #>` ends nothing
    r"(?:[ \t]*(?:\r\n|\n|\r))*+(?:(?>[ \t]*(?:<#.*?#>[ \t]*|#[^\r\n]*)(?:\r\n|\n|\r)))++(?=[ \t]*(?:\r\n|\n|\r))",
    re.DOTALL,
)
_PREFERENCE = re.compile(  # what a script sets before anything else: strictness, what an error does
    r"[ \t]*(?:Set-StrictMode\b[^\r\n]*|\$\w+Preference[ \t]*=[^\r\n]*)(?:\r\n|\n|\r)", re.IGNORECASE
)


def insert_shell(text: str, definitions: Sequence[str], newline: str) -> str:
    """A shell script with these functions behind its first comment and the options that it sets."""
    return _inserted(text, _shell_head(text), definitions, newline)


def _shell_head(text: str) -> int:
    at = found = 0
    while True:
        match = _SETTING.match(text, at)
        if match is not None:
            at = found = match.end()
            continue
        match = _BLANK_OR_COMMENT.match(text, at)
        if match is None:
            return found
        blank = not match[0].strip()
        if not blank and _starts_a_block(text, at) and found:
            return found  # a comment on what follows
        at = match.end()
        if not blank and not found:
            following = _BLANK_OR_COMMENT.match(text, at)
            if following is None or not following[0].strip():
                found = at


def _starts_a_block(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t")
    return before.endswith(("\n\n", "\n\r\n", "\r\r"))


def insert_powershell(text: str, definitions: Sequence[str], newline: str) -> str:
    """A PowerShell script or module with these functions behind its parameters and preferences."""
    # the reader takes a text's bytes for characters
    data = text.encode("utf-8").decode("latin-1")
    at = _powershell_head(data)
    return _inserted(text, len(data[:at].encode("latin-1").decode("utf-8", "replace")), definitions, newline)


def _powershell_head(data: str) -> int:
    reader = Reader(Shared(data, None, {}, frozenset(), {}), 0, len(data))
    found = 0
    while True:
        reader.lines()
        if reader.take(_USING) is not None:
            found = _behind_line(data, reader.at)
            continue
        start = reader.at
        while reader.here() == "[":  # attributes of the parameter block
            closing = _closing_square(data, reader.at)
            if closing < 0:
                return found or _comment_end(data)
            reader.at = closing + 1
            reader.lines()
        if reader.take(_PARAM) is None:
            reader.at = start
            break
        reader.lines()
        if reader.here() != "(":
            return found or _comment_end(data)
        reader.at = reader.closing(reader.at) + 1
        found = _behind_line(data, reader.at)
        break
    found = found or _comment_end(data)
    while True:
        blank = _BLANK.match(data, found)
        match = _PREFERENCE.match(data, found if blank is None else blank.end())
        if match is None:
            return found
        found = match.end()


def _closing_square(data: str, at: int) -> int:
    depth = 0
    for match in re.compile(r"'[^']*'|\"[^\"]*\"|[\[\]]").finditer(data, at):
        depth += {"[": 1, "]": -1}.get(match[0], 0)
        if not depth:
            return match.start()
    return -1


def _behind_line(data: str, at: int) -> int:
    match = _LINE_REST.match(data, at)
    return at if match is None else match.end()


def _comment_end(data: str) -> int:
    """Behind the comment that a file starts with, where a blank line parts it from what follows."""
    match = _FIRST_COMMENT.match(data)
    return 0 if match is None else match.end()


def _inserted(text: str, at: int, definitions: Sequence[str], newline: str) -> str:
    body = (newline * 2).join(definition.strip().replace("\n", newline) for definition in definitions)
    before = text[:at]
    if before and not before.endswith(("\n", "\r")):
        before += newline
    blank = _BLANK.match(text, at)
    rest = text[at if blank is None else blank.end() :]
    return before + (newline if before else "") + body + newline + (newline + rest if rest else "")
