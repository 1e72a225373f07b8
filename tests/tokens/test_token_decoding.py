"""Where encoded text begins and ends, and what it stands for."""

from __future__ import annotations

import base64

import pytest

from pat_audit.tokens.decoding import Unquoted, base64_texts, decode_base64, percent_run, run_around, unescaped


@pytest.mark.parametrize(
    ("text", "at", "start"),
    [
        (b"nabc", 0, 0), (b"\\nabc", 1, 2), (b"\\rabc", 1, 2), (b"\\tabc", 1, 2), (b"\\Rabc", 1, 1), (b"\\xabc", 1, 1),
        (b"\\u003dabc", 1, 6), (b"\\u013dabc", 1, 1), (b"%3Aabc", 1, 3), (b"x3Aabc", 1, 1), (b"abc%3A", 0, 0),
        (b"abc", 1, 1),
    ],
)  # fmt: skip
def test_letters_of_an_escape_are_taken_off(text: bytes, at: int, start: int) -> None:
    assert unescaped(text, at) == start


@pytest.mark.parametrize(
    ("text", "at", "floor", "ends"),
    [
        (b"..abcdef..", 4, 0, (2, 8)), (b"..abcdef..", 2, 0, (2, 8)), (b"..abcdef..", 4, 3, (3, 8)),
        (b"..abcdef..", 8, 0, (2, 8)), (b"..", 1, 0, (1, 1)), (b"a" * 3000, 2000, 0, (976, 3000)),
        (b"a" * 3000, 2000, 990, (990, 3000)),
    ],
)  # fmt: skip
def test_a_run_around_a_place(text: bytes, at: int, floor: int, ends: tuple[int, int]) -> None:
    assert run_around(text, at, floor) == ends


@pytest.mark.parametrize(
    ("text", "at", "floor", "ends"),
    [
        (b" me%3Aword ", 5, 0, (1, 10)), (b" me%3Aword ", 1, 0, (1, 10)), (b" me%3Aword ", 5, 3, (3, 10)),
        (b"  ", 1, 0, (1, 1)), (b"a" * 3000, 2000, 0, (976, 3000)),
    ],
)  # fmt: skip
def test_percent_encoded_text_around_a_place(text: bytes, at: int, floor: int, ends: tuple[int, int]) -> None:
    assert percent_run(text, at, floor) == ends


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (b"YWI", b"ab"), (b"YWI=", b"ab"), (b"YW\r\n\tJX", b"abW"), (b"YWJXY", b"abW"), (b"--__", b"\xfb\xef\xff"),
        (b"YWI==", b"ab"), (b"Y.WI", None), (b"YW=I", None), (b"=YWI", None), (b"YWI=\n", b"ab"),
    ],
)  # fmt: skip
def test_base64_of_any_kind(text: bytes, content: bytes | None) -> None:
    assert decode_base64(text) == content


def test_offsets_of_percent_decoded_text() -> None:
    raw = b"a%3Ab%20%41c"
    unquoted = Unquoted(raw)
    assert unquoted.text == b"a:b Ac"
    assert [unquoted.raw_offset(at) for at in range(7)] == [0, 1, 4, 5, 8, 11, 12]


def encoded(content: bytes) -> bytes:
    """Base64 of some bytes, without its padding."""
    return base64.b64encode(content).rstrip(b"=")


def texts(data: bytes, start: int = 0, end: int = -1) -> list[tuple[int, int, bytes, tuple[str, ...]]]:
    """What a run may stand for."""
    return list(base64_texts(data, start, len(data) if end < 0 else end))


def test_what_a_run_stands_for() -> None:
    text = encoded(b"me:word and word")
    assert texts(text) == [(0, len(text), b"me:word and word", ("base64",))]
    assert texts(text + b"==", 0, len(text)) == [(0, len(text) + 2, b"me:word and word", ("base64",))]
    wide = encoded("me:word and word".encode("utf-16-le"))
    assert texts(wide) == [(0, len(wide), b"me:word and word", ("base64", "utf-16"))]
    odd = encoded("me:word and word".encode("utf-16-le")[:-1])
    assert texts(odd)[0][2] == b"me:word and word"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("\u00e9ric:word and word:x".encode(), b"word and word:x"),
        ("\u00e9ric:w\u00f6rd and word".encode(), None),
        ("\u00e9ric:".encode(), None),
        ("\u00e9ric".encode(), None),
        ("\u00e9".encode() * 4 + b"x:wor", None),
        ("\u00e9".encode() * 4 + b":wor", b"wor"),
    ],
)
def test_a_user_in_another_language(content: bytes, text: bytes | None) -> None:
    data = encoded(content)
    assert [found[2] for found in texts(data) if found[0] == 0 and found[1] == len(data)][:1] == (
        [] if text is None else [text]
    )


def test_a_run_behind_an_escape_is_read_with_it_and_without() -> None:
    inner = encoded(b"me:word and wo")
    data = b"\\n" + inner
    assert texts(data, 1)[0] == (2, len(data), b"me:word and wo", ("base64",))
    assert all(start in (1, 2) for start, _, _, _ in texts(data, 1))
    path = b"folder/" + encoded(b"me:word and words of more words and more")
    assert (7, len(path), b"me:word and words of more words and more", ("base64",)) in texts(path)
    both = b"%2F" + encoded(b"me:word and words of more words and more")
    assert (3, len(both), b"me:word and words of more words and more", ("base64",)) in texts(both, 1)


def test_wrapped_lines_are_read_on_from_where_they_begin() -> None:
    content = b"me:" + b"word and " * 20
    lines = encoded(content)
    data = b"x = " + b"\n".join(lines[at : at + 76] for at in range(0, len(lines), 76))
    found = texts(data, 4, 80)
    assert found[0][:2] == (4, 80)
    assert (4, len(data), content, ("base64",)) in found
