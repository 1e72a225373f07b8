"""What to do about a finding: its own fixes, or else the recipes of its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.model import Fix, Safety

if TYPE_CHECKING:
    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding

_MOST = 3  # ways out that one finding names


def advice(finding: Finding, catalogue: Catalogue) -> tuple[Fix, ...]:
    """The ways to mend a finding, best first; empty where its rule has none (rules about the run)."""
    if finding.fixes:
        return finding.fixes[:_MOST]
    rule = catalogue.rule_by_id.get(finding.rule)
    recipes = (
        [catalogue.recipe_by_id[id] for id in rule.recipes if id in catalogue.recipe_by_id] if rule else []
    )
    return tuple(Fix(each.title, Safety(each.safety), steps=each.steps) for each in recipes[:_MOST])


def in_one_line(finding: Finding, catalogue: Catalogue) -> str:
    """The titles of the ways to mend a finding, for formats of one line; empty where there are none."""
    titles = [fix.title.rstrip(".") for fix in advice(finding, catalogue)]
    return " or ".join(titles)
