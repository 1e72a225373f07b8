"""Text from scanned files as Markdown shows it and nothing more: no markup, link, mention or HTML in it."""

from __future__ import annotations

import re

from pat_audit.report.neutral import BREAK, neutral

# Markdown reads no structure out of character references, so whatever could be a part of one is written as one:
# some characters everywhere, some at the beginning only, and an underscore where it is not within a word.
_MARKUP = re.compile(r"[&*<>\[\\\]^`{|}~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_START = re.compile(r"^(\s*\d{0,9})([.)#+=-])")
# Other programs look for these in the finished text, where references have become characters again.
_FOUND_LATER = re.compile(r"[@~](?=\w)|[#!&%$](?=\d)|\b(?:[A-Za-z][A-Za-z0-9+.-]{0,20}:(?=//)|www(?=\.))")
# In code they look for less: an address of mail, and what the reader of Markdown itself takes for a URL.
_FOUND_IN_CODE = re.compile(r"(?<=[\w.+-])@(?=\w)")
_URL_IN_CODE = re.compile(r":(?=//)|(?<=\b[Ww][Ww][Ww])\.")
_LONGEST = 400  # characters


def prose(text: str) -> str:
    """`text` as words of a paragraph or a table's cell: one line, nothing in it is a link or a mention."""
    return _prose(_cut(text))


def code(text: str) -> str:
    """`text` as code; programs that look for mentions and links pass over code."""
    text = _cut(text)
    if not text:
        return ""
    broken = _FOUND_IN_CODE.sub(f"@{BREAK}", neutral(text))
    return f"<code>{_URL_IN_CODE.sub(_reference, _references(broken))}</code>"


def words(text: str) -> str:
    """`text` as prose in which what stands between backticks is code."""
    parts = _cut(text).split("`")
    return "".join(code(part) if place % 2 else _prose(part) for place, part in enumerate(parts))


def _prose(text: str) -> str:
    return _references(_FOUND_LATER.sub(lambda found: f"{found[0]}{BREAK}", neutral(text)))


def _references(text: str) -> str:
    text = _MARKUP.sub(_reference, text)
    return _START.sub(lambda found: f"{found[1]}&#{ord(found[2])};", text)


def _reference(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def _cut(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
