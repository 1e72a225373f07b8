"""Reads names with quoted values behind them in text of any language: `Authorization => "Basic …"`, `token = '…'`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.formats.lines import bounded
from pat_audit.formats.runs import text_of
from pat_audit.formats.settings import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAIR = re.compile(
    rb"""(?P<key>[A-Za-z_][\w.-]{0,80})["']?\]?[ \t]*(?:=>|->|:=|[=:,])[ \t]*
    (?:"(?P<double>[^"\r\n]*+)"|'(?P<single>[^'\r\n]*+)')""",
    re.X,
)


def read(data: bytes) -> list[Setting]:
    """The quoted values that stand behind a name on its line, each under that name. Raises Unparsable."""
    return bounded(_read(data))


def _read(data: bytes) -> Iterator[Setting]:
    for pair in _PAIR.finditer(data):
        kind = "double" if pair["single"] is None else "single"
        start, end = pair.span(kind)
        yield Setting((text_of(pair["key"]),), text_of(pair[kind]), start, end, (), pair.span("key"))
