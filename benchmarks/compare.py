"""pat-audit beside other scanners on whole trees.

    python -m benchmarks.compare TREE... [--peers VENV] [--turns 5] [--only kingfisher detect-secrets]

VENV is a virtual environment with the peers that are on PyPI:

    python -m venv VENV && VENV/bin/pip install kingfisher-bin detect-secrets bandit ruff

gitleaks and rg are taken from the path where they are installed. All run without network and keep no results,
from inside one copy of the tree, in turns; the number of findings is that of each program's own report.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.turns import Measured, table, take_turns

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = [sys.executable, "-c", "from pat_audit.cli import main; main()", "check", "--output-format", "json"]
OURS += ["--exit-zero", "."]

# A peer: its command, and how to count what it found in what it printed.
PEERS: dict[str, tuple[list[str], Callable[[bytes], int]]] = {
    "rg": (["rg", "-F", "-i", "-c", "-e", "basic ", "-e", "_pat", "."], lambda output: output.count(b"\n")),
    "kingfisher": (
        ["kingfisher", "scan", ".", "--no-validate", "--git-history", "none", "--format", "jsonl", "--no-update-check"],
        lambda output: int(json.loads(output.splitlines()[-1])["findings"]),
    ),
    "detect-secrets": (
        ["detect-secrets", "scan", "--all-files", "--no-verify", "."],
        lambda output: sum(map(len, json.loads(output)["results"].values())),
    ),
    "gitleaks": (
        ["gitleaks", "dir", ".", "--no-banner", "--exit-code", "0", "-f", "json", "-r", "/dev/stdout"],
        lambda output: len(json.loads(output or b"[]")),
    ),
    "bandit": (
        ["bandit", "-q", "-r", ".", "-t", "B105,B106,B107", "-f", "json", "--exit-zero"],
        lambda output: len(json.loads(output)["results"]),
    ),
    "ruff S": (
        ["ruff", "check", "--isolated", "--no-cache", "--select", "S", "-e", "--output-format", "json", "."],
        lambda output: len(json.loads(output)),
    ),
}


def main() -> int:
    """Measure and print one table for each tree."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("trees", nargs="+", type=Path, metavar="TREE")
    ask.add_argument("--peers", type=Path, help="a virtual environment with the peers in it")
    ask.add_argument("--turns", type=int, default=5)
    ask.add_argument("--only", nargs="+", choices=sorted(PEERS), default=sorted(PEERS))
    options = ask.parse_args()
    commands = {"pat-audit": OURS}
    for name in options.only:
        program, *words = PEERS[name][0]
        inside = options.peers / "bin" / program if options.peers else None
        path = str(inside.absolute()) if inside is not None and inside.exists() else shutil.which(program)
        if path is None:
            print(f"{name}: not installed", file=sys.stderr)
        else:
            commands[name] = [path, *words]
    for tree in options.trees:
        # A copy without .git: programs differ in whether they look into it, and all are to read the same.
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, tree.name)
            shutil.copytree(tree, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
            measured = take_turns(commands, options.turns, copy, cold=True)
        print(f"\n{tree}\n\n{table(measured, 'pat-audit', counts(measured))}")
    return 0


def counts(measured: dict[str, Measured]) -> dict[str, str]:
    """What each program says it found, or how it ended where it said nothing that can be read."""
    said = {"pat-audit": str(json.loads(measured["pat-audit"].output)["summary"]["findings"])}
    for name, one in measured.items():
        if name in PEERS:
            try:
                said[name] = str(PEERS[name][1](one.output))
            except (ValueError, KeyError):
                said[name] = f"exit {one.exit}"
    return said


if __name__ == "__main__":
    sys.exit(main())
