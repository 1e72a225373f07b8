"""Terraform's language: blocks, templates, here-documents, objects inside function calls, broken text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import settings_of, values_of, written

from pat_audit.formats.readers import read
from pat_audit.formats.settings import Unparsable

DOCUMENT = r"""
# note
provider "azuredevops" {
  personal_access_token = "x${var.pat}\n\"q\" $${no}" // note
  alias                 = var.name
  count                 = -1
  list                  = [1, "two", { k = "v", "q" : local.x }]
  header                = base64encode(":${var.pat}")
  body = jsonencode({
    token = "written"
    deep  = { a = [var.b] }
  })
  pick = var.a ? "b" : "c"
  dynamic "setting" {
    for_each = true
    content { name = "é" }
  }
  indented = <<-EOT
    one ${var.x}
      two

    three
  EOT
  flush = <<EOT
  four
EOT
}
pat = null
"""


def test_blocks_are_paths_and_expressions_are_references() -> None:
    at = ("provider", "azuredevops")
    assert values_of("hcl", DOCUMENT) == [
        (*at, "personal_access_token", 'x${var.pat}\n"q" $${no}'), (*at, "alias", "${var.name}"), (*at, "count", "-1"),
        (*at, "list", 0, "1"), (*at, "list", 1, "two"), (*at, "list", 2, "k", "v"), (*at, "list", 2, "q", "${local.x}"),
        (*at, "header", '${base64encode(":${var.pat}")}'),
        (*at, "body", "${" + DOCUMENT[DOCUMENT.index("jsonencode") : DOCUMENT.index("  pick")].rstrip() + "}"),
        (*at, "body", "token", "written"), (*at, "body", "deep", "a", 0, "${var.b}"),
        (*at, "pick", '${var.a ? "b" : "c"}'),
        (*at, "dynamic", "setting", "for_each", "true"), (*at, "dynamic", "setting", "content", "name", "é"),
        (*at, "indented", "one ${var.x}\n  two\n\nthree\n"), (*at, "flush", "  four\n"), ("pat", "null"),
    ]  # fmt: skip


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_word_stands_where_the_place_says(ending: str) -> None:
    data = DOCUMENT.replace("\n", ending).encode()
    for setting in settings_of("hcl", data):
        value = setting.value
        if value.startswith("${") and data[setting.start : setting.start + 2] != b"${":
            value = value[2:-1]  # the reader's own
        for word in re.findall(r"\w+", value):
            assert written(setting, data, word), (setting.path, word)


@given(text=st.text(st.sampled_from('ab é😀\\"\n$%{}#'), max_size=12))
def test_a_string_without_templates_is_unescaped(text: str) -> None:
    if "${" in text or "%{" in text:
        return
    inner = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    assert values_of("hcl", f'a = "{inner}"\nb = "c"\n') == [("a", text), ("b", "c")]


def test_a_fault_costs_no_other_block() -> None:
    text = b'a "b" {\n  c = "1"\n}\nd = = "2"\ne "f" {\n  g = "3"\n}\n'
    with pytest.raises(Unparsable, match=r"^line [1-7]: ") as refusal:
        read("hcl", text)
    found = [(*setting.path, setting.value) for setting in refusal.value.settings]
    assert ("a", "b", "c", "1") in found
    assert any(values[-2:] == ("g", "3") for values in found)
