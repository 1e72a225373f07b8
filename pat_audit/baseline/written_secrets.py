"""Which texts of a finding are its secret: what must be the same for the finding to be the one that is known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.source import Source

if TYPE_CHECKING:
    from pat_audit.model import Finding, Location
    from pat_audit.tokens.scan import TokenScanner

_ABOUT_WRITTEN = "PAT1"
_SIGNING_IN = "PAT2"
_IN_QUOTES = re.compile(r"(\"\"\"|'''|\"|'|`)((?:\\.?+|(?!\1)[^\\])*+)(\1|$)")
_NO_VALUE = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+(?:\(\))?")
_SHORTEST = 4  # characters: a shorter text says too little


def written_secrets(finding: Finding, raw: bytes, scanner: TokenScanner) -> frozenset[str]:
    """The texts that are written at a finding's places in its own file, whose bytes are `raw`.

    Nothing for a credential that comes from elsewhere. Of the place of a finding about a written secret all
    quoted texts count (or all of it, without quotes), also of the place where one signs in; of other places the
    tokens that are known by their look.
    """
    if finding.credential != "literal":
        return frozenset()
    source = Source(finding.path, raw)
    found: set[str] = set()
    read_whole = finding.rule.startswith((_ABOUT_WRITTEN, _SIGNING_IN))
    if read_whole:
        text = _text(source, finding.location)
        found.update(match[2] for match in _IN_QUOTES.finditer(text))
        if not found and finding.rule.startswith(_ABOUT_WRITTEN) and not _NO_VALUE.fullmatch(text):
            found.add(text.strip())
    for place in (finding.location, *(step.location for step in finding.trail)):
        if place.path == finding.path and not (read_whole and place == finding.location):
            data = _text(source, place).encode("utf-8", "replace")
            found.update(data[token.start : token.end].decode("utf-8", "replace") for token in scanner.find(data))
    return frozenset(text for text in found if len(text) >= _SHORTEST)


def _text(source: Source, place: Location) -> str:
    return source.raw[place.span.start : place.span.end].decode(source.encoding, "replace")
