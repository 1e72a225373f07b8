"""Keeps a packed catalogue between runs, section by section, for as long as the rules folders look the same."""

# ruff: noqa: PTH116, PTH118, PTH120
# os.path throughout: pathlib costs every start several milliseconds.

from __future__ import annotations

import marshal
import os
import sys
from typing import TYPE_CHECKING

from pat_audit import __version__, user_cache

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Whose change makes what is kept worthless.
_READERS = (
    "catalogue.py",
    "catalogue_cache.py",
    "catalogue_checks.py",
    "packed.py",
    "pattern_automaton.py",
    "pattern_growth.py",
    "pattern_safety.py",
    "rules_folder.py",
    "strict_yaml.py",
    "vocabulary.py",
)

Stamp = tuple[tuple[str, ...], list[tuple[str, int, int]]]
"""What a catalogue was made by and from: versions and folders, and how each file and folder looked."""


def look(folders: Sequence[str]) -> Stamp | None:
    """What the folders, and the code that reads them, look like from outside; None: that cannot be told.

    Of the rules that were installed with the package only the folders are looked at, because installing puts new
    files into them; of all others every file is, because people edit those.
    """
    here = os.path.dirname(__file__)
    paths = [os.path.join(here, name) for name in _READERS]
    for folder in folders:
        for place, _, files in os.walk(folder):
            paths.append(place)
            if folder != os.path.join(here, "rules"):
                paths += (os.path.join(place, name) for name in files)
    try:
        return _made_by(folders), _looks(paths)
    except OSError:
        return None


def read(place: str, folders: Sequence[str]) -> tuple[dict[str, str], str] | None:
    """The rule names and the digest of the catalogue that was kept as `place`, where it still holds."""
    data = user_cache.read(f"catalogue-{place}")
    if data is None:
        return None
    try:
        (made_by, looks), rule_names, digest = marshal.loads(data)
        # What came or went shows in its folder.
        holds = made_by == _made_by(folders) and looks == _looks(path for path, _, _ in looks)
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return (rule_names, digest) if holds else None


def read_section(place: str, name: str, digest: str) -> bytes | None:
    """One packed section of the catalogue with this digest; None where it has gone or been written over since."""
    data = user_cache.read(f"{name}-{place}")
    mark = digest.encode()
    return data[len(mark) :] if data is not None and data.startswith(mark) else None


def write(place: str, stamp: Stamp, rule_names: Mapping[str, str], digest: str, sections: Mapping[str, bytes]) -> None:
    """Keep a catalogue as `place` (letters and digits)."""
    for name, section in sections.items():
        user_cache.write(f"{name}-{place}", digest.encode() + section)
    user_cache.write(f"catalogue-{place}", marshal.dumps((stamp, dict(rule_names), digest)))


def _made_by(folders: Sequence[str]) -> tuple[str, ...]:
    return (__version__, sys.version, *folders)


def _looks(paths: Iterable[str]) -> list[tuple[str, int, int]]:
    return [(path, status.st_mtime_ns, status.st_size) for path in paths for status in (os.stat(path),)]
