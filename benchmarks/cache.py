"""What a run costs that has nothing or little to look at: beside a first run, and beside `git status`.

    python -m benchmarks.cache TREE [--turns 5] [--change FILE]

TREE is copied, with its .git if it has one. In turns: a run without anything remembered, one that finds nothing
changed, and one that finds one file changed (FILE, or the program in the middle of the list). Exits 1 where they take
more than 0.35 and 0.4 times what the first takes.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.turns import table, take_turns

OURS = [sys.executable, "-c", "from pat_audit.cli import main; main()", "check", "--isolated", "--exit-zero"]
OURS += ["--output-format", "json"]
FIRST, AGAIN, ONE, STATUS = "first run", "nothing changed", "one file changed", "git status"
LIMITS = {AGAIN: 0.35, ONE: 0.4}
KEPT = ".pat-audit-cache"


def main() -> int:
    """Measure and print; the exit code says whether the limits hold."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("tree", type=Path, metavar="TREE")
    ask.add_argument("--turns", type=int, default=5)
    ask.add_argument("--change", metavar="FILE")
    options = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy")
        shutil.copytree(options.tree, copy, symlinks=True, ignore=shutil.ignore_patterns(KEPT))
        subprocess.run(["git", "update-index", "-q", "--refresh"], cwd=copy, check=False, capture_output=True)
        time.sleep(2.1)
        programs = sorted(path for path in copy.rglob("*.[pt][ys]") if path.is_file())
        change = copy / options.change if options.change else programs[len(programs) // 2]
        said = 'printf "\\n\\n" >> "$0" && exec "$@"'
        commands = {
            FIRST: ["sh", "-c", f'rm -rf {KEPT} && exec "$@"', "sh", *OURS],
            AGAIN: OURS,
            ONE: ["sh", "-c", said, str(change), *OURS],
            STATUS: ["git", "status", "--porcelain"],
        }
        measured = take_turns(commands, options.turns, copy)
        same = measured[FIRST].output == measured[AGAIN].output
    print(f"{options.tree}, changed {change.relative_to(copy)}\n\n{table(measured, FIRST)}\n")
    ratios = {name: measured[name].median / measured[FIRST].median for name in LIMITS}
    for name, limit in LIMITS.items():
        print(f"{name}: ratio {ratios[name]:.2f}, limit {limit}")
    print("the second run says the same" if same else "THE SECOND RUN SAYS SOMETHING ELSE")
    return int(not same or any(ratios[name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
