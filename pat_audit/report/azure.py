"""Issues for Azure Pipelines: `##vso[task.logissue …]message`; notes, unknown to it, are plain lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pat_audit.model import Severity
from pat_audit.report.neutral import neutral

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.report.options import Options
    from pat_audit.report.shown import Shown

_ESCAPES = str.maketrans({"%": "%AZP25", ";": "%3B", "\r": "%0D", "\n": "%0A", "]": "%5D"})


def render(shown: Shown, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """A command for each error, warning and problem, a line for each note."""
    root = Path(options.root).absolute()
    for finding in shown.findings:
        if finding.suppressed is not None:
            continue
        where = finding.location
        instead = " or ".join(fix.title.rstrip(".") for fix in finding.fixes)
        message = f"{finding.message}. Instead: {instead}" if instead else finding.message
        if finding.severity is Severity.NOTE:
            yield neutral(f"{where.path}:{where.line}:{where.column}: {finding.rule} {message}") + "\n"
            continue
        properties = {
            "type": finding.severity.value,
            "sourcepath": str(root / where.path),
            "linenumber": str(where.line),
            "columnnumber": str(where.column),
            "code": finding.rule,
        }
        yield _issue(properties, message)
    for problem in shown.problems:
        kind = "error" if problem.fatal else "warning"
        yield _issue({"type": kind, "sourcepath": str(root / problem.path)}, problem.message)


def _issue(properties: dict[str, str], message: str) -> str:
    written = "".join(f"{key}={neutral(value).translate(_ESCAPES)};" for key, value in properties.items())
    return f"##vso[task.logissue {written}]{neutral(message).translate(_ESCAPES)}\n"
