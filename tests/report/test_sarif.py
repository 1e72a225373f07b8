"""SARIF: what the standard, GitHub code scanning and Azure DevOps require of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pat_audit.model import Location, Problem, Report, Step
from pat_audit.report import Options, render
from pat_audit.report.repository import repository

if TYPE_CHECKING:
    from pathlib import Path

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding


def run_of(report: Report, catalogue: Catalogue, options: Options) -> dict[str, Any]:
    document = json.loads("".join(render("sarif", report, catalogue, options)))
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run,) = document["runs"]
    assert isinstance(run, dict)
    return run


@pytest.fixture
def run(report: Report, catalogue: Catalogue, tmp_path: Path) -> dict[str, Any]:
    """The run of the sample report."""
    return run_of(report, catalogue, Options(root=str(tmp_path)))


def test_all_enabled_rules_are_listed_with_all_that_code_scanning_asks_for(
    run: dict[str, Any], report: Report, catalogue: Catalogue, tmp_path: Path
) -> None:
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["PAT201", "PAT902"]
    for rule in rules:
        for text in (rule["shortDescription"]["text"], rule["fullDescription"]["text"]):
            assert 0 < len(text) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert "security" in rule["properties"]["tags"]
        assert len(rule["properties"]["tags"]) <= 10
        assert rule["properties"]["precision"] in ("very-high", "high", "medium", "low")
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
    some = Options(root=str(tmp_path), enabled=frozenset({"PAT902"}))
    fired = run_of(report, catalogue, some)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in fired] == ["PAT902", "PAT201"]


def test_a_result(run: dict[str, Any]) -> None:
    (result,) = run["results"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("PAT201", 0, "warning")
    assert result["message"]["text"] == (
        "ADO_PAT goes to Azure DevOps. [read from ADO_PAT](0)\nInstead: Send an Entra token or Ask an administrator"
    )
    (location,) = result["locations"]
    physical = location["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": "tools/ado.py", "uriBaseId": "SRCROOT"}
    assert physical["region"] == {"startLine": 12, "startColumn": 16, "endLine": 12, "endColumn": 50}
    assert result["partialFingerprints"] == {"primaryLocationLineHash": "f1:1", "patAudit/v1": "f1"}
    (related,) = result["relatedLocations"]
    assert (related["id"], related["message"]["text"]) == (0, "read from ADO_PAT")
    ((flow,),) = [flow["threadFlows"] for flow in result["codeFlows"]]
    notes = [step["location"]["message"]["text"] for step in flow["locations"]]
    assert notes == ["read from ADO_PAT", "ADO_PAT goes to Azure DevOps"]
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["replacements"] == [
        {"deletedRegion": {"byteOffset": 100, "byteLength": 34}, "insertedContent": {"text": "new"}}
    ]
    assert "suppressions" not in result
    assert "snippet" not in json.dumps(result)


def test_the_run(run: dict[str, Any]) -> None:
    assert run["columnKind"] == "unicodeCodePoints"
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    first, second = invocation["toolExecutionNotifications"]
    assert (first["level"], second["level"]) == ("warning", "error")
    assert first["message"]["text"] == "old.py: cannot be parsed: print"
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "old.py"
    assert "versionControlProvenance" not in run


def test_suppressed_results_say_so(finding: Finding, catalogue: Catalogue, tmp_path: Path) -> None:
    report = Report((replace(finding, suppressed="old server"),), (), 1)
    assert run_of(report, catalogue, Options(root=str(tmp_path)))["results"] == []
    (result,) = run_of(report, catalogue, Options(root=str(tmp_path), show_suppressed=True))["results"]
    assert result["suppressions"] == [{"kind": "inSource", "justification": "old server"}]


def test_odd_places(finding: Finding, catalogue: Catalogue, tmp_path: Path) -> None:
    odd = replace(
        finding,
        location=Location("a b/é#%?.py", 0, 0, 0, 0),
        trail=(Step(Location("/elsewhere/x.py", 3, 4, 2, 1), "from [a] b"),),
        fingerprint="",
    )
    report = Report((odd,), (Problem("", "whole run"),), 1)
    (result,) = run_of(report, catalogue, Options(root=str(tmp_path)))["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "a%20b/%C3%A9%23%25%3F.py"
    assert physical["region"] == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}
    related = result["relatedLocations"][0]["physicalLocation"]
    assert related["artifactLocation"] == {"uri": "file:///elsewhere/x.py"}
    assert related["region"] == {"startLine": 3, "startColumn": 4, "endLine": 3, "endColumn": 4}
    assert r"[from \[a\] b](0)" in result["message"]["text"]
    assert "partialFingerprints" not in result


def git_folder(top: Path, url: str) -> str:
    commit = "0123456789abcdef0123456789abcdef01234567"
    (top / ".git/refs/heads").mkdir(parents=True)
    (top / ".git/HEAD").write_text("ref: refs/heads/main\n")
    (top / ".git/refs/heads/main").write_text(commit + "\n")
    (top / ".git/config").write_text(f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {url}\n\tfetch = x\n')
    return commit


def test_paths_are_relative_to_the_repository_and_its_origin_is_named(
    finding: Finding, catalogue: Catalogue, tmp_path: Path
) -> None:
    commit = git_folder(tmp_path, "https://me:hunter2abc@dev.azure.com/o/p/_git/r")
    (tmp_path / "sub").mkdir()
    run = run_of(Report((finding,), (), 1), catalogue, Options(root=str(tmp_path / "sub")))
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "sub/tools/ado.py"
    assert run["versionControlProvenance"] == [
        {
            "repositoryUri": "https://dev.azure.com/o/p/_git/r",
            "mappedTo": {"uriBaseId": "SRCROOT"},
            "revisionId": commit,
            "branch": "main",
        }
    ]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("git@github.com:o/r.git", "https://github.com/o/r.git"),
        ("ssh://git@host/o/r", "ssh://host/o/r"),
        ("https://token@host/o/r", "https://host/o/r"),
        ("/srv/git/r", ""),
        ("../r", ""),
    ],
)
def test_a_remote_is_named_without_its_user(tmp_path: Path, url: str, shown: str) -> None:
    git_folder(tmp_path, url)
    found = repository(str(tmp_path))
    assert found is not None
    assert found.remote == shown


def test_odd_repositories(tmp_path: Path) -> None:
    commit = git_folder(tmp_path / "main", "https://h/r")
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / ".git").write_text(f"gitdir: {tmp_path}/main/.git/worktrees/linked\n")
    own = tmp_path / "main/.git/worktrees/linked"
    own.mkdir(parents=True)
    (own / "HEAD").write_text("ref: refs/heads/packed\n")
    (own / "commondir").write_text("../..\n")
    (tmp_path / "main/.git/packed-refs").write_text(f"# pack-refs\n{commit} refs/heads/packed\n")
    found = repository(str(linked))
    assert found is not None
    assert (found.revision, found.branch, found.remote) == (commit, "packed", "https://h/r")
    broken = tmp_path / "broken"
    (broken / ".git").mkdir(parents=True)
    (broken / ".git/HEAD").write_text("ref: ../../../etc/passwd\n")
    found = repository(str(broken))
    assert found is not None
    assert (found.revision, found.remote) == ("", "")
