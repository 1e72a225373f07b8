"""What a file's bytes say, whatever their encoding, and where in the file a piece of its text stands."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pat_audit.model import Location, Span
from pat_audit.source import Source, display_path, is_binary, is_wide

TEXT = "name = 'Zoë'\r\nkey = '😀'\n"


@pytest.mark.parametrize(
    ("raw", "encoding", "mark"),
    [
        (TEXT.encode(), "utf-8", b""),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8", codecs.BOM_UTF8),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le", codecs.BOM_UTF16_LE),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be", codecs.BOM_UTF16_BE),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32-le", codecs.BOM_UTF32_LE),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32-be", codecs.BOM_UTF32_BE),
        (b"", "utf-8", b""),
    ],
)
def test_decodes(raw: bytes, encoding: str, mark: bytes) -> None:
    source = Source("a.py", raw)
    assert source.data == (TEXT.encode() if raw else b"")
    assert (source.encoding, source.mark, source.had_mark) == (encoding, mark, bool(mark))
    assert not is_binary(raw)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_reads_utf16_without_a_mark(codec: str) -> None:
    raw = "$env:TOKEN = 'value'\r\n".encode(codec)
    assert Source("a.ps1", raw).data == b"$env:TOKEN = 'value'\r\n"
    assert is_wide(raw)
    assert not is_binary(raw)


def test_reads_latin_1_without_a_cookie() -> None:
    source = Source("a.py", "# grün\ntoken = 1\n".encode("latin-1"))
    assert source.encoding == "latin-1"
    assert source.data == "# grün\ntoken = 1\n".encode()


@pytest.mark.parametrize("cookie", ["cp1252", "windows-1252", "iso-8859-15", "shift_jis"])
@pytest.mark.parametrize("first", ["", "#!/usr/bin/env python\n"])
def test_obeys_a_coding_cookie(cookie: str, first: str) -> None:
    text = f"{first}# -*- coding: {cookie} -*-\nname = '{'ﾃ' if cookie == 'shift_jis' else 'é€'}'\n"
    source = Source("a.py", text.encode(cookie))
    assert source.data == text.encode()


@pytest.mark.parametrize("cookie", ["punycode", "utf-7", "rot13", "no-such-codec", "idna", "unicode_escape", "ascii"])
def test_does_not_trust_every_cookie(cookie: str) -> None:
    raw = f"# coding: {cookie}\nx = '".encode() + b"\xff'\n"
    assert Source("a.py", raw).encoding == "latin-1"


def test_a_cookie_in_the_third_line_is_none() -> None:
    assert Source("a.py", b"\n\n# coding: cp1252\n'\xe9'\n").encoding == "latin-1"


def test_a_mark_that_lies_is_text() -> None:
    raw = codecs.BOM_UTF8 + b"x = '\xff'\n"
    source = Source("a.py", raw)
    assert source.encoding == "latin-1"
    assert source.location(Span(source.data.index(b"x"), source.data.index(b"x") + 1)).span == Span(3, 4)


def test_a_lone_surrogate_loses_nothing_after_it() -> None:
    raw = codecs.BOM_UTF16_LE + b"\x00\xd8" + "ab".encode("utf-16-le")
    source = Source("a.txt", raw)
    assert source.data.endswith(b"ab")
    assert source.raw_span(Span(len(source.data) - 2, len(source.data))) == Span(4, 8)


def test_says_where() -> None:
    source = Source("a.py", TEXT.encode())
    start = source.data.index("😀".encode())
    assert source.location(Span(start, start + 5)) == Location("a.py", 2, 8, 2, 10, Span(start, start + 5))
    assert source.line(1) == "name = 'Zoë'"
    assert source.line(2) == "key = '😀'"
    assert source.line(0) == source.line(4) == ""


def test_offsets_are_those_of_the_file() -> None:
    for codec, mark in (
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-32-be", codecs.BOM_UTF32_BE),
    ):
        source = Source("a", mark + TEXT.encode(codec))
        for word in ("Zoë", "😀", "name"):
            start = source.data.index(word.encode())
            span = source.location(Span(start, start + len(word.encode()))).span
            assert source.raw[span.start : span.end].decode(codec) == word


@pytest.mark.parametrize(
    ("raw", "starts"),
    [
        (b"", [0]),
        (b"a", [0]),
        (b"a\n", [0, 2]),
        (b"a\r\nb\rc\n\nd", [0, 3, 5, 7, 8]),
        (b"a\x0cb\x0bc\x1cd\n", [0, 8]),
    ],
)
def test_lines_end_as_python_ends_them(raw: bytes, starts: list[int]) -> None:
    assert Source("a", raw).starts == starts


@given(st.text(alphabet=st.sampled_from("ab\n\ré😀\t\x0c"), max_size=60), st.randoms())
def test_positions_agree_with_the_slow_way(text: str, random: object) -> None:
    source = Source("a", text.encode())
    offsets = [len(text[:index].encode()) for index in range(len(text) + 1)]
    getattr(random, "shuffle")(offsets)  # noqa: B009 - hypothesis gives it no type
    for offset in offsets:
        before = source.data[:offset].decode()
        if before.endswith("\r") and source.data[offset : offset + 1] == b"\n":
            continue  # between the two characters of one line end
        lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert source.position(offset) == (len(lines), len(lines[-1]) + 1)


@given(st.binary(max_size=400))
def test_any_bytes_decode_to_utf8(raw: bytes) -> None:
    source = Source("a", raw)
    source.data.decode("utf-8")
    source.location(Span(0, len(source.data)))
    is_binary(raw)


def test_many_places_on_one_endless_line_cost_one_walk() -> None:
    source = Source("a.js", ("é" + "x" * 99).encode() * 20_000)
    step = len(("é" + "x" * 99).encode())
    for number in range(20_000):  # two million code points: a walk for each would be 20 billion steps
        assert source.position(number * step)[1] == number * 100 + 1


@pytest.mark.parametrize(
    "raw",
    [
        b"\x7fELF\x02\x01\x01" + bytes(100),
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"PK\x03\x04" + b"text",
        b"%PDF-1.7\n",
        bytes(range(256)) * 4,
        bytes(8192),
    ],
)
def test_knows_a_binary_file(raw: bytes) -> None:
    assert is_binary(raw)


@pytest.mark.parametrize("raw", [b"", b"x = 1\n" * 50 + b"\0", b"caf\xe9", b"\x1b[31mred\x1b[0m", b"\x0c\n"])
def test_a_stray_control_character_leaves_a_text_a_text(raw: bytes) -> None:
    assert not is_binary(raw)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("a b/ü.py", "a b/ü.py"),
        ("a\nb", "a\\x0ab"),
        ("a\udcff", "a\\xff"),
        ("a\u202eb", "a\\u202eb"),
        ("a\x1b[0m", "a\\x1b[0m"),
    ],
)
def test_shows_a_path_without_what_a_terminal_would_obey(path: str, shown: str) -> None:
    assert display_path(path) == shown
