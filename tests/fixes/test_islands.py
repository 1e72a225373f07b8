"""Fixes that are proven apart: which files belong together, and that processes change nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pat_audit import workers
from pat_audit.catalogue import load_catalogue
from pat_audit.config import load_config, with_rules
from pat_audit.fix_run import Mender
from pat_audit.fixes.islands import islands
from pat_audit.scan import scan, scan_files
from pat_audit.target import Target

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUE = load_catalogue(())
CALLS = """\
import os
import requests

pat = os.environ["ADO_PAT"]
requests.get("https://dev.azure.com/fabrikam/_apis/projects", auth=("", pat))
"""
HELPER = """\
import requests

def listed(url, pat):
    return requests.get(url, auth=("", pat))
"""
CALLER = """\
import os
from helper import listed

listed("https://dev.azure.com/fabrikam/_apis/projects", os.environ["ADO_PAT"])
"""
GO = """\
package ado

import (
	"net/http"
	"os"
)

func {name}() *http.Request {{
	request, _ := http.NewRequest("GET", "https://dev.azure.com/fabrikam/_apis/projects", nil)
	request.SetBasicAuth("", os.Getenv("ADO_PAT"))
	return request
}}
"""


def found(files: dict[str, str]) -> list[tuple[str, ...]]:
    report = scan_files({path: text.encode() for path, text in files.items()}, CATALOGUE)
    return islands(report.findings)


def test_few_files_stay_together_and_many_come_apart_in_their_order() -> None:
    assert found({f"{name}.py": CALLS for name in "ab"}) == [("a.py", "b.py")]
    assert found({f"{name}.py": CALLS for name in "abcdefg"}) == [
        ("a.py", "b.py", "c.py"), ("d.py", "e.py", "f.py"), ("g.py",),
    ]  # fmt: skip
    assert not found({"clean.py": "x = 1\n"})


def test_files_stay_together_that_findings_lead_through() -> None:
    files = {"a.py": CALLER, "z.py": HELPER.replace("listed", "sent"), "helper.py": HELPER}
    files |= {f"{name}.py": CALLS for name in "bcdefg"}
    files["y.py"] = CALLER.replace("from helper import listed", "from z import sent").replace("listed(", "sent(")
    report = scan_files({path: text.encode() for path, text in files.items()}, CATALOGUE)
    led = {
        (finding.path, step.location.path)
        for finding in report.findings
        for step in finding.trail
        if step.location.path != finding.path
    }
    assert {frozenset(pair) for pair in led} == {frozenset({"a.py", "helper.py"}), frozenset({"y.py", "z.py"})}
    groups = islands(report.findings)
    assert len(groups) > 1
    for group in groups:
        for here, there in led:
            assert here not in group or there in group or there not in {path for each in groups for path in each}


def test_a_go_package_shares_its_definitions() -> None:
    files = {f"ado/{name}.go": GO.format(name=name.title()) for name in "abcdef"}
    assert [len(each) for each in found(files)] == [6]
    elsewhere = {f"{name}/{name}.go": GO.format(name=name.title()) for name in "abcdef"}
    assert [len(each) for each in found(elsewhere)] == [3, 3]


@pytest.mark.skipif(not workers.can_fork(), reason="fixes are worked out in one process where there is no fork")
def test_in_how_many_processes_makes_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(7):
        (tmp_path / f"call{number}.py").write_text(CALLS, encoding="utf-8")
    (tmp_path / "helper.py").write_text(HELPER, encoding="utf-8")
    (tmp_path / "use.py").write_text(CALLER, encoding="utf-8")
    settings = replace(with_rules(load_config(["."], isolated=True), CATALOGUE.rule_names), jobs=1)
    report = scan(Target(["."], settings, CATALOGUE))
    alone = Mender(Target(["."], settings, CATALOGUE), None, None).attached(report)
    shared = Mender(Target(["."], replace(settings, jobs=3), CATALOGUE), None, None).attached(report)
    assert shared == alone
    edited = {finding.path for finding in alone.findings if any(fix.edits for fix in finding.fixes)}
    assert {f"call{number}.py" for number in range(7)} <= edited
    # a process that dies takes the fixes of its files with it, and says so
    monkeypatch.setattr("pat_audit.fixes.fixing.fixes_in", lambda *_: 1 / 0)
    lost = Mender(Target(["."], replace(settings, jobs=3), CATALOGUE), None, None).attached(report)
    assert len(lost.findings) == len(alone.findings)
    assert {problem.message.partition(":")[0] for problem in lost.problems} == {"its fixes are not worked out"}
