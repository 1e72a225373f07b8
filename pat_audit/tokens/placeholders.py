"""Tells a placeholder, a dummy or a template from a real secret."""

from __future__ import annotations

import re
from itertools import pairwise
from string import ascii_lowercase, digits
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# References to a value that stands elsewhere. The first may be part of a text, the others are all of it:
# a secret that merely contains `%` or `{` is no template.
_INTERPOLATION = re.compile(
    r"\$\{[^}]+\}|\$\([^)]+\)|\$\[[^\]]+\]|\{\{[^}]+\}\}|#\{[^}]+\}|<%[^%]+%>|@@\w+@@|%\([A-Za-z_]\w*\)s|<\+[^>]+>"
)
_REFERENCE = re.compile(
    r"""\$[A-Za-z_][\w:.]*  (?# $X $env:X )
    |   %[A-Za-z_]\w*%
    |   %(?:\d+\$)?[sdvqrx]
    |   \{[A-Za-z_0-9]?[\w.\[\]'"()!:-]*\}
    |   __[A-Za-z][\w.-]*__
    |   @[A-Za-z_]\w*@
    |   \#[A-Za-z_]\w*\#
    |   !(?:vault|secret|env|ref)\b.*
    |   (?:env|vault|secrets?|ref|op|aws-ssm|keyvault)[:.][\w./:-]+
    """,
    re.VERBOSE | re.DOTALL,
)
_BRACKETED = re.compile(r"<[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\}|\([^()]*\)", re.DOTALL)
_CHUNK = re.compile(r"[A-Za-z]+|[0-9]+")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PRONOUNCEABLE = re.compile(r"(?=.*[aeiouy])(?!.*[^aeiouy]{5}).+")
_KEYBOARD = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz234567",
)
_NEXT = {(a, b) for row in _KEYBOARD for a, b in pairwise(row)}
_SHORTEST = 8
_LONG, _LONG_DIGITS = 8, 10
_TELLING = (
    "example", "placeholder", "redacted", "changeme", "replaceme", "yourtoken", "insertyour", "dummytoken",
    "faketoken", "deadbeef", "notarealtoken",
)  # fmt: skip

_WORDS = frozenset(
    """
    a ab abc access account admin administrator ado airtable all an and anonymous any api app as
    atlassian auth authtoken azdo azure bad bar base baz bearer beef big bitbucket blah blank bot cafe
    change changeit changeme circleci classic client cloud code config contoso cred credential
    credentials dapi databricks dead default demo deploy dev devops do docker doe domain dontcommit
    dummy email empty encoded enter env example fabrikam fake false fill fine fixme foo for from
    generated get gho ghp ghr ghs ghu git github gitlab glpat goes grained guest hardcoded has hello
    here hf hidden hub hunter id in insert invalid ipsum is it item jane jenkins jira john key legacy
    letmein live local login long lorem masked me mock more my na name needed new nil no nobody none not
    nouser npm null number oauth of old omitted on oops or org organization our pass passwd password
    passwords paste pat patoken pats personal pip place placeholder please private prod project provide
    provided public put pwd pypi qux qwerty random read real redacted refresh remove removed replace
    replaced required root sample scrubbed secret secrets server service set should slack some somebody
    someone something sonar specific specify static string super system take tbd temp template test
    tester testing testtoken text tfs that the this to todo tok token tokens true type undefined unknown
    unset update url use user username valid value vault vss vsts web what where with within word work
    world write xoxb xoxp xx xxx xxxx xyz yes you your yours
    """.split()  # noqa: SIM905
)
_LONGEST_WORD = max(map(len, _WORDS))


def is_template(text: str) -> bool:
    """Whether `text` refers to a value that stands elsewhere: `${X}`, `$X`, `{{x}}`, `%X%`, `$(X)` …"""
    stripped = text.strip()
    return bool(_INTERPOLATION.search(stripped) or _REFERENCE.fullmatch(stripped))


