"""What a run costs that has little to look at: nothing changed, or one file, beside a first run and `git status`."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

from benchmarks.checkouts import clone, forget, git
from benchmarks.sections import COLUMNS, Figure, Section, Table, rows_of
from benchmarks.setting import OURS, TREE, shown
from benchmarks.turns import take_turns

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.setting import Setting

FIRST, AGAIN, ONE, STATUS = "pat-audit, first run", "pat-audit, nothing changed", "pat-audit, one changed", "git status"
DIRTY = "pat-audit, again with that change"
LIMITS = {AGAIN: 0.35, ONE: 0.4}
SAYS = "A run that remembers nothing, one that finds nothing changed, and one that finds one program changed."


def measure(setting: Setting) -> Section:
    """One table, and a figure for each run that has something to go by."""
    tree = setting.repository()
    copy = setting.scratch / "remembered"
    clone(tree, copy)
    time.sleep(2.1)  # what is as young as the index counts as changed
    programs = sorted(path for path in copy.rglob("*.[pt][ys]") if path.is_file())
    change = programs[len(programs) // 2]
    ours = [*OURS, *TREE, "."]
    commands = {FIRST: ours, AGAIN: ours, ONE: ours, DIRTY: ours, STATUS: ["git", "status", "--porcelain"]}
    measured = take_turns(commands, setting.turns, copy, before=lambda name: _before(name, copy, change))
    says = SAYS
    if measured[FIRST].output != measured[AGAIN].output:
        says += " **red**: the second run says something else than the first."
    section = Section("cache", "First run and next run", says)
    heading = f"{tree.name}: {tree.files:,} files, changed {change.relative_to(copy)}"
    section.tables.append(Table(heading, [*COLUMNS[:6], "× first run", ""], rows_of(measured, FIRST)))
    for name, limit in LIMITS.items():
        ratio = measured[name].median / measured[FIRST].median
        section.figures.append(
            Figure(f"cache/{name.split(', ')[1]}", f"{tree.name}: {name}, beside a first run", ratio, limit)
        )
    section.commands = {name: shown(command, setting) for name, command in commands.items()}
    shutil.rmtree(copy)
    return section


def _before(name: str, copy: Path, change: Path) -> None:
    if name == FIRST:
        forget(copy)
        git(copy, "checkout", "-q", "--", str(change))
    elif name == ONE:
        with change.open("a") as file:
            file.write("\n\n")
