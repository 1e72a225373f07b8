"""Whether a written secret is the one that an entry was made for, though the entry says nothing of it.

The baseline holds neither a secret nor a hash of one: a hash outlives the secret's removal, and a short one can be
guessed. git has the answer anyway: the commit that brought the entry's line holds the file as it was then, and a
secret that does not stand in it is another one. Until the line is committed, and where there is no git, the machine
that wrote the baseline remembers marks of the secrets, made with a key that never leaves the user's own cache.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Literal

from pat_audit import project_cache
from pat_audit.baseline.entries import entry_of
from pat_audit.boundary import repository_of
from pat_audit.git_commands import GitError, Objects, git
from pat_audit.source import LARGEST_TEXT, Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pat_audit.baseline.entries import Entry

Word = Literal["same", "other", "unknown"]
_COMMIT_LINE = re.compile(rb"[0-9a-f]{40,64} \d+ \d+")


class Witness:
    """Answers for one baseline file."""

    def __init__(self, file: str, *, memory: bool = True) -> None:
        self._file = os.path.abspath(file)  # noqa: PTH100
        folder = os.path.dirname(self._file)  # noqa: PTH120
        self.root = repository_of(folder)
        self._home = self.root or folder
        self._memory = memory
        self._objects = Objects(self._home)
        self._commits: dict[str, tuple[str, bool]] | None = None
        self._texts: dict[str, str | None] = {}
        self._remembered: dict[str, list[str]] | None = None
        self.shallow = False

    def commit(self, entry: Entry) -> str | None:
        """The commit that brought the line of an entry, or None where it is not committed."""
        found = self._lines().get(entry.name)
        return found[0] if found is not None else None

    def says(self, entry: Entry, secrets: frozenset[str]) -> Word:
        """Whether `secrets` stood in the entry's file when the entry was made."""
        found = self._lines().get(entry.name)
        if found is not None:
            commit, edge = found
            text = self._text(commit, entry.key.path)
            if text is not None:
                if not all(secret in text for secret in secrets):
                    return "other"
                if edge:  # what came before is not in this clone: the line may be older than this text
                    self.shallow = True
                    return "unknown"
                return "same"
        return self._recalled(entry, secrets)

    def remember(self, accepted: Mapping[str, Iterable[str]], names: Collection[str]) -> None:
        """Keep marks of the secrets that entries were made for, by the entries' names; of `names` alone."""
        if not self._memory:
            return
        former = self._recollection()
        marks = {name: marks for name, marks in former.items() if name in names}
        marks |= {name: sorted(map(_mark, secrets)) for name, secrets in sorted(accepted.items()) if secrets}
        if marks != former:
            project_cache.write(self._home, self._name(), json.dumps(marks).encode())

    def close(self) -> None:
        """End the conversation with git."""
        self._objects.close()

    def _recalled(self, entry: Entry, secrets: frozenset[str]) -> Word:
        marks = self._recollection().get(entry.name)
        if marks is None:
            return "unknown"
        return "same" if all(_mark(secret) in marks for secret in secrets) else "other"

    def _recollection(self) -> dict[str, list[str]]:
        if self._remembered is None:
            kept = project_cache.read(self._home, self._name()) if self._memory else None
            self._remembered = json.loads(kept) if kept else {}
        return self._remembered

    def _name(self) -> str:
        inside = os.path.relpath(self._file, self._home)
        return "accepted-" + "".join(letter if letter.isalnum() else "-" for letter in inside)[-80:]

    def _text(self, commit: str, path: str) -> str | None:
        assert self.root is not None
        place = os.path.normpath(os.path.join(os.path.dirname(self._file), path))  # noqa: PTH118, PTH120
        name = f"{commit}:{os.path.relpath(place, self.root)}".replace(os.sep, "/")
        if name not in self._texts:
            found = self._objects.blob(name, LARGEST_TEXT)  # no more of a file is scanned
            self._texts[name] = None if found is None else Source(path, found[0]).data.decode("utf-8", "replace")
        return self._texts[name]

    def _lines(self) -> dict[str, tuple[str, bool]]:
        """The name of each committed entry -> its commit, and whether history ends there before its time."""
        if self._commits is None:
            self._commits = {}
            if self.root is not None:
                inside = os.path.relpath(self._file, self.root).replace(os.sep, "/")
                try:
                    output = git(self.root, "blame", "--porcelain", "--no-textconv", "--root", "HEAD", "--", inside)
                    cut = b"true" in git(self.root, "rev-parse", "--is-shallow-repository")
                except GitError:
                    return self._commits  # not committed, no commit yet, or nobody to ask: memory is left
                self._commits = _blamed(output, _edges(self.root) if cut else frozenset())
        return self._commits


def _edges(root: str) -> frozenset[str]:
    """The commits at which a shallow clone ends."""
    place = os.fsdecode(git(root, "rev-parse", "--git-path", "shallow")).strip()
    try:
        with open(os.path.join(root, place), encoding="ascii") as stream:  # noqa: PTH118, PTH123
            return frozenset(stream.read().split())
    except (OSError, ValueError):
        return frozenset()


def _blamed(output: bytes, edges: frozenset[str]) -> dict[str, tuple[str, bool]]:
    """The lines of `git blame --porcelain` that are entries, by name."""
    commits: dict[str, tuple[str, bool]] = {}
    commit = ""
    for line in output.split(b"\n"):
        if line.startswith(b"\t"):
            try:
                entry = entry_of(line[1:].decode().rstrip("\r"))
            except ValueError:
                continue  # a comment, or a line that is refused where the file itself is read
            commits[entry.name] = (commit, commit in edges)
        elif _COMMIT_LINE.match(line):
            commit = line.partition(b" ")[0].decode()
    return commits


def _mark(secret: str) -> str:
    mark = project_cache.tag(secret.encode("utf-8", "surrogatepass"))
    return mark.hex() if mark is not None else ""