def is_placeholder(text: str, *, shortest: int = _SHORTEST) -> bool:
    """Whether `text` stands where a secret goes but is none: a template, words, filler, a sequence.

    Decides by how much of the text is explained so, never by a word inside: a random token that happens to
    contain `false` or `test` stays a token. Texts under `shortest` characters are taken for placeholders.
    """
    stripped = text.strip().strip("\"'`")
    if len(stripped) < shortest or is_template(stripped) or _BRACKETED.fullmatch(stripped):
        return True
    if "..." in stripped or "\u2026" in stripped or "***" in stripped or "\u2022" in stripped:
        return True
    letters = [character for character in stripped if character.isalnum()]
    if sum(character.isascii() for character in letters) * 2 < len(letters):
        return True  # a description in another script
    known = [not (character.isascii() and character.isalnum()) for character in stripped]
    _know_repeats(stripped, known)
    _know_sequences(stripped.lower(), known)
    _know_words(stripped, known)
    unknown = known.count(False)
    return unknown <= max(2, len(letters) // 5)


def made_by_hand(text: str) -> bool:
    """Whether a part of `text` is so unlikely in random letters that a person wrote it, whatever else is there.

    A long stretch that counts, repeats or runs along the keyboard (eight characters where a letter is among them,
    ten where all are digits), or one of a few long words. Short words say nothing: chance spells them.
    """
    lowered = text.lower()
    return any(word in lowered for word in _TELLING) or _counts_up(lowered)


def _counts_up(lowered: str) -> bool:
    return any(
        end - start >= (_LONG_DIGITS if lowered[start:end].isdigit() else _LONG)
        for start, end in _sequences(lowered, 1)
    )


def _know_repeats(text: str, known: list[bool]) -> None:
    """Mark everything where there are hardly any characters, or where a short block is repeated over and over."""
    if len(set(text)) <= 3:
        known[:] = [True] * len(text)
    for found in re.finditer(r"([A-Za-z0-9]{2,12}?)\1{2,}", text):
        if (found.end() - found.start()) * 2 >= len(text):
            known[found.start() : found.end()] = [True] * (found.end() - found.start())


def _know_sequences(text: str, known: list[bool]) -> None:
    """Mark stretches that count or run along the keyboard: `abcd`, `4321`, `qwerty`, `aabbcc`, `1a2b3c`."""
    for stride in (1, 2):
        for start, end in _sequences(text, stride):
            if end - start >= 4 * stride:
                known[start:end] = [True] * (end - start)


def _sequences(text: str, stride: int) -> Iterator[tuple[int, int]]:
    """Every stretch in which each character goes on from the one `stride` before it, in one direction."""
    steps = [_STEPS.get(pair, 0) for pair in zip(text, text[stride:], strict=False)]
    for direction in (_ONWARD, _BACKWARD):
        start = 0
        for at, step in enumerate((*steps, 0), stride):
            if not step & direction:
                yield start, at
                start = at - stride + 1


_ONWARD, _BACKWARD = 1, 2
_WRAPS = {("9", "0"), ("z", "a"), ("9", "a"), ("f", "0"), ("z", "0"), ("7", "a"), ("z", "1"), ("0", "a")}
_STEPS: dict[tuple[str, str], int] = {(same, same): _ONWARD | _BACKWARD for same in ascii_lowercase + digits}
"""In which direction one character follows another."""
for _one, _other in (*_NEXT, *_WRAPS):
    _STEPS[_one, _other] = _STEPS.get((_one, _other), 0) | _ONWARD
    _STEPS[_other, _one] = _STEPS.get((_other, _one), 0) | _BACKWARD


def _know_words(text: str, known: list[bool]) -> None:
    """Mark known words where they are whole chunks of letters, and everything where it is all plain words."""
    chunks = list(_CHUNK.finditer(text))
    words = [found for found in chunks if found[0].isalpha()]
    plain = len(words) >= 3 and len(words) == len(chunks) and all(_is_word(found[0]) for found in words)
    for found in words:
        if plain or _is_known(found[0]):
            known[found.start() : found.end()] = [True] * len(found[0])
    if all(known[found.start()] for found in words):  # `token123`, `test-pat-42`
        for found in chunks:
            if len(found[0]) <= 4:
                known[found.start() : found.end()] = [True] * len(found[0])


def _is_word(chunk: str) -> bool:
    parts = _CAMEL.findall(chunk)
    return len(parts) <= max(1, len(chunk) // 3) and all(
        len(part) < 16 and (len(part) <= 3 or _PRONOUNCEABLE.fullmatch(part.lower())) for part in parts
    )


def _is_known(chunk: str) -> bool:
    """Whether a chunk of letters is made of known words: `changeme`, `yourTokenHere`, `PATFROMWEB`."""
    lowered = chunk.lower()
    if len(lowered) > 64:
        return False
    reached = [True] + [False] * len(lowered)
    for end in range(1, len(lowered) + 1):
        reached[end] = any(
            reached[start] and lowered[start:end] in _WORDS for start in range(max(0, end - _LONGEST_WORD), end)
        )
    return reached[-1]
