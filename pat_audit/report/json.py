"""The JSON document: a contract that other tools read."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pat_audit import __version__
from pat_audit.model import Severity
from pat_audit.report.neutral import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding
    from pat_audit.report.options import Options
    from pat_audit.report.shown import Shown


def render(shown: Shown, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """One document, indented by two."""
    document = {
        "version": 1,
        "tool": {"name": "pat-audit", "version": __version__},
        "summary": {
            "files": shown.files,
            "findings": shown.open,
            "by_severity": {severity.value: shown.count(severity) for severity in Severity},
            "suppressed": shown.suppressed,
        },
        "findings": [as_json(finding) for finding in shown.findings],
        "errors": [{"path": problem.path, "message": problem.message} for problem in shown.problems],
    }
    yield json_text(json.dumps(document, indent=2)) + "\n"


def as_json(finding: Finding) -> dict[str, Any]:
    """One finding as the contract has it."""
    where = finding.location
    return {
        "rule": finding.rule,
        "name": finding.name,
        "category": finding.category,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "path": where.path,
        "line": where.line,
        "column": where.column,
        "end_line": where.end_line,
        "end_column": where.end_column,
        "provider": finding.provider,
        "service": finding.service,
        "url": finding.url,
        "credential": finding.credential,
        "trail": [
            {
                "path": step.location.path,
                "line": step.location.line,
                "column": step.location.column,
                "note": step.note,
            }
            for step in finding.trail
        ],
        "fixes": [
            {
                "title": fix.title,
                "safety": fix.safety.value,
                "edits": [
                    {"path": edit.path, "start": edit.span.start, "end": edit.span.end, "text": edit.text}
                    for edit in fix.edits
                ],
                "steps": list(fix.steps),
            }
            for fix in finding.fixes
        ],
        "also": list(finding.also),
        "fingerprint": finding.fingerprint,
        "suppressed": finding.suppressed,
        **({"history": asdict(finding.history)} if finding.history is not None else {}),
    }
