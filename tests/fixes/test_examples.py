"""Whatever the fixer makes of a bad example holds: it parses, gives nothing new, and a second run leaves it alone."""

from __future__ import annotations

import ast

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.rules_check import ExampleCase, cases_of, fixed_text
from pat_audit.scan import scan_files

CATALOGUE = load_catalogue(plugins=False)
BAD = [case for rule in CATALOGUE.rules for case in cases_of(rule) if case.kind == "bad"]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.id)
def test_a_second_run_changes_nothing(case: ExampleCase) -> None:
    once = fixed_text(case, CATALOGUE, scan_files)
    if case.name.endswith(".py"):
        ast.parse(once)
    twice = fixed_text(ExampleCase(_with_bad(case, once), case.number, "bad"), CATALOGUE, scan_files)
    assert twice == once


def _with_bad(case: ExampleCase, text: str):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    examples = list(case.rule.examples)
    examples[case.number] = replace(case.example, bad=text)
    return replace(case.rule, examples=tuple(examples))
