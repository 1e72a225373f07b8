"""Tells by its path whether a file is one of many kinds: globs, ignoring case, at the price of two look-ups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN = re.compile(r"[^*?{}/]+\Z")
_ENDING = re.compile(r"\*\.(?P<ending>[^*?{}/.]+)\Z")


class GlobTable:
    """Globs: one without a slash is on a file's name, one with a slash on the end of its path.

    `*` and `?` stand for what is in one folder, `**/` for any number of folders, `{a,b}` for one of some words.
    """

    __slots__ = ("_endings", "_names", "_others")

    def __init__(self, globs: Iterable[str]) -> None:
        self._endings: set[str] = set()
        self._names: set[str] = set()
        others: list[str] = []
        for glob in globs:
            ending = _ENDING.match(glob)
            if ending is not None:
                self._endings.add(ending["ending"].lower())
            elif _PLAIN.match(glob):
                self._names.add(glob.lower())
            else:
                others.append(_spelled(glob))
        self._others = re.compile(rf"(?:.*/)?(?:{'|'.join(others)})\Z") if others else None

    def matches(self, path: str) -> bool:
        """Whether one of the globs is on a path (slashes between its parts)."""
        path = path.lower()
        name = path.rpartition("/")[2]
        if name.rpartition(".")[2] in self._endings or name in self._names:
            return True
        return self._others is not None and self._others.match(path) is not None


def _spelled(glob: str) -> str:
    spelled = re.escape(glob.lower()).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    return re.sub(r"\\\{([^{}]*)\\\}", lambda braces: f"(?:{braces[1].replace(',', '|')})", spelled)
