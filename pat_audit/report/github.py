"""Annotations for GitHub Actions: `::error file=…,line=…::message`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.model import Severity
from pat_audit.report.neutral import neutral

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.report.options import Options
    from pat_audit.report.shown import Shown

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(shown: Shown, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """A command for each finding and each problem; GitHub shows ten of a kind per step."""
    for finding in shown.findings:
        if finding.suppressed is not None:
            continue
        where = finding.location
        properties = {
            "title": f"{finding.rule} {finding.name}",
            "file": where.path,
            "line": str(where.line),
            "endLine": str(where.end_line),
            "col": str(where.column),
        }
        if where.end_line == where.line:
            properties["endColumn"] = str(where.end_column)
        instead = " or ".join(fix.title.rstrip(".") for fix in finding.fixes)
        message = f"{finding.message}. Instead: {instead}" if instead else finding.message
        yield _command(_COMMANDS[finding.severity], properties, message)
    for problem in shown.problems:
        yield _command("error" if problem.fatal else "notice", {"file": problem.path}, problem.message)


def _command(name: str, properties: dict[str, str], message: str) -> str:
    written = ",".join(f"{key}={neutral(value).translate(_IN_PROPERTY)}" for key, value in properties.items())
    return f"::{name} {written}::{neutral(message).translate(_IN_MESSAGE)}\n"
