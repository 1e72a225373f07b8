"""What a run found: of inputs that fail in the same place, the smallest."""

from __future__ import annotations

import hashlib
import os
import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .target import Target

_NUMBER = re.compile(r"\d+")
_ROOT = str(Path(__file__).parents[2]) + os.sep


class Finds:
    """Runs a target on inputs, counts them, and keeps in a folder the smallest of those that fail alike."""

    def __init__(self, target: Target, folder: Path | None = None) -> None:
        self._target = target
        self._folder = folder
        self.inputs = 0
        self.smallest: dict[str, bytes] = {}

    def __call__(self, data: bytes) -> None:
        """Try one input."""
        self.inputs += 1
        try:
            self._target.run(data)
        except Exception as error:
            where = place_of(error)
            if len(data) < len(self.smallest.get(where, data + b"x")):
                self.smallest[where] = data
                if self._folder is not None:
                    name = hashlib.sha256(where.encode()).hexdigest()[:12]
                    self._folder.mkdir(parents=True, exist_ok=True)
                    (self._folder / name).write_bytes(data)
                    (self._folder / f"{name}.txt").write_text(f"{self._target.name}: {where}\n")


def place_of(error: Exception) -> str:
    """The kind of an error, its own words if it is a broken promise, and the lines of this repository it came from."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(_ROOT)]
    lines = [f"{frame.filename.removeprefix(_ROOT)}:{frame.lineno}" for frame in frames[-2:]]
    said = (
        f" ({_NUMBER.sub('N', str(error))})" if isinstance(error, AssertionError) and 0 < len(str(error)) < 160 else ""
    )
    return f"{type(error).__name__}{said} at {' < '.join(reversed(lines))}"
