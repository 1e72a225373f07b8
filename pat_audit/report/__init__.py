"""Renders a report: one renderer per format, in a table, over findings whose secrets are masked first."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pat_audit.report.options import Options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Report

__all__ = ["RENDERERS", "WITHOUT_PROBLEMS", "Options", "render"]


RENDERERS = {
    "text": "text",
    "concise": "concise",
    "json": "json",
    "json-lines": "json_lines",
    "sarif": "sarif",
    "github": "github",
    "azure": "azure",
    "gitlab": "gitlab",
    "junit": "junit",
    "markdown": "markdown",
    "csv": "csv",
    "html": "html",
}
"""The module of this package whose `render(shown, catalogue, options)` makes each format."""

WITHOUT_PROBLEMS = frozenset({"concise", "json-lines", "gitlab", "csv"})
"""Formats that have no place for the run's problems."""


def render(format: str, report: Report, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """The report in `format` (a key of RENDERERS), as pieces of text that end in newlines where lines end.

    Suppressed findings are left out unless `options.show_suppressed`. Raises KeyError for another format.
    """
    from pat_audit.report.shown import shown

    module = import_module(f"pat_audit.report.{RENDERERS[format]}")
    yield from module.render(shown(report, options), catalogue, options)
