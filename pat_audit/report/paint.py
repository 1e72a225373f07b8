"""The colours of the text report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pat_audit.report.options import Options

_STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "bold": "1",
    "faint": "2",
    "good": "32",
}


def paint(text: str, style: str, options: Options) -> str:
    """`text` in a style (a key of the table above), where colours are asked for."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if options.colour and text else text
