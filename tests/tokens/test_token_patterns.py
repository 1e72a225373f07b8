"""Patterns as trees, and what engines are given for them."""

from __future__ import annotations

import pytest

from pat_audit.tokens import patterns

EXPRESSIONS = {
    "a": r"\x61",
    "ab": r"\x61\x62",
    "[a-c]": r"[\x61-\x63]",
    "[acd]": r"[\x61-\x61\x63-\x64]",
    "[^\\x01-\\x7f]": r"\x00",
    "[^\\x00-\\x60\\x62-\\x7f]": r"\x61",
    r"\d": r"[\x30-\x39]",
    "(?i:a)b": r"[\x41-\x41\x61-\x61]\x62",
    "(?i)a(?-i:b)c": r"[\x41-\x41\x61-\x61]\x62[\x43-\x43\x63-\x63]",
    "(?i)(?:a){2}": r"[\x41-\x41\x61-\x61]{2,2}",
    "(?i)ax|bx": r"(?:[\x41-\x41\x61-\x61][\x58-\x58\x78-\x78]|[\x42-\x42\x62-\x62][\x58-\x58\x78-\x78])",
    "(?i:(?:ax){2})": r"(?:[\x41-\x41\x61-\x61][\x58-\x58\x78-\x78]){2,2}",
    "(?:ab){1,2}": r"(?:\x61\x62){1,2}",
    "(?:ab|cd)e": r"(?:\x61\x62|\x63\x64)\x65",
    "a?": r"\x61{0,1}",
    "a{200,300}": r"\x61{200,}",
    f"a{{5,{5 + patterns._TOO_MANY}}}": rf"\x61{{5,{5 + patterns._TOO_MANY}}}",
    f"a{{5,{6 + patterns._TOO_MANY}}}": r"\x61{5,}",
    r"\x7f[~-\x7f]": r"\x7f[\x7e-\x7f]",
}
SHORTENED = {
    "a{2,5}": r"\x61{2,2}",
    "a{1,5}": r"\x61{1,1}",
    "a{0,5}": r"\x61{0,5}",
    "a{3}": r"\x61{3,3}",
    "xa{2,5}": r"\x78\x61{2,2}",
    "xa{0,5}": r"\x78",
    "xa?b{0,2}": r"\x78",
    "xya?": r"\x78\x79",
    "a?b?": r"\x61{0,1}",
    "xa{1,2}b": r"\x78\x61{1,2}\x62",
}


@pytest.mark.parametrize("pattern", EXPRESSIONS)
def test_what_an_engine_is_given(pattern: str) -> None:
    assert patterns.expression(patterns.read(pattern)) == EXPRESSIONS[pattern]


@pytest.mark.parametrize("pattern", SHORTENED)
def test_up_to_where_a_match_is_sure(pattern: str) -> None:
    assert patterns.expression(patterns.shortened(patterns.read(pattern))) == SHORTENED[pattern]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("a+", r"^a repeat without an upper bound: say how long the token can be$"),
        ("(", r"^this pattern does not compile: missing \)"),
        (f"a{{{patterns.LONGEST + 1}}}", rf"^this pattern matches more than {patterns.LONGEST} characters: bound its"),
        ("^a", r"^AT has no place in the pattern of a token$"),
        ("\u0080", r"^LITERAL has no place in the pattern of a token$"),
        ("[a-\u0080]", r"^RANGE has no place in the pattern of a token$"),
    ],
)
def test_what_is_wrong_with_a_pattern_is_said(pattern: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        patterns.read(pattern)


def test_the_longest_pattern_is_one() -> None:
    assert patterns.width(patterns.read(f"a{{{patterns.LONGEST}}}")) == (patterns.LONGEST, patterns.LONGEST)


def test_the_characters_of_a_class() -> None:
    assert patterns.characters_of("") == frozenset()
    assert patterns.characters_of("a-c_") == frozenset(b"abc_")
    assert patterns.alphabet(patterns.read("(?:ab|c)d{0,2}")) == frozenset(b"abcd")
