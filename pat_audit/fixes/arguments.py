"""A call that is handed a user and a password: these arguments give way to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pat_audit.fixes.change import CannotChange, Replacement
from pat_audit.fixes.filling import fill
from pat_audit.fixes.removal import without_argument
from pat_audit.flow import ir

if TYPE_CHECKING:
    from pat_audit.fixes.file_text import FileText
    from pat_audit.vocabulary import Rewrite


def replaced(call: Any, rewrite: Rewrite, file: FileText) -> list[Replacement]:
    """The edits for a call: the first of the rewrite's options gives way to its text, the others go.

    Raises CannotChange where the call has none of them, or has what takes their place already.
    """
    given = [each for each in call.arguments if each.name in rewrite.options] if isinstance(call, ir.Call) else []
    if not given:
        raise CannotChange("it is called in another way than the recipe knows")
    instead = rewrite.replace.partition("=")[0].strip()
    if any(each.name == instead for each in call.arguments if each not in given):
        raise CannotChange(f"the call has {instead}= already")
    first, *others = given
    start = file.data.rfind((first.name or "").encode(), call.start, first.value.start)
    edits = [Replacement(start, first.value.end, fill(rewrite.replace, call, file))]
    return [*edits, *(without_argument(call, each.value, file) for each in others)]
