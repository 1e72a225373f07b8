"""The cases of CredSweeper: its sample files, and what it expects of each line of them.

What stands in a sample file on a line that nothing is expected of is a negative case, where the file has others.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks.peer_suites.case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_EXPECTED = "tests/data/output.json"
_LARGEST = 200_000  # bytes


def cases(checkout: Path) -> Iterator[Case]:
    """The cases of a checkout."""
    expected = json.loads((checkout / _EXPECTED).read_text(encoding="utf-8"))
    labels: dict[str, dict[str, None]] = {}
    lines: dict[str, set[int]] = {}
    for number, one in enumerate(expected):
        for line in one["line_data_list"]:
            path = line["path"].removeprefix("./")
            text = _text(checkout / path)
            if text is None or line["line_num"] < 1:
                continue
            labels.setdefault(path, {})[one["rule"]] = None
            lines.setdefault(path, set()).add(line["line_num"])
            at = (line["line_num"], line["line_num"])
            yield Case(one["rule"], f"{path}:{at[0]}[{number}]", True, text, _name(path), at, line["value"] or "")
    for path in sorted(labels):
        text = _text(checkout / path) or ""
        for number, content in enumerate(text.splitlines(), 1):
            if number not in lines[path] and len(content.strip()) > 20:
                for label in labels[path]:
                    yield Case(label, f"{path}:{number}", False, text, _name(path), (number, number))


def _name(path: str) -> str:
    """The sample's name; one without an ending is text."""
    name = path.rpartition("/")[2]
    return name if "." in name else f"{name}.txt"


def _text(path: Path) -> str | None:
    """A sample's text; None for what is no text, or too much of it."""
    if not path.is_file() or path.stat().st_size > _LARGEST:
        return None
    try:
        return path.read_text(encoding="utf-8")
    except ValueError:
        return None
