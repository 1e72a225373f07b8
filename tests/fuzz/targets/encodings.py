"""The decoders: what is encoded is decoded to the same, and what is decoded lies inside the text."""

from __future__ import annotations

import base64
import urllib.parse
from itertools import pairwise

from pat_audit.tokens import decoding

from ..seeds import all_texts
from ..target import Target


def encodings(data: bytes) -> None:
    """Decoding undoes encoding, in each alphabet, with padding and without, and offsets stay in bounds."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(data)
        for form in (
            encoded,
            encoded.rstrip(b"="),
            b"\n".join(encoded[at : at + 76] for at in range(0, len(encoded), 76)),
        ):
            assert decoding.decode_base64(form) == data
    quoted = urllib.parse.quote_from_bytes(data, safe="").encode()
    unquoted = decoding.Unquoted(quoted)
    assert unquoted.text == data
    _offsets(unquoted, quoted)
    raw = decoding.Unquoted(data)
    assert raw.text == urllib.parse.unquote_to_bytes(data)
    _offsets(raw, data)
    for at in range(0, len(data), max(1, len(data) // 50)):
        start, end = decoding.run_around(data, at, 0)
        assert 0 <= start <= at <= end <= len(data)
        first, last = decoding.percent_run(data, at, 0)
        assert 0 <= first <= at <= last <= len(data)
        assert at <= decoding.unescaped(data, at) <= at + 5
        for begin, stop, text, names in decoding.base64_texts(data, start, end):
            assert start <= begin <= stop <= len(data)
            assert names
            assert len(text) <= stop - begin


def _offsets(unquoted: decoding.Unquoted, raw: bytes) -> None:
    places = [unquoted.raw_offset(at) for at in range(len(unquoted.text) + 1)]
    assert all(one < other for one, other in pairwise(places))
    assert places[0] == 0
    assert places[-1] == len(raw)
    for at, place in enumerate(places[:-1]):
        assert raw[place] in (unquoted.text[at], 0x25)


def _seeds() -> list[bytes]:
    texts = all_texts()[::20]
    encoded = [base64.b64encode(text[:90]) for text in texts[:20]]
    return [
        *(text[:400] for text in texts),
        *encoded,
        b"a%3Ab%zz%%20%C3%A4",
        b"x=" + encoded[0] + b"%3D\\n" + encoded[1],
    ]


TARGETS = (Target("encodings", encodings, _seeds),)
