"""The blobs of a repository: which there are, in the order of its packs, and which of them hold a written secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pat_audit.git_commands import GitError, Objects, git
from pat_audit.run_report import Problem
from pat_audit.source import LARGEST_TEXT, SAMPLE, Source, is_binary, is_wide
from pat_audit.tokens.kept import token_scanner

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from pat_audit.catalogue import Catalogue
    from pat_audit.prefilter import Prefilter

_BATCH = 256  # blobs of one batch at the most
_BYTES = 8 << 20  # and their bytes, at the most, unless one alone has more


class Blob(NamedTuple):
    """An object id, and how many bytes it has."""

    id: str
    size: int


class Looked(NamedTuple):
    """What a batch of blobs came to: which hold something, and what could not be read. Crosses processes."""

    hits: list[str]
    problems: list[Problem]


def all_blobs(folder: str) -> list[Blob]:
    """Every blob of the repository, also of commits that nothing leads to any more. Raises GitError."""
    listed = git(
        folder, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname) %(objectsize)",
        "--unordered",
    )  # fmt: skip
    rows = (line.split(" ") for line in listed.decode("ascii").splitlines() if line.startswith("blob "))
    return [Blob(name, int(size)) for _, name, size in rows]


def batches(blobs: Sequence[Blob]) -> Iterator[tuple[str, ...]]:
    """The ids in batches that are much the same work each."""
    batch: list[str] = []
    size = 0
    for blob in blobs:
        if batch and (len(batch) >= _BATCH or size + blob.size > _BYTES):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(blob.id)
        size += blob.size
    if batch:
        yield tuple(batch)


class BlobSearch:
    """Looks into blobs for anything that is written down. Each process that does has its own git."""

    def __init__(self, folder: str, catalogue: Catalogue, prefilter: Prefilter) -> None:
        self._objects = Objects(folder)
        self._catalogue = catalogue
        self._prefilter = prefilter

    def look(self, ids: Collection[str], started: Callable[[str], None]) -> Looked:
        """Which of these blobs hold a token or a credential in a URL."""
        found = Looked([], [])
        try:
            for name, blob in zip(ids, self._objects.blobs(ids, LARGEST_TEXT), strict=True):
                if blob is None:
                    found.problems.append(Problem(name, "is not in this repository, so not scanned"))
                elif self._holds(name, blob[0], started):
                    found.hits.append(name)
                    if blob[1] > len(blob[0]):
                        message = f"has {blob[1] >> 20} MB, of which only the first {len(blob[0]) >> 20} were scanned"
                        found.problems.append(Problem(name, message))
        except GitError as error:
            found.problems.append(Problem("history", str(error), fatal=True))
        return found

    def text(self, name: str) -> bytes | None:
        """The bytes of one blob, or None where it is not there. Raises GitError."""
        blob = self._objects.blob(name, LARGEST_TEXT)
        return None if blob is None else blob[0]

    def close(self) -> None:
        """End the conversation with git."""
        self._objects.close()

    def _holds(self, name: str, data: bytes, started: Callable[[str], None]) -> bool:
        if data.find(b"\0", 0, SAMPLE) >= 0:
            if is_binary(data):
                return False
            if is_wide(data):
                data = Source(name, data).data
        verdict = self._prefilter.look(data)
        if verdict is None or not (verdict.tokens or verdict.urls):
            return False
        started(name)
        if verdict.tokens and token_scanner(self._catalogue).find(data):
            return True
        if verdict.urls:
            from pat_audit.tokens.urls import find_url_credentials

            return any(each.kind == "literal" for each in find_url_credentials(data))
        return False
