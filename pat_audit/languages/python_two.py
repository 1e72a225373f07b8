"""Makes Python 2 readable for a parser of Python 3, every offset kept.

What Python 3 has no more is replaced, character for character, by something of the same length that has the same
parts: `print x` assigns `x`, `except E, e:` handles `E`. Only files come here that Python 3 refuses. lib2to3 and its
heirs change lengths, and the first left the standard library with Python 3.13.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LARGEST = 2_000_000  # characters of a file
# A comment, or a string with its prefix; one that is not closed goes on to the end of the line, or of the text.
_NO_CODE = re.compile(
    r"""(?x) \#[^\n]* | (?P<prefix>(?<![A-Za-z0-9_])[uUbB]?[rR]?)
        (?: \"\"\" (?:[^\"\\]|\\[\s\S]|\"(?!\"\"))*+ (?:\"\"\"|\\?\Z) | ''' (?:[^'\\]|\\[\s\S]|'(?!''))*+ (?:'''|\\?\Z)
          | \" (?:[^\"\\\n]|\\[\s\S])*+ \"? | ' (?:[^'\\\n]|\\[\s\S])*+ '? )"""
)
_OF_UNICODE = re.compile(r"\\[uUN]")
_STRING = '"'  # what stands for each character of a string in the text that is searched
_BEGINS = r"(?:^|[:;])[ \t]*"  # where a statement can begin
_PRINT = re.compile(rf"(?m){_BEGINS}(print)\b[ \t]*(>>|(?=[\w\"`{{\[~\\]))")
_EXEC = re.compile(rf"(?m){_BEGINS}(exec)\b[ \t]*(?=[\w\"`])")
_RAISE = re.compile(rf"(?m){_BEGINS}(raise)\b[^\n,]{{0,200}},")
_EXCEPT = re.compile(r"\bexcept\b(?:[^,:()\n]|\([^()]{0,200}\)){1,200}(,[^:\n]{0,100}):")
_ASYNC = re.compile(r"\basync\b(?![ \t]+(?:def|for|with)\b)")
_NUMBER = re.compile(
    r"(?<![\w.])(?<![eE][-+])(?:(0{1,40})(?=[0-7]+[lL]?(?![\w.]))[0-7]+|0[xX][0-9a-fA-F]+|\d+)([lL]?)(?![\w.])"
)
_DEFINITION = re.compile(r"\b(?:def[ \t]+\w+[ \t]*\(|lambda\b)")
_TAB = 8  # columns, in Python 2


def readable(text: str) -> str | None:
    """`text` with what only Python 2 has replaced by other syntax of the same length; None where it is too long."""
    if len(text) > _LARGEST:
        return None
    characters = list(text)
    code = list(text)
    for match in _NO_CODE.finditer(text):
        start, end = match.span()
        filler = " " if text[start] == "#" else _STRING
        for index in range(start, end):
            if text[index] != "\n":
                code[index] = filler
        prefix = (match["prefix"] or "").lower()
        if prefix == "ur":
            characters[start] = " "
        elif not prefix and text[start] != "#":  # of bytes, in which these begin nothing
            for escape in _OF_UNICODE.finditer(text, start, end):
                characters[escape.start()] = "/"
    searched = "".join(code)
    for start, replacement in replacements(searched):
        characters[start : start + len(replacement)] = replacement
    return "".join(characters)


def replacements(code: str) -> Iterator[tuple[int, str]]:
    """Where something else is to stand, and what; `code` is the text without its strings and comments."""
    for match in _PRINT.finditer(code):
        yield match.start(1), "prin="
        yield match.start(2), " " * len(match[2])
    for match in _EXEC.finditer(code):
        yield match.start(1), "exe="
    for match in _RAISE.finditer(code):
        yield match.start(1), "rais="
    for match in _EXCEPT.finditer(code):
        yield match.start(1), " " * len(match[1])
    for match in _ASYNC.finditer(code):
        yield match.start(), "asyn_"
    for match in _NUMBER.finditer(code):
        yield match.start(), " " * len(match[1] or "")
        yield match.start(2), " " * len(match[2])
    for match in re.finditer("<>", code):
        yield match.start(), "!="
    for number, match in enumerate(re.finditer("`", code)):
        yield match.start(), ")" if number % 2 else "("
    done = 0
    for match in _DEFINITION.finditer(code):
        if match.end() >= done:
            parts = list(_taken_apart(code, match.end()))
            done = parts[-1][0] if parts else done
            yield from parts


def _taken_apart(code: str, at: int) -> Iterator[tuple[int, str]]:
    """Parameters that are taken apart where they are named, `(a, b)`, as one name each."""
    before, depth = ",", 0
    for index in range(at, min(len(code), at + 2_000)):
        character = code[index]
        if depth:
            if character == ")":
                depth -= 1
            elif character == "(":
                depth += 1
            if not (character.isalnum() or character == "\n"):
                yield index, "_"
        elif character == "(" and before == ",":
            depth = 1
            yield index, "_"
        elif character in "):(=":
            return  # the end of the parameters, or a value that one has: what stands behind is seldom more of these
        if not character.isspace():
            before = character


def with_blanks(data: bytes) -> tuple[bytes, Callable[[int], int]]:
    """The text with the tabs that lines begin with as blanks, and what says where a byte of that was before.

    Python 3 takes no mix of them that is in doubt; Python 2 counts a tab up to the next eighth column.
    """
    lines: list[bytes] = []
    begins, offsets = [0], [(0, 0, 0)]  # of each line: where it begins now, and before; its white space now, and before
    now = before = 0
    for line in data.splitlines(keepends=True):
        code = line.lstrip(b" \t")
        old = len(line) - len(code)
        new = len(line[:old].expandtabs(_TAB))
        begins.append(now)
        offsets.append((before, new, old))
        lines.append(b" " * new + code)
        now += new + len(code)
        before += len(line)

    def place(offset: int) -> int:
        line = bisect_right(begins, offset) - 1
        start, new, old = offsets[line]
        inside = offset - begins[line]
        return start + (inside - new + old if inside >= new else min(inside, old))

    return b"".join(lines), place
