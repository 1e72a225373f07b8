"""The cases of Titus, which goes on from Nosey Parker: the examples in its rules, and its folder of made-up secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks.peer_suites import rule_examples
from benchmarks.peer_suites.case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TITLE = re.compile(r"#\s*(?P<title>.+?)\s*\((?P<id>np\.[\w.]+)\)")


def cases(checkout: Path) -> Iterator[Case]:
    """The cases of a checkout."""
    yield from rule_examples.read(checkout, "pkg/rule/rules")
    for path in sorted((checkout / "testdata/secrets").glob("*.txt")):
        label = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = _TITLE.match(line)
            if found:
                label = f"{found['id']} {found['title']}"
            elif label and line and not line.startswith("#"):
                yield Case(label, f"{path.relative_to(checkout)}:{number}", True, line)
