"""YAML with what people and templates do to it, and the place of every line of a block."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from reading import settings_of, values_of, written

from pat_audit.formats.readers import read
from pat_audit.formats.settings import Unparsable, place

WORDS = st.text(st.sampled_from("ab é€😀\t\n'\":#-\\"), max_size=25)


@given(
    values=st.lists(WORDS, max_size=4),
    style=st.sampled_from([None, "'", '"', "|", ">"]),
    width=st.sampled_from([10, 80]),
    wide=st.booleans(),
)
def test_what_yaml_writes_is_read_as_yaml_reads_it(
    values: list[str], style: str | None, width: int, wide: bool
) -> None:
    text = yaml.dump(
        {"é": values, "end": "x"},
        default_style=style,
        width=width,
        allow_unicode=wide,
        line_break=None,
        sort_keys=False,
    )
    loaded = yaml.safe_load(text)
    found = [setting.value for setting in settings_of("yaml", text)]
    expected = [value if isinstance(value, str) else str(value) for value in loaded["é"]]
    assert found == [*expected, "x"]


@given(
    lines=st.lists(st.text(st.sampled_from("ab é€#:'\" "), min_size=1, max_size=12), min_size=1, max_size=5),
    indent=st.integers(1, 5),
    ending=st.sampled_from(["\n", "\r\n"]),
    header=st.sampled_from(["|", "|-", "|+", "|  # note"]),
)
def test_every_line_of_a_literal_block_stands_where_the_place_says(
    lines: list[str], indent: int, ending: str, header: str
) -> None:
    lines = ["x" + line for line in lines]
    data = ending.join(["é: é", f"run: {header}", *(" " * indent + line for line in lines), "next: y"]).encode()
    _, setting, _ = settings_of("yaml", data)
    assert setting.value.rstrip("\n") == "\n".join(lines)
    at = 0
    for line in lines:
        raw = line.encode()
        assert bytes(data[place(setting, at + step)] for step in range(len(raw))) == raw
        at += len(raw) + 1
    assert data[setting.start : setting.end].startswith(lines[0].encode())
    assert data[setting.start : setting.end].endswith(lines[-1].encode())


def test_each_style_is_read_and_its_words_are_found() -> None:
    text = (
        "plain: one two\n  three\n"
        "single: 'it''s\n  here'\n"
        'double: "a\\tb \\u00e9\\\n   c\n  d"\n'
        "folded: >-\n   e f\n   g\n\n     h\n   i\n"
        "literal: |2\n     j\n   k\n"
    )
    data = text.encode()
    settings = settings_of("yaml", data)
    assert {setting.name: setting.value for setting in settings} == yaml.safe_load(text)
    for setting in settings:
        for word in setting.value.replace("é", " ").split():
            assert written(setting, data, word), (setting.name, word)


def test_anchors_merge_keys_and_aliases_are_kept_apart_from_values() -> None:
    text = (
        "base: &base {token: &t !!str secret, user: u}\n"
        "one:\n  <<: *base\n  again: *t\n  last: x\n"
        "two: [*t, y]\n*t : z\n"
    )
    assert values_of("yaml", text) == [
        ("base", "token", "secret"), ("base", "user", "u"), ("one", "last", "x"), ("two", 1, "y"), ("*t", "z"),
    ]  # fmt: skip
    [setting, *_] = settings_of("yaml", text)
    assert text[setting.start : setting.end] == "secret"


def test_the_same_key_twice_gives_both_values() -> None:
    assert values_of("yaml", "a: 1\na: 2\n") == [("a", "1"), ("a", "2")]


def test_several_documents_start_anew() -> None:
    assert values_of("yaml", "---\na: 1\n---\n- b\n...\n---\nc\n") == [("a", "1"), (0, "b"), ("c",)]


def test_a_key_that_is_a_list_does_no_harm() -> None:
    assert values_of("yaml", "? [a, b]\n: c\nd: {? {e: f} : g, h}\n")[-3:] == [
        ("d", "?", "e", "f"), ("d", "?", "g"), ("d", "h", ""),
    ]  # fmt: skip


def test_a_billion_laughs_cost_nothing() -> None:
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 60)]
    began = time.process_time()
    assert values_of("yaml", "\n".join(lines)) == [("a0", 0, "lol"), ("a0", 1, "lol")]
    assert time.process_time() - began < 2


HELM = """\
apiVersion: v1
{{- if .Values.enabled }}
metadata:
  name: {{ include "x.name" . }}-{{ .Release.Name }}
  labels:
    {{- include "x.labels" . | nindent 4 }}
  annotations: {{- toYaml .Values.annotations | nindent 4 }}
