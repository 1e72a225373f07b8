"""The token scanner: tokens lie inside the text, both engines find the same, and masked text holds none."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pat_audit.report.masking import token_mask
from pat_audit.tokens.scan import TokenScanner

from ..seeds import all_texts, catalogue, written_tokens
from ..target import Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.tokens.token import Token


@cache
def _scanners() -> tuple[TokenScanner, TokenScanner]:
    kinds = catalogue().credentials
    return TokenScanner(kinds, engine="re"), TokenScanner(kinds)


@cache
def _mask() -> Callable[[str], str]:
    return token_mask(lambda: _scanners()[1])


def tokens(data: bytes) -> None:
    """What is found is there, is found by both engines, is gone from masked text, and is a token by itself."""
    plain, fast = _scanners()
    found = fast.find(data)
    assert [_key(token) for token in found] == [_key(token) for token in plain.find(data)], "the engines differ"
    end = 0
    for token in found:
        assert end <= token.start < token.end <= len(data)
        end = token.end
        written = data[token.start : token.end]
        if not token.encoded:
            assert written.decode("ascii") == token.secret.reveal()
    text = data.decode("utf-8", "replace")
    masked = _mask()(text)
    assert not fast.find(masked.encode("utf-8", "surrogatepass")), "a masked text holds a token"
    for token in fast.find(text.encode()):
        if not token.encoded and token.shape.near == ():
            assert token.secret.reveal() not in masked, "a masked text holds the token"
    fast.classify(text[:400])


def _key(token: Token) -> tuple[object, ...]:
    return token.kind.id, token.start, token.end, token.encoded, str(token.verdict)


def _seeds() -> list[bytes]:
    lines = [f"token: {token} x={token}\n".encode() for token in written_tokens()]
    return [*lines, *(text[:1500] for text in all_texts()[::6])]


TARGETS = (Target("tokens", tokens, _seeds),)
