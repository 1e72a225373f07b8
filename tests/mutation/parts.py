"""Which modules are mutated, part by part, and the tests that are to see it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Part(NamedTuple):
    """Modules that are measured together, by the tests that know them."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    chosen: str = "not hostile and not linear and not grows"  # as for pytest -k: tests of time see no mutant


PARTS = {
    "suppression": Part(
        ("pat_audit/suppress.py", "pat_audit/comments.py", "pat_audit/foreign_markers.py"),
        ("tests/test_suppress.py", "tests/test_comment_lines.py", "tests/test_comment_syntaxes.py"),
    ),
    "tokens": Part(
        tuple(
            f"pat_audit/tokens/{name}.py"
            for name in (
                "azure_devops", "checks", "decoding", "entropy", "inside", "matching", "patterns", "placeholders",
                "scan", "seals", "token", "urls",
            )
        ),
        ("tests/tokens",),
    ),
    "judge": Part(
        (
            "pat_audit/judge.py", "pat_audit/evidence.py", "pat_audit/examiner.py", "pat_audit/facts.py",
            "pat_audit/mending.py", "pat_audit/severity.py",
        ),
        (
            "tests/test_judge.py", "tests/test_facts.py", "tests/test_evidence.py", "tests/test_examiner.py",
            "tests/test_judged_facts.py", "tests/test_mending.py",
            "tests/test_judged_findings.py",
            "tests/test_rules.py",
        ),
    ),
}  # fmt: skip
