"""What git's index holds: the files of the next commit as they will be in it, whatever stands in the work tree."""

# ruff: noqa: PTH100, PTH109, PTH118
# os.path throughout: a hook that finds nothing is not to import pathlib.

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pat_audit.boundary import repository_of
from pat_audit.discover import SKIPPED_SUFFIXES, excluder
from pat_audit.git_commands import GitError, Objects, git
from pat_audit.reading import CHUNK, OVERLAP, Raw, overlapping
from pat_audit.run_report import Problem
from pat_audit.source import LARGEST_TEXT, display_path
from pat_audit.trees import DiskTree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_KEPT = 512  # files of the commit whose bytes are kept


class IndexTree(DiskTree):
    """The index of one repository: `wanted` are files that the next commit changes, all others are evidence.

    `staged` gives the blob of each wanted file. What the whole index holds is asked for when a file leads there.
    """

    __slots__ = ("_all", "_blobs", "_kept", "_objects", "_top", "problems")

    def __init__(self, top: str, staged: dict[str, str], problems: Sequence[Problem] = ()) -> None:
        here = os.getcwd()
        inside = "" if here == top else os.path.relpath(here, top).replace(os.sep, "/") + "/"
        super().__init__("", frozenset(staged), inside=inside, odd={}, explicit=frozenset())
        self.problems = problems
        self._top = top
        self._blobs = staged
        self._all: dict[str, str] | None = None
        self._objects = Objects(top, hook=True)
        self._kept: dict[str, Raw] = {}

    def read(self, path: str) -> Raw:
        """The bytes of a file of the index. Raises FileNotFoundError, and OSError where git fails."""
        kept = self._kept.get(path)
        if kept is None:
            kept = self._blob(path, LARGEST_TEXT)
            if path in self.wanted and len(self._kept) < _KEPT:
                self._kept[path] = kept
        return kept

    def beside(self, folder: str) -> list[str]:
        """The files of the index directly in a folder."""
        return [path for path in self._index() if path.rpartition("/")[0] == folder]

    def rest(self, path: str) -> Iterator[bytes]:
        """What a file holds behind the bytes that `read` gives."""
        name = self._named(path)
        try:
            yield from overlapping(self._objects.behind(name, LARGEST_TEXT - OVERLAP, CHUNK))
        except GitError as error:
            raise OSError(0, str(error)) from None

    def size(self, path: str) -> int:
        """The bytes of a file; 0 where it cannot be read, which is said where it is looked into."""
        try:
            return self.read(path).size
        except OSError:
            return 0

    def text(self, shown: str) -> bytes | None:
        """The bytes of the file that is shown under this path, or None where the index has none."""
        path = os.path.normpath(self.inside + shown).replace(os.sep, "/") if self.inside else shown
        try:
            return self.read(path).data
        except OSError:
            return None

    def close(self) -> None:
        """End the conversation with git."""
        self._objects.close()

    def _blob(self, path: str, most: int) -> Raw:
        name = self._named(path)
        try:
            found = self._objects.blob(name, most)
        except GitError as error:
            raise OSError(0, str(error)) from None
        if found is None:
            raise OSError(0, "its object is not in the repository")
        return Raw(*found)

    def _named(self, path: str) -> str:
        """The blob of a file of the index. Raises FileNotFoundError."""
        name = self._blobs.get(path) or self._index().get(path)
        if name is None:
            raise FileNotFoundError(path)
        return name

    def _index(self) -> dict[str, str]:
        if self._all is None:
            try:
                listed = git(self._top, "ls-files", "-z", "--stage", "--full-name", hook=True)
            except GitError as error:
                raise OSError(0, str(error)) from None
            self._all = {}
            for entry in os.fsdecode(listed).split("\0"):
                about, _, path = entry.partition("\t")
                if about.startswith("1") and about.endswith(" 0"):  # a file, and no side of a conflict
                    self._all[display_path(path)] = about[7:].partition(" ")[0]
        return self._all


def staged(paths: Sequence[str], exclude: Sequence[str]) -> IndexTree:
    """The index of the repository around the working directory; its `problems` name what cannot be looked at.

    `paths` narrow down the files that are looked at, `exclude` holds gitignore patterns that take some out; both
    are relative to the working directory. Raises GitError.
    """
    top = _top()
    words = ("diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--diff-filter=d", "--no-ext-diff")
    fields = os.fsdecode(git(top, *words, "--ignore-submodules=all", "--no-textconv", hook=True)).split("\0")
    tree = IndexTree(top, {})
    excluded = excluder(exclude)
    asked = [os.path.normpath(os.path.abspath(path)) for path in paths]
    found: dict[str, str] = {}
    problems = []
    for about, raw in zip(fields[::2], fields[1::2], strict=False):
        _, mode, _, blob, status = about.split(" ")
        path = display_path(raw)
        shown = tree.shown(path)
        if not mode.startswith("10") and status != "U":
            continue  # a link, or another repository
        if asked and not _is_among(os.path.join(top, raw), asked):
            continue
        if raw.rpartition(".")[2].lower() in SKIPPED_SUFFIXES or excluded(shown):
            continue
        if status == "U":
            problems.append(Problem(shown, "is in conflict, so not scanned as staged"))
        else:
            found[path] = blob
    return IndexTree(top, found, problems)


def _top() -> str:
    found = repository_of(".")
    if found is not None and "GIT_DIR" not in os.environ:
        return found
    try:
        return os.fsdecode(git(".", "rev-parse", "--show-toplevel", hook=True)).rstrip("\n")
    except GitError:
        if found is None and "GIT_DIR" not in os.environ:
            raise GitError("there is no git repository here") from None
        raise


def _is_among(path: str, asked: Sequence[str]) -> bool:
    return any(path == one or path.startswith(os.path.join(one, "")) for one in asked)
