"""TOML held to what `tomllib` makes of it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import settings_of, values_of, written

from pat_audit.formats.readers import read
from pat_audit.formats.settings import Unparsable

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = r'''
top = "a" # note
"quoted key".'lit.eral' = 'C:\path'
numbers = [1, 2.5, true, 2026-01-01]

[[tool.uv.index]]
name = "one"
url = "https://u:p@h/simple/"

[[tool.uv.index]]
name = "two"
[tool.uv.index.sub]
deep = { a = { b.c = "x" }, d = ["y", { e = "z" }] }

[registries.private]
token = """
first \
    second\u00e9\t"quoted"
third"""
raw = """"q"""
lit = $$$
as\is
$$$
'''.replace("$$$", "'" * 3)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from leaves(member, (*path, key))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from leaves(member, (*path, number))
    elif isinstance(value, str):
        yield *path, value


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_document_is_read_as_tomllib_reads_it(ending: str) -> None:
    text = DOCUMENT.replace("\n", ending)
    strings = {values[:-1]: values[-1] for values in leaves(tomllib.loads(text))}
    found = {values[:-1]: values[-1] for values in values_of("toml", text)}
    assert {path: value.replace("\r\n", "\n") for path, value in found.items() if path in strings} == strings
    assert found["numbers", 1] == "2.5"
    assert found["numbers", 3] == "2026-01-01"


@given(
    value=st.text(st.sampled_from("ab é€😀\"'\\#\t\n=[]"), max_size=15), quote=st.sampled_from(['"', '"""', "'", "'''"])
)
def test_a_string_of_each_kind_is_read_as_tomllib_reads_it(value: str, quote: str) -> None:
    inner = value
    if quote.startswith('"'):
        inner = value.replace("\\", "\\\\").replace('"', '\\"')
        inner = inner if len(quote) == 3 else inner.replace("\n", "\\n")
    text = f"[é]\nkey = {quote}{inner}{quote} # note\nnext = 1\n"
    try:
        expected = tomllib.loads(text)["é"]["key"]
    except tomllib.TOMLDecodeError:
        return
    data = text.encode()
    setting, following = settings_of("toml", data)
    assert (setting.path, setting.value) == (("é", "key"), expected)
    assert following.value == "1"
    for word in expected.replace('"', " ").replace("\\", " ").split():
        assert written(setting, data, word)


def test_a_fault_costs_no_other_setting() -> None:
    with pytest.raises(Unparsable, match=r"^line 3: ") as refusal:
        read("toml", b'[a]\nb = "1"\nc = = 2\nd = "3"\n[e]\nf = "4"\n')
    assert {("a", "b", "1"), ("e", "f", "4")} <= {(*found.path, found.value) for found in refusal.value.settings}


def test_the_same_key_twice_gives_both() -> None:
    assert values_of("toml", 'a = "1"\na = "2"\n') == [("a", "1"), ("a", "2")]
