"""Trees without candidates, beside ripgrep with all keywords on one core: what the first pass over the bytes costs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.checkouts import forget
from benchmarks.sections import COLUMNS, Figure, Section, Table, rows_of
from benchmarks.setting import OURS, RIPGREP, shown
from benchmarks.turns import take_turns

if TYPE_CHECKING:
    from benchmarks.checkouts import Checkout
    from benchmarks.setting import Setting
    from pat_audit.catalogue import Catalogue

LIMIT = 1.0
SAYS = """A copy without the files that pat-audit looks into (and without those that it leaves out by name), searched by
ripgrep on one core for {words} keywords of the credentials' written forms."""


def measure(setting: Setting) -> Section:
    """One table and one figure for each tree."""
    from pat_audit.catalogue import load_catalogue

    catalogue = load_catalogue()
    words = keywords(catalogue)
    listed = setting.scratch / "keywords"
    listed.write_text("\n".join(words) + "\n")
    section = Section("clean", "Trees without candidates", SAYS.format(words=len(words)))
    if shutil.which(RIPGREP) is None:
        section.says += f" {RIPGREP} is not installed, and nothing was measured."
        return section
    for tree in setting.trees[: 1 if setting.quick else None]:
        _measure_tree(tree, setting, catalogue, words, listed, section)
        setting.so_far(section)
    return section


def _measure_tree(
    tree: Checkout, setting: Setting, catalogue: Catalogue, words: list[str], listed: Path, section: Section
) -> None:
    target = setting.scratch / "clean" / tree.name
    target.mkdir(parents=True)
    copied = copy_clean(tree.copy, target, catalogue, words)
    search = ["-F", "-i", "-l", "-f", str(listed), "."]
    commands = {
        "pat-audit": [*OURS, "check", "--isolated", "."],
        "rg -j1": [RIPGREP, "-j1", *search],
        "rg": [RIPGREP, *search],
    }
    section.commands |= {name: shown(command, setting) for name, command in commands.items()}
    measured = take_turns(commands, setting.turns + 2, target, before=lambda _: forget(target))
    heading = f"{tree.name}: {copied:,} of {tree.files:,} files"
    section.tables.append(Table(heading, COLUMNS, rows_of(measured, "pat-audit")))
    ratio = measured["pat-audit"].median / measured["rg -j1"].median
    section.figures.append(
        Figure(f"clean/{tree.name}", f"{tree.name} without candidates, beside `rg -j1`", ratio, LIMIT)
    )
    shutil.rmtree(target)


def keywords(catalogue: Catalogue) -> list[str]:
    """The keywords of all written forms, without those so short that nearly every file has them."""
    shapes = [shape for kind in catalogue.credentials for shape in kind.shapes]
    return sorted({word.lower() for shape in shapes for word in (*shape.keywords, *shape.near) if len(word) > 3})


def copy_clean(tree: Path, target: Path, catalogue: Catalogue, words: list[str]) -> int:
    """Copy the files of a tree that nothing has to look into; how many they are."""
    from pat_audit.discover import discover
    from pat_audit.languages.known import language_of
    from pat_audit.prefilter import NO_FORMAT, Prefilter

    prefilter = Prefilter(catalogue)
    needles = [word.encode() for word in words]
    copied = 0
    for name in discover([str(tree)]).files:
        data = Path(name).read_bytes() if Path(name).is_file() else b"\0"
        lower = data.lower()
        language = language_of(name, data)
        worth = prefilter.look(data, language, NO_FORMAT if language else prefilter.formats_of(name))
        if b"\0" in data or worth or any(needle in lower for needle in needles):
            continue
        place = target / Path(name).absolute().relative_to(tree.absolute())
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        copied += 1
    return copied
