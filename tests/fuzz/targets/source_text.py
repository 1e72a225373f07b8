"""Text of any encoding: every byte of the file has a place, and the text is UTF-8."""

from __future__ import annotations

from itertools import pairwise

from pat_audit.model import Span
from pat_audit.source import Source

from ..seeds import all_texts
from ..target import Target


def source_text(data: bytes) -> None:
    """A file's bytes decode, and spans of the text lead back to the bytes that it was made of."""
    source = Source("a", data)
    text = source.data.decode()  # it is UTF-8 whatever the file was
    assert not source.encoding.startswith("utf-8") or source.mark + source.data == source.raw
    borders = [0]
    for character in text[:300]:
        borders.append(borders[-1] + len(character.encode()))
    last = Span(0, 0)
    for start, end in pairwise(borders):
        span = source.raw_span(Span(start, end))
        assert last.end <= span.start <= span.end <= len(data)
        last = span
        line, column = source.position(start)
        shown = source.line(line)
        assert column >= 1
        assert text[:300].encode()[start:end] in b"\r\n" or source.data[start:end].decode() == shown[column - 1]
    whole = source.raw_span(Span(0, len(source.data)))
    assert whole == Span(len(source.mark), whole.end)
    assert whole.end <= len(data)


_CODECS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32")


def _seeds() -> list[bytes]:
    texts = [text[:600] for text in all_texts()[::25]]
    wide = [
        text.decode().encode(codec) for text in texts[:8] for codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32")
    ]
    cookies = [b"# coding: " + name + b"\n# \xe4\xf6\n" for name in (b"latin-1", b"cp932", b"big5", b"koi8-r", b"gbk")]
    return [*texts, *wide, *cookies]


TARGETS = (Target("source-text", source_text, _seeds),)
