"""What templates fill into a setting's text: as holes of a value, and as markers in the text of a program."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.flow.combining import join
from pat_audit.flow.holes import MARK, marker, pieces
from pat_audit.flow.values import Site, Source, Text, Value
from pat_audit.formats.settings import place
from pat_audit.settings.paths import wildcard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pat_audit.formats.settings import Setting
    from pat_audit.vocabulary import Reference, Template


class Filled(NamedTuple):
    """An expression in a text: where it stands (characters), and what it refers to: origins and names."""

    start: int
    end: int
    sources: tuple[tuple[str, str], ...]


class Filling:
    """The templates that fill in one kind of text; with `holes` also the markers that a program's values left."""

    def __init__(self, templates: Iterable[Template], *, holes: bool = False) -> None:
        self._templates = tuple(templates)
        spelled = [f"(?P<hole>{MARK.pattern})"] if holes else []
        self._inner: list[tuple[str, tuple[_Reference, ...]]] = []
        for template in self._templates:
            references = tuple(map(_Reference, template.references))
            for pattern in template.expressions:
                number = len(self._inner)
                inner = f"inner{number}"
                whole = pattern.replace("(?P<inner>", f"(?P<{inner}>")
                behind = f"(?<![{re.escape(template.not_behind)}])" if template.not_behind else ""
                spelled.append(f"(?P<whole{number}>{behind}{whole})")
                self._inner.append((inner if "(?P<inner>" in pattern else f"whole{number}", references))
        self._expressions = re.compile("|".join(spelled)) if spelled else None

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Filled]:
        """The expressions in a text, or between two characters of it, in order."""
        found: list[Filled] = []
        if self._expressions is None:
            return found
        for match in self._expressions.finditer(text, start, len(text) if end is None else end):
            if match.lastgroup == "hole":
                held = tuple(piece for piece in pieces(match[0]) if not isinstance(piece, str))
                found.append(Filled(match.start(), match.end(), held))
                continue
            number = next(n for n in range(len(self._inner)) if match[f"whole{n}"] is not None)
            inner, references = self._inner[number]
            sources = dict.fromkeys(each for reference in references for each in reference.find(match[inner]))
            found.append(Filled(match.start(), match.end(), tuple(sources)))
        return found


class _Reference:
    def __init__(self, reference: Reference) -> None:
        self._pattern = re.compile(reference.pattern, re.IGNORECASE)
        self._origin = reference.origin
        self._others = [(wildcard(name), origin) for name, origin in reference.others.items()]

    def find(self, inner: str) -> Iterable[tuple[str, str]]:
        for match in self._pattern.finditer(inner):
            name = match["name"]
            yield next((origin for other, origin in self._others if other.fullmatch(name)), self._origin), name


class Written:
    """A text and where it stands in its file: put together of settings, with markers for what is filled in.

    `outer` maps the offsets that the settings know to those of the file, where they stand in another setting.
    """

    def __init__(self, outer: Callable[[int], int] | None = None) -> None:
        self._outer = outer
        self._texts: list[bytes] = []
        self._size = 0
        self._measured: Setting | None = None
        self._offsets: Callable[[int], int] = int
        # Of each run: where it begins here, and the setting and the offset in its value that it begins at;
        # or a setting and the two ends of what one word stands for.
        self._begins: list[int] = []
        self._runs: list[tuple[Setting, int, int]] = []

    @property
    def data(self) -> bytes:
        """The text as UTF-8."""
        return b"".join(self._texts)

    def add(self, setting: Setting, text: str, offset: int = 0, end: int = -1) -> None:
        """Add text that stands at a byte offset of a setting's value; `end`: it stands for all up to there."""
        data = text.encode("utf-8", "replace")
        if data:
            self._begins.append(self._size)
            self._runs.append((setting, offset, end))
            self._texts.append(data)
            self._size += len(data)

    def add_filled(self, setting: Setting, filling: Filling, start: int = 0, end: int | None = None) -> None:
        """Add a setting's value between two characters, a marker in the place of each expression."""
        value = setting.value
        if self._measured is not setting:  # many lines of one setting are added one by one
            self._measured, self._offsets = setting, byte_offsets(value)
        offsets = self._offsets
        at, last = start, len(value) if end is None else end
        for filled in filling.find(value, start, last):
            self.add(setting, value[at : filled.start], offsets(at))
            origin, name = filled.sources[0] if filled.sources else ("unknown", "")
            self.add(setting, marker(origin, name), offsets(filled.start), offsets(filled.end))
            at = filled.end
        self.add(setting, value[at:last], offsets(at))

    def place(self, offset: int) -> int:
        """Which byte of the file a byte of the text stands for."""
        if not self._runs:
            return 0
        index = max(bisect_right(self._begins, offset) - 1, 0)
        setting, begin, end = self._runs[index]
        inside = offset - self._begins[index]
        at = begin + inside if end < 0 else min(begin + inside, max(end - 1, begin))
        found = place(setting, at)
        return found if self._outer is None else self._outer(found)


def byte_offsets(text: str) -> Callable[[int], int]:
    """What gives the byte offset in a text's UTF-8 of an offset in its characters."""
    if text.isascii():
        return int
    offsets = [0, *accumulate(len(character.encode("utf-8", "replace")) for character in text)]
    return offsets.__getitem__


def value_of(
    setting: Setting, filling: Filling, path: str, outer: Callable[[int], int] | None = None
) -> tuple[Value, Sequence[Source]]:
    """A setting's value with what is filled in as holes, and these. `path` is the file's; sites are of the file."""

    def site(start: int, end: int) -> Site:
        first, last = place(setting, start), place(setting, max(end - 1, start))
        last = min(last, max(setting.end - 1, first))  # what is written around a value has no place of its own
        if outer is not None:
            first, last = outer(first), outer(last)
        return Site(path, first, last + 1 if end > start else first)

    value = setting.value
    offsets = byte_offsets(value)
    whole = site(0, offsets(len(value)))
    found = filling.find(value) if value else []
    if not found:
        return Text((value,) if value else (), whole), ()
    parts: list[str | Value] = []
    sources: list[Source] = []
    at = 0
    for filled in found:
        if filled.start > at:
            parts.append(value[at : filled.start])
        here = site(offsets(filled.start), offsets(filled.end))
        held = [Source(origin, name, here) for origin, name in filled.sources] or [Source("unknown", "", here)]
        sources += held
        parts.append(join(held) or held[0])
        at = filled.end
    if at < len(value):
        parts.append(value[at:])
    only = parts[0] if len(parts) == 1 else None
    if only is not None and not isinstance(only, str):
        return only, sources
    return Text(tuple(parts), whole, len(parts)), sources
