"""One coherent change: what mends a credential's use, in every file that it touches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pat_audit.model import Finding
    from pat_audit.vocabulary import Recipe, Rewrite


class CannotChange(Exception):
    """Why a finding is left to a person."""


@dataclass(frozen=True, slots=True, order=True)
class Replacement:
    """Put `text` in place of a span of a file's text; its holes are names that the file must define or import."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What a recipe makes of the findings about one sign-in.

    `replacements` are by path. Changes are told apart by identity.
    """

    findings: tuple[Finding, ...]
    recipe: Recipe
    rewrite: Rewrite
    replacements: Mapping[str, tuple[Replacement, ...]]
