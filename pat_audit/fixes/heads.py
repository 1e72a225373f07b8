"""Where each language has its imports and definitions: the table of what to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.fixes import (
    csharp_head,
    go_head,
    java_head,
    javascript_head,
    javascript_imports,
    python_head,
    python_imports,
    script_head,
)
from pat_audit.fixes.change import CannotChange

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from pat_audit.fixes.file_text import FileText

    Import = tuple[str, str, str]

EITHER_QUOTE = frozenset({"python", "javascript"})
"""Languages in which a text may stand in either quotes."""

_INSERT: dict[str, Callable[[FileText, str, Sequence[Import], Sequence[tuple[str, str]]], str]] = {
    "bash": lambda file, text, _, definitions: script_head.insert_shell(text, _texts(definitions), file.newline),
    "csharp": csharp_head.insert,
    "go": go_head.insert,
    "java": java_head.insert,
    "javascript": javascript_head.insert,
    "powershell": lambda file, text, _, definitions: script_head.insert_powershell(
        text, _texts(definitions), file.newline
    ),
    "python": lambda file, text, imports, definitions: python_head.insert(
        text, imports, [each for _, each in definitions], file.newline, _bound(imports, definitions)
    ),
}
_WITHOUT: dict[str, Callable[[FileText, str, Collection[str]], str]] = {
    "go": go_head.without_unused,
    "java": java_head.without_unused,
    "javascript": javascript_imports.without_unused,
    "python": lambda file, text, suspects: python_imports.without_unused(text, suspects),
}


def _texts(definitions: Sequence[tuple[str, str]]) -> list[str]:
    return [text for _, text in definitions]


def insert(file: FileText, text: str, imports: Sequence[Import], definitions: Sequence[tuple[str, str]]) -> str:
    """The text with imports and definitions where the file's language has them. Raises CannotChange."""
    if not imports and not definitions:
        return text
    how = _INSERT.get(file.language)
    if how is None:
        raise CannotChange(f"nothing can be imported or defined in {file.language}")
    return how(file, text, imports, definitions)


def _bound(imports: Sequence[Import], definitions: Sequence[tuple[str, str]]) -> Collection[str]:
    """The names that are brought in or defined."""
    return {alias.partition(".")[0] for _, _, alias in imports} | {name for name, _ in definitions}


def without_unused(file: FileText, text: str, suspects: Collection[str]) -> str:
    """The text without the imports of `suspects` that nothing uses any more."""
    how = _WITHOUT.get(file.language)
    return text if how is None else how(file, text, suspects)
