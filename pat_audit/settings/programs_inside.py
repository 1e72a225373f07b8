"""The programs that are written in settings: their language, their text, and the environment that they run in."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.settings.filling import Written
from pat_audit.settings.paths import PathTable, wildcard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pat_audit.formats.settings import Setting
    from pat_audit.settings.filling import Filling
    from pat_audit.settings.paths import Neighbours, Path
    from pat_audit.vocabulary import Format, Script

_RUNS_TEXT = re.compile(r"-\w*c|-command|/s?/?c", re.IGNORECASE)


class Inside(NamedTuple):
    """A program in a text: its language (or format), its text, and the path of the setting that it begins in."""

    language: str
    written: Written
    path: Path


class ProgramsInside:
    """Finds the programs in texts of one format."""

    def __init__(self, format_: Format) -> None:
        self._scripts = PathTable([(path, script) for script in format_.scripts for path in script.paths])
        self.any = bool(format_.scripts)

    def find(
        self,
        settings: Sequence[Setting],
        neighbours: Neighbours,
        filling: Filling,
        outer: Callable[[int], int] | None,
    ) -> Iterator[Inside]:
        """Every program in the settings. Those of one list that make one program stand next to each other."""
        number = 0
        while number < len(settings):
            setting = settings[number]
            number += 1
            matches = self._scripts.find(setting.path)
            script = next((match.of for match in matches if _applies(match.of, setting, neighbours)), None)
            if script is None:
                continue
            language = _language(script, setting, neighbours)
            members = [setting]
            if (script.lines or script.words) and isinstance(setting.path[-1], int):
                while number < len(settings) and settings[number].path[:-1] == setting.path[:-1]:
                    members.append(settings[number])
                    number += 1
            if language and any(member.value for member in members):
                written = Written(outer)
                if script.words and len(members) > 1:
                    _add_words(written, members, filling)
                else:
                    for member in members:
                        written.add_filled(member, filling)
                        if len(members) > 1:
                            written.add(member, "\n", len(member.value.encode("utf-8", "replace")))
                yield Inside(language, written, setting.path)


def _applies(script: Script, setting: Setting, neighbours: Neighbours) -> bool:
    for relative, wanted in script.when.items():
        other = neighbours.around(setting.path, relative)
        if other is None or not any(wildcard(text).fullmatch(other.value) for text in wanted):
            return False
    return True


def _language(script: Script, setting: Setting, neighbours: Neighbours) -> str:
    if script.language:
        return script.language
    for relative in script.said_by:
        own = setting if relative == "." else neighbours.around(setting.path, relative)
        if own is None:
            continue
        for spelled, language in script.languages.items():
            if wildcard(spelled).fullmatch(own.value.strip()):
                return language
    return script.languages.get("", "")


def _add_words(written: Written, members: Sequence[Setting], filling: Filling) -> None:
    """The words of a command line; of `sh -c TEXT` the text."""
    for number, member in enumerate(members[:-1]):
        if number and _RUNS_TEXT.fullmatch(member.value):
            written.add_filled(members[number + 1], filling)
            return
    for number, member in enumerate(members):
        if number:
            written.add(member, " ")
        if shlex.quote(member.value) == member.value or filling.find(member.value):
            written.add_filled(member, filling)
        else:
            written.add(member, '"')
            written.add_filled(member, filling)
            written.add(member, '"', len(member.value.encode("utf-8", "replace")))
