"""Renders a report: one renderer per format, in a table, over findings whose secrets are masked first."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from pat_audit.report.options import Options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Report

__all__ = ["RENDERERS", "Options", "Renderer", "render"]


@dataclass(frozen=True, slots=True)
class Renderer:
    """Where a format's `render(shown, catalogue, options)` stands; whether it names the problems too."""

    module: str
    carries_problems: bool = True


RENDERERS = {
    "text": Renderer("text"),
    "concise": Renderer("concise", carries_problems=False),
    "json": Renderer("json"),
    "json-lines": Renderer("json_lines", carries_problems=False),
    "sarif": Renderer("sarif"),
    "github": Renderer("github"),
    "azure": Renderer("azure"),
}


def render(format: str, report: Report, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """The report in `format` (a key of RENDERERS), as pieces of text that end in newlines where lines end.

    Suppressed findings are left out unless `options.show_suppressed`. Raises KeyError for another format.
    """
    from pat_audit.report.shown import shown

    module = import_module(f"pat_audit.report.{RENDERERS[format].module}")
    yield from module.render(shown(report, options), catalogue, options)
