"""Keeps what one run leaves for the next in the repository's cache, and gives it back to the same program only."""

from __future__ import annotations

import pickle
from typing import TypeVar

from pat_audit import project_cache

_FORMAT = 1
Kept = TypeVar("Kept")


def load(root: str, name: str, stamp: tuple[object, ...], kind: type[Kept]) -> Kept | None:
    """What was last kept under a name with the same stamp, if it is of this kind; or None."""
    data = project_cache.read(root, name)
    if data is None:
        return None
    try:
        made_by, kept = pickle.loads(data)  # sealed by this user: nobody else's word comes this far
    except Exception:
        return None
    return kept if made_by == (_FORMAT, *stamp) and isinstance(kept, kind) else None


def save(root: str, name: str, stamp: tuple[object, ...], kept: object) -> None:
    """Keep something for `load`. What cannot be written is left: the next run does the work again."""
    project_cache.write(root, name, pickle.dumps(((_FORMAT, *stamp), kept), protocol=5))
