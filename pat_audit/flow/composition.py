"""Recognises what a text that the program puts together is: a Basic header, or a URL with a user part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pat_audit.flow.values import Text

HOLE = "\x00"
BASIC = re.compile(r"\s*(?:[\"']?(?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?)?basic[ \t]+", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}\s*+[\"']?\s*+\Z")
_URL_USER = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]{0,20}|\x00)://([^/?#\s\"'<>@]{0,400})@")
_USER_AND_HOST = re.compile(
    r"[^/\s@]{0,80}\x00[^/\s@]{0,80}@(?:\x00|[\w-]+(?:\.[\w-]+)+)(?::\w+)?(?:[/\x00].*)?\Z", re.DOTALL
)
# what is no pair of a user and a password though a colon is in it: structured text, an address, a connection string
_STRUCTURED = re.compile(r"[^:]*[\s\"'{}\[\]<>?&=;()][^:]*:|[^:]*://|[^:]*:[^@]*@(?:[\w.-]+|\x00)[:/(]")


def template(value: Text) -> str:
    """The text with a NUL for every part that is not literal."""
    return "".join([part if isinstance(part, str) else HOLE for part in value.parts])


def is_basic_header(shape: str) -> bool:
    """Whether a template reads `Basic …` with something encoded, or to be encoded, behind it."""
    match = BASIC.match(shape)
    if match is None:
        return False
    rest = shape[match.end() :]
    if rest.startswith(":") and len(rest) > 1 and not re.search(r"\s", rest):
        return True  # the pair, not encoded: somebody's mistake, or a sample that a line is missing of
    return rest.startswith(HOLE) or (HOLE not in rest and _BASE64.match(rest) is not None)


def is_pair(shape: str) -> bool:
    """Whether a template reads `user:password`, as far as its literal text says."""
    return ":" in shape and _STRUCTURED.match(shape) is None


def user_part(shape: str, brought: Sequence[str] = ()) -> str | None:
    """The user part of the first URL in a template that has one with a hole in it, else None.

    Texts that were `brought` from elsewhere count as holes where a user part ends in one.
    """
    for match in _URL_USER.finditer(shape):
        if HOLE in match.group(1) or any(match.group(1).endswith(text) for text in brought):
            return match.group(1)
    if _USER_AND_HOST.match(shape) is not None:
        return shape.partition("@")[0]
    return None
