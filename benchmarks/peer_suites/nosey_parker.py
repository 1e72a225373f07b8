"""The cases of Nosey Parker: the examples in its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.peer_suites import rule_examples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.peer_suites.case import Case


def cases(checkout: Path) -> Iterator[Case]:
    """The cases of a checkout."""
    return rule_examples.read(checkout, "crates/noseyparker/data/default/builtin/rules")
