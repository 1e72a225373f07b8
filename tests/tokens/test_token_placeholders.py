"""Placeholders: fillers, words and templates are told from tokens, never by a word inside a token."""

from __future__ import annotations

import base64
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pat_audit.tokens.entropy import entropy
from pat_audit.tokens.placeholders import is_placeholder, is_template, made_by_hand
from pat_audit.tokens.samples import sample

if TYPE_CHECKING:
    from pat_audit.vocabulary import CredentialKind

TEMPLATES = [
    "${X}", "$X", "$PAT", "$env:ADO_PAT", "{{x}}", "{{ vault.token }}", "${{ secrets.X }}", "%VAR%",
    "$(Var)", "$(System.AccessToken)", "#{x}#", "__TOKEN__", "{token}", "{0}", "%s", "@TOKEN@",
    "<%= token %>", "prefix-${TOKEN}-suffix", "#{token}", "%(token)s", "{os.environ['PAT']}",
]  # fmt: skip
PLACEHOLDERS = [
    "<your-pat>", "xxxxxxxxxxxx", "XXXXXXXX-XXXX", "changeme", "change_me", "your_token_here",
    "PAT_GOES_HERE", "[Enter here your PAT ...]", "***", "********", "fake-token", "test-pat",
    "this-is-not-a-real-token", "my-pat", "dummy", "example", "PATFROMWEB", "1234567890",
    "abcdefghijklmnop", "aaaaaaaaaaaaaaaa", "0" * 52, "x" * 84, "yourPersonalAccessToken",
    "INSERT_TOKEN_HERE", "<PAT>", "personal access token", "REPLACE_ME", "short", "azure-devops-pat",
    "deadbeefdeadbeefdeadbeef", "glpat-xxxxxxxxxxxxxxxxxxxx", "ghp_0000000000000000", "qwertyuiop",
    "abc123abc123abc123abc123", "00000000-0000-0000-0000-000000000000", "token123", "test1234",
    "1a2b3c4d5e6f7g8h9i0j", "你的个人访问令牌放在这里", "hidden...", "fedcba9876543210", "null", "", "     ",
    "some-made-up-value",
]  # fmt: skip
REAL = ["Zk3-9sPqR7w", "hJ8!kd0Plq2s", "tR0ub4dor&3xY", "s9Vf2Kq8Lm1Zx7Bn", "p@ss9Word1xQ7"]


@pytest.mark.parametrize(
    "stretch", ["abcdefgh", "HGFEDCBA", "4567890a", "zzzzzzzz", "qwertyui", "0123456789", "9876543210", "abcdef0123"]
)
def test_a_long_stretch_that_counts_is_no_chance(stretch: str) -> None:
    assert made_by_hand(f"q7Lw_{stretch}mR2xVt9")
    assert not made_by_hand(f"q7Lw_{stretch[: len(stretch) - 3]}mR2xVt9")


def test_a_long_word_is_no_chance() -> None:
    assert made_by_hand("q7Lw_k3mR2xVt9Example")
    assert not made_by_hand("q7Lw_k3mTestR2xVt9False")


def test_no_sample_is_made_by_hand(kinds: tuple[CredentialKind, ...]) -> None:
    shapes = [(kind.id, shape.name) for kind in kinds for shape in kind.shapes]
    assert [each for each in shapes if made_by_hand(sample(*each, kinds))] == []


@pytest.mark.parametrize("text", TEMPLATES)
def test_templates_are_references(text: str) -> None:
    assert is_template(text)
    assert is_placeholder(text, shortest=0)


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_placeholders_are_told(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", REAL)
def test_passwords_that_people_choose_are_none(text: str) -> None:
    assert not is_placeholder(text)
    assert not is_template(text)


def test_no_sample_is_one(kinds: tuple[CredentialKind, ...]) -> None:
    for kind in kinds:
        for shape in kind.shapes:
            assert not is_placeholder(sample(kind.id, shape.name, kinds)), (kind.id, shape.name)


@given(
    seed=st.integers(0, 2**32),
    size=st.integers(15, 60),
    alphabet=st.sampled_from(["hex", "base32", "base64"]),
)
def test_random_text_is_none(seed: int, size: int, alphabet: str) -> None:
    raw = random.Random(seed).randbytes(size)
    encoded = {"hex": base64.b16encode, "base32": base64.b32encode, "base64": base64.b64encode}[alphabet](raw)
    text = encoded.decode().lower() if alphabet != "base64" else encoded.decode()
    assert not is_placeholder(text)
    assert not is_template(text)


@pytest.mark.parametrize("word", ["false", "test", "null", "example", "xxxx", "token", "true", "1234", "fake"])
def test_a_word_inside_random_text_decides_nothing(word: str) -> None:
    # the unanchored alternation that other scanners stumble over
    rng = random.Random(word)
    for _ in range(20):
        text = base64.b32encode(rng.randbytes(25)).decode().lower()
        at = rng.randrange(len(text))
        for joint in ("", "-"):
            assert not is_placeholder(text[:at] + joint + word + joint + text[at:])


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    assert is_placeholder(text) >= is_template(text)


def test_entropy_is_that_of_shannon() -> None:
    assert entropy("") == 0
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2
    assert entropy("aabb") == 1


BORDERS = [
    # quotes do not count, other letters at the ends do
    ("'q7Lwk3m'", True), ("Xq7Lwk3X", False), ("q7Lwk3mR", False), ("q7Lwk3m", True),
    ("q7Lwk3mR\u2026", True), ("q7Lwk3mR***", True), ("q7\u2022Lwk3mR", True), ("q7Lw...k3mR", True),
    ("!!--//..@@", True),
    # half of it in another script
    ("qZkw\u4f60\u7684\u4e2a\u4eba", False), ("qZkw\u4f60\u7684\u4e2a\u4eba\u8bbf\u95ee", True),
    # two characters, or a fifth, may be anything
    ("tokensecret-qz", True), ("tokensecret-qzk", False), ("tokenssecret-qzk", True),
    # a run counts from four characters, and three characters are none
    ("changeme-qqqq", True), ("changeme-zzzpzzz", False), ("qzkkqzzq", True), ("qzkwqwzk", False),
    # a block counts from half of the text
    ("Zk9wZk9wZk9w", True), ("Zk9wZk9wZk9w-changeme-me", True), ("Zk9wZk9wZk9w-changeme-here-token", False),
    ("changeme-here-token-Zk9wZk9wZk9w", False),
    # three words of any language
    ("correct-horse-battery", True), ("horse-battery", False), ("correct-horse-bcdfghjkl", False),
    ("correct-horse-bcd", True), ("correct-horse-bcdf", False), ("correct-horse-batterystapleho", True),
    ("correct-horse-batterystaplehor", False), ("qZkWvX-rTbGnM-pLdSfH", False), ("wOrn-tAble-cHair-pLant", False),
    ("CorHor-BatSta-TabCha", True),
    # digits beside known words
    ("token7294", True), ("token72941", False), ("atokensecret", True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "placeholder"), BORDERS)
def test_where_a_placeholder_ends(text: str, placeholder: bool) -> None:
    assert is_placeholder(text) is placeholder


def test_a_chunk_of_known_words_has_a_length() -> None:
    words = "changemesecrettokenpasswordexamplecredentialorganizationprivatea"
    assert len(words) == 64
    assert is_placeholder(words)
    assert not is_placeholder(words + "a")
    rng = random.Random(5)
    assert not is_placeholder("".join(rng.choice("bcdfghjklmnpqrstvwxz") for _ in range(70)))
