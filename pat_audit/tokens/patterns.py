"""Reads the patterns of token shapes: how long a match is, how an engine may look for it, a sample of it."""

from __future__ import annotations

import re
import re._constants as constants  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

LONGEST = 4096  # characters of one token: a search looks that far around a hit
_TOO_MANY = 64  # larger repeats are left open for the engine, which would unroll them
_CATEGORIES = {
    constants.CATEGORY_DIGIT: frozenset(range(48, 58)),
    constants.CATEGORY_WORD: frozenset(b"_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    constants.CATEGORY_SPACE: frozenset(b" \t\n\r\f\v"),
}
_ALL = frozenset(range(128))


@dataclass(frozen=True, slots=True)
class One:
    """Exactly one of some ASCII characters."""

    characters: frozenset[int]


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after the other."""

    parts: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways."""

    ways: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part, `low` to `high` times."""

    part: Pattern
    low: int
    high: int


Pattern = One | Sequence | Choice | Repeat


def read(pattern: str) -> Pattern:
    """The pattern as a tree.

    Raises ValueError for what is not in the syntax that `re` and hyperscan share, for repeats without an
    upper bound and for characters that are not ASCII: no token needs them and the searches rely on it.
    """
    try:
        tree = parser.parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"this pattern does not compile: {error}") from error
    result = _sequence(tree, bool(tree.state.flags & constants.SRE_FLAG_IGNORECASE))
    if width(result)[1] > LONGEST:
        raise ValueError(f"this pattern matches more than {LONGEST} characters: bound its repeats")
    return result


def characters_of(body: str) -> frozenset[int]:
    """The characters of a class body (`A-Za-z0-9`); none for an empty one."""
    if not body:
        return frozenset()
    found = read(f"[{body}]")
    assert isinstance(found, One)
    return found.characters


def _sequence(tree: Any, caseless: bool) -> Pattern:
    parts = tuple(_part(operator, argument, caseless) for operator, argument in tree)
    return parts[0] if len(parts) == 1 else Sequence(parts)


def _part(operator: Any, argument: Any, caseless: bool) -> Pattern:
    if operator is constants.MAX_REPEAT:
        low, high, inner = argument
        if high is constants.MAXREPEAT:
            raise ValueError("a repeat without an upper bound: say how long the token can be")
        return Repeat(_sequence(inner, caseless), int(low), int(high))
    if operator is constants.SUBPATTERN:
        _, added, removed, inner = argument
        ignore = constants.SRE_FLAG_IGNORECASE
        return _sequence(inner, bool(added & ignore) or (caseless and not removed & ignore))
    if operator is constants.BRANCH:
        return Choice(tuple(_sequence(way, caseless) for way in argument[1]))
    characters = _characters(operator, argument)
    if caseless:
        text = "".join(map(chr, characters))
        characters = frozenset((text.lower() + text.upper()).encode())
    return One(characters)


def _characters(operator: Any, argument: Any) -> frozenset[int]:
    if operator is constants.LITERAL and argument < 128:
        return frozenset((argument,))
    if operator is constants.NOT_LITERAL:
        return _ALL - {argument}
    if operator is constants.RANGE and argument[1] < 128:
        return frozenset(range(argument[0], argument[1] + 1))
    if operator is constants.CATEGORY and argument in _CATEGORIES:
        return _CATEGORIES[argument]
    if operator is constants.IN:
        negated = argument[0][0] is constants.NEGATE
        found: frozenset[int] = frozenset().union(*(_characters(*each) for each in argument[negated:]))
        return _ALL - found if negated else found
    raise ValueError(f"{operator} has no place in the pattern of a token")


def width(pattern: Pattern) -> tuple[int, int]:
    """The lengths of the shortest and the longest match."""
    if isinstance(pattern, One):
        return 1, 1
    if isinstance(pattern, Repeat):
        low, high = width(pattern.part)
        return low * pattern.low, high * pattern.high
    if isinstance(pattern, Choice):
        widths = [width(way) for way in pattern.ways]
        return min(low for low, _ in widths), max(high for _, high in widths)
    widths = [width(part) for part in pattern.parts]
    return sum(low for low, _ in widths), sum(high for _, high in widths)


def alphabet(pattern: Pattern) -> frozenset[int]:
    """Every character that a match can hold."""
    if isinstance(pattern, One):
        return pattern.characters
    if isinstance(pattern, Repeat):
        return alphabet(pattern.part)
    parts = pattern.ways if isinstance(pattern, Choice) else pattern.parts
    return frozenset().union(*map(alphabet, parts))


def shortened(pattern: Pattern) -> Pattern:
    """The pattern up to where a match is sure: an engine then reports one end of each match, not all."""
    if isinstance(pattern, Repeat) and pattern.high > pattern.low > 0:
        return Repeat(pattern.part, pattern.low, pattern.low)
    if isinstance(pattern, Sequence):
        parts = list(pattern.parts)
        while len(parts) > 1 and isinstance(parts[-1], Repeat) and parts[-1].low == 0:
            parts.pop()
        return Sequence((*parts[:-1], shortened(parts[-1])))
    return pattern


def expression(pattern: Pattern) -> str:
    """A pattern for a search engine: it matches all that `pattern` matches, and large repeats are open."""
    if isinstance(pattern, One):
        return _class(pattern.characters)
    if isinstance(pattern, Repeat):
        inner = expression(pattern.part)
        if not isinstance(pattern.part, One):
            inner = f"(?:{inner})"
        if pattern.high - pattern.low > _TOO_MANY:
            return f"{inner}{{{pattern.low},}}"
        return f"{inner}{{{pattern.low},{pattern.high}}}"
    if isinstance(pattern, Choice):
        return f"(?:{'|'.join(map(expression, pattern.ways))})"
    return "".join(map(expression, pattern.parts))


def _class(characters: frozenset[int]) -> str:
    runs: list[list[int]] = []
    for code in sorted(characters):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    if len(characters) == 1:
        return f"\\x{runs[0][0]:02x}"
    return "[" + "".join(f"\\x{first:02x}-\\x{last:02x}" for first, last in runs) + "]"


def draw(pattern: Pattern, random: Random) -> str:
    """A text that matches, chosen by `random`: repeats of any length at about their middle."""
    if isinstance(pattern, One):
        return chr(random.choice(sorted(pattern.characters)))
    if isinstance(pattern, Choice):
        return draw(random.choice(pattern.ways), random)
    if isinstance(pattern, Repeat):
        times = random.randint(pattern.low, min(pattern.high, pattern.low + _TOO_MANY))
        return "".join(draw(pattern.part, random) for _ in range(times))
    return "".join(draw(part, random) for part in pattern.parts)
