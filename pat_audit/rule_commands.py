"""What `pat-audit explain` and `pat-audit rules` do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pat_audit.catalogue import CatalogueError, load_catalogue
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
            print(
                f"pat-audit: there is no rule {word!r}{hint} (`pat-audit rules list` names them all)",
                file=sys.stderr,
            )
            return 2
        send([PAGES[format](catalogue.rule_by_id[id], catalogue)])
    except (CatalogueError, OutletError) as error:
        print(f"pat-audit: {error}", file=sys.stderr)
        return 2
    return 0


def list_rules(format: str, rules: Sequence[str]) -> int:
    """Print all rules. Gives the exit code: 0, or 2 where a rules folder has mistakes."""
    from pat_audit.rule_pages import rules_table

    try:
        send([rules_table(load_catalogue(rules), format)])
    except (CatalogueError, OutletError) as error:
        print(f"pat-audit: {error}", file=sys.stderr)
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
        print(f"pat-audit: {error}", file=sys.stderr)
        return 2
    return 1 if mistakes else 0
