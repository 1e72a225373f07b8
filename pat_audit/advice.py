"""What to do instead, for one finding: the recipe that fits the place, as steps for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.model import Fix, Safety

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pat_audit.vocabulary import Recipe


def is_of(callable_: str, starts: Iterable[str]) -> bool:
    """Whether a callable's dotted name is one of `starts` or lies below it; a start may end in a dot."""
    return any(callable_ == start or callable_.startswith(start.rstrip(".") + ".") for start in starts)


def _closeness(callable_: str, starts: Iterable[str]) -> int:
    """How much of a callable's name the longest of its starts says: `http.` knows `http.client` less than itself."""
    return max((len(start) for start in starts if is_of(callable_, (start,))), default=0)


MOST = 2  # pieces of advice on one finding: the way, and what is left to do


class Advice:
    """The recipes of a catalogue, by id and by what they refine."""

    __slots__ = ("_by_id", "_refining")

    def __init__(self, recipes: Iterable[Recipe]) -> None:
        self._by_id = {recipe.id: recipe for recipe in recipes}
        self._refining: dict[str, list[Recipe]] = {}
        for recipe in self._by_id.values():
            if recipe.refines:
                self._refining.setdefault(recipe.refines, []).append(recipe)

    def fixes(self, chosen: Iterable[str]) -> tuple[Fix, ...]:
        """The fixes for a finding, as steps: of the first of the recipes with these ids."""
        recipes = [self._by_id[id] for id in chosen][:MOST]
        return tuple(Fix(recipe.title, Safety.MANUAL, steps=recipe.steps) for recipe in recipes)

    def choose(self, wanted: Iterable[str], sink: str, service: str, maker: str = "") -> tuple[str, ...]:
        """The ids of the recipes for a finding, most fitting first.

        `wanted` are recipe ids; `sink` is the callable that signs in, so that the recipe for its library is
        chosen, and `service` the id of the service that it signs in to, where that is known; `maker` made what signs
        in, which tells the library where the sink does not. A recipe for other callables or services is passed over.
        """
        chosen: dict[str, Recipe] = {}
        for name in wanted:
            recipe = self._by_id.get(name)
            if recipe is None or (service and recipe.services and service not in recipe.services):
                continue
            finer = self._finer(name, sink) or self._finer(name, maker)
            if finer is not None:
                recipe = finer
            elif recipe.sinks and not (is_of(sink, recipe.sinks) or is_of(maker, recipe.sinks)):
                continue
            chosen.setdefault(recipe.id, recipe)
        return tuple(chosen)

    def _finer(self, id: str, callable_: str) -> Recipe | None:
        """The recipe that refines another for a callable, the one that knows most of its name."""
        finer = max(self._refining.get(id, ()), key=lambda each: _closeness(callable_, each.sinks), default=None)
        return finer if finer is not None and _closeness(callable_, finer.sinks) else None
