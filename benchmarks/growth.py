"""How a scan's cost grows with a tree: one copy of it beside two, four and eight copies that stand in one folder."""

from __future__ import annotations

import shutil
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.checkouts import count_files, forget
from benchmarks.sections import COLUMNS, Figure, Picture, Section, Table, rows_of
from benchmarks.setting import OURS, TREE, shown
from benchmarks.turns import PATIENCE, Measured, take_turns

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.setting import Setting

LIMIT = 2.1
SIZES = (1, 2, 4, 8)
SAYS = f"""The copies stand beside each other, each a repository of its own to whoever looks for imports. A peer that
takes more than {PATIENCE:.0f} seconds for a size is ended, and not run on larger ones."""


def measure(setting: Setting) -> Section:
    """One table, curves of time and memory, and a figure for each doubling."""
    tree = setting.trees[0]
    section = Section("growth", "Growth", SAYS)
    commands = {"pat-audit": [*OURS, *TREE, "."]}
    commands |= {name: found.command(found.peer.tree) for name, found in setting.installed.items()}
    section.commands = {name: shown(command, setting) for name, command in commands.items()}
    sizes = SIZES[:2] if setting.quick else SIZES
    grown: dict[str, dict[int, Measured]] = {name: {} for name in commands}
    folder = setting.scratch / "growth"
    files: dict[int, int] = {}
    for before, size in zip((0, *sizes), sizes, strict=False):
        for number in range(before, size):
            shutil.copytree(tree.copy, folder / str(number), symlinks=True)
        files[size] = count_files(folder)
        going = {name: words for name, words in commands.items() if _goes_on(name, grown[name])}
        for name, one in _take(going, setting, folder).items():
            grown[name][size] = one
    shutil.rmtree(folder)
    for size in sizes:
        now = {name: by_size[size] for name, by_size in grown.items() if size in by_size}
        rows = rows_of(now, "pat-audit")
        rows += [[name, "not run", *[""] * 6] for name in grown if name not in now]
        section.tables.append(Table(f"{size}×: {files[size]:,} files of {tree.name}", COLUMNS, rows))
    ours = grown["pat-audit"]
    for small, large in pairwise(sizes):
        what = f"{tree.name}: {large}× as a multiple of {small}×"
        section.figures.append(Figure(f"growth/{large}", what, ours[large].median / ours[small].median, LIMIT))
    section.pictures = _pictures(files, grown)
    return section


def _goes_on(name: str, so_far: dict[int, Measured]) -> bool:
    return name == "pat-audit" or all(not one.over and one.median <= PATIENCE for one in so_far.values())


def _take(commands: dict[str, list[str]], setting: Setting, folder: Path) -> dict[str, Measured]:
    turns = min(setting.turns, 2)
    limits = {name: PATIENCE for name in commands if name != "pat-audit"}
    return take_turns(commands, turns, folder, before=lambda _: forget(folder), limits=limits)


def _pictures(files: dict[int, int], grown: dict[str, dict[int, Measured]]) -> list[Picture]:
    whole = {name: {size: one for size, one in by.items() if not one.over} for name, by in grown.items()}
    drawn = {name: by for name, by in whole.items() if len(by) > 1}
    times = {name: [(float(files[size]), one.median) for size, one in by.items()] for name, by in drawn.items()}
    peaks = {name: [(float(files[size]), one.memory) for size, one in by.items()] for name, by in drawn.items()}
    return [
        Picture("growth-time", "Time by number of files", "files", "seconds", times),
        Picture("growth-memory", "Peak memory by number of files", "files", "MB", peaks),
    ]
