"""Where in a repository's history some blobs stood: under which path, from which commit, until which."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.git_commands import GitError, command, environment, git
from pat_audit.source import display_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


class Commit(NamedTuple):
    """A commit's id and its author's date, as ISO 8601 has it."""

    id: str
    date: str


class Change(NamedTuple):
    """A commit that put the blob `new` in the place of `old` under a path; an id of zeros is no file."""

    commit: Commit
    path: str
    old: str
    new: str


def changes(folder: str, blobs: Collection[str]) -> list[Change]:
    """The changes that brought or took one of the blobs, from the oldest on. Raises GitError.

    All branches, tags, stashes and the reflogs are followed; of a merge only what is in none of its parents
    counts as its own.
    """
    words = ("log", "--all", "--reflog", "--date-order", "--raw", "-z", "-c", "--no-abbrev", "--no-renames", "--root")
    found = list(_read(folder, (*words, "--format=%x01%H %aI"), blobs))
    found.reverse()
    return found


def present(folder: str, blobs: Collection[str]) -> set[tuple[str, str]]:
    """Which of the blobs are in the latest commit, each with its path. Nothing where there is no commit yet."""
    try:
        listed = git(folder, "ls-tree", "-r", "-z", "--full-tree", "HEAD")
    except GitError:
        return set()
    found = set()
    for row in os.fsdecode(listed).split("\0"):
        about, _, path = row.partition("\t")
        blob = about.rpartition(" ")[2]
        if blob in blobs:
            found.add((blob, display_path(path)))
    return found


def _read(folder: str, words: tuple[str, ...], blobs: Collection[str]) -> Iterator[Change]:
    wanted = {blob.encode() for blob in blobs}
    process = subprocess.Popen(
        command(folder, *words),
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    commit = Commit("", "")
    about: list[bytes] | None = None
    rest = b""
    while chunk := process.stdout.read(1 << 20):
        fields = (rest + chunk).split(b"\0")
        rest = fields.pop()
        for field in fields:
            if about is not None:
                parents = len(about[0]) - len(about[0].lstrip(b":"))
                new = about[2 * parents + 1]  # modes of the parents and the result, then ids in the same order
                old = about[parents + 1]
                if new in wanted or old in wanted:
                    yield Change(commit, display_path(os.fsdecode(field)), old.decode(), new.decode())
                about = None
                continue
            field = field.lstrip(b"\n")
            if field[:1] == b"\1":
                name, _, date = field[1:].decode("ascii").partition(" ")
                commit = Commit(name, date)
            elif field[:1] == b":":
                about = field.split(b" ")
    process.stdout.close()
    if process.wait() != 0 and not commit.id:
        return  # no commit yet
