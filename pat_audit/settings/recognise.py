"""Which format a file is of: by its name, and where that leaves several open, by the keys that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.glob_table import GlobTable
from pat_audit.settings.paths import compiled, spell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pat_audit.formats.settings import Setting
    from pat_audit.vocabulary import Format


class Formats:
    """The formats of one catalogue, compiled to be recognised."""

    def __init__(self, formats: Iterable[Format]) -> None:
        self._ranked = sorted(formats, key=lambda each: -each.rank)
        self._files = GlobTable((glob, each.id) for each in self._ranked for glob in each.files)
        self._contains = {each.id: [compiled(path) for path in each.contains] for each in self._ranked}
        self.by_id = {each.id: each for each in self._ranked}

    def of_name(self, path: str) -> list[Format]:
        """The formats that a file with this path may be of, the most specific first."""
        found = self._files.find(path)
        return [each for each in self._ranked if each.id in found]

    def fits(self, format_: Format, settings: Sequence[Setting]) -> bool:
        """Whether the settings have what a file of the format has."""
        wanted = self._contains[format_.id]
        if not wanted:
            return True
        spelled = {spell(setting.path) for setting in settings}
        return any(pattern.fullmatch(path) for pattern in wanted for path in spelled)

    def told(self, format_: Format, settings: Sequence[Setting]) -> Format:
        """The format of a text without a name: for a syntax in general the one that its keys tell."""
        if format_.rank:
            return format_
        alike = (each for each in self._ranked if each.syntax == format_.syntax and each.contains)
        return next((each for each in alike if self.fits(each, settings)), format_)
