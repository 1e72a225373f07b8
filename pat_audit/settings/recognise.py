"""Which format a file is of: by its name, and where that leaves several open, by the keys that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.glob_table import GlobTable
from pat_audit.settings.named import named
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
        self._fragments = {each.id: [compiled(path) for path in each.fragments] for each in self._ranked}
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

    def known(self, syntax: str, settings: Sequence[Setting]) -> Format | None:
        """The format of a text in a program that its keys tell; one that only its file's name would tell is none."""
        alike = (each for each in self._ranked if each.rank and each.syntax == syntax)
        return next((each for each in alike if self._tells(each, settings)), None)

    def _tells(self, format_: Format, settings: Sequence[Setting]) -> bool:
        if format_.fragments:
            spelled = {spell(setting.path) for setting in named(settings, format_.named)}
            return any(pattern.fullmatch(path) for pattern in self._fragments[format_.id] for path in spelled)
        return bool(format_.contains) and self.fits(format_, settings)

    def told(self, format_: Format, settings: Sequence[Setting]) -> Format:
        """The format of a text without a name: for a syntax in general the one that its keys tell."""
        if format_.rank:
            return format_
        return self.known(format_.syntax, settings) or format_
