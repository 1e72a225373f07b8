"""A short run of every target: the same inputs each time, and none of them may fail."""

from __future__ import annotations

import pytest

from .finds import Finds
from .runs import random_run
from .targets import all_targets

TARGETS = all_targets()
SECONDS = 3
"""At most for one target: a slow machine tries fewer inputs."""


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_fails(name: str) -> None:
    finds = Finds(TARGETS[name])
    random_run(TARGETS[name], finds, seed=6, runs=60, seconds=SECONDS)
    assert finds.inputs > 3
    assert not finds.smallest, "\n".join(finds.smallest)
