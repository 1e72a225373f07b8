"""XML without any expansion, its attributes and texts in place."""

from __future__ import annotations

import time
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import settings_of, values_of, written

from pat_audit.formats.readers import read
from pat_audit.formats.settings import Unparsable

TEXTS = st.text(st.sampled_from("ab é€😀<>&\"'?;# "), max_size=15)


@given(attribute=TEXTS, text=TEXTS, blank=st.sampled_from([" ", "\n\t", "\r\n  "]))
def test_attributes_and_texts_are_unescaped_and_in_place(attribute: str, text: str, blank: str) -> None:
    data = f"<é{blank}a='1'{blank}b={quoteattr(attribute)}{blank}><c>{escape(text)}</c></é>".encode()
    found = {setting.path: setting for setting in settings_of("xml", data)}
    assert found["é", "@a"].value == "1"
    assert found["é", "@b"].value == attribute
    assert (found["é", "c", "#text"].value if text.strip() else "") == text.strip()
    for setting in found.values():
        for word in setting.value.replace("&", " ").replace("<", " ").replace(">", " ").replace('"', " ").split():
            assert written(setting, data, word)


def test_what_stands_in_one_element_has_one_parent_and_no_other_element_has_it() -> None:
    text = '<c><add key="user" value="u"/><add key="pass" value="p"/><other><add key="x"/></other><add value="y"/></c>'
    assert [setting.name for setting in settings_of("xml", text)] == ["key", "value"] * 2 + ["key", "value"]
    assert values_of("xml", text) == [
        ("c", "add", "@key", "user"), ("c", "add", "@value", "u"),
        ("c", "add", 1, "@key", "pass"), ("c", "add", 1, "@value", "p"),
        ("c", "other", "add", "@key", "x"), ("c", "add", 2, "@value", "y"),
    ]  # fmt: skip


def test_text_is_joined_around_comments_and_markup() -> None:
    data = b"<a>\r\n  one &amp; <!-- not me -->two<![CDATA[ <three> & ]]>&#x34;<b>in</b> five\r\n</a>"
    inner, outer = settings_of("xml", data)
    assert (inner.path, inner.name, inner.value) == (("a", "b", "#text"), "b", "in")
    assert outer.value == "one & two <three> & 4 five"
    assert all(written(outer, data, word) for word in ("one", "two", "<three>", "five"))
    assert (outer.start, outer.end) == (data.index(b"one"), data.index(b"five") + 4)


LAUGHS = (
    '<!DOCTYPE lolz [ <!ENTITY lol0 "lol"> <!ENTITY % p "x"> <!ATTLIST r given CDATA "default">\n'
    + "\n".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 20))
    + "]>"
)


def test_no_entity_is_expanded_and_nothing_is_loaded() -> None:
    external = '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    began = time.process_time()
    assert values_of("xml", LAUGHS + '<r a="&lol19;">&lol19; x</r>') == [
        ("r", "@a", "&lol19;"), ("r", "#text", "&lol19; x"),
    ]  # fmt: skip
    assert values_of("xml", external + "<r>&e;</r>") == [("r", "#text", "&e;")]
    assert time.process_time() - began < 2


def test_a_lone_ampersand_and_a_control_are_read_past() -> None:
    assert values_of("xml", '<a b="https://h/?x=1&y=2&amp;z"><c>a\x01 & b</c></a>') == [
        ("a", "@b", "https://h/?x=1&y=2&z"), ("a", "c", "#text", "a\x01 & b"),
    ]  # fmt: skip


def test_what_a_declaration_says_of_the_encoding_does_not_matter() -> None:
    assert values_of("xml", '<?xml version="1.0" encoding="utf-16"?>\n<a b="é"/>') == [("a", "@b", "é")]
    assert values_of("xml", '\ufeff<?xml version="1.0" encoding="windows-1252"?>\n<a b="é"/>') == [("a", "@b", "é")]


@pytest.mark.parametrize(
    "text",
    ["<a>\n<b c='1'/>\n<d></a>", "<a>\n<b c='1'/>\n<d e=f/></a>", "<a>\n<b c='1'/>", "<a>\n<b c='1'/></a>\n<z/>"],
)
def test_a_fault_names_its_line_and_keeps_what_was_read(text: str) -> None:
    with pytest.raises(Unparsable, match=r"^line [23]: ") as refusal:
        read("xml", text.encode())
    assert (*refusal.value.settings[0].path, refusal.value.settings[0].value) == ("a", "b", "@c", "1")


def test_reading_goes_on_behind_a_fault() -> None:
    data = (
        b"<a>\n<b c='1'/>\n<d e=f>\n<add key='x' value='&amp;y'/><add key=\"z\"/>\n<t> some &lt; text </t></wrong></d>"
        b"<g h='2'></a>"
    )
    with pytest.raises(Unparsable, match=r"^line 3: ") as refusal:
        read("xml", data)
    found = [(*setting.path, setting.value) for setting in refusal.value.settings]
    assert found == [
        ("a", "b", "@c", "1"), ("a", "d", "add", "@key", "x"), ("a", "d", "add", "@value", "&y"),
        ("a", "d", "add", 1, "@key", "z"), ("a", "d", "t", "#text", "some < text"), ("a", "g", "@h", "2"),
    ]  # fmt: skip
    text = refusal.value.settings[4]
    assert data[text.start : text.end] == b"some &lt; text"
