"""SARIF 2.1.0, as GitHub code scanning, Azure DevOps and editors read it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pat_audit import __version__
from pat_audit.report.neutral import json_text, neutral
from pat_audit.report.repository_paths import RepositoryPaths
from pat_audit.report.sarif_rules import LEVELS, SECURITY_SEVERITY, descriptor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding, Location, Problem
    from pat_audit.report.options import Options
    from pat_audit.report.repository import Repository
    from pat_audit.report.shown import Shown

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_MOST_LOCATIONS = 100  # per result, as GitHub shows them


def render(shown: Shown, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """One log with one run."""
    enabled = options.enabled
    rules = [rule for rule in catalogue.rules if enabled is None or rule.id in enabled]
    known = {rule.id for rule in rules}
    fired = {finding.rule for finding in shown.findings} - known  # rules about the run are always on
    rules += [rule for rule in catalogue.rules if rule.id in fired]
    paths = RepositoryPaths(options.root)
    indexes = {rule.id: index for index, rule in enumerate(rules)}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "pat-audit",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [descriptor(rule, catalogue) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not any(problem.fatal for problem in shown.problems),
                "toolExecutionNotifications": [_notification(problem, paths) for problem in shown.problems],
            }
        ],
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The top of the scanned repository."}}},
        "results": [_result(finding, catalogue, indexes, paths) for finding in shown.findings],
    }
    if paths.repository is not None and paths.repository.remote:
        run["versionControlProvenance"] = [_provenance(paths.repository)]
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield json_text(json.dumps(document, indent=2)) + "\n"


def _artifact(path: str, paths: RepositoryPaths) -> dict[str, Any]:
    """The `artifactLocation` of a path, relative to the top of the repository; an absolute URI outside."""
    inside = paths.inside(path)
    if inside is None:
        return {"uri": "file://" + quote(os.fsencode(paths.full(path).as_posix()))}
    return {"uri": quote(os.fsencode(inside)), "uriBaseId": "SRCROOT"}


def _result(finding: Finding, catalogue: Catalogue, indexes: dict[str, int], paths: RepositoryPaths) -> dict[str, Any]:
    steps = finding.trail[:_MOST_LOCATIONS]
    message = finding.message
    if steps:
        message += ". " + "; ".join(f"[{_link_text(step.note)}]({number})" for number, step in enumerate(steps))
    titles = [fix.title for fix in finding.fixes]
    if titles:
        message += "\nInstead: " + " or ".join(titles)
    fingerprint = finding.fingerprint
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": LEVELS[finding.severity.value],
        "message": {"text": message},
        "locations": [{"physicalLocation": _physical(finding.location, paths)}],
        "properties": {
            "category": finding.category,
            "confidence": finding.confidence.value,
            "security-severity": SECURITY_SEVERITY[finding.severity.value],
            **{
                key: value
                for key in ("provider", "service", "url", "credential")
                if (value := getattr(finding, key)) is not None
            },
        },
    }
    if finding.rule in indexes:
        result["ruleIndex"] = indexes[finding.rule]
    if fingerprint:
        result["partialFingerprints"] = {
            "primaryLocationLineHash": f"{fingerprint}:1",
            "patAudit/v1": fingerprint,
        }
    if steps:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _physical(step.location, paths),
                "message": {"text": step.note},
            }
            for number, step in enumerate(steps)
        ]
        flow = [(step.location, step.note) for step in steps]
        if flow[-1][0] != finding.location:
            flow.append((finding.location, finding.message))
        result["codeFlows"] = [{"threadFlows": [{"locations": [_flow_step(*step, paths) for step in flow]}]}]
    fixes = [_fix(finding, index, paths) for index, fix in enumerate(finding.fixes) if fix.edits]
    if fixes:
        result["fixes"] = fixes
    if finding.suppressed is not None:
        kind = "external" if finding.baselined else "inSource"
        result["suppressions"] = [{"kind": kind, "justification": finding.suppressed}]
    return result


def _physical(where: Location, paths: RepositoryPaths) -> dict[str, Any]:
    start = (max(where.line, 1), max(where.column, 1))
    end = max((where.end_line, max(where.end_column, 1)), start)
    region = {"startLine": start[0], "startColumn": start[1], "endLine": end[0], "endColumn": end[1]}
    return {"artifactLocation": _artifact(where.path, paths), "region": region}


def _flow_step(where: Location, note: str, paths: RepositoryPaths) -> dict[str, Any]:
    return {"location": {"physicalLocation": _physical(where, paths), "message": {"text": note}}}


def _fix(finding: Finding, index: int, paths: RepositoryPaths) -> dict[str, Any]:
    fix = finding.fixes[index]
    by_path: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        by_path.setdefault(edit.path, []).append(
            {
                "deletedRegion": {
                    "byteOffset": edit.span.start,
                    "byteLength": edit.span.end - edit.span.start,
                },
                "insertedContent": {"text": edit.text},
            }
        )
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {"artifactLocation": _artifact(path, paths), "replacements": edits} for path, edits in by_path.items()
        ],
    }


def _notification(problem: Problem, paths: RepositoryPaths) -> dict[str, Any]:
    return {
        "level": "error" if problem.fatal else "warning",
        "message": {"text": f"{neutral(problem.path)}: {problem.message}"},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(problem.path, paths)}}],
    }


def _provenance(found: Repository) -> dict[str, Any]:
    provenance: dict[str, Any] = {"repositoryUri": found.remote, "mappedTo": {"uriBaseId": "SRCROOT"}}
    if found.revision:
        provenance["revisionId"] = found.revision
    if found.branch:
        provenance["branch"] = found.branch
    return provenance


def _link_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
