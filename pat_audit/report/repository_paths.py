"""Paths of a report as the repository has them, whatever directory the run was started in."""

from __future__ import annotations

import os
from pathlib import Path

from pat_audit.report.repository import repository


class RepositoryPaths:
    """Turns the paths of a report into paths from the top of the work tree, or from `root` outside of one."""

    def __init__(self, root: str) -> None:
        self.root = Path(root).absolute()
        self.repository = repository(root)
        self.top = self.repository.top if self.repository else self.root

    def full(self, path: str) -> Path:
        """The absolute path of a path of the report."""
        return Path(os.path.normpath(self.root / path))

    def inside(self, path: str) -> str | None:
        """A path relative to the top, with slashes; None where it lies outside."""
        full = self.full(path)
        return full.relative_to(self.top).as_posix() if full.is_relative_to(self.top) else None
