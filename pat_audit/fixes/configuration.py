"""A configuration file that is edited: its format and settings, a value taken from outside, a URL without its user."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.attribution import names_of
from pat_audit.fixes.change import CannotChange, Replacement
from pat_audit.fixes.file_text import FileText
from pat_audit.formats.readers import read
from pat_audit.formats.settings import Unparsable
from pat_audit.settings.paths import compiled, spell
from pat_audit.settings.recognise import Formats
from pat_audit.settings.texts import SettingsTexts
from pat_audit.template_text import filled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pat_audit.catalogue import Catalogue
    from pat_audit.flow import ir
    from pat_audit.formats.settings import Setting
    from pat_audit.model import Use
    from pat_audit.vocabulary import Format, Rewrite

CONFIGURATION = "configuration"
"""What rewrites call the language of all configuration files."""

_USER_PART = re.compile(rb"(?<=://)(?:(?:\$\{\{[^{}]{0,200}\}\}|[^/?#\s\"'<>@])*+@)+(?=[\w.\[{$])")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_FILLED_IN = re.compile(r"\$[({]{1,2}[^(){}]*[)}]{1,2}|\$\w+|%\w+%|\{\{[^{}]*\}\}")
_SAYS_MUCH = re.compile(r"(?!(?:AUTH_)?TOKEN\Z|PASSWORD\Z|VALUE\Z)[A-Z]\w{2,40}")
_BLOCK = re.compile(rb"[|>][-+\d]{0,3}[ \t]{0,40}(?:#[^\r\n]{0,200})?(?:\r?\n[ \t]{0,200}){1,20}\Z")
_FAR = 1_000  # bytes before a text in which its block is opened
_DEFINES = "variables"  # the key of pipelines below which settings are variables


class Configuration(NamedTuple):
    """A file as its format reads it, and the programs in it by language; `fault`: why not all of it could be read."""

    format: Format
    settings: Sequence[Setting]
    fault: str
    programs: Sequence[tuple[str, ir.Module]]


class ReadAs:
    """Reads configuration files by the formats of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @cached_property
    def _texts(self) -> SettingsTexts:
        return SettingsTexts(self._catalogue, names_of(self._catalogue))

    @cached_property
    def _formats(self) -> Formats:
        return Formats(self._catalogue.formats)

    def formats_of(self, path: str) -> frozenset[str]:
        """The formats that a file of this name may have."""
        return frozenset(format_.id for format_ in self._formats.of_name(path))

    def is_closed(self, path: str) -> bool:
        """Whether the programs in a file of this name run where nobody is signed in."""
        return any(format_.closed for format_ in self._formats.of_name(path))

    def __call__(self, path: str, data: bytes) -> Configuration | None:
        """A file by its format; None for one of no format."""
        for format_ in self._formats.of_name(path):
            fault = ""
            try:
                settings: Sequence[Setting] = read(format_.syntax, data)
            except Unparsable as error:
                settings, fault = error.settings, str(error)
            if self._formats.fits(format_, settings):
                return Configuration(format_, settings, fault, self._texts.programs(path, data, format_, settings))
        return None


def would_not_read(file: FileText, text: bytes) -> str:
    """Why a new text of a file is no longer what it was: it does not parse, or has other keys; nothing where it is."""
    old = file.configuration
    if old is None or old.fault:
        return ""
    new = file.with_text(FileText(file.path, text).data).configuration
    if new is None or new.fault or new.format.id != old.format.id:
        return f"{file.path} would no longer read as what it is"
    if [setting.path for setting in new.settings] != [setting.path for setting in old.settings]:
        return f"{file.path} would have other settings"
    return ""


