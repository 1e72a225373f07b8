"""Notebooks: each cell in one piece, with places in the strings that it is written in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import settings_of, values_of, written

from pat_audit.formats.readers import read
from pat_audit.formats.settings import Unparsable


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}


def test_cells_outputs_and_the_language() -> None:
    text = json.dumps(
        notebook(
            {"cell_type": "markdown", "metadata": {}, "source": "# title"},
            {"source": ["import x\n", "!curl -u :$PAT 'é'"], "cell_type": "code",
             "outputs": [{"name": "stdout", "text": ["one\n", "two"]},
                         {"data": {"text/plain": "three", "image/png": "AA"}},
                         {"ename": "E", "traceback": ["\x1b[0mfour"]}]},
            {"cell_type": "code", "source": []},
        ), indent=1,
    )  # fmt: skip
    found = values_of("notebook", text)
    assert sorted(found, key=str) == sorted(
        [
            ("cells", 0, "markdown", "# title"), ("cells", 1, "code", "import x\n!curl -u :$PAT 'é'"),
            ("cells", 1, "output", "one\ntwo"), ("cells", 1, "output", "three"), ("cells", 1, "output", "AA"),
            ("cells", 1, "output", "\x1b[0mfour"), ("language", "python"),
        ], key=str,
    )  # fmt: skip


def test_notebooks_of_the_third_version_are_read() -> None:
    cells = [{"cell_type": "code", "input": "x", "outputs": [{"text": "y"}], "language": "python"}]
    assert values_of("notebook", json.dumps({"worksheets": [{"cells": cells}]})) == [
        ("cells", 0, "code", "x"), ("cells", 0, "output", "y"),
    ]  # fmt: skip


@given(source=st.lists(st.text(st.sampled_from("ab é😀\"\\\t'"), max_size=10), max_size=4), escaped=st.booleans())
def test_every_line_of_a_cell_stands_where_the_place_says(source: list[str], escaped: bool) -> None:
    lines = ["x" + line + "\n" for line in source]
    data = json.dumps(notebook({"source": lines, "cell_type": "code"}), ensure_ascii=escaped).encode()
    found = [setting for setting in settings_of("notebook", data) if setting.path[0] == "cells"]
    assert [setting.value for setting in found] == (["".join(lines)] if lines else [])
    for setting in found:
        for word in setting.value.replace('"', " ").replace("\\", " ").split():
            assert not word.isascii() or written(setting, data, word)


def test_a_notebook_that_breaks_off_gives_its_first_cells() -> None:
    text = json.dumps(notebook({"cell_type": "code", "source": ["a"]}, {"cell_type": "code", "source": ["b"]}))
    with pytest.raises(Unparsable, match=r"^line 1: ") as refusal:
        read("notebook", text[: text.index('"b"')].encode())
    assert [setting.value for setting in refusal.value.settings] == ["a"]
