"""Notices texts in a program that are settings themselves: a manifest, a configuration that it writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SHORTEST = 40
"""Characters of the shortest text that is looked at."""

_LONGEST = 65_536
_SEVERAL = ("\n", "/>")  # lines or elements: a text with neither is a value, not a document
# `pat: …`, `"pat": …`, `<add key="pat" value=`, `parameter: pat`
_NAMED = re.compile(
    r"""([A-Za-z_][\w.-]{2,80})["']?(?:\s{0,4}[:=]|\s{1,4}value=)|[:=][ \t]{0,4}["']?([A-Za-z_][\w.-]{3,80})"""
)


def holds_settings(shape: str, is_credential: Callable[[str], bool]) -> bool:
    """Whether a text has lines or elements of settings, a credential's name among them."""
    if not SHORTEST <= len(shape) <= _LONGEST or not any(mark in shape for mark in _SEVERAL):
        return False
    seen: set[str] = set()
    for match in _NAMED.finditer(shape):
        name = match[1] or match[2]
        if name not in seen:
            seen.add(name)
            if is_credential(name):
                return True
    return False
