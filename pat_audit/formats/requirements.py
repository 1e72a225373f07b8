"""Reads pip's requirements and constraints: options with an address, and addresses that packages come from."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from pat_audit.formats.lines import bounded, line_setting, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.formats.lines import Line
    from pat_audit.formats.settings import Setting

_OPTION = re.compile(
    rb"""(?P<option>(?<![a-z-])--[a-z][a-z-]++|-[ifr](?=[\s=]))(?:\s*=\s*|\s+)["']?(?P<value>[^\s"'\\#-][^\s"'\\]*)"""
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
        options = list(_OPTION.finditer(body.raw))
        starts = [option.start() for option in options]
        found = [_option(body, option) for option in options]
        for address in _ADDRESS.finditer(body.raw):
            before = bisect_right(starts, address.start("value")) - 1
            if before < 0 or options[before].end() <= address.start("value"):
                found.append(line_setting(("url",), body.cut(*address.span("value"))))
        yield from sorted(found, key=lambda setting: setting.start)


def _option(body: Line, option: re.Match[bytes]) -> Setting:
    name = option["option"].decode()
    return line_setting((_LONG.get(name, name),), body.cut(*option.span("value")), body.cut(*option.span("option")))
