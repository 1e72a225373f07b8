"""pat-audit beside the other scanners on whole trees, and beside what no scanner can be faster than."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from benchmarks.checkouts import forget
from benchmarks.sections import COLUMNS, Figure, Section, Table, rows_of
from benchmarks.setting import OURS, READING, RIPGREP, TREE, shown
from benchmarks.turns import PATIENCE, Measured, take_turns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.checkouts import Checkout
    from benchmarks.peers import Found
    from benchmarks.setting import Setting

SAYS = """Every program reads the same copy of the tree, without its `.git`, and remembers nothing of an earlier run.
A scanner that is faster than pat-audit is marked red. What takes more than {patience:.0f} seconds is run once. A peer
is ended after {limit:.0f} seconds; then, or where its long runs took as much in all, it is not run on larger trees."""


def measure(setting: Setting) -> Section:
    """One table and one figure for each tree."""
    section = Section("trees", "Whole trees", SAYS.format(patience=PATIENCE, limit=setting.limit))
    left = dict.fromkeys(setting.installed, setting.limit)
    for tree in setting.trees[: 1 if setting.quick else None]:
        _measure_tree(tree, setting, left, section)
        setting.so_far(section)
    return section


def _measure_tree(tree: Checkout, setting: Setting, left: dict[str, float], section: Section) -> None:
    floors = {"reading every file": READING}
    if shutil.which(RIPGREP):
        floors["rg"] = [RIPGREP, "-F", "-i", "-c", "-e", "basic ", "-e", "_pat", "."]
    mine = {"pat-audit": [*OURS, *TREE, "."]}
    theirs = {name: found.command(found.peer.tree) for name, found in setting.installed.items() if left[name] > 0}
    section.commands |= {name: shown(command, setting) for name, command in (mine | floors | theirs).items()}
    commands = mine | floors | theirs
    limits = dict.fromkeys(theirs, setting.limit)
    measured = take_turns(commands, setting.turns, tree.copy, before=lambda _: forget(tree.copy), limits=limits)
    for name in theirs:
        if measured[name].over:
            left[name] = 0.0
        elif measured[name].median > PATIENCE:
            left[name] = max(0.0, left[name] - measured[name].median)
    rows = rows_of(measured, "pat-audit", counts(measured, setting.installed), theirs)
    empty = [""] * (len(COLUMNS) - 2)
    rows += [[name, "not run: its time is used up", *empty] for name in setting.installed if name not in theirs]
    rows += [[name, "not installed", *empty] for name in setting.missing]
    section.tables.append(Table(f"{tree.name}: {tree.files:,} files", COLUMNS, rows))
    for kind, what, python_only in (("all", "scanner", False), ("python", "of those that read Python alone", True)):
        kin = [name for name in theirs if setting.installed[name].peer.python_only == python_only]
        rivals = [name for name in kin if not measured[name].over] or kin
        if rivals:
            first = min(rivals, key=lambda name: measured[name].median)
            ratio = measured["pat-audit"].median / measured[first].median
            said = f"{tree.name}: beside the fastest {what}, {first}{measured[first].told}"
            section.figures.append(Figure(f"trees/{tree.name}/{kind}", said, ratio, 1.0))


def counts(measured: Mapping[str, Measured], installed: Mapping[str, Found]) -> dict[str, str]:
    """What each program says it found, or how it ended where it said nothing that can be read."""
    said = {}
    if ours := measured.get("pat-audit"):
        said["pat-audit"] = str(json.loads(ours.output)["summary"]["findings"])
    for name, one in measured.items():
        if name in installed and not one.over:
            try:
                said[name] = str(installed[name].peer.count(one.output))
            except (ValueError, KeyError, IndexError, TypeError):
                said[name] = f"exit {one.exit}"
    return said
