"""Inputs to begin with: the examples in rules/, their placeholders expanded in memory and nowhere else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from pat_audit.catalogue import Catalogue, builtin_folder, load_catalogue
from pat_audit.example_marks import without_marks
from pat_audit.languages.known import language_of
from pat_audit.prefilter import Prefilter
from pat_audit.rules_check import cases_of
from pat_audit.tokens.samples import expand, sample


class Example(NamedTuple):
    """The files of one text of one example, by the path that each is scanned under."""

    id: str
    files: dict[str, bytes]


@cache
def catalogue() -> Catalogue:
    """The rules of this checkout."""
    return load_catalogue(plugins=False)


@cache
def prefilter() -> Prefilter:
    """Their prefilter, the engine of the standard library in it: inputs are small."""
    return Prefilter(catalogue(), 0)


@cache
def examples() -> tuple[Example, ...]:
    """Every text of every example, without marks and with tokens."""
    return tuple(
        Example(
            case.id,
            {name: expand(without_marks(text), catalogue().credentials).encode() for name, text in case.files.items()},
        )
        for rule in catalogue().rules
        for case in cases_of(rule)
    )


def of_language(language: str) -> list[bytes]:
    """The texts of all examples in a language."""
    texts = [(name, text) for example in examples() for name, text in example.files.items()]
    return list(dict.fromkeys(text for name, text in texts if language_of(name, text) == language))


@cache
def of_syntax(syntax: str) -> list[bytes]:
    """The texts of all examples that a reader is asked to read."""
    syntaxes = {format.id: format.syntax for format in catalogue().formats}
    found = [
        text
        for example in examples()
        for name, text in example.files.items()
        if any(syntaxes[id] == syntax for id in prefilter().formats_of(name))
    ]
    return list(dict.fromkeys(found)) or [b"key = value\n"]


@cache
def all_texts() -> list[bytes]:
    """The texts of all examples in any language or format."""
    return list(dict.fromkeys(text for example in examples() for text in example.files.values()))


@cache
def rule_files() -> list[tuple[str, bytes]]:
    """The files of rules/ by their path in it."""
    folder = Path(builtin_folder() or "rules")
    return [(str(file.relative_to(folder)), file.read_bytes()) for file in sorted(folder.rglob("*.yaml"))]


@cache
def written_tokens() -> tuple[str, ...]:
    """A sample of every shape of every kind: what the examples hold, and so what no output may hold."""
    found = []
    for kind in catalogue().credentials:
        for shape in kind.shapes:
            try:
                found.append(sample(kind.id, shape.name, catalogue().credentials))
            except ValueError:
                continue  # a shape that no sample can be made of is in no example
    return tuple(dict.fromkeys(found))
