"""The automaton of a pattern's positions: which characters each reads, and which may follow it under which condition.

Characters are bits of a mask, one for each kind that the pattern tells apart; `EDGE` is the text's beginning or end. A
guard is what must stand before and behind a place: pairs of masks, of which one must fit.
"""

from __future__ import annotations

import re
import re._constants as constants  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections import deque
from dataclasses import dataclass
from typing import Any

EDGE = 1
_COPIES = 2  # how often a bounded repeat is written out: two turns meet in all the ways that more do

Guard = tuple[tuple[int, int], ...]
Ends = tuple[tuple[int, Guard], ...]

# Characters that stand for all that a pattern may tell apart: ASCII and Latin-1, and what folds or counts strangely.
_BEYOND_LATIN = "\u0130\u0131\u017f\u212a\u0660\u2028\u4e2d"
_CATEGORIES = {
    constants.CATEGORY_DIGIT: r"\d",
    constants.CATEGORY_NOT_DIGIT: r"\D",
    constants.CATEGORY_SPACE: r"\s",
    constants.CATEGORY_NOT_SPACE: r"\S",
    constants.CATEGORY_WORD: r"\w",
    constants.CATEGORY_NOT_WORD: r"\W",
}
_ONE_CHARACTER = {constants.LITERAL, constants.NOT_LITERAL, constants.IN, constants.ANY}
_REPEATS = {constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the pattern: where it can begin and end, and under which guard it can be empty (none: it cannot).

    `looked` are positions of look-aheads: they are tried where the part begins, and nothing follows them.
    """

    first: Ends = ()
    last: Ends = ()
    empty: Guard = ()
    looked: Ends = ()


@dataclass(slots=True)
class Automaton:
    """`successors[p][kind]` are the positions that can follow `p`, each with what it may read there.

    `kinds` are the masks of characters that guards tell apart: the kind of the last character read is part of a state.
    `start` is the state before the first position; `last` says where the pattern can have matched. `atomic` are the
    groups around each position that are never gone back into, `committed` the edges that begin such a loop's next turn.
    """

    masks: list[int]
    successors: list[list[list[tuple[int, int]]]]
    kinds: list[int]
    last: Ends
    all: int
    start: int
    reached: list[set[int]]
    letters: list[str]
    atomic: list[frozenset[int]]
    committed: set[tuple[int, int]]

    def sample(self, mask: int) -> str:
        """A character that the mask holds, one that people can read if there is any."""
        return next((letter for bit, letter in enumerate(self.letters, 1) if mask >> bit & 1), "")

    def unread(self) -> str:
        """A character that few positions read: one that a match is likely to fail at."""
        counts = [sum(mask >> bit & 1 for mask in self.masks) for bit in range(1, len(self.letters) + 1)]
        return self.letters[counts.index(min(counts))]

    def way_to(self, place: int) -> list[int]:
        """What a shortest way from the start to a position reads, the position's own character included."""
        came: dict[int, tuple[int, int]] = {}
        pending = deque([self.start])
        while pending:
            state = pending.popleft()
            for q, mask in (step for steps in self.successors[state] for step in steps):
                if q not in came:
                    came[q] = (state, mask)
                    pending.append(q)
        word: list[int] = []
        while place in came:
            place, mask = came[place]
            word.append(mask)
            if place == self.start:
                break
        return word[::-1]


def automaton(pattern: str | bytes, flags: int, many: int, *, whole: bool = False) -> Automaton:
    """The automaton of a pattern; with `whole` it must match up to the end. Raises re.error for what is no pattern.

    A repeat that may vary by more than `many` counts as open-ended.
    """
    tree = parser.parse(pattern, flags)
    return _Reading(isinstance(pattern, bytes), tree.state.flags, tree, many, whole=whole).made()


class _Reading:
    def __init__(self, is_bytes: bool, flags: int, tree: Any, many: int, *, whole: bool) -> None:
        self._bytes, self._many = is_bytes, many
        self._alphabet = [chr(code) for code in range(256)]
        if not is_bytes:
            self._alphabet += _BEYOND_LATIN
            self._alphabet += sorted({chr(code) for code in _literals(tree) if code > 255} - set(self._alphabet))
        self._sets: dict[tuple[Any, ...], frozenset[str]] = {}
        self._signature: dict[str, int] = {}
        self._collect(tree, flags)
        groups: dict[tuple[bool, ...], list[str]] = {}
        for letter in self._alphabet:
            groups.setdefault(tuple(letter in members for members in self._sets.values()), []).append(letter)
        ordered = list(groups.values())
        self._letters = [min(letters, key=_readability) for letters in ordered]
        self._bit = {letter: 2 << number for number, letters in enumerate(ordered) for letter in letters}
        self._all = (2 << len(ordered)) - 1
        self._true: Guard = ((self._all, self._all),)
        self._masks: list[int] = []
        self._edges: dict[tuple[int, int], list[Guard]] = {}
        self._groups: dict[int, Any] = {}
        self._atomic: list[frozenset[int]] = []
        self._around: tuple[int, ...] = ()  # the atomic groups that are being read
        self._committed: set[tuple[int, int]] = set()
        self._whole = self._sequence(tree, flags)
        if whole:
            self._whole = self._joined(self._whole, _Piece(empty=((self._all, EDGE),)))

    # --- characters ---

    def _collect(self, tree: Any, flags: int) -> None:
        self._set((("any", "\n"),), lambda: frozenset("\n"))
        self._word = self._members([(constants.CATEGORY, constants.CATEGORY_WORD)], flags)
        for operator, argument, own in _walk(tree, flags):
            if operator in _ONE_CHARACTER:
                self._of(operator, argument, own)

    def _set(self, key: tuple[Any, ...], make: Any) -> frozenset[str]:
        if key not in self._sets:
            self._sets[key] = make()
        return self._sets[key]

    def _of(self, operator: Any, argument: Any, flags: int) -> frozenset[str]:
        if operator is constants.ANY:
            items: list[Any] = [] if flags & re.DOTALL else [(constants.LITERAL, 10)]
            return self._members([(constants.NEGATE, None), *items], flags)
        if operator is constants.IN:
            return self._members(argument, flags)
        negated = [(constants.NEGATE, None)] if operator is constants.NOT_LITERAL else []
        return self._members([*negated, (constants.LITERAL, argument)], flags)

    def _members(self, items: list[Any], flags: int) -> frozenset[str]:
        relevant = flags & (re.IGNORECASE | re.ASCII)
        return self._set((tuple(items), relevant), lambda: self._counted(items, relevant))

    def _counted(self, items: list[Any], flags: int) -> frozenset[str]:
        found: set[str] = set()
        for operator, argument in items:
            if operator is constants.LITERAL:
                found.add(chr(argument))
            elif operator is constants.RANGE:
                found.update(letter for letter in self._alphabet if argument[0] <= ord(letter) <= argument[1])
            elif operator is constants.CATEGORY:
                member = re.compile(_CATEGORIES[argument], re.ASCII if self._bytes or flags & re.ASCII else 0)
                found.update(letter for letter in self._alphabet if member.match(letter))
        if flags & re.IGNORECASE:
            folded = {letter.lower() for letter in found} | {letter.upper() for letter in found}
            found = {
                letter for letter in self._alphabet if letter in found or {letter.lower(), letter.upper()} & folded
            }
        if items and items[0][0] is constants.NEGATE:
            return frozenset(self._alphabet) - found
        return frozenset(found) & frozenset(self._alphabet)

    def _mask(self, members: frozenset[str]) -> int:
        mask = 0
        for letter in members:
            mask |= self._bit[letter]
        return mask

    # --- pieces ---

    def _sequence(self, tree: Any, flags: int) -> _Piece:
        made = _Piece(empty=self._true)
        for operator, argument in tree:
            made = self._joined(made, self._part(operator, argument, flags))
        return made

    def _part(self, operator: Any, argument: Any, flags: int) -> _Piece:
        if operator in _ONE_CHARACTER:
            self._masks.append(self._mask(self._of(operator, argument, flags)))
            self._atomic.append(frozenset(self._around))
            ends = ((len(self._masks) - 1, self._true),)
            return _Piece(ends, ends)
        if operator in (constants.ATOMIC_GROUP, constants.POSSESSIVE_REPEAT):
            outside = self._around
            self._around = (*outside, len(self._masks) * 2 + (operator is constants.ATOMIC_GROUP))
            if operator is constants.ATOMIC_GROUP:
                piece = self._sequence(argument, flags)
            else:
                piece = self._repeated(argument, flags, possessive=True)
            self._around = outside
            return piece
        if operator in _REPEATS:
            return self._repeated(argument, flags, possessive=False)
        if operator is constants.SUBPATTERN:
            number, added, removed, inner = argument
            self._groups[number] = (inner, (flags | added) & ~removed)
            return self._sequence(inner, (flags | added) & ~removed)
        if operator is constants.BRANCH:
            return _either([self._sequence(branch, flags) for branch in argument[1]])
        if operator is constants.AT:
            return _Piece(empty=self._place(argument, flags))
        if operator in (constants.ASSERT, constants.ASSERT_NOT):
            direction, inner = argument
            return self._looking(inner, flags, negated=operator is constants.ASSERT_NOT, behind=direction < 0)
        if operator is constants.GROUPREF:
            return self._sequence(*self._groups.get(argument, ((), flags)))
        if operator is constants.GROUPREF_EXISTS:
            branches = [self._sequence(branch or (), flags) for branch in argument[1:]]
            return _either(branches)
        return _Piece(empty=self._true)

    def _place(self, argument: Any, flags: int) -> Guard:
        everything, line, word = self._all, self._bit["\n"] | EDGE, self._mask(self._word)
        if argument is constants.AT_BEGINNING:
            return ((line if flags & re.MULTILINE else EDGE, everything),)
        if argument is constants.AT_BEGINNING_STRING:
            return ((EDGE, everything),)
        if argument is constants.AT_END:
            return ((everything, line),)
        if argument is constants.AT_END_STRING:
            return ((everything, EDGE),)
        rest = everything & ~word
        if argument is constants.AT_BOUNDARY:
            return ((word, rest), (rest, word))
        return ((word, word), (rest, rest))

    def _looking(self, inner: Any, flags: int, *, negated: bool, behind: bool) -> _Piece:
        _, high = inner.getwidth()
        count = len(self._masks)
        piece = self._sequence(inner, flags)
        ends = piece.last if behind else piece.first
        mask = 0
        for position, _ in ends:
            mask |= self._masks[position]
        if piece.empty:  # it also looks for an edge, or for nothing: what is beside it cannot be told from one mask
            edges = [before if behind else after for before, after in piece.empty]
            mask |= max(edges, default=0) if not negated or all(edge in (EDGE, EDGE | mask) for edge in edges) else 0
            if not negated and self._all in edges:
                mask = self._all
        if negated:
            mask = self._all & ~mask if high <= 1 else self._all
        guard = ((mask, self._all),) if behind else ((self._all, mask),)
        if behind or high <= self._many:
            del self._masks[count:], self._atomic[count:]  # it costs no more than a constant, wherever it is tried
            for edge in [edge for edge in self._edges if max(edge) >= count]:
                del self._edges[edge]
            return _Piece(empty=guard)
        return _Piece(empty=guard, looked=(*piece.first, *piece.looked))

    def _repeated(self, argument: Any, flags: int, *, possessive: bool) -> _Piece:
        low, high, inner = argument
        if high == 0:
            return _Piece(empty=self._true)
        endless = high is constants.MAXREPEAT or high - low > self._many
        needed = min(int(low), _COPIES)
        made = _Piece(empty=self._true)
        for _ in range(needed - (1 if endless and needed else 0)):
            made = self._joined(made, self._sequence(inner, flags))
        if endless:
            turn = self._sequence(inner, flags)
            self._connect(turn.last, (*turn.first, *turn.looked))
            if possessive:
                self._committed |= {(p, q) for p, _ in turn.last for q, _ in (*turn.first, *turn.looked)}
                mask = 0
                for position, _ in turn.first:
                    mask |= self._masks[position]
                guard = ((self._all, self._all & ~mask),)
                ends = tuple((position, _both(own, guard)) for position, own in turn.last)
                turn = _Piece(turn.first, ends, turn.empty, turn.looked)
            if needed == 0:
                turn = _Piece(turn.first, turn.last, self._true, turn.looked)
            return self._joined(made, turn)
        optional = min(int(high) - int(low), _COPIES if high > 1 else 1)
        rest = _Piece(empty=self._true)
        for _ in range(optional):
            more = self._joined(self._sequence(inner, flags), rest)
            rest = _Piece(more.first, more.last, self._true, more.looked)
        return self._joined(made, rest)

    def _joined(self, left: _Piece, right: _Piece) -> _Piece:
        self._connect(left.last, (*right.first, *right.looked))

        def after(ends: Ends) -> Ends:
            guarded = ((position, _both(left.empty, guard)) for position, guard in ends)
            return tuple((position, guard) for position, guard in guarded if guard)

        before = ((position, _both(guard, right.empty)) for position, guard in left.last)
        return _Piece(
            (*left.first, *after(right.first)),
            (*right.last, *((position, guard) for position, guard in before if guard)),
            _both(left.empty, right.empty),
            (*left.looked, *after(right.looked)),
        )

    def _connect(self, lasts: Ends, firsts: Ends) -> None:
        for p, own in lasts:
            for q, guard in firsts:
                both = _both(own, guard)
                if both:
                    self._edges.setdefault((p, q), []).append(both)

    # --- the whole ---

    def made(self) -> Automaton:
        """The automaton of what was read."""
        start = len(self._masks)
        edges = dict(self._edges)
        for q, guard in (*self._whole.first, *self._whole.looked):
            edges.setdefault((start, q), []).append(guard)
        kinds = _parted(
            self._all & ~EDGE, {before for guards in edges.values() for guard in guards for before, _ in guard}
        )
        successors: list[list[list[tuple[int, int]]]] = [[[] for _ in kinds] for _ in range(start + 1)]
        leads: list[set[int]] = [set() for _ in range(start + 1)]
        for (p, q), guards in edges.items():
            for guard in guards:
                for number, kind in enumerate(kinds):
                    mask = 0
                    for before, behind in guard:
                        if before & kind:
                            mask |= behind & self._masks[q]
                    if mask:
                        successors[p][number].append((q, mask))
                        if p == start or kind & self._masks[p]:
                            leads[p].add(q)
        return Automaton(
            self._masks,
            successors,
            kinds,
            self._whole.last,
            self._all,
            start,
            _reach(leads),
            self._letters,
            self._atomic,
            self._committed,
        )


def _either(pieces: list[_Piece]) -> _Piece:
    return _Piece(
        tuple(end for piece in pieces for end in piece.first),
        tuple(end for piece in pieces for end in piece.last),
        tuple(dict.fromkeys(pair for piece in pieces for pair in piece.empty)),
        tuple(end for piece in pieces for end in piece.looked),
    )


def _both(one: Guard, other: Guard) -> Guard:
    """What meets both guards; empty where nothing does."""
    if one == other:
        return one
    pairs = ((a & c, b & d) for a, b in one for c, d in other)
    return tuple(dict.fromkeys((before, behind) for before, behind in pairs if before and behind))


def _parted(everything: int, masks: set[int]) -> list[int]:
    """Masks that are all inside or all outside of each of the given ones, and together make up everything."""
    parts = [everything]
    for mask in masks:
        parts = [piece for part in parts for piece in (part & mask, part & ~mask) if piece]
    return parts


def _reach(leads: list[set[int]]) -> list[set[int]]:
    found = []
    for begin in leads:
        seen = set(begin)
        pending = list(begin)
        while pending:
            for q in leads[pending.pop()] - seen:
                seen.add(q)
                pending.append(q)
        found.append(seen)
    return found


def _readability(letter: str) -> tuple[int, int]:
    return (0 if letter.isascii() and letter.isalnum() else 1 if "!" <= letter <= "~" else 2, -ord(letter))


def _walk(tree: Any, flags: int) -> Any:
    """Every node with the flags that it is read under."""
    for operator, argument in tree:
        yield operator, argument, flags
        if operator is constants.SUBPATTERN:
            yield from _walk(argument[3], (flags | argument[1]) & ~argument[2])
        elif operator in _REPEATS:
            yield from _walk(argument[2], flags)
        elif operator is constants.ATOMIC_GROUP:
            yield from _walk(argument, flags)
        elif operator in (constants.ASSERT, constants.ASSERT_NOT):
            yield from _walk(argument[1], flags)
        elif operator is constants.BRANCH:
            for branch in argument[1]:
                yield from _walk(branch, flags)
        elif operator is constants.GROUPREF_EXISTS:
            for branch in argument[1:]:
                yield from _walk(branch or (), flags)


def _literals(tree: Any) -> Any:
    """The codes of all characters that a pattern names."""
    for operator, argument, _ in _walk(tree, 0):
        if operator in (constants.LITERAL, constants.NOT_LITERAL):
            yield argument
        elif operator is constants.IN:
            for inner, named in argument:
                if inner is constants.LITERAL:
                    yield named
                elif inner is constants.RANGE:
                    yield from named
