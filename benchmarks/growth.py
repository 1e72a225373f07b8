"""How a scan's cost grows with the number of files: one copy of a tree beside two and four copies of it.

    python -m benchmarks.growth TREE [--turns 3] [--copies 1 2 4]

The copies stand beside each other in one folder, each a repository of its own to whoever looks for imports.
Exits 1 where a scan takes more than 2.1 times as long for twice the files.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.compare import OURS
from benchmarks.turns import table, take_turns

LIMIT = 2.1


def main() -> int:
    """Measure and print; the exit code says whether the limit holds."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("tree", type=Path)
    ask.add_argument("--turns", type=int, default=3)
    ask.add_argument("--copies", type=int, nargs="+", default=[1, 2, 4])
    options = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        commands = {}
        for count in options.copies:
            for number in range(count):
                place = Path(folder, str(count), str(number))
                shutil.copytree(options.tree, place, symlinks=True, ignore=shutil.ignore_patterns(".git"))
            commands[f"{count}×"] = [*OURS[:-1], str(Path(folder, str(count)))]
        measured = take_turns(commands, options.turns, Path(folder), cold=True)
    print(table(measured, f"{options.copies[0]}×"))
    steps = zip(options.copies, options.copies[1:], strict=False)
    growth = {
        (small, large): (measured[f"{large}×"].median / measured[f"{small}×"].median) ** (small * 2 / large)
        for small, large in steps
    }
    for (small, large), times in growth.items():
        print(f"{small}× to {large}×: {times:.2f} times as long for twice the files")
    return int(any(times > LIMIT for times in growth.values()))


if __name__ == "__main__":
    sys.exit(main())
