"""The files of a run as they are now: read once, replaced as fixes are made, and asked what they speak of."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pat_audit.boundary import repository_of
from pat_audit.discover import discover
from pat_audit.fixes.configuration import ReadAs
from pat_audit.fixes.file_text import FileText
from pat_audit.fixes.words import word

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Mapping

    from pat_audit.catalogue import Catalogue

_MOST_FILES = 5_000  # files that are asked for a name; with more of them it may be used anywhere
_IMPORTED_BY_NAME = frozenset({".py"})  # files whose names others can only have by speaking of the file


class Texts:
    """The files of a run on disk, some of them as `texts` have them; `catalogue` says how configuration reads."""

    def __init__(self, texts: Mapping[str, bytes] | None = None, catalogue: Catalogue | None = None) -> None:
        self._texts = texts or {}
        self._read_as = None if catalogue is None else ReadAs(catalogue)
        self._kept: dict[str, FileText] = {}
        self._around: dict[str, dict[str, bytes]] = {}

    def __call__(self, path: str) -> FileText:
        """The text of a file, by the path that people read. Raises OSError."""
        if path not in self._kept:
            self._kept[path] = FileText(path, self._read(path), self._read_as)
        return self._kept[path]

    def put(self, path: str, data: bytes) -> None:
        """Have a file's text be another from now on."""
        self._kept[path] = FileText(path, data, self._read_as)

    def forget(self) -> None:
        """Give up what was read of files, their syntax trees with it, and what was put; what is around them stays."""
        self._kept.clear()

    def mentioned_elsewhere(self, name: str, path: str) -> bool:
        """Whether another file of the repository, of the same kind, speaks of a name; True where there are too many."""
        around = self._beside(path)
        if len(around) > _MOST_FILES:
            return True
        others = [data for other, data in around.items() if other != path]
        if Path(path).suffix in _IMPORTED_BY_NAME and not any(_module(path).search(data) for data in others):
            return False
        spoken = word(name)
        return any(spoken.search(data) for data in others)

    def images_with(self, file: FileText) -> Iterator[str]:
        """The descriptions of images, in a file's folder or one above it, that speak of the file by its name."""
        if self._read_as is None:
            return
        spoken = word(Path(file.path).name)
        for each in self._at_or_above(file.path):
            try:
                if self._read_as.is_closed(each) and spoken.search(self(each).data):
                    yield each
            except OSError:
                continue

    def _at_or_above(self, path: str) -> Iterator[str]:
        """The files of a file's folder, and of the folders above it in its repository."""
        folder = Path(path).absolute().parent
        root = Path(repository_of(path) or folder)
        for here in (folder, *folder.parents):
            try:
                names = sorted(each.name for each in os.scandir(here) if each.is_file(follow_symlinks=False))
            except OSError:
                return
            above = os.path.relpath(here) if not Path(path).is_absolute() else str(here)
            yield from names if above == "." else (f"{above}/{name}" for name in names)
            if here == root:
                return

    def _read(self, path: str) -> bytes:
        held = self._texts.get(path)
        return Path(path).read_bytes() if held is None else held

    def _beside(self, path: str) -> dict[str, bytes]:
        folder = Path(path).parent
        root = repository_of(str(folder)) or str(folder)
        ending = Path(path).suffix
        key = f"{root}\0{ending}"
        if key not in self._around:
            paths = [each for each in self._listed(root) if each.endswith(ending)]
            found: dict[str, bytes] = dict.fromkeys(paths, b"")
            for each in paths if len(paths) <= _MOST_FILES else ():
                try:
                    found[each] = self._read(each)
                except OSError:
                    continue
            self._around[key] = found
        return self._around[key]

    def _listed(self, root: str) -> Iterable[str]:
        return discover([root]).files


def _module(path: str) -> re.Pattern[bytes]:
    """The name by which other files speak of one: its own, or its folder's where it is what the folder means."""
    file = Path(path)
    return word(file.parent.name if file.stem == "__init__" else file.stem)


class TextsInMemory(Texts):
    """Files that are nowhere on disk: for examples and tests."""

    def __init__(self, texts: Mapping[str, bytes], catalogue: Catalogue | None = None) -> None:
        super().__init__(texts, catalogue)

    def _read(self, path: str) -> bytes:
        if path not in self._texts:
            raise FileNotFoundError(path)
        return self._texts[path]

    def _listed(self, root: str) -> Iterable[str]:
        return self._texts

    def _at_or_above(self, path: str) -> Iterator[str]:
        folders = {f"{each}/".removeprefix("./") for each in Path(path).parents}
        yield from (each for each in self._texts if each[: each.rfind("/") + 1] in folders)
