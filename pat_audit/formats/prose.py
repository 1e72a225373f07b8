"""Reads the code that stands in plain text: command lines, and listings, whether they are whole or broken off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.formats.lines import Line, bounded, lines_of
from pat_audit.formats.runs import Run, setting_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pat_audit.formats.settings import Setting

# How a line of code ends, and what no sentence has in it.
_ENDS = re.compile(rb"[;{}(\[,\\`|]\s*\Z|\)\s*\Z|[\"'\])]\s*\Z|^\s*[\w$.\[\]]+\s*=")
_CODE = re.compile(rb"\w\(|[={};$\\|]|\)\)")
_PROMPT = re.compile(rb"(?:[$>%#][ \t]+|PS(?:[ \t][^>]{0,120})?>[ \t]?|[A-Z]:\\[^>]{0,120}>[ \t]?)")
# A word that a command line can start with, and an option, an address or a pipe behind it.
_COMMAND = re.compile(rb"(?:\./)?[a-z][\w./-]*[ \t](?:.*[ \t])?(?:--?\w|/\w+:|\S*://|\|)")
_GOES_ON = (b"\\", b"`", b"^", b"|", b"&&")
_LONGEST = 2000  # lines of one listing


def read(data: bytes) -> list[Setting]:
    """The listings (`("listing",)`) and command lines (`("command",)`) of a text.

    A command line is given without its prompt, with the lines that it goes on in. Raises Unparsable where there
    are too many.
    """
    return bounded(blocks(lines_of(data)))


def blocks(lines: Iterable[Line]) -> Iterator[Setting]:
    """The same of lines."""
    listing: list[Line] = []
    command: list[Line] = []
    for line in lines:
        body = line.cut(line.indent)
        if command:
            command.append(body)
            if not body.raw.rstrip().endswith(_GOES_ON):
                yield _setting("command", command)
                command = []
            continue
        if not body.raw.strip():
            if listing:
                listing.append(line)
            continue
        prompt = _PROMPT.match(body.raw)
        unprompted = body.cut(prompt.end()) if prompt else body
        is_command = _COMMAND.match(unprompted.raw)
        if not is_command and _ENDS.search(line.raw) and _CODE.search(line.raw) and len(listing) < _LONGEST:
            listing.append(line)
            continue
        yield from _listed(listing)
        listing = []
        if is_command:
            command = [unprompted]
            if not unprompted.raw.rstrip().endswith(_GOES_ON):
                yield _setting("command", command)
                command = []
    if command:
        yield _setting("command", command)
    yield from _listed(listing)


def _listed(lines: list[Line]) -> Iterator[Setting]:
    while lines and not lines[-1].raw.strip():
        lines.pop()
    if lines:
        yield _setting("listing", lines)


def _setting(kind: str, lines: list[Line]) -> Setting:
    runs = []
    for line in lines:
        runs += [Run(line.text, line.start), Run("\n", line.end)]
    return setting_of((kind,), runs, lines[0].start, lines[-1].end)
