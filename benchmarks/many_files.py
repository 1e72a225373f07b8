"""Memory against the number of files: small files made for the purpose, up to a million of them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from benchmarks.checkouts import forget
from benchmarks.sections import COLUMNS, Figure, Picture, Section, Table, rows_of
from benchmarks.setting import OURS, TREE, shown
from benchmarks.turns import Measured, take_turns

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.setting import Setting

LIMIT = 300
FACTOR = 1.2
MILLION = 1_000_000
IN_ONE_FOLDER = 1000
ONE_IN = 1000
SAYS = f"""Small files of four kinds, {IN_ONE_FOLDER:,} in a folder; one in {ONE_IN:,} has something to report.
All processes of a program count."""

CLEAN = {
    "py": 'def name_{n}(number: int) -> int:\n    """Twice the number."""\n    return number * 2 + {n}\n',
    "ts": "export function name{n}(value: number): number {{\n  return value * 2 + {n};\n}}\n",
    "yml": "name: job {n}\nsteps:\n  - run: make test\n",
    "md": "# Page {n}\n\nSome words about nothing that matters.\n",
}


def measure(setting: Setting) -> Section:
    """One table for each number of files, a curve, and figures for the last number and for the growth."""
    counts = [100, 1000] if setting.quick else [1000, 10_000, 100_000]
    counts += [MILLION] if setting.million else []
    commands = {"pat-audit": [*OURS, *TREE, "."]}
    able = {name: setting.installed[name] for name in ("kingfisher", "gitleaks", "ruff S") if name in setting.installed}
    commands |= {name: found.command(found.peer.tree) for name, found in able.items()}
    section = Section("files", "Memory by number of files", SAYS)
    section.commands = {name: shown(command, setting) for name, command in commands.items()}
    folder = setting.scratch / "files"
    grown: dict[str, list[tuple[int, Measured]]] = {name: [] for name in commands}
    made = 0
    limits: dict[str, float] = dict.fromkeys(able.keys(), setting.limit)
    for count in counts:
        make_files(folder, made, count)
        made = count
        measured = take_turns(commands, 1, folder, before=lambda _: forget(folder), limits=limits)
        for name, one in measured.items():
            grown[name].append((count, one))
        section.tables.append(Table(f"{count:,} files", COLUMNS, rows_of(measured, "pat-audit")))
    shutil.rmtree(folder)
    ours = grown["pat-audit"]
    (few, small), (many, large) = ours[0], ours[-1]
    section.figures = [
        Figure(f"files/{many}", f"peak for {many:,} small files", large.memory, LIMIT, " MB"),
        Figure("files/flat", f"peak for {many:,} files beside {few:,}", large.memory / small.memory, FACTOR),
    ]
    curves = {
        name: [(float(count), one.memory) for count, one in points if not one.over] for name, points in grown.items()
    }
    section.pictures = [Picture("files-memory", "Peak memory by number of small files", "files", "MB", curves)]
    return section


def make_files(folder: Path, first: int, end: int) -> None:
    """Write the files numbered from `first` up to `end`, which is left out."""
    from pat_audit.catalogue import load_catalogue

    examples = [example for rule in load_catalogue().rules for example in rule.examples]
    bad = next(each.bad for each in examples if each.language == "python" and each.bad and "<<" not in each.bad)
    kinds = list(CLEAN)
    for number in range(first, end):
        place = folder / f"{number // IN_ONE_FOLDER:04d}"
        if number % IN_ONE_FOLDER == 0:
            place.mkdir(parents=True, exist_ok=True)
        kind = kinds[number % len(kinds)]
        if number % ONE_IN == ONE_IN // 2:
            (place / f"file_{number}.py").write_text(bad)
        else:
            (place / f"file_{number}.{kind}").write_text(CLEAN[kind].format(n=number))
