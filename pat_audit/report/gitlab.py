"""GitLab Code Quality: a JSON list with one entry for each finding, as merge requests show it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from pat_audit.model import Severity
from pat_audit.report.neutral import json_text
from pat_audit.report.repository_paths import RepositoryPaths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding
    from pat_audit.report.options import Options
    from pat_audit.report.shown import Shown

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def render(shown: Shown, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """The list, without what comments suppress: GitLab would show it as open."""
    paths = RepositoryPaths(options.root)
    seen: set[str] = set()
    entries = [_entry(finding, paths, seen) for finding in shown.findings if finding.suppressed is None]
    yield json_text(json.dumps(entries, indent=2)) + "\n"


def _entry(finding: Finding, paths: RepositoryPaths, seen: set[str]) -> dict[str, Any]:
    where = finding.location
    path = paths.inside(where.path) or where.path
    instead = " or ".join(fix.title.rstrip(".") for fix in finding.fixes)
    # Only the description is displayed, so it names the rule and what to do, too.
    described = f"{finding.rule} {finding.message}" + (f". Instead: {instead}" if instead else "")
    entry: dict[str, Any] = {
        "type": "issue",
        "check_name": finding.rule,
        "description": described,
        "categories": ["Security"],
        "severity": _SEVERITIES[finding.severity],
        "fingerprint": _fingerprint(finding, path, seen),
        "location": {
            "path": path,
            "lines": {"begin": max(where.line, 1), "end": max(where.line, where.end_line, 1)},
        },
    }
    steps = [f"{number}. {step}" for fix in finding.fixes[:1] for number, step in enumerate(fix.steps, 1)]
    if steps:
        entry["content"] = {"body": "\n".join(steps)}
    return entry


def _fingerprint(finding: Finding, path: str, seen: set[str]) -> str:
    """The finding's own, made one for the repository's path; no two entries of a report have the same."""
    own = finding.fingerprint or f"{finding.rule}:{finding.location.line}"
    for number in range(len(seen) + 1):
        text = f"{own}\0{path}\0{number}".encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(text).hexdigest()[:32]
        if digest not in seen:
            break
    seen.add(digest)
    return digest
