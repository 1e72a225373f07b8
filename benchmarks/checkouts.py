"""The trees that are measured: every folder in one folder, each copied once for a run, without its repository."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

KEPT = ".pat-audit-cache"
"""What a run of ours remembers of a tree."""


@dataclass(frozen=True)
class Checkout:
    """One tree. `source` stays as it is."""

    name: str
    source: Path
    scratch: Path

    @cached_property
    def copy(self) -> Path:
        """A copy without .git: programs differ in whether they look into it, and all are to read the same."""
        target = self.scratch / "trees" / self.name
        copy_tree(self.source, target)
        return target

    @cached_property
    def files(self) -> int:
        """The number of files, .git left out."""
        return count_files(self.source)

    @cached_property
    def commits(self) -> int:
        """The number of commits in its history; 0 where it is no repository of its own."""
        if not (self.source / ".git").exists():
            return 0
        return int(git(self.source, "rev-list", "--all", "--count"))


def checkouts(folder: Path, scratch: Path) -> list[Checkout]:
    """The trees in a folder, smallest first."""
    found = [Checkout(each.name, each.resolve(), scratch) for each in folder.iterdir() if each.is_dir()]
    return sorted(found, key=lambda each: each.files)


def count_files(folder: Path) -> int:
    """The number of files in a folder, without repositories and what we remember."""
    left = {".git", KEPT}
    return sum(len(names) for place, _, names in os.walk(folder) if left.isdisjoint(Path(place).parts))


def copy_tree(source: Path, target: Path) -> None:
    """Copy what is in a tree, without its repository and what we remember of it."""
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns(KEPT, ".git"))


def clone(tree: Checkout, target: Path) -> None:
    """A work tree and a repository of its own that borrows the objects: some may be missing in a checkout."""
    copy_tree(tree.source, target)
    git(target.parent, "clone", "-q", "--shared", "--no-checkout", str(tree.source), str(target / "cloned"))
    (target / "cloned" / ".git").rename(target / ".git")
    (target / "cloned").rmdir()
    git(target, "read-tree", "HEAD")
    git(target, "update-index", "-q", "--refresh")


def git(folder: Path, *words: str) -> bytes:
    """What git prints in a folder. Raises OSError where it fails, save for a refresh that finds files changed."""
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, check=False)
    if done.returncode and words[0] != "update-index":
        raise OSError(f"git {words[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def forget(tree: Path) -> None:
    """Remove what earlier runs of ours remember of a tree."""
    shutil.rmtree(tree / KEPT, ignore_errors=True)
