"""Fills a rewrite's text with what stands in the code: the arguments of the call that it replaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pat_audit.fixes.change import CannotChange
from pat_audit.flow import ir
from pat_audit.template_text import filled

if TYPE_CHECKING:
    from pat_audit.fixes.file_text import FileText

_HEADER_NAME = re.compile(r"(?i)(?:(?:[\w.:/-]+=)?(?:proxy-)?authorization\s*:\s*)?\Z")
_SCHEME = re.compile(r"(?i)basic\b")


def fill(template: str, node: Any, file: FileText) -> str:
    """The template with the parts of `node` in it; holes for definitions and imports stay.

    `«1»`: an argument by its place, `«name»`: by its keyword; `«receiver»`: what the call is made on; `«prefix»`:
    the header's name where it stands in one text with its value; `«call»`: what is called, where it is handed the
    scheme as an argument of its own (`new AuthenticationHeaderValue("Basic", …)`).
    Raises CannotChange where the code has no such part.
    """
    call = node if isinstance(node, ir.Call) else None
    if call is not None and isinstance(call.function, ir.Attribute) and call.function.value.start < call.start:
        template = template.removeprefix("«receiver».")  # a chain over several lines: the call begins at its name

    def part(hole: str) -> str:
        if hole == "prefix":
            return _before_scheme(node)
        if hole == "receiver":
            if call is None or not isinstance(call.function, ir.Attribute):
                raise CannotChange("it is not called on anything")
            return source_of(call.function.value, file)
        if hole == "call":
            return _called(call, file)
        if hole.isdigit():
            found = _positional(node, int(hole))
        elif hole == hole.lower() and hole.isalpha() and call is not None:
            found = next((each.value for each in call.arguments if each.name == hole), None)
            if found is None:
                return f"«{hole}»"
        else:
            return f"«{hole}»"
        if found is None:
            raise CannotChange("it is called in another way than the recipe knows")
        return source_of(found, file)

    return filled(template, part)


def _called(call: ir.Call | None, file: FileText) -> str:
    """What stands before the arguments of a call that makes a header of a scheme and what follows it."""
    schemes = [each.value for each in call.arguments if isinstance(each.value, ir.Literal)] if call is not None else []
    if call is None or not any(str(scheme.value).strip().lower() == "basic" for scheme in schemes):
        raise CannotChange("it is no header of a scheme and a credential")
    return file.text(call.start, call.arguments[0].value.start).partition("(")[0].rstrip()


def _before_scheme(node: Any) -> str:
    """What the text of a header says before its scheme: its name, and the setting that it is for."""
    said = _first_text(node)
    match = None if said is None else _SCHEME.search(said)
    if said is None or match is None:
        return ""
    before = said[: match.start()]
    if _HEADER_NAME.match(before) is None:
        raise CannotChange("the header stands in a text with more than its name")
    return before


def _first_text(node: Any) -> str | None:
    """The text that an expression begins with, as far as it is written in it."""
    while True:
        if isinstance(node, ir.Literal):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ir.Join) and node.parts:
            node = node.parts[0]
        elif isinstance(node, ir.Format):
            node = node.template
        elif isinstance(node, ir.Call) and isinstance(node.function, ir.Attribute):
            node = node.function.value
        else:
            return None


def source_of(node: Any, file: FileText) -> str:
    """The code of an expression."""
    return file.text(node.start, node.end)


def _positional(node: Any, number: int) -> Any | None:
    given: list[Any] = []
    if isinstance(node, ir.Call):
        given = [each.value for each in node.arguments if each.name is None]
    elif isinstance(node, ir.Collection):
        given = list(node.items)
    return given[number - 1] if number <= len(given) else None
