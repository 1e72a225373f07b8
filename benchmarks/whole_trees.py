"""pat-audit beside the other scanners on whole trees, and beside what no scanner can be faster than."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from benchmarks.checkouts import forget
from benchmarks.sections import COLUMNS, Figure, Section, Table, rows_of
from benchmarks.setting import OURS, READING, RIPGREP, TREE, shown
from benchmarks.turns import Measured, take_turns

if TYPE_CHECKING:
    from benchmarks.checkouts import Checkout
    from benchmarks.peers import Found
    from benchmarks.setting import Setting

SAYS = """Every program reads the same copy of the tree, without its `.git`, and remembers nothing of an earlier run.
A scanner that is faster than pat-audit is marked red. What takes more than {patience:.0f} seconds is run once. A peer
may take {limit:.0f} seconds for all trees together, smallest first; then it is ended and not run on larger ones."""


def measure(setting: Setting) -> Section:
    """One table and one figure for each tree."""
    from benchmarks.turns import PATIENCE

    section = Section("trees", "Whole trees", SAYS.format(patience=PATIENCE, limit=setting.limit))
    left = dict.fromkeys(setting.installed, setting.limit)
    for tree in setting.trees[: 1 if setting.quick else None]:
        _measure_tree(tree, setting, left, section)
    return section


def _measure_tree(tree: Checkout, setting: Setting, left: dict[str, float], section: Section) -> None:
    floors = {"reading every file": READING}
    if shutil.which(RIPGREP):
        floors["rg"] = [RIPGREP, "-F", "-i", "-c", "-e", "basic ", "-e", "_pat", "."]
    mine = {"pat-audit": [*OURS, *TREE, "."]}
    theirs = {name: found.command(found.peer.tree) for name, found in setting.installed.items() if left[name] > 0}
    section.commands |= {name: shown(command, setting) for name, command in (mine | floors | theirs).items()}
    measured = take_turns(
        mine | floors | theirs, setting.turns, tree.copy, before=lambda _: forget(tree.copy), limit=setting.limit
    )
    for name in theirs:
        left[name] -= measured[name].median
        if measured[name].over:
            left[name] = 0
    rows = rows_of(measured, "pat-audit", counts(measured, setting.installed), theirs)
    empty = [""] * (len(COLUMNS) - 2)
    rows += [[name, "not run: its time is used up", *empty] for name in setting.installed if name not in theirs]
    rows += [[name, "not installed", *empty] for name in setting.missing]
    section.tables.append(Table(f"{tree.name}: {tree.files:,} files", COLUMNS, rows))
    ended = {name: measured[name].median for name in theirs}
    if ended:
        first = min(ended, key=ended.__getitem__)
        what = f"{tree.name}: beside the fastest scanner, {first}"
        section.figures.append(Figure(f"trees/{tree.name}", what, measured["pat-audit"].median / ended[first], 1.0))


def counts(measured: dict[str, Measured], installed: dict[str, Found]) -> dict[str, str]:
    """What each program says it found, or how it ended where it said nothing that can be read."""
    said = {"pat-audit": str(json.loads(measured["pat-audit"].output)["summary"]["findings"])}
    for name, one in measured.items():
        if name in installed and not one.over:
            try:
                said[name] = str(installed[name].peer.count(one.output))
            except (ValueError, KeyError, IndexError, TypeError):
                said[name] = f"exit {one.exit}"
    return said
