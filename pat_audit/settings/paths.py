"""Matches the path of a setting against patterns: keys from the root, places in lists left out."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pat_audit.formats.settings import Setting

_BETWEEN = "\x1f"  # stands in no key: keys may have slashes in them
_MOST_KNOWN = 20_000  # paths whose matches are remembered
Path = tuple[str | int, ...]
_Of = TypeVar("_Of")


class Match(NamedTuple, Generic[_Of]):
    """What a pattern stands for, and the text that its last `*` stands for."""

    of: _Of
    star: str


class PathTable(Generic[_Of]):
    """Patterns (`**/registries/*/password`) and what each stands for."""

    __slots__ = ("_anywhere", "_by_last", "_known")

    def __init__(self, rows: Iterable[tuple[str, _Of]]) -> None:
        self._by_last: dict[str, list[tuple[int, re.Pattern[str], _Of]]] = {}
        self._anywhere: list[tuple[int, re.Pattern[str], _Of]] = []
        self._known: dict[str, tuple[Match[_Of], ...]] = {}
        for number, (pattern, of) in enumerate(rows):
            last = pattern.rpartition("/")[2].lower()
            rows_of = self._anywhere if "*" in last else self._by_last.setdefault(last, [])
            rows_of.append((number, compiled(pattern), of))

    def find(self, path: Path) -> tuple[Match[_Of], ...]:
        """What the patterns that fit a path stand for, in their order."""
        if not self._by_last and not self._anywhere:
            return ()
        spelled = spell(path)
        known = self._known.get(spelled)
        if known is None:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            known = self._known[spelled] = tuple(self._matches(spelled))
        return known

    def _matches(self, spelled: str) -> Iterable[Match[_Of]]:
        last = spelled.rpartition(_BETWEEN)[2].lower()
        rows: Sequence[tuple[int, re.Pattern[str], _Of]] = self._by_last.get(last, [])
        if self._anywhere:
            rows = sorted([*rows, *self._anywhere], key=lambda row: row[0])
        for _, pattern, of in rows:
            match = pattern.fullmatch(spelled)
            if match is not None:
                yield Match(of, match[match.lastindex] if match.lastindex else "")


def spell(path: Path) -> str:
    """A path as patterns see it."""
    return _BETWEEN.join([part for part in path if isinstance(part, str)])


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern as a regular expression on what `spell` gives; the last group that took part is its last `*`."""
    parts = pattern.split("/")
    spelled = ""
    for number, part in enumerate(parts):
        if part == "**":
            spelled += ".*" if number == len(parts) - 1 else f"(?:[^{_BETWEEN}]*{_BETWEEN})*"
            continue
        spelled += "".join([f"([^{_BETWEEN}]*)" if piece == "*" else re.escape(piece) for piece in _pieces(part)])
        if number < len(parts) - 1:
            spelled += _BETWEEN
    return re.compile(spelled, re.IGNORECASE | re.DOTALL)


def _pieces(part: str) -> list[str]:
    return [piece for piece in re.split(r"(\*)", part) if piece]


@lru_cache(maxsize=1024)
def wildcard(pattern: str) -> re.Pattern[str]:
    """A text with `*` for any run of characters, ignoring case."""
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.IGNORECASE | re.DOTALL)


def holds(value: str, wanted: Iterable[str]) -> bool:
    """Whether a setting holds one of the wanted texts, and none of those behind `!`."""
    refused = [text[1:] for text in wanted if text.startswith("!")]
    asked = [text for text in wanted if not text.startswith("!")]
    if any(wildcard(text).fullmatch(value) for text in refused):
        return False
    return not asked or any(wildcard(text).fullmatch(value) for text in asked)


class Neighbours:
    """The settings of one text by their paths, to be found from one another."""

    def __init__(self, settings: Iterable[Setting]) -> None:
        self._settings = settings

    @cached_property
    def _by_path(self) -> dict[Path, Setting]:
        found: dict[Path, Setting] = {}
        for setting in self._settings:
            found.setdefault(_lowered(setting.path), setting)
        return found

    def beside(self, path: Path, relative: str, star: str = "") -> Setting | None:
        """The setting `relative` (`username`, `../url`) as seen from the mapping that `path` stands in.

        `star` is what `*` in a key stands for; it may have slashes in it.
        """
        base = _lowered(path[:-1])
        steps = _steps(relative)
        while steps and steps[0] == "..":
            base = _without_places(base)[:-1]
            steps.pop(0)
        if star:
            steps = [step.replace("*", star.lower()) for step in steps]
        return self._by_path.get((*base, *steps))

    def around(self, path: Path, relative: str) -> Setting | None:
        """The same from the mappings around it too, the nearest first."""
        steps = _steps(relative)
        base = _lowered(path)
        while base:
            base = base[:-1]
            found = self._by_path.get((*base, *steps))
            if found is not None:
                return found
        return None


def _steps(relative: str) -> list[str]:
    return [step.replace("~1", "/") for step in relative.lower().split("/")]


def _lowered(path: Path) -> Path:
    return tuple([part.lower() if isinstance(part, str) else part for part in path])


def _without_places(path: Path) -> Path:
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path
