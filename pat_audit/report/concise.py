"""One line per finding, as compilers write them: `path:line:column: PAT201 message`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.report.applicable import mark
from pat_audit.report.neutral import neutral

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.report.options import Options
    from pat_audit.report.shown import Shown


def render(shown: Shown, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """A line for each finding, and nothing else."""
    for finding in shown.findings:
        where = finding.location
        silent = "" if finding.suppressed is None else f" (suppressed: {finding.suppressed})"
        line = f"{where.path}:{where.line}:{where.column}: {finding.rule} {mark(finding)}{finding.message}{silent}"
        yield f"{neutral(line)}\n"
