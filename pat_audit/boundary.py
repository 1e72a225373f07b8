"""Where a repository ends: its top directory, and paths in it that lead out of it by a symbolic link."""

# ruff: noqa: PTH100, PTH109, PTH118, PTH120
# os.path throughout: pathlib costs every start several milliseconds.

from __future__ import annotations

import os


def repository_of(path: str) -> str | None:
    """The nearest directory at or above `path` that has a `.git`, or none."""
    folder = os.path.abspath(path)
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def leads_out(path: str) -> bool:
    """Whether `path` stands in a repository (or else in the working directory), and what it leads to does not.

    A link that comes with a repository is its author's word on where we write or read, and not the word of the person
    who names the path. A path that stands elsewhere is nobody's but that person's.
    """
    here = os.getcwd()
    full = os.path.abspath(path)
    real = os.path.realpath(os.path.join(here, path))
    homes = {repository_of(here) or here, repository_of(os.path.dirname(full))}
    return any(is_within(full, home) and not is_within(real, os.path.realpath(home)) for home in homes if home)


def is_within(path: str, folder: str) -> bool:
    """Whether a path is a folder or below it; both absolute and normalised."""
    return path == folder or path.startswith(os.path.join(folder, ""))
