"""Says how a backtracking matcher's time can grow with its input, for one pattern, and on which input.

The pattern becomes an automaton of positions (one for each character class in it; Glushkov's construction) whose
edges carry what must stand before and behind them. Time is exponential where one loop can read the same text in two
ways, and quadratic or worse where a text that one loop reads can also lead to a later loop and be read by that. A
search counts as a loop before the pattern that reads anything, since it begins anew at each character. (Weideman and
others, "Analyzing matching time behavior of backtracking regular expression matchers", 2016.)

Loops that may vary by more than `many` turns count as open-ended. Approximated are: a look-behind of several characters
(it counts as met, or by its last character), what ends a possessive loop of several characters (a character that none
of its turns begins with), and a back-reference (as its group once more).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pat_audit.pattern_automaton import EDGE, Automaton, automaton

if TYPE_CHECKING:
    from collections.abc import Iterator

Use = Literal["search", "match", "fullmatch"]
Growth = Literal["polynomial", "exponential"]

MANY = 256  # nobody waits for the square of a longer one
_MOST_STATES = 200_000  # of products; an intricate pattern beyond them is refused rather than believed


@dataclass(frozen=True, slots=True)
class Witness:
    """Why time can grow: `pump` repeated behind `prefix` and before `suffix` is such an input."""

    growth: Growth
    prefix: str
    pump: str
    suffix: str


class TooIntricateError(Exception):
    """The pattern has too many loops to be examined."""


def growth_of(pattern: str | bytes, flags: int = 0, use: Use = "search", many: int = MANY) -> Witness | None:
    """How the time of `re` can grow faster than the text, or None where it cannot.

    `use` says whether the pattern is searched for, matched at one place, or must match all from there.
    Raises re.error for what is no pattern and TooIntricateError for one with too many loops.
    """
    return _Examined(automaton(pattern, flags, many, whole=use == "fullmatch"), use).witness()


class _Examined:
    def __init__(self, made: Automaton, use: Use) -> None:
        self._made = made
        self._searched = use == "search"
        self._left = _MOST_STATES
        self._component = _components(made)
        self._accepting = {
            p for p, guard in made.last if any(before & made.masks[p] and after == made.all for before, after in guard)
        }

    def witness(self) -> Witness | None:
        loops = [p for p in range(len(self._made.masks)) if self._component[p] >= 0]
        for p in loops:
            word = self._two_ways(p)
            if word is not None:
                return self._told("exponential", p, word)
        for q in loops:
            if q in self._accepting:
                continue
            if self._searched:
                word = self._word((self._made.start, q), (q, q))
                if word is not None:
                    return self._told("polynomial", q, word)
            for p in loops:
                if self._component[p] == self._component[q] or p in self._accepting or not self._can_part(p, q):
                    continue
                if q in self._made.reached[p]:
                    word = self._word((p, p, q), (p, q, q))
                    if word is not None:
                        return self._told("polynomial", p, word)
        return None

    def turn(self, p: int) -> list[int] | None:
        """The shortest text that leads from a position back to it."""
        return self._word((p,), (p,))

    def _can_part(self, p: int, q: int) -> bool:
        """Whether what is read at `p` can be given back for `q`: not across the end of an atomic group."""
        return self._made.atomic[p] <= self._made.atomic[q]

    def _two_ways(self, p: int) -> list[int] | None:
        """A text that leads from `p` to `p` by two ways."""
        made, own = self._made, self._component[p]
        if p in self._accepting:
            return None
        for kind, successors in enumerate(made.successors[p]):
            seen: dict[int, int] = {}
            for q, mask in successors:
                if (
                    self._component[q] == own
                    and q not in self._accepting
                    and seen.get(q, 0) & mask
                    and made.kinds[kind] & made.masks[p]
                    and (p, q) not in made.committed
                ):
                    back = self._word((q,), (p,), inside=True)
                    if back is not None:
                        return [(seen[q] & mask), *back]
                seen[q] = seen.get(q, 0) | mask
        return self._word((p, p), (p, p), inside=True)

    def _word(self, begin: tuple[int, ...], end: tuple[int, ...], *, inside: bool = False) -> list[int] | None:
        """The shortest text, as masks, that leads each state of `begin` to that of `end`.

        A state that comes back stays in its loop, and passes no place at which the pattern has matched. `inside`: by
        ways that differ, and in no turn of a possessive loop but the one that is being read.
        """
        made = self._made
        homes = [
            self._component[first] if first != made.start and self._component[first] == self._component[last] else None
            for first, last in zip(begin, end, strict=True)
        ]
        closed = [home is not None and home >= 0 for home in homes]
        free = set() if inside else {len(begin) - 1}  # the last loop may be possessive: it is only run again
        shared = made.all
        for state in (*begin,):
            shared &= made.masks[state] if state != made.start else made.all
        pending = [(begin, kind, False) for kind, mask in enumerate(made.kinds) if mask & (shared or made.all)]
        came: dict[tuple[tuple[int, ...], int, bool], tuple[tuple[tuple[int, ...], int, bool], int] | None] = (
            dict.fromkeys(pending)
        )
        for node in pending:  # grows: breadth first
            states, kind, parted = node
            for following, mask in self._moves(states, kind, homes, closed, free):
                away = parted or (inside and (len(begin) < 2 or len(set(following)) > 1))
                for next_kind, members in enumerate(made.kinds):
                    if not members & mask:
                        continue
                    then = (following, next_kind, away)
                    if following == end and (away or not inside):
                        word = [members & mask]
                        at: tuple[tuple[int, ...], int, bool] = node
                        while (step := came[at]) is not None:
                            at, read = step
                            word.append(read)
                        return word[::-1]
                    if then not in came:
                        self._left -= 1
                        if self._left < 0:
                            raise TooIntricateError
                        came[then] = (node, members & mask)
                        pending.append(then)
        return None

    def _moves(
        self, states: tuple[int, ...], kind: int, homes: list[int | None], closed: list[bool], free: set[int]
    ) -> Iterator[tuple[tuple[int, ...], int]]:
        made = self._made
        found: list[tuple[tuple[int, ...], int]] = [((), made.all & ~EDGE)]
        for index, state in enumerate(states):
            successors = made.successors[state][kind]
            steps = [
                (q, mask)
                for q, mask in successors
                if not closed[index]
                or (
                    self._component[q] == homes[index]
                    and q not in self._accepting
                    and (index in free or (state, q) not in made.committed)
                )
            ]
            if state == made.start:
                steps = [*steps, (made.start, made.all & ~EDGE)]
            found = [((*before, q), mask & shared) for before, shared in found for q, mask in steps if mask & shared]
            if not found:
                return
        yield from dict.fromkeys(found)

    def _told(self, growth: Growth, place: int, word: list[int]) -> Witness:
        made = self._made
        lead = made.way_to(place)
        pump = "".join(made.sample(mask) for mask in word)
        return Witness(growth, "".join(made.sample(mask) for mask in lead), pump, made.unread())


def _components(made: Automaton) -> list[int]:
    """The number of the loop that each position is in; -1 for none."""
    found = [-1] * len(made.masks)
    for p in range(len(made.masks)):
        if found[p] < 0 and p in made.reached[p]:
            for q in made.reached[p]:
                if p in made.reached[q]:
                    found[q] = p
    return found


def told(witness: Witness) -> str:
    """What a witness says, for the author of a pattern."""
    speed = "exponential" if witness.growth == "exponential" else "quadratic or worse"
    return (
        f"the time that `re` takes is {speed} on long texts such as {_shown(witness.prefix)}{_shown(witness.pump)}…: "
        "bound its repeats, or let each begin behind a character that it cannot hold itself"
    )


def _shown(text: str) -> str:
    return re.sub(r"[^!-~]", lambda found: f"\\x{ord(found[0]):02x}" if found[0] != " " else " ", text)


def loops_of(pattern: str | bytes, flags: int = 0) -> list[tuple[str, str, str]]:
    """For each loop of a pattern what leads to it, what it can read again and again, and what it likely fails at."""
    made = automaton(pattern, flags, MANY)
    examined = _Examined(made, "search")
    found = []
    for p in range(len(made.masks)):
        if p in made.reached[p]:
            word = examined.turn(p)
            if word:
                lead = "".join(made.sample(mask) for mask in made.way_to(p))
                found.append((lead, "".join(made.sample(mask) for mask in word), made.unread()))
    return found
