"""Stands harmless text in for the template expressions of a YAML file, so that its parser takes it.

Helm, Jinja and GitHub's `${{ }}` write what YAML would read as mappings, or whole lines of control words. Every
stand-in is as long as what it stands for, so that each place in the one text is the same place in the other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

STAND_IN = "\ue000"
"""A character that YAML allows anywhere in a word and that nobody writes."""

_LONGEST = 4000  # characters of one expression
_OPENING = re.compile(r"\{[{%#]")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
# Words of Go templates that make no value of their own, and the functions that print several lines.
_CONTROL = re.compile(
    r"\{%|\{#|\{\{[-~]?\s*(?:/\*|(?:if|else|end|range|with|define|block|template|include|tpl|toYaml|break|continue)\b"
    r"|\$\w+\s*:?=)"
)
# A function that prints several lines, as often as not a value of its own behind a key or a dash.
_INDENTED = re.compile(r"\{\{[^}]*\bn?indent\b")
# What Maven and replacetokens leave to be filled in: YAML takes no word that begins with these.
_AT_WORD = re.compile(r"(?<=[:\-,\[] )[@`%][\w.@-]+", re.M)
_REFUSED = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff")
_LEADING_TABS = re.compile(r"^[ ]*\t[ \t]*", re.M)


def harmless(text: str, *, repaired: bool = False) -> str:
    """The text with its template expressions stood in for.

    `repaired`: every expression with a line of its own is blanked out, and tabs that indent become blanks.
    """
    if not text.isprintable():
        text = _REFUSED.sub(STAND_IN, text)
    text = _AT_WORD.sub(lambda word: STAND_IN * len(word[0]), text)
    parts: list[str] = []
    done = 0
    for start, end in _expressions(text):
        if start < done:
            continue
        line, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        line_end = len(text) if line_end < 0 else line_end
        begins = done <= line and not text[line:start].strip()
        wide = _INDENTED.match(text, start, end) is not None
        idle = begins and (repaired or wide or _CONTROL.match(text, start, end))
        if (idle or (wide and text[max(line, done) : start].rstrip().endswith((":", "-")))) and _is_templates(
            text[end:line_end]
        ):
            # Blanks that are longer than a block's first line are refused where no line at all would be.
            blank = "\n" if repaired and begins else " "
            first = max(line, done) if begins else start
            parts += [text[done:first], re.sub(r"[^\r\n]", blank, text[first:line_end])]
            done = line_end
        else:
            parts += [text[done:start], STAND_IN * (end - start)]
            done = end
    parts.append(text[done:])
    text = "".join(parts)
    if repaired:
        text = _LEADING_TABS.sub(lambda blank: " " * len(blank[0]), text)
    return text


def _expressions(text: str) -> Iterator[tuple[int, int]]:
    """Where template expressions begin and end; `${{` begins at its dollar sign."""
    closing = dict.fromkeys(_CLOSING, 0)  # the next end of each kind, so that none is looked for twice
    position = 0
    while opening := _OPENING.search(text, position):
        start, mark = opening.start(), opening[0]
        position = opening.end()
        if closing[mark] >= 0 and closing[mark] < position:
            closing[mark] = text.find(_CLOSING[mark], position)
        end = closing[mark]
        if end < 0 or end - start > _LONGEST:
            continue
        position = end + 2
        yield start - (text[start - 1 : start] == "$"), position


def _is_templates(text: str) -> bool:
    """Whether the rest of a line is blank, a comment, or made of templates alone."""
    rest = re.sub(r"\{\{(?:(?!\{\{).)*?\}\}|\{%(?:(?!\{%).)*?%\}|\{#(?:(?!\{#).)*?#\}", "", text).strip()
    return not rest or rest.startswith("#")