stringData:
  token: {{ .Values.token | quote }}
  quoted: "{{ default "none" .Values.other }}"
  fixed: value
  config: |
    a: {{ .Values.a }}
{{- range .Values.list }}
    b: {{ . }}
{{- end }}
    c: d
items:
{{- range $item := .Values.items }}
  - {{ toYaml $item | nindent 4 | trim }}
    port: 80
{{- end }}
{{- end }}
"""


def test_a_helm_template_is_read_with_its_expressions_in_the_values() -> None:
    settings = {setting.path: setting for setting in read("yaml", HELM.encode())}
    assert settings["metadata", "name"].value == '{{ include "x.name" . }}-{{ .Release.Name }}'
    assert settings["stringData", "token"].value == "{{ .Values.token | quote }}"
    assert settings["stringData", "quoted"].value == '{{ default "none" .Values.other }}'
    assert settings["stringData", "fixed"].value == "value"
    assert settings["items", 0, "port"].value == "80"
    config = settings["stringData", "config"]
    assert "a: {{ .Values.a }}\n" in config.value
    for line in ("a: {{ .Values.a }}", "b: {{ . }}", "c: d"):
        assert written(config, HELM.encode(), line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% if x %}\na: {{ b }}\n{% else %}\na: c\n{% endif %}\n", [("a", "{{ b }}"), ("a", "c")]),
        ("a: [{{ b }}, c]\n", [("a", 0, "{{ b }}"), ("a", 1, "c")]),
        ("{{ key }}: v\n", [("{{ key }}", "v")]),
        ("${{ if eq(a, 'b: c') }}:\n  d: ${{ e.f }}\n", [("${{ if eq(a, 'b: c') }}", "d", "${{ e.f }}")]),
        ("a: @version@\nb: @{u}\n", [("a", "@version@")]),
        ("a: {# note: #}b\n", [("a", "{# note: #}b")]),
        ("a: {{ multi\n  | line }}\nb: c\n", [("a", "{{ multi\n  | line }}"), ("b", "c")]),
        ("run: |\n  ${{ a }}\n  {{ b }}\n", [("run", "${{ a }}\n{{ b }}\n")]),
        ("a: {{ never closed\nb: c\n", []),
        ("a: {b: {c: {}}}\n", []),
    ],
)
def test_templates_of_other_kinds(text: str, expected: list[tuple[str, ...]]) -> None:
    assert values_of("yaml", text)[: len(expected)] == expected


def test_tabs_that_indent_are_named_and_read_past() -> None:
    with pytest.raises(Unparsable, match=r"^line 2: ") as refusal:
        read("yaml", b"a:\n\tb: 1\n\tc: 2\nd: 3\n")
    assert [(*setting.path, setting.value) for setting in refusal.value.settings] == [
        ("a", "b", "1"), ("a", "c", "2"), ("d", "3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: 'never closed\nc: 3\nd: 4\n", "a: 1\nb: [1, 2\nc: 3\nd: 4\n", "a: 1\nb: x: y\nc: 3\nd: 4\n",
        "a: 1\n b: }\nc: 3\nd: 4\n", "a: 1\n--- [\n---\nc: 3\nd: 4\n",
    ],
)  # fmt: skip
def test_reading_goes_on_behind_a_fault(text: str) -> None:
    with pytest.raises(Unparsable, match=r"^line [1-5]: ") as refusal:
        read("yaml", text.encode())
    values = [(*setting.path, setting.value) for setting in refusal.value.settings]
    assert values[-1] == ("d", "4")
    assert len(values) == len(set(values))
    for setting in refusal.value.settings:
        assert text[setting.start : setting.end].startswith(setting.value[:1])


def test_controls_that_yaml_refuses_are_read_past() -> None:
    assert values_of("yaml", "a: x\x1b[0my\nb: '\0'\n")[0] == ("a", "x\x1b[0my")


def test_line_ends_of_windows_leave_every_place_true() -> None:
    data = b"a: b\r\nrun: |\r\n  one\r\n\r\n  two\r\nlist:\r\n- 'x\r\n  y'\r\n"
    settings = settings_of("yaml", data)
    assert [setting.value for setting in settings] == ["b", "one\n\ntwo\n", "x y"]
    assert all(written(setting, data, word) for setting in settings for word in setting.value.split())
