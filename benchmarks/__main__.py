"""Measures pat-audit beside other programs and writes what comes of it into benchmarks/RESULTS.md.

    python -m benchmarks prepare --peers VENV
    python -m benchmarks FOLDER --peers VENV [--turns 3] [--limit 45] [--history REPOSITORY]
        [--only PART...] [--trees NAME...] [--quick] [--million] [--into FOLDER]

FOLDER holds checkouts, one in each folder; at least one is to be a git repository with its history. VENV is a virtual
environment, made by `prepare`, with the peers; without it they are taken from the path. REPOSITORY is best one of 5,000
commits or more, and needs all objects of its branch; by default it is the largest tree. With five trees a run takes
about 20 minutes on two cores; a longer limit lets slow peers finish. Results are kept part by part: parts that are not
run again stay as they are. Exits 1 where a figure misses its aim or a part failed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks import cache, clean_tree, growth, history, hook, many_files, whole_trees
from benchmarks.checkouts import checkouts
from benchmarks.peers import find_peers
from benchmarks.prepare import prepare
from benchmarks.report import reasons, write
from benchmarks.sections import Section, keep, kept
from benchmarks.setting import Setting, machine

HERE = Path(__file__).parent
PARTS = {
    "hook": hook.measure,
    "trees": whole_trees.measure,
    "clean": clean_tree.measure,
    "cache": cache.measure,
    "history": history.measure,
    "growth": growth.measure,
    "files": many_files.measure,
}


def main() -> int:
    """Prepare, or measure and write."""
    if sys.argv[1:2] == ["prepare"]:
        ask = argparse.ArgumentParser(prog="python -m benchmarks prepare", description=prepare.__doc__)
        ask.add_argument("--peers", type=Path, required=True, metavar="VENV")
        return prepare(ask.parse_args(sys.argv[2:]).peers)
    options = _options()
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as scratch:
        return _measure(options, Path(scratch))


def _options() -> argparse.Namespace:
    ask = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("folder", type=Path, metavar="FOLDER")
    ask.add_argument("--peers", type=Path, metavar="VENV")
    ask.add_argument("--turns", type=int, default=3)
    ask.add_argument("--limit", type=float, default=45.0, help="seconds that a slow peer may take (45)")
    ask.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART", help=", ".join(PARTS))
    ask.add_argument("--trees", nargs="+", metavar="NAME", help="only these folders of FOLDER")
    ask.add_argument(
        "--history", type=Path, metavar="REPOSITORY", help="whose history is read; else the largest tree's"
    )
    ask.add_argument("--quick", action="store_true", help="to try it: one tree, one turn, 20 seconds for a peer")
    ask.add_argument("--million", action="store_true", help="measure memory for 1,000,000 files, too")
    ask.add_argument("--into", type=Path, default=HERE, metavar="FOLDER", help="where RESULTS.md is written")
    return ask.parse_args()


def _measure(options: argparse.Namespace, scratch: Path) -> int:
    trees = [each for each in checkouts(options.folder, scratch) if not options.trees or each.name in options.trees]
    if not trees:
        print(f"no checkouts in {options.folder}", file=sys.stderr)
        return 2
    os.environ["SEMGREP_SETTINGS_FILE"] = str(scratch / "semgrep.yml")  # nothing is left in the user's folders
    turns, limit = (1, min(options.limit, 20.0)) if options.quick else (options.turns, options.limit)
    setting = Setting(
        trees=trees,
        peers=find_peers(options.peers),
        scratch=scratch,
        turns=turns,
        limit=limit,
        history=options.history,
        quick=options.quick,
        million=options.million,
    )
    failed = False
    for part in options.only:
        now = replace(setting, so_far=partial(_keep, setting, options.into, time.perf_counter()))
        print(f"{part}:", file=sys.stderr, flush=True)
        try:
            now.so_far(PARTS[part](now))
        except Exception:  # the other parts are still worth having
            traceback.print_exc()
            failed = True
    figures = [figure for section in kept(options.into / "results", options.only) for figure in section.figures]
    missed = [figure for figure in figures if not figure.reached]
    print(f"{options.into / 'RESULTS.md'}: {len(figures)} figures, {len(missed)} red")
    return int(failed or bool(missed))


def _keep(setting: Setting, into: Path, began: float, section: Section) -> None:
    took = f"{time.perf_counter() - began:.0f} s"
    section.setting = machine(setting) | {"part took": took}
    keep(section, into / "results")
    write(kept(into / "results", PARTS), reasons(HERE / "reasons.yaml"), into)
    print(f"{section.part}: {took}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
