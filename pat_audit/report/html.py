"""One HTML page that needs no network: the report's data in it, and the script that shows, filters and sorts it."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from pat_audit.report.page_data import page_data

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.report.options import Options
    from pat_audit.report.shown import Shown

_SCRIPTS = ("elements.js", "report.js", "filters.js", "charts.js", "panels.js", "details.js", "findings.js", "start.js")
_STYLES = ("page.css", "parts.css")
_LARGEST_PIECE = 1 << 20  # characters

# Inside a script element only `<` can end it or open a comment; the others are for whoever reads the file as text.
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def render(shown: Shown, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """The page. Its policy allows its own style and script by their hashes and nothing else, from nowhere else.

    What comes from scanned files stands in the data alone, which the script reads as JSON and writes as text.
    """
    style, script = _joined(_STYLES), f'(() => {{\n"use strict";\n{_joined(_SCRIPTS)}}})();\n'
    before, _, after = Template(_read("page.html")).substitute(
        style=style, style_hash=_hash(style), script=script, script_hash=_hash(script), data="\0"
    ).partition("\0")  # fmt: skip
    data = json.dumps(page_data(shown, catalogue, options), separators=(",", ":")).translate(_ESCAPES)
    data = data.replace("##", "\\u0023\\u0023")  # see `neutral.json_text`
    yield before
    for start in range(0, len(data), _LARGEST_PIECE):
        yield data[start : start + _LARGEST_PIECE]
    yield after


def _joined(names: tuple[str, ...]) -> str:
    return "".join(map(_read, names))


def _read(name: str) -> str:
    return (files("pat_audit.report") / "page" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
