"""Makes text from scanned files harmless where it is printed: no terminal escapes, no workflow commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

BREAK = "\u200b"  # a zero-width space: seen by no one, and no runner reads a command across it

# C0 and C1 controls, line separators, bidirectional overrides, tags, lone surrogates, what XML has no way to
# write, and our own break.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff\U000e0000-\U000e007f]"
)
# Azure Pipelines reads `##vso[` and `##[` anywhere in a line, GitHub `::name …::` at its start. What could
# come to stand there, and what is a command by name, is broken; other pairs of colons are left alone.
_AZURE_COMMAND = re.compile(r"##(?=\[|vso\[)", re.IGNORECASE)
_GITHUB_COMMAND = re.compile(
    r"(?<!\S):(?=:)|:(?=:(?:error|warning|notice|debug|group|endgroup|add-mask|add-matcher|remove-matcher"
    r"|add-path|set-env|set-output|save-state|stop-commands|echo)\b)",
    re.IGNORECASE,
)


def neutral(text: str) -> str:
    """`text` as one line that can stand anywhere in an output.

    Control characters are written as escapes (a tab as a space), and the beginnings of log commands of Azure
    Pipelines and GitHub are broken by a zero-width space.
    """
    if not text.isprintable():
        text = _UNPRINTABLE.sub(_escaped, text)
    if "##" in text:
        text = _AZURE_COMMAND.sub(f"#{BREAK}#", text)
    if "::" in text:
        text = _GITHUB_COMMAND.sub(_broken, text)
    return text


def neutral_patch(line: str, mask: Callable[[str], str]) -> str:
    """A line of a patch (or two: what says that no line break follows) made harmless; tabs and line ends stay."""
    body = line.rstrip("\r\n")
    end = line[len(body) :]
    if "\n" in body:
        body, _, note = body.partition("\n")
        return f"{neutral_patch(body, mask)}\n{note}{end}"
    return body[:1] + "\t".join(neutral(part) for part in mask(body[1:]).split("\t")) + end


def _broken(found: re.Match[str]) -> str:
    return f"{found[0]}{BREAK}"


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if character == "\t":
        return " "
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a path that is no UTF-8
        return f"\\x{code & 0xFF:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def json_text(document: str) -> str:
    """A JSON document whose strings hold no log command when read as plain text; its meaning is unchanged."""
    return document.replace("##", "\\u0023\\u0023")
