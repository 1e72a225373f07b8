"""The cases of CodeQL's hard-coded credentials queries: programs with `$ Alert` behind the lines that they report.

In the tests of older releases the lines stand in a file beside them (`*.expected`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks.peer_suites.case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ENDINGS = (".py", ".js", ".java", ".cs", ".go")
_FOLDER = re.compile(r"/test/.*cwe-798", re.IGNORECASE)
_ALERT = re.compile(r"(?://|#)[^\n]*\$[^\n]*\b(?:Alert|Hardcoded\w+|Source)\b")
_MISSING = re.compile(r"MISSING:\s*(?:Alert|Hardcoded)")
_EXPECTED = re.compile(r"^\| (?P<file>[\w./-]+):(?P<line>\d+):\d+:\d+:\d+ \|", re.MULTILINE)


def cases(checkout: Path) -> Iterator[Case]:
    """The cases of a checkout; a case's label is the language."""
    for path in sorted(each for ending in _ENDINGS for each in checkout.rglob(f"*{ending}")):
        where = str(path.relative_to(checkout))
        if not _FOLDER.search(f"/{where}") or "/vendor/" in where or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        lines = text.splitlines()
        wanted = {at for at, line in enumerate(lines, 1) if _ALERT.search(line) and not _MISSING.search(line)}
        wanted = wanted or set(_beside(path))
        label = where.partition("/")[0] if "/ql/" in where else path.suffix[1:]
        for at, line in enumerate(lines, 1):
            if at in wanted:
                yield Case(label, f"{where}:{at}", True, text, path.name, (at, at))
            elif re.search(r"[\"'`]", line):
                yield Case(label, f"{where}:{at}", False, text, path.name, (at, at))


def _beside(path: Path) -> Iterator[int]:
    for expected in sorted(path.parent.glob("*.expected")):
        for found in _EXPECTED.finditer(expected.read_text(encoding="utf-8", errors="replace")):
            if found["file"].rpartition("/")[2] == path.name:
                yield int(found["line"])
