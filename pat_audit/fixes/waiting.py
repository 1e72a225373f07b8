"""Whether code may wait where a rewrite has it wait, by language; and what has to change so that it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.fixes import csharp_waiting, javascript_waiting
from pat_audit.fixes.change import CannotChange

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.fixes.change import Replacement
    from pat_audit.fixes.file_text import FileText

    Files = Callable[[str], FileText]

_HOW: dict[str, Callable[[FileText, int, Files], list[Replacement]]] = {
    "csharp": csharp_waiting.waits,
    "javascript": javascript_waiting.waits,
}


def waits(file: FileText, offset: int, files: Files) -> list[Replacement]:
    """The edits with which the code at an offset may wait. Raises CannotChange where it may not."""
    how = _HOW.get(file.language)
    if how is None:
        raise CannotChange(f"nothing is known of waiting in {file.language}")
    return how(file, offset, files)
