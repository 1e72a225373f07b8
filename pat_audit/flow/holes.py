"""How a template's expression stands in the text of a script until the script is lowered.

`curl -u ":$(ado-pat)"` in a pipeline is filled in before a shell sees it. Whoever takes the script out of its
file writes a marker in the place of the expression, made of letters and digits only, so that the grammar of any
language takes it for a word; the front end turns it back into what it stands for.
"""

from __future__ import annotations

import re

MARK = re.compile(r"pathole((?:[0-9a-f]{2})+)Z")
_MARK_IN_BYTES = re.compile(MARK.pattern.encode())


def marker(origin: str, name: str) -> str:
    """The word that stands for a value of that origin and name."""
    return f"pathole{f'{origin}:{name}'.encode().hex()}Z"


def pieces(text: str) -> list[str | tuple[str, str]]:
    """A text as its literal pieces and, for each marker, the origin and name that it stands for."""
    found: list[str | tuple[str, str]] = []
    at = 0
    for match in MARK.finditer(text):
        if match.start() > at:
            found.append(text[at : match.start()])
        origin, _, name = bytes.fromhex(match[1]).decode("utf-8", "replace").partition(":")
        found.append((origin, name))
        at = match.end()
    if at < len(text):
        found.append(text[at:])
    return found


def has_marker(text: str) -> bool:
    """Whether a text holds a marker."""
    return "pathole" in text and MARK.search(text) is not None


def unmarked(data: bytes) -> bytes:
    """The text with what each marker stands for written out, origin and name, for those who look for words."""
    if b"pathole" not in data:
        return data
    return _MARK_IN_BYTES.sub(lambda match: bytes.fromhex(match[1].decode()), data)
