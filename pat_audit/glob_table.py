"""Tells by its path which of many kinds a file is of: globs, ignoring case, at the price of a few look-ups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN = re.compile(r"[^*?{}/]+\Z")
_ENDING = re.compile(r"\*\.(?P<ending>[^*?{}/.]+)\Z")
_NONE: frozenset[str] = frozenset()


class GlobTable:
    """Globs and what each stands for: one without a slash is on a file's name, one with a slash on its path's end.

    `*` and `?` stand for what is in one folder, `**/` for any number of folders, `{a,b}` for one of some words.
    """

    __slots__ = ("_any", "_endings", "_names", "_others")

    def __init__(self, globs: Iterable[tuple[str, str]]) -> None:
        self._endings: dict[str, frozenset[str]] = {}
        self._names: dict[str, frozenset[str]] = {}
        self._others: list[tuple[str, str]] = []
        others: list[str] = []
        for glob, of in globs:
            ending = _ENDING.match(glob)
            if ending is not None:
                _add(self._endings, ending["ending"].lower(), of)
            elif _PLAIN.match(glob):
                _add(self._names, glob.lower(), of)
            else:
                others.append(_spelled(glob))
                self._others.append((others[-1], of))
        self._any = re.compile(rf"(?:.*/)?(?:{'|'.join(others)})\Z") if others else None

    def find(self, path: str) -> frozenset[str]:
        """What the globs that are on a path (slashes between its parts) stand for."""
        path = path.lower()
        name = path.rpartition("/")[2]
        found = self._endings.get(name.rpartition(".")[2], _NONE)
        of_name = self._names.get(name)
        if of_name is not None:
            found = found | of_name
        if self._any is not None and self._any.match(path) is not None:
            # compiled by `re` when first needed, and kept there: most runs meet no such path
            found = found.union([of for spelled, of in self._others if re.match(rf"(?:.*/)?(?:{spelled})\Z", path)])
        return found


def _add(table: dict[str, frozenset[str]], key: str, of: str) -> None:
    table[key] = table.get(key, _NONE) | {of}


def _spelled(glob: str) -> str:
    spelled = re.escape(glob.lower()).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    return re.sub(r"\\\{([^{}]*)\\\}", lambda braces: f"(?:{braces[1].replace(',', '|')})", spelled)
