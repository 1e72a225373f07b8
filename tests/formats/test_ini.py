"""INI files as pip, npm, twine, git, Java and Yarn write them."""

from __future__ import annotations

import configparser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import settings_of, values_of, written

WORDS = st.text(st.sampled_from("ab é€/:@.-"), max_size=15).map(str.strip)


@given(
    values=st.lists(WORDS, min_size=1, max_size=3),
    ending=st.sampled_from(["\n", "\r\n"]),
    sign=st.sampled_from([" = ", "=", " : "]),
)
def test_a_section_is_read_as_configparser_reads_it(values: list[str], ending: str, sign: str) -> None:
    lines = ["[distutils]", "index-servers =", "    pypi", "    private", "; note", "", "[private é]"]
    lines += [f"key{number}{sign}{value}" for number, value in enumerate(values)]
    text = ending.join(lines) + ending
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    expected = [(name, key, value.strip()) for name in parser.sections() for key, value in parser[name].items()]
    data = text.encode()
    settings = settings_of("ini", data)
    assert [(*setting.path, setting.value.strip()) for setting in settings] == expected
    assert all(written(setting, data, word) for setting in settings for word in setting.value.split())
    assert all(data[slice(*setting.key)].decode() == setting.name for setting in settings)


def test_the_keys_of_npm_hold_colons() -> None:
    text = (
        "//pkgs.dev.azure.com/o/_packaging/f/npm/registry/:_password=secret\n"
        "@scope:registry=https://h/x\nregistry = https://h/?a=b\n; note\n# note\n"
        '//h:8080/:_authToken=${TOKEN}\nemail="a@b" ; note\nalways-auth\n  _auth=x\n//h/:username = u\n'
    )
    assert values_of("ini", text) == [
        ("//pkgs.dev.azure.com/o/_packaging/f/npm/registry/:_password", "secret"), ("@scope:registry", "https://h/x"),
        ("registry", "https://h/?a=b"), ("//h:8080/:_authToken", "${TOKEN}"), ("email", "a@b"), ("always-auth", ""),
        ("_auth", "x"), ("//h/:username", "u"),
    ]  # fmt: skip


def test_addresses_on_several_lines_are_one_value_with_a_place_for_each() -> None:
    data = b"[global]\nextra-index-url =\n    https://a:b@h/x?y=z\n    # note\n\n    https://i/\ntimeout: 60\n"
    urls, timeout = settings_of("ini", data)
    assert urls.value == "https://a:b@h/x?y=z\nhttps://i/"
    assert all(written(urls, data, url) for url in urls.value.split())
    assert (timeout.path, timeout.value) == (("global", "timeout"), "60")


GIT = """\
; note
[core]
\tbare
\tautocrlf = true # note
[http "https://dev.azure.com/a \\"b\\""] extraheader = "AUTHORIZATION: basic a;b#c" ; note
[url "https://h/"]
\tinsteadOf = a \\
  b "c  d" \\"e\\t\\
f   # note
[credential]
\thelper =
"""


def test_git_joins_lines_and_takes_quotes_off() -> None:
    data = GIT.encode()
    settings = settings_of("git-config", data)
    assert [(*setting.path, setting.value) for setting in settings] == [
        ("core", "bare", "true"), ("core", "autocrlf", "true"),
        ("http", 'https://dev.azure.com/a "b"', "extraheader", "AUTHORIZATION: basic a;b#c"),
        ("url", "https://h/", "insteadOf", 'a   b c  d "e\tf'), ("credential", "helper", ""),
    ]  # fmt: skip
    assert written(settings[2], data, "AUTHORIZATION: basic a;b#c")
    assert all(written(settings[3], data, word) for word in ("a", "b", "c  d", "f"))
    assert data[slice(*settings[2].key)] == b"extraheader"


PROPERTIES = (
    "# note\n! note\nplain=a b\n spaced : c\nblank d\nurl=https://h:1/?a=b\nescaped\\ key\\:x = \\u00e9\\tq\\\\\n"
    "long = one, \\\n    two\\\n\nempty\nlast=\\u0041"
)


def test_properties_are_read_as_java_reads_them() -> None:
    data = PROPERTIES.encode()
    settings = settings_of("properties", data)
    assert [(*setting.path, setting.value) for setting in settings] == [
        ("plain", "a b"), ("spaced", "c"), ("blank", "d"), ("url", "https://h:1/?a=b"), ("escaped key:x", "é\tq\\"),
        ("long", "one, two"), ("empty", ""), ("last", "A"),
    ]  # fmt: skip
    long = settings[5]
    assert written(long, data, "one, ")
    assert written(long, data, "two")


@pytest.mark.parametrize("key", ['"//h/:_authToken"', "_authToken"])
def test_yarn_parts_key_and_value_by_a_blank(key: str) -> None:
    data = f'# note\nregistry "https://h/"\n{key} abc\nlast true\n'.encode()
    settings = settings_of("yarn-config", data)
    assert [setting.value for setting in settings] == ["https://h/", "abc", "true"]
    assert settings[1].name == key.strip('"')
    assert all(data[setting.start : setting.end].decode() == setting.value for setting in settings)
