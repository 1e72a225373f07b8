"""How long a hook waits: one changed file, named and staged, beside what Python and git cost alone."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from benchmarks.checkouts import clone, git
from benchmarks.sections import COLUMNS, Figure, Section, Table, rows_of
from benchmarks.setting import OURS, TREE, shown
from benchmarks.turns import take_turns
from benchmarks.whole_trees import counts

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.setting import Setting

CLEAN = '"""A module without a candidate."""\n\n\ndef double(number: int) -> int:\n    return number * 2\n' * 40
IMPORTS, NAMED, STAGED = 'python -c "import click, yaml"', "pat-audit", "pat-audit --staged"
SAYS = """One small Python file that is new and staged in a large repository. The repository's other files play a part
only for what looks at the index. Compiled modules and the user's caches are warm, as from the second run on."""


def measure(setting: Setting) -> Section:
    """The file named, and what is staged: a table for each, and a figure for each of ours."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # it would have every turn compile our modules, and no peer's
    tree = setting.repository()
    folder = setting.scratch / "hook"
    clone(tree, folder)
    (folder / "changed.py").write_text(CLEAN)
    git(folder, "add", "changed.py")
    section = Section("hook", "One changed file", SAYS)
    named = _named(setting, folder, section)
    staged = _staged(setting, folder, section)
    section.figures += [
        Figure("hook/named", f"one clean file, beside `{IMPORTS}`", named["pat-audit"] / named[IMPORTS], 1.5),
        Figure(
            "hook/staged",
            f"{tree.name}: `--staged`, beside the file named and `git diff --cached`",
            staged[STAGED] / (staged[NAMED] + staged["git diff --cached"]),
            1.3,
        ),
    ]
    return section


def _named(setting: Setting, folder: Path, section: Section) -> dict[str, float]:
    commands = {
        "pat-audit": [*OURS, *TREE, "changed.py"],
        IMPORTS: [sys.executable, "-c", "import click, yaml"],
        "python -c pass": [sys.executable, "-c", "pass"],
    }
    # What we take more turns for is not held up by peers that need seconds.
    own = take_turns(commands, 4 * setting.turns, folder)
    theirs = {name: found.command(found.peer.file, "changed.py") for name, found in setting.installed.items()}
    limits = dict.fromkeys(theirs, setting.limit)
    again = take_turns({"pat-audit": commands["pat-audit"], **theirs}, setting.turns, folder, limits=limits)
    measured = own | {name: again[name] for name in theirs}
    rows = rows_of(measured, "pat-audit", counts(measured, setting.installed), theirs)
    rows += [[name, "not installed", *[""] * 6] for name in setting.missing]
    section.tables.append(Table("The file named", COLUMNS, rows))
    section.commands |= {name: shown(command, setting) for name, command in (commands | theirs).items()}
    return {name: one.median for name, one in measured.items()}


def _staged(setting: Setting, folder: Path, section: Section) -> dict[str, float]:
    able = {name: found for name, found in setting.installed.items() if found.peer.staged}
    theirs = {f"{name}, staged": found.command(found.peer.staged) for name, found in able.items()}
    commands = {
        STAGED: [*OURS, *TREE, "--staged"],
        NAMED: [*OURS, *TREE, "changed.py"],
        "git diff --cached": ["git", "diff", "--cached", "--name-only"],
        "git status": ["git", "status", "--porcelain"],
    }
    limits = dict.fromkeys(theirs, setting.limit)
    measured = take_turns(commands | theirs, 2 * setting.turns, folder, limits=limits)
    files = len(git(folder, "ls-files").splitlines())
    rows = rows_of(measured, STAGED, rivals=theirs)
    section.tables.append(Table(f"What is staged, among {files:,} files", [*COLUMNS[:6], f"× {STAGED}", ""], rows))
    section.commands |= {name: shown(command, setting) for name, command in (commands | theirs).items()}
    return {name: one.median for name, one in measured.items()}
