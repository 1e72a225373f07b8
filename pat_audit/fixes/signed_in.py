"""Whether somebody is signed in where a program runs: in an image, or on an agent being set up, nobody is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.fixes.change import CannotChange
from pat_audit.template_text import holes_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pat_audit.fixes.file_text import FileText
    from pat_audit.fixes.texts import Texts
    from pat_audit.vocabulary import Definition, Rewrite

_NOBODY = "it runs where nobody is signed in"


def ask(rewrite: Rewrite, file: FileText, files: Texts, definitions: Mapping[tuple[str, str], Definition]) -> None:
    """Raise CannotChange where what a rewrite writes would find nobody signed in."""
    for definition in _written(rewrite, definitions):
        if any(file.has_word(word) for word in definition.signs_in):
            continue
        word = next((each for each in definition.unless if file.has_word(each)), None)
        if word is not None:
            raise CannotChange(f"the file speaks of {word}: {_NOBODY}")
        read_as = file.configuration
        if read_as is not None and read_as.format.signs_in:
            if not any(file.has_word(word) for word in read_as.format.signs_in):
                raise CannotChange(_NOBODY)
        elif definition.signs_in and file.language:
            image = next(files.images_with(file), None)
            if image is not None:
                raise CannotChange(f"{image} takes it into an image: {_NOBODY}")


def _written(rewrite: Rewrite, definitions: Mapping[tuple[str, str], Definition]) -> Iterator[Definition]:
    """The definitions that a rewrite's texts refer to."""
    for text in (rewrite.replace, rewrite.sends, rewrite.keeps, rewrite.before):
        for hole in holes_in(text):
            definition = definitions.get((rewrite.language, hole))
            if definition is not None:
                yield definition
