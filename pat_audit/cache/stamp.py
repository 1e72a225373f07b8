"""What makes all that a cache keeps worthless when it changes: the version, the rules, the day."""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from typing import TYPE_CHECKING

from pat_audit import __version__

if TYPE_CHECKING:
    import datetime

    from pat_audit.catalogue import Catalogue


def stamp(catalogue: Catalogue, today: datetime.date) -> tuple[str, ...]:
    """The version of the program and of Python, the rules, and the day by which retirements are judged."""
    return (__version__, _own_code(), catalogue.digest, sys.version, today.isoformat())


@cache
def _own_code() -> str:
    """What changes when this program does, also between two commits of its own repository."""
    looks = []
    for folder, _, names in os.walk(os.path.dirname(os.path.dirname(__file__))):  # noqa: PTH120
        looks += [
            (status.st_mtime_ns, status.st_size)
            for name in names
            if name.endswith(".py")
            for status in (os.stat(os.path.join(folder, name)),)  # noqa: PTH116, PTH118
        ]
    return hashlib.sha256(repr(sorted(looks)).encode()).hexdigest()
