"""A table of anchors, each once and with a bit of its own, and how names and words are spelled as anchors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONG = 10  # letters of a run of words that no other word has inside


@dataclass(frozen=True, slots=True)
class Anchor:
    """A pattern in the syntax that `re` and hyperscan share, matched anywhere in a file's bytes.

    At least one of `needles` (lower case) stands, ignoring case, in every match; none: nothing is known.
    """

    pattern: str
    caseless: bool = False
    needles: tuple[str, ...] = ()


class Table:
    """Anchors, each once, by the bit that stands for it."""

    def __init__(self) -> None:
        self.anchors: dict[Anchor, int] = {}

    def bit(self, pattern: str, *needles: str, caseless: bool = False) -> int:
        """The mask of one pattern."""
        anchor = Anchor(pattern, caseless, tuple(sorted({needle.lower() for needle in needles})))
        return 1 << self.anchors.setdefault(anchor, len(self.anchors))

    def text(self, text: str) -> int:
        """The mask of a text that matters as it is, in any case."""
        return self.bit(re.escape(text), text, caseless=True) if text else 0

    def word(self, text: str) -> int:
        """The mask of a word of code, in this very case."""
        return self.bit(rf"\b{re.escape(text)}\b", text)


def union(masks: Iterable[int]) -> int:
    whole = 0
    for mask in masks:
        whole |= mask
    return whole


def keyword(table: Table, name: str) -> int:
    """A keyword argument or an assigned attribute, not a comparison; also a key of a mapping: `"auth": …`."""
    return table.bit(rf"""\b{re.escape(name)}(?:\s{{0,4}}=(?:$|[^=])|["']\s{{0,4}}:)""", name)


def option_key(table: Table, name: str) -> int:
    """A key of an options object, its value behind it or under the same name: `auth: …`, `{ auth }`, `.auth =`."""
    return table.bit(rf"""\b{re.escape(name)}(?:["']?\s{{0,4}}[:,}}]|\s{{0,4}}=(?:$|[^=])|["']\])""", name)


def quoted_word(table: Table, name: str) -> int:
    """A program's name where a command line can start or go on: in a string."""
    return table.bit(rf"""(?:^|["'`\s/(]){re.escape(name)}(?:$|["'`\s.])""", name)


def whole_name(table: Table, name: str) -> int:
    spelled = re.escape(name).replace(r"\-", "[-_]").replace("_", "[-_]").replace("[-[-_]]", "[-_]")
    needle = max(re.split("[-_]", name), key=len)
    return table.bit(rf"(?:^|[^A-Za-z0-9_]){spelled}(?:$|[^A-Za-z0-9_])", needle, caseless=True)


def one_of(runs: Iterable[Sequence[str]]) -> str:
    """Any of some runs of words, loosely: in any case and with or without something between."""
    return f"(?:{'|'.join('[^A-Za-z0-9]?'.join(run) for run in runs)})"


def run_of_words(table: Table, run: Sequence[str]) -> int:
    """A run of words in an identifier. A long one stands in no other word, so that its edges do not matter."""
    needle = max(run, key=len)
    if sum(map(len, run)) >= _LONG:
        return table.bit("[^A-Za-z0-9]{0,2}".join(run), needle, caseless=True)
    return table.bit(_spelled(run), needle)


def _spelled(parts: Sequence[str]) -> str:
    """A run of words as `naming.words` would split an identifier, edges included.

    `pat` stands in `adoPat`, `PATToken` and `my_pat`, and in none of `path`, `COMPAT` and `Patch`.
    """
    starts = {
        "lower": r"(?:^|[^A-Za-z]){}",
        "upper": r"(?:^|[^A-Z]){}",
        "title": r"{}",
    }
    ends = {
        "lower": r"{}(?:$|[^a-z])",
        "upper": r"{}(?:$|[^A-Za-z]|[A-Z][a-z])",
        "title": r"{}(?:$|[^a-z])",
    }
    last = len(parts) - 1
    spelled = []
    for number, part in enumerate(parts):
        cases = {"lower": part, "upper": part.upper(), "title": part.capitalize()}
        variants = []
        for case, text in cases.items():
            if number == 0:
                text = starts[case].format(text)
            if number == last:
                text = ends[case].format(text)
            variants.append(text)
        spelled.append(f"(?:{'|'.join(variants)})")
    return "[^A-Za-z0-9]{0,2}".join(spelled)
