"""What `pat-audit explain` and `pat-audit rules` do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.catalogue import CatalogueError, load_catalogue
from pat_audit.failure import say
from pat_audit.nearest import did_you_mean
from pat_audit.outlet import OutletError, send

if TYPE_CHECKING:
    from collections.abc import Sequence


def explain_rule(word: str, format: str, rules: Sequence[str]) -> int:
    """Print the page of the rule that `word` (id or name) means. Gives the exit code: 0, or 2 for no rule."""
    from pat_audit.rule_pages import PAGES

    try:
        catalogue = load_catalogue(rules)
        id = catalogue.rule_id(word)
        if id is None:
            names = catalogue.rule_names
            hint = did_you_mean(word, [*names, *names.values()])
            say(f"there is no rule {word!r}{hint} (`pat-audit rules list` names them all)")
            return 2
        send([PAGES[format](catalogue.rule_by_id[id], catalogue)])
    except (CatalogueError, OutletError) as error:
        say(error)
        return 2
    return 0


def list_rules(format: str, rules: Sequence[str]) -> int:
    """Print all rules. Gives the exit code: 0, or 2 where a rules folder has mistakes."""
    from pat_audit.rule_pages import rules_table

    try:
        send([rules_table(load_catalogue(rules), format)])
    except (CatalogueError, OutletError) as error:
        say(error)
        return 2
    return 0


def write_rule_pages(folder: str, check: bool, rules: Sequence[str]) -> int:
    """Write a page for each rule into `folder`, or with `check` say which are not up to date.

    Gives the exit code: 0, 1 where `check` finds pages that are not, 2 where it failed.
    """
    from pathlib import Path

    from pat_audit.boundary import leads_out
    from pat_audit.report.neutral import neutral
    from pat_audit.rule_pages import MADE, folder_of_pages
    from pat_audit.whole_file import replace_file

    try:
        pages = folder_of_pages(load_catalogue(rules, plugins=False))
        place = Path(folder)
        there = {each.name: each.read_text(encoding="utf-8") for each in sorted(place.glob("*.md"))}
        old = [name for name, text in there.items() if name not in pages and text.rstrip().endswith(MADE)]
        stale = sorted([name for name, text in pages.items() if there.get(name) != text] + old)
        if check:
            for name in stale:
                print(f"{neutral(str(place / name))}: not up to date; run `pat-audit rules docs {folder}`")
            return 1 if stale else 0
        if leads_out(folder):
            say(f"{folder}: leads out of this repository by a symbolic link; name the folder that it leads to")
            return 2
        place.mkdir(parents=True, exist_ok=True)
        for name in stale:
            if name in pages:
                replace_file(place / name, [pages[name].encode()])
            else:
                (place / name).unlink()
    except (CatalogueError, OSError, UnicodeDecodeError) as error:
        trouble = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else error
        say(trouble)
        return 2
    return 0


def check_rules_folder(folder: str | None) -> int:
    """Print every mistake of a rules folder. Gives the exit code: 0 none, 1 some, 2 the output failed."""
    from pat_audit.report.neutral import neutral
    from pat_audit.rules_check import check_rules
    from pat_audit.scan import scan_files

    mistakes, rules, examples = check_rules(folder, scan_files)
    lines = [f"{neutral(str(mistake))}\n" for mistake in mistakes]
    if lines:
        lines.append(f"{len(mistakes)} to mend; {rules} rules and {examples} examples checked.\n")
    else:
        lines.append(f"All is well: {rules} rules and {examples} examples checked.\n")
    try:
        send(lines)
    except OutletError as error:
        say(error)
        return 2
    return 1 if mistakes else 0
