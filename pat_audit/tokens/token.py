"""A token that was found, and which of several at one place is meant."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pat_audit.tokens.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pat_audit.model import Secret
    from pat_audit.vocabulary import CredentialKind, Shape

_RANKS = {Verdict.VALID: 0, Verdict.UNKNOWN: 1, Verdict.INVALID: 2}


@dataclass(frozen=True, slots=True)
class Token:
    """A token in some bytes: byte offsets of what holds it, and what its own check says.

    `encoded` names the encodings around it from the outside in (`base64`, `utf-16`, `percent`); the offsets
    are then those of the whole encoded text. An `invalid` token is worth what its shape's `unchecked` says.
    """

    kind: CredentialKind
    shape: Shape
    start: int
    end: int
    verdict: Verdict
    detail: str
    encoded: tuple[str, ...]
    secret: Secret


def without_overlaps(tokens: Iterable[Token], order: Mapping[int, int]) -> list[Token]:
    """The tokens in order of place, of those that overlap the surest, then the longest, then the first.

    `order` gives each shape's number by `id`. Several tokens of one encoded text do not overlap.
    """
    ranked = sorted(
        tokens,
        key=lambda each: (
            _RANKS[each.verdict],
            -len(each.secret.reveal()),
            each.end - each.start,
            order[id(each.shape)],
            each.start,
        ),
    )
    starts: list[int] = []
    kept: list[list[Token]] = []
    for token in ranked:
        at = bisect_left(starts, token.end)
        if at and kept[at - 1][0].end > token.start:
            if _is_beside(token, kept[at - 1]):
                kept[at - 1].append(token)
            continue
        starts.insert(at, token.start)
        kept.insert(at, [token])
    return [token for group in kept for token in group]


def _is_beside(token: Token, others: list[Token]) -> bool:
    """Whether `token` stands beside `others` in the same encoded text: an outline shows no offsets inside."""
    return (
        bool(token.encoded)
        and (others[0].start, others[0].end) == (token.start, token.end)
        and len(others) < 100
        and all(token.secret != each.secret for each in others)
    )
