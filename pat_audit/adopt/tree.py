"""The files of a repository as `init` may read and write them: regular text inside it, replaced as a whole."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pat_audit.adopt.yaml_edit import CannotEditError
from pat_audit.whole_file import replace_file

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST = 256 * 1024


class CannotWriteError(Exception):
    """A file could not be written; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file that is to hold `after`; `before` is what it holds now, None where there is no such file."""

    path: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Tree:
    """A repository's top directory; files are named relative to it, with `/`."""

    top: Path

    def read(self, name: str) -> str | None:
        """A file's text, line breaks as they are, or None where nothing is there.

        Raises CannotEditError for what is no regular UTF-8 file of moderate size inside the repository.
        """
        place = self._inside(name)
        try:
            state = place.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CannotEditError(f"it cannot be read ({error.strerror})") from None
        if not stat.S_ISREG(state.st_mode):
            raise CannotEditError("it is no regular file")
        if state.st_size > _LARGEST:
            raise CannotEditError(f"it is larger than {_LARGEST // 1024} KiB")
        try:
            return place.read_bytes().decode()
        except UnicodeDecodeError:
            raise CannotEditError("it is no UTF-8 text") from None
        except OSError as error:
            raise CannotEditError(f"it cannot be read ({error.strerror})") from None

    def names(self, pattern: str) -> list[str]:
        """What matches a glob below the top directory, sorted."""
        return sorted(place.relative_to(self.top).as_posix() for place in self.top.glob(pattern))

    def write(self, change: Change) -> None:
        """Make a change. Raises CannotWriteError where it cannot be made, or where the file is another by now."""
        try:
            if self.read(change.path) != change.before:
                raise CannotWriteError(f"{change.path}: it was changed meanwhile; run this again")
            place = self._inside(change.path)
            place.parent.mkdir(parents=True, exist_ok=True)
            replace_file(place, [change.after.encode()])
        except CannotEditError as error:
            raise CannotWriteError(f"{change.path}: {error}") from None
        except OSError as error:
            raise CannotWriteError(f"{change.path}: cannot be written: {error.strerror}") from None

    def _inside(self, name: str) -> Path:
        """Where a file is once symbolic links are followed; they must not lead out of the repository."""
        try:
            place = (self.top / name).resolve()
            if place.is_relative_to(self.top.resolve()):
                return place
        except (OSError, RuntimeError):
            raise CannotEditError("it is a symbolic link that leads nowhere") from None
        raise CannotEditError("it is a symbolic link that leads out of the repository")
