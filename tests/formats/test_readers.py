"""What holds for every reader: bad input, deep nesting, places, and that each can be asked for by name."""

from __future__ import annotations

import contextlib
import importlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import settings_of

from pat_audit.formats.readers import READERS, read
from pat_audit.formats.settings import Unparsable

SYNTAXES = sorted(READERS)
SIGNS = st.text(st.sampled_from(" \t\r\n\\\"'`#;:=,.-+*&!|>%@~<>/?()[]{}$abEN0é\u2028\ud7ff\0"), max_size=60)
WORDS = st.lists(
    st.sampled_from(
        ["key", " ", "\n", "\t", ": ", "= ", "- ", "|\n", '"', "'", "{{ x }}", "{% if %}", "\\\n", "<a b='c'>", "</a>",
         "[x]", "[[y]]", "{", "}", "<<EOF\n", "EOF\n", "RUN ", "ENV ", "```", "é", "$$", "&x ", "*x", "\\u00e9", "//",
         "#", "machine ", "password ", "\r\n", "---\n", ">-\n", "  ", "define ", "endef\n", "a:\n\t"]
    ), max_size=40,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_each_reader_is_a_function_of_its_module(syntax: str) -> None:
    module = importlib.import_module(f"pat_audit.formats.{READERS[syntax]}")
    assert callable(module.read)
    assert read(syntax, b"") == []


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(text=st.one_of(SIGNS, WORDS))
def test_any_text_is_read_or_refused_and_every_place_is_in_the_file(syntax: str, text: str) -> None:
    settings_of(syntax, text.encode("utf-8", "replace"))


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(data=st.binary(max_size=50))
def test_bytes_that_are_no_text_do_no_harm(syntax: str, data: bytes) -> None:
    _only_read(syntax, data)


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("[", "]"), ('{"a":', "}"), ("a {\n", "}\n"), ("<a>", "</a>"), ("x = [", "]"), ("- ", ""), ("> ", ""),
        ('a = "${', '}"'), ("a = f(", ")"), ("a = {a=", "}"), ("a:\n ", ""), ("{{", "}}"), ("[a]\n", ""),
        ('a = ["', '"]'),
    ],
)  # fmt: skip
def test_ten_thousand_levels_end_in_settings_or_a_refusal(syntax: str, opening: str, closing: str) -> None:
    began = time.process_time()
    for text in (opening * 10_000, opening * 10_000 + "x" + closing * 10_000):
        settings_of(syntax, text)
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("syntax", "line"),
    [
        ("json", '"k": ['), ("json", "'"), ("json", "/*"), ("json", '\\"'), ("yaml", "{{ "), ("yaml", "a: {{ x }}\n"),
        ("yaml", "a: 'x\n"), ("yaml", "\ta: }\n"), ("yaml", "- >\n  a\n"), ("yaml", "a:                   "),
        ("xml", "<!--"), ("xml", "<a b='"), ("xml", "<!DOCTYPE"), ("xml", "&x;"), ("ini", "[a "), ("ini", ' "'),
        ("git-config", '[a "'), ("git-config", 'a = "\\\n'), ("properties", "\\\n"), ("dotenv", 'A="'),
        ("dotenv", "A='\n"),
        ("netrc", 'password "'), ("netrc", "macdef x\n"), ("requirements", "--a "), ("dockerfile", "RUN <<A <<B \\\n"),
        ("dockerfile", 'ENV a="\\\n'), ("makefile", "a: b: "), ("makefile", "define x\n"), ("makefile", "\\\n"),
        ("markdown", "> ```a\n"), ("markdown", "```"), ("hcl", 'a = "${'), ("hcl", "a = <<E\n"), ("toml", 'a = """'),
        ("yarn-config", '"a '), ("yarn-config", "a  "), ("makefile", "a  "), ("dotenv", "a  "), ("properties", "a  "),
    ],
)  # fmt: skip
def test_time_grows_with_the_size_and_no_faster(syntax: str, line: str) -> None:
    def seconds(count: int) -> float:
        data = (line * count).encode()
        began = time.process_time()
        settings_of(syntax, data) if count < 100 else _only_read(syntax, data)
        return time.process_time() - began

    seconds(10)
    small = min(seconds(4_000) for _ in range(2))
    assert seconds(32_000) < max(1.0, small * 8 * 4)


def _only_read(syntax: str, data: bytes) -> None:
    with contextlib.suppress(Unparsable):
        read(syntax, data)
