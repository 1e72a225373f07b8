"""GitLab Code Quality: what GitLab's reader asks of each entry, and what it silently drops a report for."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jsonschema

from pat_audit.model import Fix, Location, Report, Safety, Severity
from pat_audit.report import Options, render

if TYPE_CHECKING:
    from pathlib import Path

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding

# What GitLab documents of each entry (https://docs.gitlab.com/ci/testing/code_quality/), tighter than what it reads.
TEXT = {"type": "string", "minLength": 1}
LINE = {"type": "integer", "minimum": 1}
ENTRY = {
    "type": "object",
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "properties": {
        "description": TEXT,
        "check_name": TEXT,
        "fingerprint": TEXT,
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": {
            "type": "object",
            "required": ["path", "lines"],
            "properties": {
                "path": {"type": "string", "not": {"pattern": r"^(/|\./|\.\./)"}},
                "lines": {
                    "type": "object",
                    "required": ["begin"],
                    "properties": {"begin": LINE, "end": LINE},
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        },
        "type": {"const": "issue"},
        "categories": {"type": "array", "items": {"const": "Security"}},
        "content": {"type": "object", "required": ["body"], "properties": {"body": TEXT}},
    },
    "additionalProperties": False,
}


def entries(report: Report, catalogue: Catalogue, root: Path) -> list[dict[str, Any]]:
    output = "".join(render("gitlab", report, catalogue, Options(root=str(root), show_suppressed=True)))
    assert output[0] == "["  # GitLab takes no byte order mark
    read = json.loads(output)
    jsonschema.validate(read, {"type": "array", "items": ENTRY})
    assert len({entry["fingerprint"] for entry in read}) == len(read)
    return list(read)


def test_an_entry(report: Report, catalogue: Catalogue, tmp_path: Path) -> None:
    (entry,) = entries(report, catalogue, tmp_path)
    said = "PAT201 ADO_PAT goes to Azure DevOps. Instead: Send an Entra token or Ask an administrator"
    assert entry["description"] == said
    assert (entry["check_name"], entry["severity"]) == ("PAT201", "major")
    assert entry["location"] == {"path": "tools/ado.py", "lines": {"begin": 12, "end": 12}}
    assert entries(Report((), (), 3), catalogue, tmp_path) == []


def test_severities_and_what_is_left_out(finding: Finding, catalogue: Catalogue, tmp_path: Path) -> None:
    findings = [replace(finding, severity=severity, fingerprint=severity.value) for severity in Severity]
    findings.append(replace(finding, suppressed="old server", fingerprint="s"))
    read = entries(Report(tuple(findings), (), 1), catalogue, tmp_path)
    assert sorted(entry["severity"] for entry in read) == ["critical", "info", "major"]


def test_equal_findings_and_odd_places_stay_apart(finding: Finding, catalogue: Catalogue, tmp_path: Path) -> None:
    nowhere = replace(finding, location=Location("b.py", 0, 0, 0, 0), fingerprint="", fixes=())
    steps = replace(finding, fixes=(Fix("Do it", Safety.MANUAL, steps=("One.", "Two.")),))
    read = entries(Report((finding, finding, nowhere, nowhere, steps), (), 1), catalogue, tmp_path)
    assert len(read) == 5
    assert [entry["content"]["body"] for entry in read if "content" in entry] == ["1. One.\n2. Two."]


def test_paths_are_the_repository_s(finding: Finding, catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()
    above = replace(finding, location=replace(finding.location, path="../top.py"))
    read = entries(Report((finding, above), (), 1), catalogue, tmp_path / "sub")
    assert sorted(entry["location"]["path"] for entry in read) == ["sub/tools/ado.py", "top.py"]
    at_top = replace(finding, location=replace(finding.location, path="sub/tools/ado.py"))
    (same,) = entries(Report((at_top,), (), 1), catalogue, tmp_path)
    assert same["fingerprint"] in {entry["fingerprint"] for entry in read}
