"""A tree without candidates, beside ripgrep with all keywords on one core.

    python -m benchmarks.clean_tree TREE [--turns 9] [--rg rg]

Copies TREE without the files that are worth a look (and without what is skipped by name) and compares
`pat-audit check` on the copy with `rg -j1 -F -i -l -f keywords` on the same copy, where the keywords are
those of the credentials' written forms. Exits 1 where the ratio of the medians is above 1.2.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.turns import table, take_turns
from pat_audit.catalogue import Catalogue, load_catalogue
from pat_audit.discover import discover
from pat_audit.languages.known import language_of
from pat_audit.prefilter import Prefilter

LIMIT = 1.2


def keywords(catalogue: Catalogue) -> list[str]:
    """The keywords of all written forms, without those so short that nearly every file has them."""
    shapes = [shape for kind in catalogue.credentials for shape in kind.shapes]
    return sorted({word.lower() for shape in shapes for word in (*shape.keywords, *shape.near) if len(word) > 3})


def copy_clean(tree: Path, target: Path, catalogue: Catalogue, words: list[str]) -> tuple[int, int]:
    """Copy the files of a tree that nothing has to look into; how many they are, and how many were left."""
    prefilter = Prefilter(catalogue)
    needles = [word.encode() for word in words]
    copied = left = 0
    for name in discover([str(tree)]).files:
        data = Path(name).read_bytes() if Path(name).is_file() else b"\0"
        lower = data.lower()
        if b"\0" in data or prefilter.look(data, language_of(name, data)) or any(needle in lower for needle in needles):
            left += 1
            continue
        place = target / Path(name).absolute().relative_to(tree.absolute())
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        copied += 1
    return copied, left


def main() -> int:
    """Measure and print; the exit code says whether the limit holds."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("tree", type=Path)
    ask.add_argument("--turns", type=int, default=9)
    ask.add_argument("--rg", default="rg")
    options = ask.parse_args()
    if shutil.which(options.rg) is None:
        ask.error(f"there is no {options.rg} here")
    catalogue = load_catalogue()
    words = keywords(catalogue)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "clean")
        target.mkdir()
        copied, left = copy_clean(options.tree, target, catalogue, words)
        listed = Path(folder, "keywords")
        listed.write_text("\n".join(words) + "\n")
        ours = [sys.executable, "-c", "from pat_audit.cli import main; main()", "check", "."]
        measured = take_turns(
            {
                "pat-audit": ours,
                "rg -j1": [options.rg, "-j1", "-F", "-i", "-l", "-f", str(listed), "."],
                "rg": [options.rg, "-F", "-i", "-l", "-f", str(listed), "."],
            },
            options.turns,
            target,
            cold=True,
        )
    print(f"{options.tree}: {copied} files, {left} left out; {len(words)} keywords\n")
    print(table(measured, "rg -j1"))
    ratio = measured["pat-audit"].median / measured["rg -j1"].median
    print(f"\nratio {ratio:.2f}, limit {LIMIT}")
    return int(ratio > LIMIT or measured["pat-audit"].exit != 0)


if __name__ == "__main__":
    sys.exit(main())
