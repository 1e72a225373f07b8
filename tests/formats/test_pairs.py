"""Names with quoted values in text of any language."""

from __future__ import annotations

from pat_audit.formats.pairs import read


def test_each_quoted_value_stands_under_the_name_before_it() -> None:
    data = (
        b"""headers => { Authorization => "Basic x" }\ncurl_setopt($c, CURLOPT_USERPWD, ":$pat");\nh["Token"] = 'a'\n"""
    )
    found = {setting.name: setting.value for setting in read(data)}
    assert found == {"Authorization": "Basic x", "CURLOPT_USERPWD": ":$pat", "Token": "a"}


def test_places_are_the_bytes_between_the_quotes() -> None:
    data = "größe = 'x'\r\nkey: \"wert ü\"\r\n".encode()
    for setting in read(data):
        assert data[setting.start : setting.end].decode() == setting.value


def test_a_quote_that_is_never_closed_ends_with_its_line() -> None:
    assert [setting.name for setting in read(b"a = \"open\nb = 'closed'\n")] == ["b"]
