"""Text with holes, `«name»`: how rewrites and definitions in the rules name what is filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_HOLE = re.compile("«([^«»]*)»")


def holes_in(text: str) -> list[str]:
    """The names of a text's holes, in order, each once."""
    return list(dict.fromkeys(_HOLE.findall(text)))


def filled(text: str, fill: Callable[[str], str]) -> str:
    """The text with every hole replaced by what `fill` gives for its name; what that raises goes through."""
    return _HOLE.sub(lambda match: fill(match[1]), text)
