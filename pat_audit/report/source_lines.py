"""Reads the source lines that a report shows, whatever the encoding, and never more than it must."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pat_audit.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LARGEST = 4 * 1024 * 1024  # bytes; lines of larger files are not shown


def readers(
    root: str, held: Mapping[str, bytes] | None = None
) -> tuple[Callable[[str, int], str | None], Callable[[str], bytes | None]]:
    """Two functions: from a path of the report and a 1-based line to the line's text, and from a path to its bytes.

    Both give None for what cannot be read, the second also for a file that is not UTF-8.

    `root` is the directory that relative paths start from; `held` are files in memory (standard input).
    Only regular files are opened, and the last few are kept.
    """

    @lru_cache(maxsize=16)
    def source(path: str) -> Source | None:
        if held is not None and path in held:
            return Source(path, held[path])
        file = Path(root, path)
        try:
            if not file.is_file() or file.stat().st_size > _LARGEST:
                return None
            return Source(path, file.read_bytes())
        except (OSError, ValueError):
            return None

    def read(path: str, line: int) -> str | None:
        found = source(os.fspath(path))
        return found.line(line) if found is not None and line <= len(found.starts) else None

    def raw(path: str) -> bytes | None:
        found = source(os.fspath(path))
        return found.raw if found is not None and found.encoding == "utf-8" else None

    return read, raw


def line_reader(root: str, held: Mapping[str, bytes] | None = None) -> Callable[[str, int], str | None]:
    """The first of the two `readers`."""
    return readers(root, held)[0]
