"""What to do about a finding: its own fixes, or else the recipes of its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.model import Fix, Safety

if TYPE_CHECKING:
    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding

_MOST = 3  # ways out that one finding names
_SCHEMES = {"pat-in-url": ("url",), "basic-header": ("basic",), "basic-client": ("basic",)}


def advice(finding: Finding, catalogue: Catalogue) -> tuple[Fix, ...]:
    """The ways to mend a finding, best first; empty where nothing is known of any.

    Its own fixes, else the recipes of its rule, else those that its service has for the way it signs in.
    """
    if finding.fixes:
        return finding.fixes[:_MOST]
    rule = catalogue.rule_by_id.get(finding.rule)
    ids = (rule.recipes if rule else ()) or _of_service(finding, catalogue)
    recipes = [catalogue.recipe_by_id[id] for id in ids if id in catalogue.recipe_by_id]
    return tuple(Fix(each.title, Safety(each.safety), steps=each.steps) for each in recipes[:_MOST])


def _of_service(finding: Finding, catalogue: Catalogue) -> tuple[str, ...]:
    service = catalogue.service_by_id.get(finding.service or "")
    if service is None:
        return ()
    wanted = _SCHEMES.get(finding.category, ("basic", "url", "any"))
    fitting = [scheme for scheme in service.schemes if scheme.recipes and scheme.policy != "right"]
    fitting.sort(key=lambda scheme: scheme.scheme not in wanted)  # stable: the service's order otherwise
    return fitting[0].recipes if fitting else ()


def in_one_line(finding: Finding, catalogue: Catalogue) -> str:
    """The titles of the ways to mend a finding, for formats of one line; empty where there are none."""
    titles = [fix.title.rstrip(".") for fix in advice(finding, catalogue)]
    return " or ".join(titles)
