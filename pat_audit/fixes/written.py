"""A credential that is written down: read from the environment instead, or taken out of a URL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pat_audit.fixes.change import CannotChange, Replacement
from pat_audit.flow import ir
from pat_audit.template_text import filled

if TYPE_CHECKING:
    from pat_audit.fixes.file_text import FileText
    from pat_audit.model import Use
    from pat_audit.vocabulary import Rewrite

_USER_PART = re.compile(rb"(?<=://)[^/?#\s]*@(?=[\w.\[{$])")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


def without_user(made: Any, file: FileText) -> dict[str, list[Replacement]]:
    """The URL that `made` puts together without its user part. Raises CannotChange where that is not in one text."""
    start, end = made.start, made.end
    matches = list(_USER_PART.finditer(file.data, start, end))
    if len(matches) != 1 or isinstance(made, ir.Call):
        raise CannotChange("the URL is put together from several texts")
    match = matches[0]
    if isinstance(made, ir.Join) and not any(
        part.start >= match.start() and part.end <= match.end() for part in made.parts if not _is_text(part)
    ):
        raise CannotChange("the URL's user part is put together elsewhere")
    return {file.path: [Replacement(match.start(), match.end(), "")]}


def _is_text(part: Any) -> bool:
    return isinstance(part, ir.Literal)


def read_instead(use: Use, rewrite: Rewrite, file: FileText) -> dict[str, list[Replacement]]:
    """The literal that holds a token and nothing else gives way to what reads it from outside."""
    start, end = file.span(use.made.span)
    literal = next(
        (
            node
            for node in file.places.nodes
            if isinstance(node, ir.Literal) and node.start <= start and node.end >= end and isinstance(node.value, str)
        ),
        None,
    )
    if literal is None or not isinstance(literal.value, str):
        raise CannotChange("the token does not stand in a text of the program")
    token = file.text(start, end)
    if literal.value.strip() != token:
        raise CannotChange("the token is a part of a longer text")
    name = _variable(literal, file) or use.variable
    if not name:
        raise CannotChange("it is not known what an environment variable for it would be called")
    text = filled(rewrite.replace, lambda hole: name if hole == "variable" else f"«{hole}»")
    return {file.path: [Replacement(literal.start, literal.end, text)]}


def _variable(literal: ir.Literal, file: FileText) -> str:
    """The environment variable's name: that of the variable, key or argument that the literal is for."""
    outer = file.places.parent(literal)
    named = ""
    if isinstance(outer, ir.Assign) and len(outer.targets) == 1:
        target = outer.targets[0]
        named = target.name if isinstance(target, ir.Name | ir.Attribute) else ""
        if isinstance(target, ir.Index) and isinstance(target.key, ir.Literal):
            named = str(target.key.value)
    elif isinstance(outer, ir.Entry) and isinstance(outer.key, ir.Literal):
        named = str(outer.key.value)
    elif isinstance(outer, ir.Argument | ir.Parameter) and outer.name:
        named = outer.name
    words = [word for word in _WORDS.split(named.strip("-$")) if word]
    made = "_".join(words).upper()
    return made if _NAME.match(made) and len(made) > 2 else ""
