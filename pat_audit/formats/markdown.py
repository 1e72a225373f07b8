"""Reads the code in Markdown: fenced blocks, also in lists and quotations, and what stands in the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.formats.lines import Line, bounded, lines_of
from pat_audit.formats.prose import blocks
from pat_audit.formats.runs import Run, setting_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.formats.settings import Setting

_QUOTED = re.compile(rb"(?:[ \t]*>)+ ?")
_ITEM = re.compile(rb"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?=[`~:]{3})")
_FENCE = re.compile(
    rb"[ \t]*(?P<fence>`{3,}+|~{3,}+|:{3,}+)[ \t]*+\{?[ \t]*+\.?(?P<word>[^\s`{},=]*+)(?P<rest>[^`]*+)\Z"
)
_CLOSING = re.compile(rb"[ \t]*(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*\Z")


def read(data: bytes) -> list[Setting]:
    """The code of each fenced block, its path `("fence", language)`, the language in small letters or empty.

    What stands outside of them is read as prose. A block ends at its closing fence, or with the quotation that it
    stands in, or with the file. Raises Unparsable where there are too many.
    """
    return bounded(_read(data))


def _read(data: bytes) -> Iterator[Setting]:
    fence = b""
    language, indent, quoted = "", 0, False
    key = (0, 0)
    code: list[Line] = []
    text: list[Line] = []
    for line in lines_of(data):
        quotation = _QUOTED.match(line.raw) if quoted or not fence else None
        body = line.cut(quotation.end()) if quotation else line
        if fence:
            closing = _CLOSING.match(body.raw)
            ends = closing is not None and closing["fence"].startswith(fence)
            if not ends and (quotation or not quoted):
                code.append(body.cut(min(indent, body.indent)))
                continue
            yield _setting(language, code, key)
            fence, code = b"", []
            if ends:
                continue
        item = _ITEM.match(body.raw)
        inner = body.cut(item.end()) if item else body
        opening = _FENCE.match(inner.raw)
        # azure-devops-style `:::` fences hold diagrams; only one with a word is a block
        if opening and (opening["fence"][:1] != b":" or opening["word"]):
            yield from blocks(text)
            text = []
            fence = opening["fence"]
            language = text_of(opening["word"]).lower()
            indent = opening.start("fence") + (item.end() if item else 0)
            quoted = quotation is not None
            key = (inner.start + opening.start("word"), inner.start + opening.end("word"))
        elif not fence:
            text.append(body)
    yield from blocks(text)
    if fence:
        yield _setting(language, code, key)


def _setting(language: str, code: list[Line], key: tuple[int, int]) -> Setting:
    runs = []
    for line in code:
        runs += [Run(line.text, line.start), Run("\n", line.end)]
    start, end = (code[0].start, code[-1].end) if code else (key[1], key[1])
    return setting_of(("fence", language), runs, start, end, key)
