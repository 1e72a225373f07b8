"""Reads pip's requirements and constraints: options with an address, and addresses that packages come from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.formats.lines import bounded, line_setting, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.formats.settings import Setting

_OPTION = re.compile(
    rb"""(?P<option>--[a-z][a-z-]+|-[ifr](?=[\s=]))(?:\s*=\s*|\s+)["']?(?P<value>[^\s"'\\#-][^\s"'\\]*)"""
)
_ADDRESS = re.compile(rb"""(?<![^\s@="'])(?P<value>(?:[a-z]+\+)?[a-z]+://[^\s"'\\]+)""", re.I)
_COMMENT = re.compile(rb"(?:\A|\s)#.*")
_LONG = {"-i": "--index-url", "-f": "--find-links", "-r": "--requirement"}


def read(data: bytes) -> list[Setting]:
    """The options (`("--index-url",)`, short ones by their long name) and all other addresses (`("url",)`).

    Raises Unparsable where there are too many.
    """
    return bounded(_read(data))


def _read(data: bytes) -> Iterator[Setting]:
    for line in lines_of(data):
        comment = _COMMENT.search(line.raw)
        body = line.cut(0, comment.start()) if comment else line
        done = 0
        for option in _OPTION.finditer(body.raw):
            name = option["option"].decode()
            key = body.cut(*option.span("option"))
            yield line_setting((_LONG.get(name, name),), body.cut(*option.span("value")), key)
            done = option.end()
        for address in _ADDRESS.finditer(body.raw, done):
            yield line_setting(("url",), body.cut(*address.span("value")))
