"""What of a repository's history is looked through already, so that a run goes on where the last one ended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pat_audit import project_cache

if TYPE_CHECKING:
    from collections.abc import Collection

_NAME = "history"


class State:
    """The ids of blobs that were looked at, and those of them that hold something: no path, no text, no secret.

    `stamp` stands for the rules: what other rules said counts for nothing.
    """

    def __init__(self, root: str, stamp: str, *, kept: bool) -> None:
        self._root = root
        self._stamp = stamp
        self._kept = kept
        self.done: set[str] = set()
        self.hits: set[str] = set()
        data = project_cache.read(root, _NAME) if kept else None
        if data:
            head, _, ids = data.partition(b"\n")
            about = json.loads(head)
            if about["stamp"] == stamp:
                width = about["width"]
                self.done = {ids[at : at + width].hex() for at in range(0, len(ids), width)}
                self.hits = set(about["hits"])

    def add(self, looked: Collection[str], hits: Collection[str]) -> None:
        """Note that these were looked at, and which of them hold something."""
        self.done.update(looked)
        self.hits.update(hits)

    def save(self) -> bool:
        """Keep it for the next run; whether that went well."""
        if not self._kept or not self.done:
            return True
        width = len(next(iter(self.done))) // 2
        about = {"stamp": self._stamp, "width": width, "hits": sorted(self.hits)}
        ids = b"".join(map(bytes.fromhex, sorted(self.done)))
        return project_cache.write(self._root, _NAME, json.dumps(about).encode() + b"\n" + ids)
