"""Where the scripts are that a shell program sources."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pat_audit.flow.language import Files

_LONGEST = 4096  # bytes that a path may have
_EXPANSION = re.compile(r"\$\(.*\)|`.*`|\$\{[^}]*\}|\$\w+", re.DOTALL)


def script_named(word: str) -> str:
    """The path that a word behind `source` names, as far as it is written: what is behind the last expansion."""
    if len(word) > _LONGEST:
        return ""
    bare = word.replace('"', "").replace("'", "")
    rest = _EXPANSION.split(bare)[-1]
    if rest != bare:
        rest = rest.lstrip("/")
    return rest if "\n" not in rest else ""


class BashLayout:
    """Finds sourced scripts: beside the program, upward from it, or by their name alone."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._located: dict[tuple[str, str], str | None] = {}

    def locate(self, module: str, level: int, importer: str) -> str | None:
        """The path of a sourced script: relative to the importer's folder, else to one above it."""
        key = (module, importer)
        if key not in self._located:
            self._located[key] = self._locate(module, importer)
        return self._located[key]

    def _locate(self, module: str, importer: str) -> str | None:
        folder = posixpath.dirname(importer)
        named = module.lstrip("/")
        while named:
            candidate = posixpath.normpath(posixpath.join(folder, named))
            if not candidate.startswith("..") and candidate != importer and self._files.exists(candidate):
                return candidate
            if not folder:
                break
            folder = posixpath.dirname(folder)
        same = self._files.named(posixpath.basename(named).lower())
        return same[0] if len(same) == 1 and same[0] != importer else None

    def submodule(self, path: str, name: str) -> str | None:
        """Nothing: scripts hold no others."""
        return None

    def implied(self, name: str, importer: str) -> Iterable[str]:
        """Nothing: what is not sourced is not seen."""
        return ()
