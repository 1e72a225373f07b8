"""The programs that are written in settings: their language, their text, and where each byte of it stands."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.settings.filling import Written, byte_offsets
from pat_audit.settings.paths import PathTable, holds, wildcard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pat_audit.formats.settings import Setting
    from pat_audit.settings.filling import Filling
    from pat_audit.settings.paths import Neighbours
    from pat_audit.vocabulary import Format, Script

_RUNS_TEXT = re.compile(r"-\w*c|-command|/s?/?c", re.IGNORECASE)
_LINE = re.compile(r"[^\n]*\n?")
# `$ curl …`, `PS C:\work> Invoke-…`, `C:\work>nuget …`, `user@host:~$ git …`
_PROMPT = re.compile(
    r"[ \t]*(?:(?:\([\w.-]{1,40}\)[ \t])?(?:[\w.-]{1,40}@[\w.-]{1,60}[:\s][^\s$#]{0,80})?[$%][ \t]+"
    r"|PS(?:[ \t][^>\n]{0,120})?>[ \t]?|[A-Z]:\\[^>\n]{0,120}>[ \t]?)"
)
_GOES_ON = ("\\", "`", "^", "|", "&&", "(", "{")  # how a line ends whose command goes on in the next


class Inside(NamedTuple):
    """A program in a text: its language (or format), its text, and the settings that it is written in."""

    language: str
    written: Written
    members: Sequence[Setting]


class ProgramsInside:
    """Finds the programs in texts of one format."""

    def __init__(self, format_: Format) -> None:
        self._scripts = PathTable([(path, script) for script in format_.scripts for path in script.paths])
        self.any = bool(format_.scripts)

    def find(
        self,
        settings: Sequence[Setting],
        neighbours: Neighbours,
        filling: Callable[[tuple[str, ...]], Filling],
        outer: Callable[[int], int] | None,
    ) -> Iterator[Inside]:
        """Every program in the settings, in the order in which they begin.

        `filling` gives the templates of the text and some more, by the ids of these.
        """
        for script, language, members in self._programs(settings, neighbours):
            filled = filling(script.templates)
            for spoken, lines in _parted(script, language, members):
                written = Written(outer)
                if _is_words(script, members):
                    _add_words(written, members, filled)
                else:
                    for member, spans in lines:
                        for start, end in spans:
                            written.add_filled(member, filled, start, end)
                        if len(members) > 1:
                            written.add(member, "\n", len(member.value.encode("utf-8", "replace")))
                yield Inside(spoken, written, members)

    def _programs(
        self, settings: Sequence[Setting], neighbours: Neighbours
    ) -> Iterator[tuple[Script, str, list[Setting]]]:
        """What the settings are programs by, in which language, and those that make one program together."""
        together: dict[tuple[object, ...], tuple[Script, str, list[Setting]]] = {}
        for number, setting in enumerate(settings):
            matches = self._scripts.find(setting.path) if setting.value else ()
            script = next((match.of for match in matches if _applies(match.of, setting, neighbours)), None)
            if script is None:
                continue
            language = _language(script, setting, neighbours)
            if not language:
                continue
            key: tuple[object, ...] = (number,)
            if script.whole:
                key = ("whole", id(script), language)
            elif (script.lines or script.words) and isinstance(setting.path[-1], int):
                key = ("list", setting.path[:-1])
            together.setdefault(key, (script, language, []))[2].append(setting)
        yield from together.values()


def _applies(script: Script, setting: Setting, neighbours: Neighbours) -> bool:
    for relative, wanted in script.when.items():
        other = neighbours.around(setting.path, relative)
        if other is None or not holds(other.value, wanted):
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
            if spelled and wildcard(spelled).fullmatch(own.value.strip()):
                return language
    return script.languages.get("", "")


# --- lines ---


def _parted(
    script: Script, language: str, members: Sequence[Setting]
) -> Iterator[tuple[str, list[tuple[Setting, list[tuple[int, int]]]]]]:
    """Each language that stands in a program, and the parts of the members that are in it."""
    if not (script.prompts or script.asides):
        yield language, [(member, [(0, len(member.value))]) for member in members]
        return
    spoken: dict[str, list[tuple[Setting, list[tuple[int, int]]]]] = {}
    for member in members:
        for aside, spans in _spans(script, language, member.value).items():
            spoken.setdefault(aside, []).append((member, spans))
    yield from ((each, parts) for each, parts in spoken.items() if each)


def _spans(script: Script, language: str, text: str) -> dict[str, list[tuple[int, int]]]:
    lines = [(match.start(), match.end()) for match in _LINE.finditer(text) if match[0]]
    spans: dict[str, list[tuple[int, int]]] = {}
    prompted = script.prompts and any(_PROMPT.match(text, start) for start, _ in lines)
    goes_on = ""
    for start, end in lines:
        prompt = _PROMPT.match(text, start) if prompted else None
        body = text[start:end].lstrip()
        aside = next((each for each in script.asides if body.startswith(each)), None)
        if goes_on:
            spoken = goes_on
        elif aside is not None:
            spoken = script.asides[aside]
            start = end - len(body) + len(aside)
        elif prompted and prompt is None:
            continue  # what was printed
        else:
            spoken = language
            start = prompt.end() if prompt else start
        spans.setdefault(spoken, []).append((start, end))
        ends_open = text[start:end].rstrip().endswith(_GOES_ON)
        goes_on = spoken if ends_open and (prompted or aside is not None or goes_on) else ""
    return spans


def _is_words(script: Script, members: Sequence[Setting]) -> bool:
    """Whether the members of a list are words; where lines may be lists of words, whether they stand in such."""
    nested = len(members[0].path) > 1 and isinstance(members[0].path[-2], int)
    return script.words and len(members) > 1 and (nested or not script.lines)


def _add_words(written: Written, members: Sequence[Setting], filling: Filling) -> None:
    """The words of a command line; of `sh -c TEXT` the text."""
    for number, member in enumerate(members[:-1]):
        if number and _RUNS_TEXT.fullmatch(member.value):
            written.add_filled(members[number + 1], filling)
            return
    for number, member in enumerate(members):
        if number:
            written.add(member, " ")
        quoted = shlex.quote(member.value) != member.value and not filling.find(member.value)
        if quoted:
            written.add(member, '"')
        written.add_filled(member, filling)
        if quoted:
            written.add(member, '"', byte_offsets(member.value)(len(member.value)))
