"""How a file indents, so that what is put into it looks like the rest."""

from __future__ import annotations

import re

_INDENTED = re.compile(rb"(?m)[{(\[:][ \t]*\r?\n([ \t]*)[^\s]")


def indentation_unit(data: bytes, usual: str) -> str:
    """What one level of indentation is in a text: a tab, or a number of spaces; `usual` where nothing says."""
    counted: dict[str, int] = {}
    before = b""
    for match in _INDENTED.finditer(data):
        start = data.rfind(b"\n", 0, match.start()) + 1
        before = re.match(rb"[ \t]*", data[start:])[0]  # type: ignore[index]  # it matches always
        inner = match[1]
        if inner.startswith(before) and len(inner) > len(before):
            unit = inner[len(before) :].decode()
            counted[unit] = counted.get(unit, 0) + 1
    return max(counted, key=lambda unit: counted[unit]) if counted else usual


def reindented(text: str, unit: str, wanted: str, base: str = "") -> str:
    """Text that is indented by `unit`, indented by `wanted` instead, and all of it by `base`."""
    lines = []
    for line in text.split("\n"):
        level = 0
        rest = line
        while rest.startswith(unit):
            rest = rest[len(unit) :]
            level += 1
        lines.append(base + wanted * level + rest if rest.strip() else rest)
    return "\n".join(lines)
