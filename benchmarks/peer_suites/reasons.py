"""Why a token is not found, told from the forms that pat-audit knows of its family, and whether it could be real."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from pat_audit.tokens.checks import CHECKS
from pat_audit.tokens.entropy import entropy
from pat_audit.tokens.matching import stands_alone, text_before
from pat_audit.tokens.patterns import characters_of
from pat_audit.tokens.placeholders import is_placeholder, made_by_hand
from pat_audit.tokens.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pat_audit.vocabulary import CredentialKind, Shape


class Looks(StrEnum):
    """What the best candidate in a case's text looks like; in order, from the likeliest to be a token."""

    VALID = "its checksum holds"
    PLAUSIBLE = "of a known form"
    FAR = "of a known form, with no word near that tells it from a hash"
    JOINED = "run together with other letters: not of a token's length"
    FILLER = "placeholder or filler"
    FORGED = "checksum fails: made up"
    OTHER = "of another form"

    @property
    def could_be_real(self) -> bool:
        """Whether somebody could hold such a token."""
        return self not in (Looks.JOINED, Looks.FILLER, Looks.FORGED)


def looks(text: str, kinds: Iterable[CredentialKind], before: str = "") -> Looks:
    """What the likeliest token of the kinds in a text looks like; `before` is what stands before the text."""
    data = (before + text).encode()
    start = len(before.encode())
    found = {look for kind in kinds for shape in kind.shapes for look in _of_shape(shape, data, start)}
    return next((look for look in Looks if look in found), Looks.OTHER)


def _of_shape(shape: Shape, data: bytes, start: int) -> Iterator[Looks]:
    after = f"(?![{shape.bounded}])" if shape.bounded else ""
    alone = re.compile(f"(?:{shape.pattern}){after}".encode())
    around = characters_of(shape.bounded)
    for pattern, bounded in ((alone, True), (re.compile(shape.pattern.encode()), False)):
        for match in pattern.finditer(data, start):
            stands = bounded and stands_alone(data, match.start(), around)
            yield _of_token(shape, match[0].decode(), text_before(data, match.start()).lower(), stands)


def _of_token(shape: Shape, token: str, before: bytes, stands: bool) -> Looks:
    verdict = CHECKS[shape.check](token).verdict if shape.check else Verdict.UNKNOWN
    if verdict is Verdict.VALID:
        return Looks.VALID if stands else Looks.JOINED
    if entropy(token) < shape.minimum_entropy or is_placeholder(token) or made_by_hand(token):
        return Looks.FILLER
    if verdict is Verdict.INVALID:
        return Looks.FORGED
    if shape.near and not any(word.lower().encode() in before for word in shape.near):
        return Looks.FAR
    return Looks.PLAUSIBLE if stands else Looks.JOINED
