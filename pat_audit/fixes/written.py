"""A credential that is written down: read from the environment instead, or taken out of a URL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pat_audit.fixes import commands
from pat_audit.fixes.change import CannotChange, Replacement
from pat_audit.flow import ir
from pat_audit.template_text import filled

if TYPE_CHECKING:
    from pat_audit.fixes.file_text import FileText
    from pat_audit.model import Use
    from pat_audit.vocabulary import Rewrite

_USER_PART = re.compile(rb"(?<=://)(?:(?:\$\{\{[^{}]{0,200}\}\}|\$\([^()\s]{0,200}\)|[^/?#\s@])*+@)+(?=[\w.\[{$])")
_QUOTES = ("'", '"', "`", "\u2019", "\u201d")
_FILLED_IN = re.compile(r"[fF][\"']")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


def without_user(made: Any, rewrite: Rewrite, file: FileText) -> dict[str, list[Replacement]]:
    """The URL that `made` puts together without its user part, and what signs in instead in the commands that use it.

    Raises CannotChange where the user part is not in one text, or not all that uses the URL is such a command.
    """
    url = _without_user(made, file)
    if not rewrite.behind:
        return {file.path: [url]}
    edits = {url}
    for node in _uses(made, file):
        edits.add(_behind_word(node, rewrite, file))
    return {file.path: sorted(edits)}


def _without_user(made: Any, file: FileText) -> Replacement:
    start, end = made.start, made.end
    matches = list(_USER_PART.finditer(file.data, start, end))
    if len(matches) != 1 or not isinstance(made, ir.Literal | ir.Join):
        raise CannotChange("the URL is put together from several texts")
    match = matches[0]
    if isinstance(made, ir.Join) and not any(
        isinstance(part, ir.Outside) or (part.start >= match.start() and part.end <= match.end())
        for part in made.parts
        if not _is_text(part)
    ):
        raise CannotChange("the URL's user part is put together elsewhere")
    text = file.text(start, match.start()) + file.text(match.end(), end)
    if _FILLED_IN.match(text) and "{" not in text:
        return Replacement(start, end, text[1:])  # nothing is left to fill in
    return Replacement(match.start(), match.end(), "")


def _uses(made: Any, file: FileText) -> list[Any]:
    """Where the URL is used: where it stands, or wherever the variable is read that it is assigned to."""
    outer = file.places.parent(made)
    if not isinstance(outer, ir.Assign) or len(outer.targets) != 1:
        return [made]
    target = outer.targets[0]
    if not isinstance(target, ir.Name):
        raise CannotChange("the URL is kept where others may use it")
    named = [node for node in file.places.nodes if isinstance(node, ir.Name) and node.name == target.name]
    others = [node for node in named if node is not target]
    if not others or any(isinstance(file.places.parent(node), ir.Assign) for node in others):
        raise CannotChange("it is not known which commands use the URL")
    return others


def _behind_word(node: Any, rewrite: Rewrite, file: FileText) -> Replacement:
    """What signs a command in that takes the URL, in its place."""
    command = commands.command_of(node, file)
    words = commands.words_of(command, file)
    if words is None:
        raise CannotChange("the URL is not used in a command line")
    spelled = [word.spelled for word in words]
    if rewrite.behind not in spelled or not any(option in spelled for option in rewrite.options):
        raise CannotChange(f"the URL is used by something else than {rewrite.behind} {'/'.join(rewrite.options)}")
    if any("extraheader" in each.lower() for each in spelled):
        raise CannotChange("the command has a header already")
    end = words[spelled.index(rewrite.behind)].end
    return Replacement(end, end, (", " if isinstance(command, ir.Collection) else " ") + rewrite.replace)


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
    whole = literal.value.strip() == token and not isinstance(file.places.parent(literal), ir.Join)
    if not whole and not (rewrite.inside and _is_filled_in(literal, start, end, file)):
        raise CannotChange("the token is a part of a longer text")
    name = (_variable(literal, file) if whole else "") or use.variable
    if not name:
        raise CannotChange("it is not known what an environment variable for it would be called")
    written = file.text(literal.start, literal.end)
    if whole and written != token and not written.endswith(_QUOTES):
        raise CannotChange("the token stands in a document")
    template = rewrite.replace if whole else rewrite.inside
    text = filled(template, lambda hole: name if hole == "variable" else f"«{hole}»")
    if whole:
        start, end = literal.start, literal.end
    return {file.path: [Replacement(start, end, text)]}


def _is_filled_in(literal: ir.Literal, start: int, end: int, file: FileText) -> bool:
    """Whether the language fills in what stands at a place of a script's text: in double quotes or in none."""
    outer = file.places.parent(literal)
    whole = outer if isinstance(outer, ir.Join) and outer.start <= literal.start and outer.end >= literal.end else None
    if whole is not None and file.data[whole.start : whole.start + 1] == b'"':
        return file.data[whole.start + 1 : whole.end].find(b'"') == whole.end - whole.start - 2
    before, behind = file.text(literal.start, start), file.text(end, literal.end)
    if before.startswith(('"', '@"')):
        return before.count('"') == 1 and behind.rstrip("@").count('"') == 1
    return whole is None and not any(mark in before + behind for mark in "\"'`\\ \n")


def _variable(literal: ir.Literal, file: FileText) -> str:
    """The environment variable's name: that of the variable, key or argument that the literal is for."""
    outer = file.places.parent(literal)
    while isinstance(outer, ir.Choice):  # the default of what is handed in
        outer = file.places.parent(outer)
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