def in_its_place(edits: Sequence[Replacement], file: FileText) -> list[Replacement]:
    """Edits of a program in a file, as the file must have them. Raises CannotChange where its text is not as it reads.

    A text on one line behind a key of YAML becomes a block, where what it is to say could not stand there.
    """
    read_as = file.configuration
    if read_as is None:
        return list(edits)
    if read_as.format.closed:
        raise CannotChange("it runs where nobody is signed in")
    found: list[Replacement] = []
    for edit in edits:
        setting = next((each for each in read_as.settings if each.start <= edit.start and edit.end <= each.end), None)
        if setting is None:
            raise CannotChange("the program stands in no single setting of the file")
        for mark, written in read_as.format.escapes.items():
            edit = replace(edit, text=edit.text.replace(mark, written))
        opening = file.data[setting.start - 1 : setting.start]
        if opening in (b'"', b"'"):
            if opening.decode() in edit.text or "\\" in edit.text:
                raise CannotChange("the program stands in quotes")
        elif (
            not setting.places
            and read_as.format.syntax == "yaml"
            and re.search(r": | #", edit.text)
            and not _BLOCK.search(file.data, max(0, setting.start - _FAR), setting.start)
        ):
            found += _as_block(setting, file)
        found.append(edit)
    return found


def _as_block(setting: Setting, file: FileText) -> list[Replacement]:
    end = file.line_end(setting.end)
    if b"\n" in file.data[setting.start : setting.end] or file.data[setting.end : end].strip() or not setting.key[1]:
        raise CannotChange("the program stands on a line with something else")
    column = setting.key[0] - file.line_start(setting.key[0])
    return [Replacement(setting.start, setting.start, f"|{file.newline}{' ' * (column + 2)}")]


def rewritten(use: Use, rewrite: Rewrite, file: FileText, read_as: Configuration) -> dict[str, list[Replacement]]:
    """The edits for what `use` is about in one setting. Raises CannotChange."""
    start, end = file.span(use.made.span)
    setting = next((each for each in read_as.settings if each.start <= start and end <= each.end), None)
    if setting is None:
        raise CannotChange("it stands in no setting of the file")
    if not rewrite.replace:
        matches = list(_USER_PART.finditer(file.data, setting.start, setting.end))
        if len(matches) != 1 or matches[0].start() > end or start > matches[0].end():
            raise CannotChange("the URL is put together from several texts")
        return {file.path: [Replacement(matches[0].start(), matches[0].end(), "")]}
    if "«reference»" in rewrite.replace:
        if not read_as.format.reference:
            raise CannotChange("the format has no way to take a value from outside")
        if _FILLED_IN.search(file.text(start, end)):
            raise CannotChange("it comes from outside already")
    elif not _FILLED_IN.fullmatch(setting.value.strip()):
        raise CannotChange("the value is not one that is taken from outside")
    else:
        start, end = setting.start, setting.end
    if not setting.places and file.text(start, end) not in setting.value:
        raise CannotChange("the value is not written as it reads")
    whole = file.text(start, end) == setting.value.strip()
    name = _variable(setting, use, whole=whole, encoded=_is_encoded(setting, read_as.format))
    reference = filled(read_as.format.reference, lambda _: name)
    text = filled(rewrite.replace, lambda hole: reference if hole == "reference" else f"«{hole}»")
    return {file.path: [Replacement(start, end, text)]}


def _variable(setting: Setting, use: Use, *, whole: bool, encoded: bool) -> str:
    """The name that the value has outside: that of its setting where it is the whole of it, or else of what it is."""
    own = "_".join(word for word in _WORDS.split(setting.name) if word).upper()
    kind = use.variable or own or "TOKEN"
    if not whole or not _SAYS_MUCH.fullmatch(own):
        own = kind
    if _DEFINES in setting.path and own == setting.name.upper():
        own = kind if kind != own else f"{own}_SECRET"  # a variable cannot be taken from itself
    return f"{own}_BASE64" if encoded else own


def _is_encoded(setting: Setting, format_: Format) -> bool:
    """Whether the format has the setting encoded."""
    path = spell(setting.path)
    return any(row.encoded and any(compiled(each).fullmatch(path) for each in row.paths) for row in format_.settings)
