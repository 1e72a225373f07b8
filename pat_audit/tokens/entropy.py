"""How evenly a text uses its characters."""

from __future__ import annotations

from collections import Counter
from math import log2


def entropy(text: str) -> float:
    """Shannon entropy of the characters of `text`, in bits per character; 0 for an empty text."""
    size = len(text)
    return sum(count / size * log2(size / count) for count in Counter(text).values()) if size else 0.0
