"""The cases of sarif-pattern-matcher: the inputs of its security plug-in and the SARIF that is expected of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benchmarks.peer_suites.case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DATA = "src/Plugins/Tests.Security/TestData/SecurePlaintextSecrets"


def cases(checkout: Path) -> Iterator[Case]:
    """The cases of a checkout: one for each result, and one for each line of a file that no result is expected on."""
    for path in sorted((checkout / _DATA / "Inputs").iterdir()):
        expected = checkout / _DATA / "ExpectedOutputs" / f"{path.stem}.sarif"
        if not expected.is_file():
            continue
        text = path.read_text(encoding="utf-8-sig")
        where = str(path.relative_to(checkout))
        label = path.stem.replace("_", "/", 1)
        taken: set[int] = set()
        for run in json.loads(expected.read_text(encoding="utf-8-sig"))["runs"]:
            for number, result in enumerate(run.get("results") or ()):
                lines = _lines(result)
                taken |= set(range(lines[0], lines[1] + 1))
                yield Case(label, f"{where}[{number}]", True, text, path.name, lines)
        for at, content in enumerate(text.splitlines(), 1):
            if at not in taken and len(content.strip()) > 20:
                yield Case(label, f"{where}:{at}", False, text, path.name, (at, at))


def _lines(result: dict[str, Any]) -> tuple[int, int]:
    region = result["locations"][0]["physicalLocation"]["region"]
    first = region["startLine"]
    return first, region.get("endLine", first)
