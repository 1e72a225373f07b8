"""Credentials in URLs: their places are what they say, and a printable user is no secret."""

from __future__ import annotations

from urllib.parse import unquote

from pat_audit.tokens.urls import find_url_credentials, looks_random

from ..seeds import all_texts
from ..target import Target


def urls(data: bytes) -> None:
    """Each credential lies inside the text in front of an `@`, and its secret is what stands in its place."""
    end = 0
    for found in find_url_credentials(data):
        assert end <= found.start <= found.start_of_secret <= found.end_of_secret <= found.end < len(data)
        assert data[found.start - 3 : found.start] == b"://"
        assert data[found.end : found.end + 1] == b"@"
        end = found.end
        text = data[found.start_of_secret : found.end_of_secret].decode("utf-8", "replace")
        if found.secret is None:
            assert found.kind == "template"
            assert found.reference == text
        else:
            assert found.secret.reveal() == unquote(text)
        assert not looks_random(found.user)


def _seeds() -> list[bytes]:
    return [text[:1500] for text in all_texts() if b"://" in text and b"@" in text][::3]


TARGETS = (Target("urls", urls, _seeds),)
