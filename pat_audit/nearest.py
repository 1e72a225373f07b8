"""Finds the known word that a mistyped one most likely stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word closest to `word` (case aside), or None where nothing comes close."""
    import difflib  # only ever needed on the way to an error message

    by_lower = {each.lower(): each for each in known}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the end of a message, or the known words when they are few, or nothing."""
    words = list(known)
    close = nearest(word, words)
    if close is not None:
        return f"; did you mean {close!r}?"
    return f"; known are {', '.join(sorted(words))}" if 0 < len(words) <= 12 else ""
