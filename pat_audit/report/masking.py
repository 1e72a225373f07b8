"""Takes secrets out of text and source lines before anything is rendered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding, Location
    from pat_audit.tokens.scan import TokenScanner

MASK = "***"

_WRITTEN = frozenset({"hardcoded-pat", "pat-in-url", "pat-in-config"})
_WRITTEN_RULES = "PAT1"
_IN_QUOTES = re.compile(r"(\"\"\"|'''|\"|'|`)((?:\\.?+|(?!\1)[^\\])*+)(\1|$)")
_USER_INFO = re.compile(r"(?<=//)[^\s/@:]{0,200}:[^\s/@]{1,2000}(?=@)")
_NO_VALUE = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+(?:\(\))?")  # `os.environ`, `self.token`, `vault.get()`
_URL = re.compile(
    r"(?P<scheme>[A-Za-z][\w+.-]{0,20}://)(?P<user>[^/@\s]*@)?(?P<place>[^?#\s@]*)(?P<query>[?#].*)?",
    re.DOTALL,
)

Places = dict[tuple[str, int], list[tuple[int, int, bool]]]


def token_mask(scanner: Callable[[], TokenScanner]) -> Callable[[str], str]:
    """A function that masks every token that `scanner()` finds, and every password in a URL.

    The scanner is asked for when a text is long enough to hold a token, and each text is looked into once.
    """
    from functools import lru_cache

    scanners: list[TokenScanner] = []

    @lru_cache(maxsize=4096)
    def mask(text: str) -> str:
        if len(text) < 8:
            return text
        if "@" in text:
            text = _USER_INFO.sub(_user_info, text)
        if not scanners:
            scanners.append(scanner())
        data = text.encode("utf-8", "surrogatepass")
        written = set()
        for token in sorted(scanners[0].find(data), key=lambda token: -token.start):
            written.add(data[token.start : token.end])
            data = data[: token.start] + MASK.encode() + data[token.end :]
        for each in sorted(written):  # also where it runs into other letters, and is no token by itself
            data = data.replace(each, MASK.encode())
        return data.decode("utf-8", "surrogatepass")

    return mask


def mask_for(catalogue: Catalogue) -> Callable[[str], str]:
    """A function that masks the tokens that a catalogue knows, and every password in a URL."""
    from pat_audit.tokens.kept import token_scanner

    return token_mask(lambda: token_scanner(catalogue))


def _user_info(found: re.Match[str]) -> str:
    user, _, password = found[0].partition(":")
    if password.startswith(("{", "$", "<", "%")) or password == MASK:
        return found[0]  # a template, not a value
    return f"{user}:{MASK}"


def secret_places(findings: Iterable[Finding]) -> Places:
    """Where findings say that a secret is written: (path, line) -> column ranges, and whether it must be one.

    Columns are 0-based; an end of -1 is the end of the line. The last part is true for a finding about a
    written secret: whatever stands there is masked. It is false for a step of the way there, of which only
    what stands in quotes is masked.
    """
    places: Places = {}
    for finding in findings:
        if finding.category in _WRITTEN or finding.rule.startswith(_WRITTEN_RULES):
            _mark(places, finding.location, True)
        elif finding.credential != "literal" and not any(id.startswith(_WRITTEN_RULES) for id in finding.also):
            continue
        else:
            _mark(places, finding.location, False)
        for step in finding.trail:
            _mark(places, step.location, False)
    return places


def _mark(places: Places, where: Location, certain: bool) -> None:
    for line in range(where.line, min(where.end_line, where.line + 200) + 1):
        start = where.column - 1 if line == where.line else 0
        end = where.end_column - 1 if line == where.end_line else -1
        places.setdefault((where.path, line), []).append((start, end, certain))


def masked_line(text: str, ranges: Sequence[tuple[int, int, bool]], mask: Callable[[str], str]) -> str:
    """A source line without its secrets: ranges as `secret_places` gives them, and whatever `mask` finds."""
    for start, end, certain in sorted(ranges, reverse=True):
        stop = len(text) if end < 0 else min(end, len(text))
        if start < stop:
            text = text[:start] + _masked_range(text[start:stop], certain) + text[stop:]
    return mask(text)


def _masked_range(text: str, certain: bool) -> str:
    masked, count = _IN_QUOTES.subn(lambda found: found[1] + _masked_value(found[2]) + found[3], text)
    if count or not certain or _NO_VALUE.fullmatch(text):
        return masked
    return _masked_value(text)


def _masked_value(text: str) -> str:
    """`***`, save for the parts of a URL that hold no secret."""
    url = _URL.fullmatch(text)
    if url is None:
        return MASK if text else text
    user = f"{MASK}@" if url["user"] else ""
    return f"{url['scheme']}{user}{url['place']}{'?' + MASK if url['query'] else ''}"
