"""Each language's front end: any text is lowered or refused by name, and every span lies on borders of characters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.known import ENDINGS, front_end

from ..python_mutation import mutated_python
from ..seeds import of_language
from ..target import Target
from ..tree_mutation import mutator_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..mutation import Mutator

GRAMMARS: dict[str, tuple[Mutator, ...]] = {
    "python": (mutated_python,),
    "csharp": (mutator_of("tree_sitter_c_sharp"),),
    "javascript": (mutator_of("tree_sitter_javascript"), mutator_of("tree_sitter_typescript", "language_typescript")),
    "go": (mutator_of("tree_sitter_go"),),
    "java": (mutator_of("tree_sitter_java"),),
    "bash": (mutator_of("tree_sitter_bash"),),
}
"""Mutators that know a language's grammar."""


def lowered(language: str, data: bytes) -> None:
    """Lower a text, every body in it too. RecursionError is what inspection takes for too deep a nesting."""
    source = data.decode("utf-8", "replace").encode()
    try:
        module = front_end(language).lower(f"a.{ENDINGS[language][0]}", source)
        spans = sum(1 for start, end in _spans(module.body) if _fits(source, start, end))
    except (ir.Unreadable, RecursionError):
        return
    assert spans or not module.body


def _fits(source: bytes, start: int, end: int) -> bool:
    assert 0 <= start <= end <= len(source), f"span {start}-{end} of {len(source)} bytes"
    for at in (start, end):
        assert at == len(source) or source[at] & 0xC0 != 0x80, f"offset {at} is inside a character"
    return True


def _spans(root: object) -> Iterator[tuple[int, int]]:
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if not isinstance(value, tuple):
            continue
        start = getattr(value, "start", None)
        if start is not None:
            yield start, value.end  # type: ignore[attr-defined]
        if isinstance(value, ir.Function):
            waiting.append(value.body())
        waiting.extend(value)


TARGETS = tuple(
    Target(
        f"front-end-{language}", partial(lowered, language), partial(of_language, language), GRAMMARS.get(language, ())
    )
    for language in ENDINGS
)
