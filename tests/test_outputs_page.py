"""The README, the page on outputs and `--help` name the same formats, and what they show is true."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from pat_audit.cli import main
from pat_audit.config import OUTPUT_FORMATS
from pat_audit.report.csv import COLUMNS

CHECKOUT = Path(__file__).parent.parent
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
PAGE = (CHECKOUT / "docs/outputs.md").read_text(encoding="utf-8")


def in_table(text: str, head: str) -> list[str]:
    """The words in backticks in the first column of the table that begins with `head`."""
    rows = text[text.index(head) :].split("\n\n", 1)[0].splitlines()[2:]
    return [word for row in rows for word in re.findall(r"`([\w-]+)`", row.split("|")[1])]


def test_each_format_is_in_both_tables_and_has_a_section() -> None:
    assert sorted(in_table(README, "| `--output-format` |")) == sorted(OUTPUT_FORMATS)
    assert sorted(in_table(PAGE, "| format |")) == sorted(OUTPUT_FORMATS)
    titles = " and ".join(re.findall(r"^## (.+)$", PAGE, re.MULTILINE)).split(" and ")
    assert sorted({*titles, "concise"}) == sorted(OUTPUT_FORMATS)


def test_the_commands_of_the_page_have_the_options_that_they_use() -> None:
    check = main.commands["check"]
    known = {name for each in check.params for name in each.opts if isinstance(each, click.Option)}
    used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE))
    assert used <= known


def test_the_columns_of_the_csv_are_listed() -> None:
    sentence = re.search(r"A row for each finding: (.*?)\. UTF-8", PAGE, re.DOTALL)
    assert sentence is not None
    named = [part.split()[0] for part in re.sub(r"\(.*?\)", "", sentence[1]).split(",")]
    assert named == list(COLUMNS)


def test_the_json_of_the_page_is_json() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert json.loads(example)["version"] == 1
