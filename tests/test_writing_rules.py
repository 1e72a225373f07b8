"""What docs/writing-rules.md shows works as it stands there: the folder passes its check, and the sample is found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.example_marks import marks, without_marks
from pat_audit.rules_check import check_rules
from pat_audit.scan import scan_files

TEXT = (Path(__file__).parent.parent / "docs/writing-rules.md").read_text(encoding="utf-8")
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"# company-rules/(\S+\.yaml)\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files that the page shows, where it says they are."""
    for language, text in _FENCE.findall(TEXT):
        place = _PLACE.match(text)
        if language == "yaml" and place:
            file = tmp_path / place[1]
            file.parent.mkdir(parents=True)
            file.write_text(text)
    return tmp_path


def test_the_folder_passes_its_check(folder: Path) -> None:
    assert sorted(each.name for each in folder.rglob("*.yaml")) == [
        "FAB101-prompted-password.yaml",
        "fabrikam-gateway.yaml",
    ]
    mistakes, rules, examples = check_rules(str(folder), scan_files)
    assert (mistakes, rules, examples) == ([], 1, 2)


def test_the_sample_is_found_by_it_alone(folder: Path) -> None:
    (sample,) = [text for language, text in _FENCE.findall(TEXT) if language == "python"]
    wanted = {(line, rule) for line, rules in marks(sample).items() for rule in rules}
    program = {"orders.py": without_marks(sample).encode()}
    found = scan_files(program, load_catalogue([folder], plugins=False, cache=False)).findings
    assert {(each.location.line, each.rule) for each in found} == wanted
    assert not scan_files(program, load_catalogue(plugins=False, cache=False)).findings
