"""The page of a rule, for `explain`, SARIF and documents: what it means, why, what to write instead."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING

from pat_audit.example_marks import without_marks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.vocabulary import Example, Recipe, Rule

_SAFETY = {
    "safe": "can be applied without a second look",
    "unsafe": "changes where the credential comes from: check it",
    "manual": "takes a person",
}


def markdown_page(rule: Rule, catalogue: Catalogue) -> str:
    """The page in Markdown."""
    return "\n".join(_markdown(rule, catalogue)).rstrip() + "\n"


def text_page(rule: Rule, catalogue: Catalogue) -> str:
    """The page as plain text, wrapped at 88 columns."""
    return "\n".join(_text(rule, catalogue)).rstrip() + "\n"


def json_page(rule: Rule, catalogue: Catalogue) -> str:
    """The rule and its recipes as one JSON document."""
    recipes = [asdict(recipe) for recipe in _recipes(rule, catalogue)]
    return json.dumps({**asdict(rule), "recipes": recipes}, indent=2) + "\n"


PAGES = {"text": text_page, "markdown": markdown_page, "json": json_page}


MADE = "<!-- Made from rules/ by `pat-audit rules docs`: change the rule, not this page. -->"
"""The last line of every page in a folder of pages."""


def folder_of_pages(catalogue: Catalogue) -> dict[str, str]:
    """A page in Markdown for every rule and one that lists them, by file name."""
    pages = {f"{rule.id}.md": f"{markdown_page(rule, catalogue)}\n{MADE}\n" for rule in catalogue.rules}
    rows = [
        f"| [{rule.id}]({rule.id}.md) | {rule.name} | {rule.category} | {rule.severity} |" for rule in catalogue.rules
    ]
    head = ["# Rules\n", "| id | name | category | usually |", "| --- | --- | --- | --- |"]
    pages["README.md"] = "\n".join([*head, *rows, f"\n{MADE}\n"])
    return pages


def rules_table(catalogue: Catalogue, format: str) -> str:
    """All rules in a table: `text` (aligned columns) or `json`."""
    if format == "json":
        rows = [
            {key: getattr(rule, key) for key in ("id", "name", "category", "severity", "since", "message")}
            for rule in catalogue.rules
        ]
        return json.dumps(rows, indent=2) + "\n"
    width = max((len(rule.name) for rule in catalogue.rules), default=0)
    categories = max((len(rule.category) for rule in catalogue.rules), default=0)
    return "".join(
        f"{rule.id}  {rule.name:<{width}}  {rule.category:<{categories}}  {rule.severity}\n" for rule in catalogue.rules
    )


def _recipes(rule: Rule, catalogue: Catalogue) -> list[Recipe]:
    return [catalogue.recipe_by_id[id] for id in rule.recipes if id in catalogue.recipe_by_id]


def _shown(rule: Rule) -> Iterator[tuple[str, str, str]]:
    """What is reported, what a fix makes of it in each language, and what is not reported: title, language, code."""
    bad = next((example for example in rule.examples if example.bad), None)
    fixed: dict[str, Example] = {}
    for example in rule.examples:
        if example.bad and example.fixed:
            fixed.setdefault(example.language, example)
    if bad is not None and bad.language not in fixed:
        yield "Reported", bad.language, bad.bad
    for language, example in fixed.items():
        yield "Reported", language, example.bad
        yield "Fixed", language, example.fixed
    good = next((example for example in rule.examples if example.good), None)
    if good is not None:
        yield "Not reported", good.language, good.good


def _markdown(rule: Rule, catalogue: Catalogue) -> Iterator[str]:
    yield f"# {rule.id} {rule.name}\n"
    yield f"Category `{rule.category}`, usually {_article(rule.severity)}, since {rule.since}.\n"
    yield f"{_prose(rule.why.strip())}\n"
    for title, language, code in _shown(rule):
        yield f"## {title} ({language})\n\n```{language}\n{without_marks(code).rstrip()}\n```\n"
    recipes = _recipes(rule, catalogue)
    if recipes:
        yield "## Instead\n"
    for recipe in recipes:
        yield f"### {recipe.title}\n\nThis {_SAFETY[recipe.safety]}.\n"
        yield "\n".join(f"{number}. {_prose(step)}" for number, step in enumerate(recipe.steps, 1)) + "\n"
        for language, code in recipe.code.items():
            yield f"```{language}\n{code.rstrip()}\n```\n"
    if rule.references:
        yield "## References\n"
        yield "\n".join(f"- {reference}" for reference in rule.references) + "\n"
    yield f"Silence one place with a comment: `pat-audit: ignore[{rule.id}] reason`.\n"


def _prose(text: str) -> str:
    """`<org>` outside of code is no tag."""
    return re.sub(r"(`[^`]*`)|<", lambda found: found[1] or "\\<", text)


def _text(rule: Rule, catalogue: Catalogue) -> Iterator[str]:
    from textwrap import fill, indent

    def filled(text: str, lead: str = "") -> str:
        return fill(" ".join(text.split()), 88, initial_indent=lead, subsequent_indent=" " * len(lead))

    yield f"{rule.id} {rule.name}"
    yield f"category {rule.category}, usually {_article(rule.severity)}, since {rule.since}\n"
    for paragraph in rule.why.strip().split("\n\n"):
        yield filled(paragraph) + "\n"
    for title, language, code in _shown(rule):
        yield f"{title} ({language}):\n\n{indent(without_marks(code).rstrip(), '    ')}\n"
    recipes = _recipes(rule, catalogue)
    if recipes:
        yield "Instead:\n"
    for recipe in recipes:
        yield filled(f"{recipe.title} ({_SAFETY[recipe.safety]})", "  * ")
        for number, step in enumerate(recipe.steps, 1):
            yield filled(step, f"    {number}. ")
        for language, code in recipe.code.items():
            yield f"\n    {language}:\n\n{indent(code.rstrip(), '        ')}"
        yield ""
    if rule.references:
        yield "References:"
        yield "\n".join(f"  {reference}" for reference in rule.references) + "\n"
    yield f"Silence one place with a comment: pat-audit: ignore[{rule.id}] reason"


def _article(severity: str) -> str:
    return f"an {severity}" if severity[0] in "aeiou" else f"a {severity}"
