"""What CONTRIBUTING.md says of a new library is true: its file is enough for its sample to be found."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.example_marks import marks, without_marks
from pat_audit.scan import scan_files

TEXT = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"# rules/(libraries/(\w+)/\w+\.yaml)\n")


def samples() -> list[tuple[str, str, str]]:
    """Each library file that has a sample behind it: its place, its text and the sample."""
    fences = _FENCE.findall(TEXT)
    found = []
    for (_, text), (language, sample) in pairwise(fences):
        place = _PLACE.match(text)
        if place is not None and place[2] == language:
            found.append((place[1], text, sample))
    return found


def test_there_is_a_sample() -> None:
    assert [place for place, _, _ in samples()] == ["libraries/csharp/acme_http.yaml"]


@pytest.mark.parametrize(("place", "text", "sample"), samples())
def test_a_new_library_is_one_file(place: str, text: str, sample: str, tmp_path: Path) -> None:
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    file.write_text(text)
    wanted = {(line, rule) for line, rules in marks(sample).items() for rule in rules}
    program = {"Fetch.cs": without_marks(sample).encode()}
    loud = scan_files(program, load_catalogue([tmp_path], plugins=False, cache=False)).findings
    assert {(finding.location.line, finding.rule) for finding in loud if finding.severity.value != "note"} == wanted
    without = scan_files(program, load_catalogue(plugins=False, cache=False)).findings
    assert not [finding for finding in without if finding.severity.value != "note"]
