"""Reads the `.yarnrc` of Yarn 1: a key, a blank, a value, either of them in quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.formats.lines import bounded, line_setting, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.formats.settings import Setting

_PAIR = re.compile(
    rb"""\s*+(?:"(?P<quoted>[^"]*)"|(?P<key>[^\s"#]+?)):?\s++(?:"(?P<text>[^"]*)"|(?P<word>\S++(?:\s++\S++)*+))\s*+\Z"""
)


def read(data: bytes) -> list[Setting]:
    """The settings of `.yarnrc`, each path one key. Raises Unparsable where there are too many."""
    return bounded(_read(data))


def _read(data: bytes) -> Iterator[Setting]:
    for line in lines_of(data):
        pair = _PAIR.match(line.raw)
        if pair:
            key = line.cut(*pair.span("key" if pair["quoted"] is None else "quoted"))
            value = line.cut(*pair.span("word" if pair["text"] is None else "text"))
            yield line_setting((key.text,), value, key)
