"""Texts in memory as the files of a run: all of a repository's, or one in the place of a file on disk."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pat_audit.reading import Raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pat_audit.trees import DiskTree


@dataclass(frozen=True, slots=True)
class MemoryTree:
    """Files by path, as bytes."""

    files: Mapping[str, bytes]

    @property
    def wanted(self) -> Collection[str]:
        """All of them."""
        return self.files.keys()

    def read(self, path: str) -> Raw:
        """The bytes of a file. Raises FileNotFoundError."""
        try:
            data = self.files[path]
        except KeyError:
            raise FileNotFoundError(path) from None
        return Raw(data, len(data))

    def beside(self, folder: str) -> list[str]:
        """The files directly in a folder."""
        return [path for path in self.files if _folder(path) == folder]

    def rest(self, path: str) -> Iterable[bytes]:
        """Nothing: what is in memory is read whole."""
        return ()

    def shown(self, path: str) -> str:
        """The path as it was given."""
        return path


@dataclass(frozen=True, slots=True)
class OverlayTree:
    """A tree in which some files have another text than on disk: what an editor hands us, or a fix would write."""

    below: DiskTree
    texts: Mapping[str, bytes]

    @property
    def wanted(self) -> Collection[str]:
        """What the tree below wants, and these files."""
        return _Either(self.below.wanted, self.texts)

    def read(self, path: str) -> Raw:
        """The bytes of a file. Raises OSError or NoFileError."""
        data = self.texts.get(path)
        return self.below.read(path) if data is None else Raw(data, len(data))

    def beside(self, folder: str) -> list[str]:
        """The files directly in a folder of the tree."""
        return sorted({*self.below.beside(folder), *(path for path in self.texts if _folder(path) == folder)})

    def rest(self, path: str) -> Iterable[bytes]:
        """What a file holds behind the bytes that `read` gives. Raises OSError."""
        return () if path in self.texts else self.below.rest(path)

    def shown(self, path: str) -> str:
        """The path as people read it, from where they are."""
        return self.below.shown(path)


class _Either(Collection[str]):
    """The paths of two collections; the first may be very long, so that it is not copied."""

    __slots__ = ("_first", "_second")

    def __init__(self, first: Collection[str], second: Collection[str]) -> None:
        self._first = first
        self._second = second

    def __contains__(self, path: object) -> bool:
        return path in self._second or path in self._first

    def __iter__(self) -> Iterator[str]:
        yield from self._first
        yield from (path for path in self._second if path not in self._first)

    def __len__(self) -> int:
        return len(self._first) + sum(path not in self._first for path in self._second)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
