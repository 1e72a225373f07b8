"""A command line that signs in: its options for a user and password give way to a header with a token."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pat_audit.fixes.change import CannotChange, Replacement
from pat_audit.fixes.filling import fill
from pat_audit.flow import ir

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pat_audit.fixes.file_text import FileText
    from pat_audit.vocabulary import Rewrite

_LETTERS = re.compile(r"-[A-Za-z]+")
_SEPARATORS = (b" ", b",", b"\t")
_CONTINUED = re.compile(rb"(?:\\|`|\^)?\r?\n[ \t]*\Z")


class Word(NamedTuple):
    """One word of a command line: an option is written `spelled`, everything else is what it is in the code."""

    start: int
    end: int
    spelled: str
    node: Any


def rewritten(made: Any, rewrite: Rewrite, file: FileText) -> dict[str, list[Replacement]]:
    """The edits for a command `made`, or a part of one: a list of words, or a command of a shell.

    Raises CannotChange.
    """
    words = words_of(command_of(made, file), file)
    if words is None:
        raise CannotChange("the command line is put together elsewhere")
    edits = list(_options(words, rewrite, file))
    if not edits:
        raise CannotChange("the options that sign in do not stand in the command line itself")
    return {file.path: edits}


def command_of(node: Any, file: FileText) -> Any:
    """The command line that a node is or stands in; None where it stands in none."""
    if isinstance(node, ir.Command | ir.Collection):
        return node
    for outer in file.places.around(node):
        if isinstance(outer, ir.Command | ir.Collection):
            return outer
        if not isinstance(outer, ir.Argument | ir.Join):
            return None
    return None


def words_of(command: Any, file: FileText) -> list[Word] | None:
    """The words of a command line, an option that the language takes for a name among them; None: it is none."""
    if isinstance(command, ir.Collection):
        return [_word(item, file) for item in command.items if not isinstance(item, ir.Argument)]
    if not isinstance(command, ir.Command):
        return None
    words = [_word(command.name, file)]
    for argument in command.arguments:
        value = argument.value
        if argument.name and not argument.name.startswith("*"):
            marked = file.data.rfind(b"-", words[-1].end, max(value.start, words[-1].end) + 1)
            if marked >= 0:
                end = marked + 1 + len(argument.name.encode())
                words.append(Word(marked, end, f"-{argument.name}", None))
                if value.start < end:
                    continue  # a switch
        words.append(_word(value, file))
    return words


def _word(node: Any, file: FileText) -> Word:
    return Word(node.start, node.end, _spelled(node, file), node)


def _options(words: Sequence[Word], rewrite: Rewrite, file: FileText) -> Iterator[Replacement]:
    """The options that the rewrite replaces: the first gives way to its text, others go."""
    first = True
    taken = -1
    for index, word in enumerate(words):
        if index <= taken:
            continue
        found = _option(word, rewrite.options)
        if found is None:
            continue
        kept, is_whole = found
        start, end = word.start, word.end
        if is_whole:
            if index + 1 >= len(words):
                continue
            taken, end = index + 1, words[index + 1].end
        if first:
            text = fill(rewrite.replace, word.node, file)
            yield Replacement(start, end, f"{kept} {text}" if kept else text)
        else:
            yield Replacement(_with_separator(start, file), end, kept and f" {kept}")
        first = False


def _with_separator(start: int, file: FileText) -> int:
    """Where what parts a word from the one before it begins."""
    while True:
        while file.data[start - 1 : start] in _SEPARATORS:
            start -= 1
        continued = _CONTINUED.search(file.data, max(0, start - 256), start)
        if continued is None:
            return start
        start = continued.start()


def _option(word: Word, options: Sequence[str]) -> tuple[str, bool] | None:
    """What of a word stays, and whether the option's value is the next word; None where it is no such option."""
    spelled = word.spelled
    for option in options:
        if spelled.lower() == option.lower() if len(option) > 2 else spelled == option:
            return "", True
        if option.startswith("--"):
            if spelled.startswith(f"{option}="):
                return "", False
        elif len(option) == 2 and spelled.startswith("-") and not spelled.startswith("--"):
            if spelled.startswith(option) and len(spelled) > 2 and _is_value(spelled[2:], word):
                return "", False
            if _LETTERS.fullmatch(spelled) and spelled.endswith(option[1]):
                return spelled[:-1], True  # `-sSu user:password`
    return None


def _is_value(rest: str, word: Word) -> bool:
    """Whether what follows a letter is its value, and not more letters."""
    return not rest[0].isalpha() or isinstance(word.node, ir.Join)


def _spelled(node: Any, file: FileText) -> str:
    if isinstance(node, ir.Literal):
        return str(node.value)
    return file.text(node.start, node.end).lstrip("\"'fbr")
