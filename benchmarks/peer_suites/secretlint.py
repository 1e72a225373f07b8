"""The cases of secretlint: its rules' snapshots, a file and the messages that are expected of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks.peer_suites.case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def cases(checkout: Path) -> Iterator[Case]:
    """The cases of a checkout: one for each message, and one for a file of which no message is expected."""
    for path in sorted((checkout / "packages/@secretlint").glob("*/test/snapshots/*/output.json")):
        text_file = next((each for each in sorted(path.parent.glob("input*")) if each.is_file()), None)
        if text_file is None:
            continue
        rule = path.parents[3].name
        where = str(text_file.relative_to(checkout))
        text = text_file.read_text(encoding="utf-8", errors="replace")
        expected = json.loads(path.read_text(encoding="utf-8"))
        messages = expected.get("messages") or []
        for number, message in enumerate(messages):
            first, last = message["loc"]["start"], message["loc"]["end"]
            secret = text[slice(*message["range"])]
            label = f"{rule} {message.get('messageId', '')}"
            yield Case(label, f"{where}[{number}]", True, text, text_file.name, (first["line"], last["line"]), secret)
        if not messages:
            yield Case(rule, where, False, text, text_file.name)
