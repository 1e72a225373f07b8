"""Turns token shapes into what a search needs: one entry for each distinct pattern, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from pat_audit.tokens.decoding import SHORTEST_RUN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pat_audit.vocabulary import CredentialKind

How = Literal["literal", "run", "near", "free"]


class Lookup(NamedTuple):
    """How the shapes that share a pattern are looked for. A tuple of plain data, so that marshal keeps it.

    `how`: a `literal` keyword inside; a whole `run` of letters and digits; `near` words before it; `free` of
    any tell. `expression` is for hyperscan, `pattern` for `re`; `bounded` is a class body. A run that wants
    near words has them as its expression: one in the whole file is enough to look at the runs.
    """

    how: How
    pattern: str
    bounded: str
    expression: str
    words: tuple[str, ...]  # keywords or near words, in lower case
    low: int
    high: int
    shapes: tuple[int, ...]  # places in the list of all shapes of all kinds


def make_plan(kinds: Sequence[CredentialKind]) -> tuple[Lookup, ...]:
    """One lookup for each distinct pattern of the kinds' shapes.

    Raises ValueError, with the kind and the shape in its message, for a pattern that cannot be searched for
    or a check that does not exist.
    """
    from pat_audit.tokens.checks import CHECKS

    groups: dict[tuple[str, str, bool], list[int]] = {}
    words: dict[tuple[str, str, bool], dict[str, None]] = {}
    number = 0
    for kind in kinds:
        for shape in kind.shapes:
            if shape.check and shape.check not in CHECKS:
                raise ValueError(f"{kind.id}, shape {shape.name!r}: there is no check {shape.check!r}")
            key = (shape.pattern, shape.bounded, bool(shape.near))
            groups.setdefault(key, []).append(number)
            tells = shape.near or shape.keywords
            words.setdefault(key, {}).update(dict.fromkeys(word.lower() for word in tells))
            number += 1
    return tuple(
        _lookup(pattern, bounded, near, tuple(words[pattern, bounded, near]), tuple(shapes))
        for (pattern, bounded, near), shapes in groups.items()
    )


def _lookup(pattern: str, bounded: str, near: bool, words: tuple[str, ...], shapes: tuple[int, ...]) -> Lookup:
    import re

    from pat_audit.tokens import patterns

    try:
        tree = patterns.read(pattern)
        around = patterns.characters_of(bounded)
    except ValueError as error:
        raise ValueError(f"{pattern!r}: {error}") from error
    low, high = patterns.width(tree)
    letters = patterns.characters_of("A-Za-z0-9")
    told = bool(words) and min(map(len, words)) > 1  # a single character is in everything
    near_words = "(?i:" + "|".join(map(re.escape, words)) + ")" if near else ""
    if low >= SHORTEST_RUN and patterns.alphabet(tree) <= letters == around and (near or not told):
        return Lookup("run", pattern, bounded, near_words, words, low, high, shapes)
    if near:
        return Lookup("near", pattern, bounded, near_words, words, low, high, shapes)
    expression = patterns.expression(patterns.shortened(tree))
    return Lookup("literal" if told else "free", pattern, bounded, expression, words, low, high, shapes)
