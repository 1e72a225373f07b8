"""What a fuzz target is: a function that takes bytes and raises only where the product is at fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .mutation import Mutator


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that is fuzzed.

    `run` raises nothing but the errors that the product promises, and AssertionError where a promise is broken.
    `seeds` makes the inputs to begin with; `mutators` are those that know the grammar of the inputs, beside the one
    that knows only bytes.
    """

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], Sequence[bytes]]
    mutators: tuple[Mutator, ...] = ()
