"""`python -m tests.fuzz TARGET [--seconds N | --runs N]`: fuzz one target, or all of them in turn."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .finds import Finds
from .runs import guided_run, has_atheris, random_run
from .targets import all_targets


def main() -> int:
    """Run what the command line asks for; 1 where something was found."""
    targets = all_targets()
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", nargs="+", help=f"all, or one of: {', '.join(targets)}")
    parser.add_argument("--seconds", type=int, default=0, help="how long for each target (60)")
    parser.add_argument("--runs", type=int, default=0, help="how many inputs for each target")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers, where atheris is not installed")
    parser.add_argument("--findings", type=Path, help="a folder for the smallest inputs that fail")
    parser.add_argument("--unguided", action="store_true", help="without atheris")
    parser.add_argument("--in-this-process", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    names = list(targets) if asked.target == ["all"] else asked.target
    for name in names:
        if name not in targets:
            parser.error(f"there is no target {name}")
    folder = asked.findings or Path(tempfile.mkdtemp(prefix="pat-audit-fuzz-"))
    seconds = asked.seconds or (0 if asked.runs else 60)
    if asked.in_this_process:
        guided_run(names[0], folder, asked.runs, seconds)
    found = 0
    for name in names:
        began = time.monotonic()
        finds = Finds(targets[name], folder / name)
        how = "random"
        if has_atheris() and not asked.unguided:
            how = "guided by coverage"
            limits = [
                f"--runs={asked.runs}",
                f"--seconds={seconds}",
                f"--findings={folder / name}",
                "--in-this-process",
            ]
            command = [sys.executable, "-m", "tests.fuzz", name, *limits]
            with tempfile.TemporaryDirectory() as home:  # nothing of the user's is read or written
                environment = {**os.environ, "XDG_CACHE_HOME": home}
                ran = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace")
            stats = [line for line in ran.stderr.splitlines() if line.startswith("stat::number_of_executed_units")]
            kept = folder / name / f"{name}.count"
            count = stats[0].rpartition(" ")[2] if stats else kept.read_text().strip() if kept.exists() else "no"
            if ran.returncode:
                print(ran.stderr[-3000:], file=sys.stderr)
                found += 1
        else:
            random_run(targets[name], finds, asked.seed, asked.runs or 1 << 60, seconds or 1e9)
            count = str(finds.inputs)
        texts = sorted((folder / name).glob("*.txt"))
        print(f"{name}: {count} inputs in {time.monotonic() - began:.0f} s, {how}; {len(texts)} findings", flush=True)
        for text in texts:
            print(f"  {text.with_suffix('')}: {text.read_text().strip()}", flush=True)
        found += len(texts)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
