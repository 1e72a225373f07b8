"""What a reader of a configuration file gives: its settings in order, each with the bytes that it stands in."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Unparsable(Exception):
    """What a reader raises for text that it cannot read to its end; the message says why and on which line.

    `settings` are those that could be read all the same: what stands before the fault and, where the format
    lets a reader go on, behind it.
    """

    def __init__(self, message: str, settings: Sequence[Setting] = ()) -> None:
        super().__init__(message)
        self.settings = list(settings)


MOST_SETTINGS = 250_000
"""Settings of one file that are read: some hundred bytes each, so that no data file fills the memory."""

DEEPEST = 200
"""Levels of one file that are read; every setting carries its whole path."""


class Setting(NamedTuple):
    """One value of a configuration file.

    `path` are the keys from the root; a whole number is a place in a list. `value` is the text as the program
    that reads the file gets it: unquoted, unescaped, a block scalar without its indentation. `start` and `end`
    are byte offsets in the file, quotes left out. `places` says where the value's text stands in the file:
    pairs (byte offset in the value's UTF-8, byte offset in the file), ascending, from each of which on both run
    in step; none: it starts at `start` and runs in step to its end. `key` is where the last key stands.
    """

    path: tuple[str | int, ...]
    value: str
    start: int
    end: int
    places: tuple[tuple[int, int], ...] = ()
    key: tuple[int, int] = (0, 0)

    @property
    def name(self) -> str:
        """The last key that is a name: of XML the attribute's, and the element's for the text in it."""
        name = next((part for part in reversed(self.path) if isinstance(part, str) and part != "#text"), "")
        return name.removeprefix("@")


def place(setting: Setting, offset: int) -> int:
    """Where the byte `offset` of the value's UTF-8 stands in the file."""
    if not setting.places:
        return min(setting.start + offset, setting.end)
    index = max(bisect_right(setting.places, (offset, 1 << 62)) - 1, 0)
    inside, outside = setting.places[index]
    return min(outside + offset - inside, setting.end)
