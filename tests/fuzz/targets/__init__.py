"""All targets by name; each family is a module here that gives its own in TARGETS."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..target import Target

FAMILIES = (
    "source_text", "encodings", "tokens", "urls", "front_ends", "programs", "evaluator", "rule_loader", "baseline",
    "caches", "suppression", "readers",
)  # fmt: skip


def all_targets() -> dict[str, Target]:
    """Every target by its name."""
    return {target.name: target for family in FAMILIES for target in import_module(f"{__name__}.{family}").TARGETS}
