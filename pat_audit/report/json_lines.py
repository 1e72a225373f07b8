"""One JSON object per line and finding, for tools that read as we write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pat_audit.report.json import as_json
from pat_audit.report.neutral import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.report.options import Options
    from pat_audit.report.shown import Shown


def render(shown: Shown, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """The findings of the JSON document, each on a line of its own."""
    for finding in shown.findings:
        yield json_text(json.dumps(as_json(finding))) + "\n"
