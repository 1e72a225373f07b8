"""Runs pat-audit on the cases of the peers' own test suites and writes a table of what it finds and misses.

    python -m benchmarks.peer_suites FOLDER [--write benchmarks/PEER_SUITES.md] [--show PEER]

FOLDER holds checkouts of the peers' repositories, each named `owner+name` or `name`; one that is not there is left
out. Nothing of theirs is copied, and no text of a case is shown: `--show` tells where the misses and the hits are.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peer_suites import (
    codeql,
    credsweeper,
    detect_secrets,
    gitleaks,
    gitleaks_notations,
    kingfisher,
    nosey_parker,
    osv_scalibr,
    sarif_pattern_matcher,
    secretlint,
    titus,
)
from benchmarks.peer_suites.counting import Count, Outcome, count
from benchmarks.peer_suites.families import load
from benchmarks.peer_suites.table import document
from pat_audit.catalogue import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.peer_suites.case import Case

SUITES: dict[str, tuple[str, Callable[[Path], Iterator[Case]]]] = {
    "gitleaks": ("gitleaks/gitleaks", gitleaks.cases),
    "kingfisher 1.x": ("mongodb/kingfisher", kingfisher.cases),
    "Nosey Parker": ("praetorian-inc/noseyparker", nosey_parker.cases),
    "Titus": ("praetorian-inc/titus", titus.cases),
    "detect-secrets": ("Yelp/detect-secrets", detect_secrets.cases),
    "secretlint": ("secretlint/secretlint", secretlint.cases),
    "osv-scalibr": ("google/osv-scalibr", osv_scalibr.cases),
    "CredSweeper": ("Samsung/CredSweeper", credsweeper.cases),
    "sarif-pattern-matcher": ("microsoft/sarif-pattern-matcher", sarif_pattern_matcher.cases),
    "CodeQL": ("github/codeql", codeql.cases),
    "gitleaks' notations": ("gitleaks/gitleaks", gitleaks_notations.cases),
}
"""The peers: where their repositories are, and the reader of their tests."""

APART = frozenset(("gitleaks' notations", "CodeQL"))
"""No part of the sum over all suites: tokens that are pat-audit's own, and credentials that it does not claim."""


def main() -> int:
    """Count, print and write."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("folder", type=Path, metavar="FOLDER")
    ask.add_argument("--write", type=Path, default=Path(__file__).parents[1] / "PEER_SUITES.md")
    ask.add_argument("--show", nargs="*", choices=sorted(SUITES), default=[], help="say where misses and hits are")
    options = ask.parse_args()
    families, catalogue = load(), load_catalogue(plugins=False)
    counted: dict[str, dict[str, Count]] = {}
    read: dict[str, Sequence[Case]] = {}
    versions: dict[str, None] = {}
    for peer, (repository, cases) in SUITES.items():
        checkout = _checkout(options.folder, repository)
        if checkout is None:
            print(f"{peer}: no checkout of {repository} in {options.folder}", file=sys.stderr)
            continue
        read[peer] = list(cases(checkout))
        counted[peer], outcomes = count(peer, read[peer], families, catalogue)
        versions[f"{repository}{_commit(checkout)}"] = None
        if peer in options.show:
            _show(peer, outcomes)
    intro = Path(__file__).with_name("introduction.md").read_text(encoding="utf-8")
    page = document(counted, APART, read, families, intro.replace("«versions»", ", ".join(versions)))
    options.write.write_text(page, encoding="utf-8")
    print(page)
    return 0


def _checkout(folder: Path, repository: str) -> Path | None:
    names = (repository.replace("/", "+"), repository.rpartition("/")[2])
    return next((folder / name for name in names if (folder / name).is_dir()), None)


def _commit(checkout: Path) -> str:
    """`@` and the commit of a checkout; nothing where it is none."""
    command = ["git", "-C", str(checkout), "rev-parse", "--short=10", "HEAD"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"@{told.stdout.strip()}" if told.returncode == 0 else ""


def _show(peer: str, outcomes: Sequence[Outcome]) -> None:
    for one in outcomes:
        if one.found != one.case.positive:
            mark = "!" if one.counts else " "
            print(f"{mark} {peer}: {one.family}: {one.case.where}: {one.why}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
