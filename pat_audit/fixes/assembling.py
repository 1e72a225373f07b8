"""Puts the changes of a run together: for each file the text with all of them, its imports and definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pat_audit.fixes import heads, leftovers
from pat_audit.fixes.change import CannotChange, Replacement
from pat_audit.fixes.names_in_file import NamesInFile
from pat_audit.fixes.neighbours import can_use, neighbours, order
from pat_audit.flow import ir

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pat_audit.catalogue import Catalogue
    from pat_audit.fixes.change import Change
    from pat_audit.fixes.file_text import FileText
    from pat_audit.fixes.texts import Texts


class Assembler:
    """Puts changes together, and remembers what a file is with just these, as long as the files stay the same."""

    def __init__(self, catalogue: Catalogue, files: Texts) -> None:
        self._definitions = catalogue.definition_by_name
        self._files = files
        self._made: dict[tuple[Any, ...], _Made] = {}

    def __call__(self, changes: Sequence[Change]) -> tuple[dict[str, bytes], dict[str, str]]:
        """The new bytes of every file that the changes touch, and the packages that they need, by language.

        Raises CannotChange where two changes meet, a name cannot be had, or the file's encoding cannot hold the text.
        """
        by_path: dict[str, list[Change]] = {}
        for change in changes:
            for path in change.replacements:
                by_path.setdefault(path, []).append(change)
        texts: dict[str, bytes] = {}
        packages: dict[str, str] = {}
        defined: dict[str, dict[str, str]] = {}
        for path in sorted(by_path, key=order):
            members, file = by_path[path], self._files(path)
            others = [other for other in neighbours(file, self._files) if can_use(file, other)]
            beside = [(other, defined.get(other.path, {})) for other in others]
            key = (path, *map(id, members), *((other.path, *names.items()) for other, names in beside if names))
            if key not in self._made:
                self._made[key] = self._with(file, members, beside)
            texts[path], defined[path], needed = self._made[key]
            for package in needed:
                packages.setdefault(package, file.language)
            for change in members:
                packages.update(dict.fromkeys(change.rewrite.packages, file.language))
        return texts, packages

    def _with(
        self, file: FileText, members: Sequence[Change], beside: Sequence[tuple[FileText, dict[str, str]]]
    ) -> _Made:
        texts_put_in = [edit.text for each in members for edit in each.replacements[file.path]]
        names = NamesInFile(file, self._definitions, beside, texts_put_in)
        edits = sorted({edit for change in members for edit in _edits(change, file.path, names, file)})
        return _Made(_finished(file, edits, names, members, self._files), dict(names.chosen), tuple(names.packages))


class _Made(NamedTuple):
    """A file's new bytes, the definitions that it chose by their names there, and the packages that these need."""

    text: bytes
    chosen: dict[str, str]
    packages: tuple[str, ...]


def _edits(change: Change, path: str, names: NamesInFile, file: FileText) -> list[Replacement]:
    imports = change.rewrite.imports
    return [
        Replacement(
            edit.start, edit.end, _in_house_style(names.filled(edit.text, imports, change.rewrite.language), edit, file)
        )
        for edit in change.replacements[path]
    ]


def _in_house_style(text: str, edit: Replacement, file: FileText) -> str:
    """A template's text as the file would have it: quotes, line ends, indentation."""
    if file.prefers_single_quotes and "'" not in text and '\\"' not in text and _takes_either(file):
        text = text.replace('"', "'")
    if "\n" in text and file.newline not in text:
        indentation = file.indentation(edit.start)
        text = text.replace("\n", file.newline + indentation)
    return text


def _takes_either(file: FileText) -> bool:
    return file.language in heads.EITHER_QUOTE


def _finished(
    file: FileText,
    edits: Sequence[Replacement],
    names: NamesInFile,
    changes: Sequence[Change],
    files: Texts,
) -> bytes:
    spans = [(edit.start, edit.end) for edit in edits if edit.start < edit.end]
    suspects = leftovers.names_in(file.places, spans)
    known = {
        file.data[start:end]
        for change in changes
        for finding in change.findings
        for step in finding.trail
        if step.location.path == file.path
        for start, end in [file.span(step.location.span)]
    }
    edited = file.with_text(applied(file.data, edits))
    try:
        edited = leftovers.without_leftovers(
            edited, suspects, known, lambda name: files.mentioned_elsewhere(name, file.path)
        )
        text = edited.data.decode("utf-8")
        imports = [(module, name, alias or module) for (module, name), alias in names.imports.items()]
        text = heads.insert(file, text, imports, names.definitions)
        text = heads.without_unused(file, text, suspects)
    except (ir.Unreadable, SyntaxError, RecursionError) as error:
        raise CannotChange("what signs in is all that stands in its block") from error
    try:
        return file.encoded(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise CannotChange("the file's encoding cannot hold the new text") from error


def applied(data: bytes, edits: Sequence[Replacement]) -> bytes:
    """The text with the edits made. Raises CannotChange where two of them meet."""
    pieces: list[bytes] = []
    done = 0
    for edit in edits:
        if edit.start < done:
            raise CannotChange("two fixes meet at one place")
        pieces += [data[done : edit.start], edit.text.encode()]
        done = edit.end
    pieces.append(data[done:])
    return b"".join(pieces)
