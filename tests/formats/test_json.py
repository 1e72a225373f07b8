"""JSON as editors and tools write it: comments, trailing commas, marks, escapes, and files of any size."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import settings_of, values_of, written

from pat_audit.formats.readers import read
from pat_audit.formats.settings import MOST_SETTINGS, Unparsable, place

if TYPE_CHECKING:
    from collections.abc import Iterator

VALUES = st.recursive(
    st.one_of(st.text(max_size=12), st.integers(), st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from leaves(member, (*path, key))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from leaves(member, (*path, number))
    else:
        yield *path, value if isinstance(value, str) else json.dumps(value)


@given(value=VALUES, indent=st.sampled_from([None, 1, "\t"]), escaped=st.booleans())
def test_what_json_writes_is_read_as_json_reads_it(value: Any, indent: int | str | None, escaped: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=escaped)
    assert values_of("json", text.encode("utf-8", "replace")) == list(
        leaves(json.loads(text.encode("utf-8", "replace").decode()))
    )


@given(text=st.text(st.sampled_from('ab"\\\n\té€😀 '), max_size=20))
def test_what_is_not_escaped_stands_where_the_place_says(text: str) -> None:
    data = json.dumps({"é": text}, ensure_ascii=False).encode()
    [setting] = settings_of("json", data)
    for number, character in enumerate(text):
        if character not in '"\\\n\t':
            at = len(text[:number].encode())
            raw = character.encode()
            assert bytes(data[place(setting, at + step)] for step in range(len(raw))) == raw


def test_comments_trailing_commas_and_a_mark_are_no_fault() -> None:
    text = '\ufeff// head\n{"a": 1, /* not\n this: "b" */ "c": ["http://x//y", 2,], # shell\n "d": "x" // tail\n,}\n'
    assert read("json", text.encode())
    assert values_of("json", text) == [("a", "1"), ("c", 0, "http://x//y"), ("c", 1, "2"), ("d", "x")]


def test_single_quotes_and_bare_words_are_read_too() -> None:
    assert values_of("json", "{key: 'it\\'s', other: .5, list: [yes]}") == [
        ("key", "it's"), ("other", ".5"), ("list", 0, "yes"),
    ]  # fmt: skip


@pytest.mark.parametrize("template", ["{{ .Values.token }}", "${TOKEN}", "#{Token}#", "{% raw %}"])
def test_a_template_is_a_value(template: str) -> None:
    assert values_of("json", f'{{"token": {template}, "next": "{template}"}}') == [
        ("token", template), ("next", template),
    ]  # fmt: skip


def test_the_same_key_twice_gives_both_values_each_with_its_place() -> None:
    data = b'{"token": "first", "token": "second"}'
    first, second = settings_of("json", data)
    assert (data[first.start : first.end], data[second.start : second.end]) == (b"first", b"second")
    assert data[slice(*second.key)] == b"token"
    assert second.key[0] > first.end


def test_several_documents_in_one_file_are_read_in_turn() -> None:
    assert values_of("json", '{"a": 1}\n{"a": 2}\r\n[3]\n') == [("a", "1"), ("a", "2"), (0, "3")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"a": 1,\n "b": [2}', 2),
        ('{"a": 1,\n\n "b": "x\n}', 3),
        ('{"a": 1}\n}', 2),
        ('{"a": 1', 1),
        ('{"a": 1 /* x', 1),
    ],
)
def test_a_fault_names_its_line_and_keeps_what_was_read(text: str, line: int) -> None:
    with pytest.raises(Unparsable, match=f"^line {line}: ") as refusal:
        read("json", text.encode())
    assert refusal.value.settings[0].value == "1"


def test_a_joint_of_two_surrogates_is_one_character_and_half_of_it_is_none() -> None:
    assert values_of("json", '["\\ud83d\\ude00\\ud83d", "\\u00e9\\/\\n"]') == [(0, "😀\ufffd"), (1, "é/\n")]


def test_fifty_megabytes_take_seconds_and_are_cut() -> None:
    row = b'{"id": 12345, "name": "some name", "tags": ["a", "b"], "url": "https://example.invalid/x"},\n'
    data = b"[" + row * (50 * 1024 * 1024 // len(row)) + b"{}]"
    began = time.process_time()
    with pytest.raises(Unparsable, match="more than") as refusal:
        read("json", data)
    assert len(refusal.value.settings) == MOST_SETTINGS
    assert time.process_time() - began < 30


def test_a_value_of_another_text_is_found_through_its_escapes() -> None:
    data = rb'{"run": "echo \"hi\"\ncurl -u :x\thttps://h"}'
    [setting] = settings_of("json", data)
    assert written(setting, data, "curl -u :x")
    assert written(setting, data, "https://h")
