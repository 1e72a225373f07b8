"""A rule as a SARIF reporting descriptor: what code scanning shows beside its alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pat_audit.catalogue import Catalogue
    from pat_audit.vocabulary import Rule

LEVELS = {"error": "error", "warning": "warning", "note": "note"}
SECURITY_SEVERITY = {"error": "8.5", "warning": "6.0", "note": "3.0"}
_PRECISION = {"error": "very-high", "warning": "high", "note": "medium"}
_LONGEST = 1024  # characters of a description that code scanning takes


def descriptor(rule: Rule, catalogue: Catalogue) -> dict[str, Any]:
    """The `reportingDescriptor` of a rule; its severity is the rule's usual one."""
    from pat_audit.rule_pages import markdown_page, text_page

    title = rule.name.replace("-", " ").capitalize()
    why = " ".join(rule.why.split())
    described: dict[str, Any] = {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": why if len(why) <= _LONGEST else f"{why[: _LONGEST - 1]}…"},
        "help": {"text": text_page(rule, catalogue), "markdown": markdown_page(rule, catalogue)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "tags": ["security", "authentication", rule.category],
            "precision": _PRECISION[rule.severity],
            "security-severity": SECURITY_SEVERITY[rule.severity],
        },
    }
    link = next((each for each in rule.references if each.startswith("https://")), None)
    if link:
        described["helpUri"] = link
    return described
