"""How long a hook waits that reads git's index: one small staged file in a large repository.

    python -m benchmarks.staged REPOSITORY [--turns 20]

In turns: `pat-audit check --staged`, `pat-audit check` on the same file alone, and `git diff --cached --name-only`.
A file is staged in a clone of REPOSITORY, which stays as it is. Exits 1 where --staged takes more than 1.3 times what
the other two take together.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.startup import CLEAN
from benchmarks.turns import table, take_turns

OURS = [sys.executable, "-c", "from pat_audit.cli import main; main()", "check", "--isolated"]
LIMIT = 1.3


def main() -> int:
    """Measure and print; the exit code says whether the limit holds."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("repository", type=Path, metavar="REPOSITORY")
    ask.add_argument("--turns", type=int, default=20)
    options = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "clone")
        source = str(options.repository.absolute())
        subprocess.run(["git", "clone", "-q", "--shared", "--no-checkout", source, clone], check=True)
        subprocess.run(["git", "read-tree", "HEAD"], cwd=clone, check=True)  # the work tree plays no part in it
        (clone / "clean.py").write_text(CLEAN)
        subprocess.run(["git", "add", "clean.py"], cwd=clone, check=True)
        files = len(subprocess.run(["git", "ls-files"], cwd=clone, capture_output=True, check=True).stdout.splitlines())
        measured = take_turns(
            {
                "pat-audit check --staged": [*OURS, "--staged"],
                "pat-audit check clean.py": [*OURS, "clean.py"],
                "git diff --cached --name-only": ["git", "diff", "--cached", "--name-only"],
            },
            options.turns,
            clone,
        )
    print(f"{files:,} files\n\n{table(measured, 'pat-audit check clean.py')}")
    alone = measured["pat-audit check clean.py"].median + measured["git diff --cached --name-only"].median
    ratio = measured["pat-audit check --staged"].median / alone
    print(f"\nratio {ratio:.2f}, limit {LIMIT}")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
