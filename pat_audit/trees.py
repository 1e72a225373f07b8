"""Where on disk the files of a run are, seen from the root that their imports start at."""

# ruff: noqa: PTH100, PTH109, PTH116, PTH117, PTH118, PTH120
# os.path throughout: pathlib takes 9 ms to import, and microseconds for each of many thousand paths.

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, Union

from pat_audit.boundary import repository_of
from pat_audit.paths import Gathering, Paths
from pat_audit.reading import NoFileError, Raw, further_chunks, read_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pat_audit.discover import Listing
    from pat_audit.trees_in_memory import MemoryTree, OverlayTree

Tree: TypeAlias = Union["DiskTree", "MemoryTree", "OverlayTree"]
"""Files by their path in the tree: relative to its root, posix separators."""


class DiskTree:
    """Files below one folder.

    `root` is the folder with a separator at its end, or nothing for the working directory; `inside` is where
    the working directory lies in it (with a slash at its end), `outside` what its paths are shown behind
    when the working directory lies elsewhere. `wanted` are the files that the run looks at, `explicit` those
    of them that were given by name; `odd` maps a shown path to that on disk where they differ.
    """

    __slots__ = ("explicit", "inside", "odd", "outside", "root", "wanted")

    def __init__(
        self,
        root: str,
        wanted: Collection[str],
        *,
        inside: str = "",
        outside: str = "",
        odd: Mapping[str, str],
        explicit: frozenset[str],
    ) -> None:
        self.root = root
        self.wanted = wanted
        self.inside = inside
        self.outside = outside
        self.odd = odd
        self.explicit = explicit

    def read(self, path: str) -> Raw:
        """The bytes of a file. Raises OSError or NoFileError.

        A link is followed only where somebody gave it, and nothing above the root is ever read.
        """
        if path.startswith(("../", "/")) or "/../" in path:
            raise NoFileError("outside the tree")
        return read_file(self._on_disk(path), follow=path in self.explicit)

    def beside(self, folder: str) -> list[str]:
        """The files directly in a folder of the tree; none where it is no folder."""
        return names_beside(self.root, folder)

    def rest(self, path: str) -> Iterator[bytes]:
        """What a file holds behind the bytes that `read` gives. Raises OSError."""
        return further_chunks(self._on_disk(path))

    def size(self, path: str) -> int:
        """The bytes of a file as the system has them; 0 where it has none."""
        try:
            return os.stat(self._on_disk(path)).st_size
        except OSError:
            return 0

    def shown(self, path: str) -> str:
        """The path as people read it, from where they are."""
        if self.inside:
            if path.startswith(self.inside):
                return path[len(self.inside) :]
            return os.path.relpath(path, self.inside).replace(os.sep, "/")
        return self.outside + path

    def wanted_as(self, shown: str) -> str | None:
        """The path of the file that people read as `shown`, where the run looks at it; else None."""
        path = posixpath.normpath(self.inside + shown) if self.inside else shown.removeprefix(self.outside)
        return path if path in self.wanted and self.shown(path) == shown else None

    def _on_disk(self, path: str) -> str:
        if self.odd:
            found = self.odd.get(self.shown(path))
            if found is not None:
                return found
        return self.root + path


def names_beside(root: str, folder: str) -> list[str]:
    """The files directly in a folder below a root (with a separator at its end), by their paths from the root."""
    if folder.startswith(("../", "/")) or "/../" in folder:
        return []
    try:
        with os.scandir(root + folder if folder or root else ".") as entries:
            return [f"{folder}/{each.name}" if folder else each.name for each in entries if each.is_file()]
    except OSError:
        return []


def plant(listing: Listing) -> list[DiskTree]:
    """The trees that the files of a listing stand in: the repository or folder around each.

    Imports lead from a file to others of its repository, also when only a part of it was asked for.
    """
    here = os.getcwd()
    home = repository_of(here) or here
    inside = "" if home == here else os.path.relpath(here, home).replace(os.sep, "/") + "/"
    near = Gathering()  # of a run over what is here, at the top, the listing has them already
    is_at_top = not inside and not any(map(_is_far, listing.paths))
    far: dict[str, _Far] = {}
    for name in () if is_at_top else listing.paths:
        if _is_far(name):
            root = _root_of(name, listing.roots)
            path = os.path.relpath(name, root).replace(os.sep, "/")
            there = far.get(root)
            if there is None:
                there = far[root] = _Far(name.removesuffix(path), Gathering(), [])
            there.paths.add(path)
            if name in listing.explicit:
                there.explicit.append(path)
        else:
            near.add(inside + name)
    trees = []
    wanted = listing.paths if is_at_top else Paths.gathered(near)
    if wanted or not far:
        root = os.path.join(home, "") if inside else ""
        explicit = frozenset(inside + name for name in listing.explicit)
        trees.append(DiskTree(root, wanted, inside=inside, odd=listing.odd, explicit=explicit))
    for _, (outside, paths, given) in sorted(far.items()):
        members = Paths.gathered(paths)
        trees.append(DiskTree(outside, members, outside=outside, odd=listing.odd, explicit=frozenset(given)))
    return trees


class _Far(NamedTuple):
    """Files below a root elsewhere: what they are shown behind, their paths, and those that were given by name."""

    outside: str
    paths: Gathering
    explicit: list[str]


def _is_far(name: str) -> bool:
    """Whether a listed file is not below the working directory."""
    return name.startswith(("../", "/")) or (os.sep != "/" and os.path.isabs(name))


def _root_of(name: str, roots: Collection[str]) -> str:
    """The root among those that were given that a far file lies below, the outermost one."""
    full = os.path.abspath(name)
    for root in sorted(roots, key=len):
        if full.startswith(os.path.join(root, "")):
            return root
    return os.path.dirname(full)
