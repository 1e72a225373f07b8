"""Names as words of a text: not those that are parts of longer names."""

from __future__ import annotations

import re


def word(name: str) -> re.Pattern[bytes]:
    """What finds a name in the bytes of a text, in code or not."""
    return re.compile(rb"(?<!\w)" + re.escape(name.encode()) + rb"(?!\w)")
