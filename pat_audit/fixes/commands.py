"""A command line that signs in: its options for a user and password give way to a header with a token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pat_audit.fixes.change import CannotChange, Replacement
from pat_audit.fixes.filling import fill
from pat_audit.flow import ir

if TYPE_CHECKING:
    from pat_audit.fixes.file_text import FileText
    from pat_audit.vocabulary import Rewrite


def rewritten(made: Any, rewrite: Rewrite, file: FileText) -> dict[str, list[Replacement]]:
    """The edits for a command `made`: a list of words, or a command of a shell. Raises CannotChange."""
    command = made
    if not isinstance(command, ir.Command | ir.Collection):
        command = next((each for each in file.places.around(made) if isinstance(each, ir.Command)), None)
    words: list[tuple[str | None, Any]]
    if isinstance(command, ir.Command):
        words = [(argument.name, argument.value) for argument in command.arguments]
    elif isinstance(command, ir.Collection):
        words = [(None, item) for item in command.items if not isinstance(item, ir.Argument)]
    else:
        raise CannotChange("the command line is put together elsewhere")
    edits = list(_options(words, rewrite, file))
    if not edits:
        raise CannotChange("the options that sign in do not stand in the command line itself")
    return {file.path: edits}


def _options(words: list[tuple[str | None, Any]], rewrite: Rewrite, file: FileText) -> Any:
    """The options that the rewrite replaces: the first gives way to its text, others go."""
    first = True
    for index, (_, word) in enumerate(words):
        spelled = _spelled(word, file)
        option = next((each for each in rewrite.options if spelled == each), None)
        end = word.end
        if option is not None:
            if index + 1 >= len(words):
                continue
            end = words[index + 1][1].end
        else:
            attached = next((each for each in rewrite.options if _carries(spelled, each)), None)
            if attached is None:
                continue
        if first:
            yield Replacement(word.start, end, fill(rewrite.replace, word, file))
        else:
            start = word.start
            while file.data[start - 1 : start] in (b" ", b","):
                start -= 1
            yield Replacement(start, end, "")
        first = False


def _carries(spelled: str, option: str) -> bool:
    """`--user=…`, `-u:…`."""
    if not spelled.startswith(option):
        return False
    rest = spelled[len(option) :]
    return rest.startswith("=") if option.startswith("--") else bool(rest) and not rest[0].isalpha()


def _spelled(word: Any, file: FileText) -> str:
    if isinstance(word, ir.Literal):
        return str(word.value)
    return file.text(word.start, word.end).lstrip("\"'fbr")
