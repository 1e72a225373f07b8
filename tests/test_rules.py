"""Every example of every rule gives the findings that it marks and no other."""

from __future__ import annotations

import pytest

from pat_audit.catalogue import Catalogue, load_catalogue
from pat_audit.example_marks import marks, without_marks
from pat_audit.model import Confidence, Finding, Location, Report, Severity
from pat_audit.rules_check import ExampleCase, cases_of, faults
from pat_audit.scan import scan_files
from pat_audit.vocabulary import Example, Rule

CATALOGUE = load_catalogue(plugins=False)
CASES = [case for rule in CATALOGUE.rules for case in cases_of(rule, f"rules/checks/{rule.id}-{rule.name}.yaml")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_example(case: ExampleCase) -> None:
    wrong = faults(case, CATALOGUE, scan_files)
    assert not wrong, "\n".join([f"edit {case.file}, {case.key}:", *wrong])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("x = 1  # <-- AB101", "x = 1"),
        ("x = 1  // <-- AB101", "x = 1"),
        ("<a/> <!-- <-- AB101 -->", "<a/>"),
        ("select 1 -- <-- AB101", "select 1"),
        ("x = 1  /* <-- AB101 */", "x = 1"),
        ('{"a": 1} <-- AB101', '{"a": 1}'),
        ("x = 1  # why  # <-- AB101", "x = 1  # why"),
    ],
)
def test_marks_are_read_and_removed_in_any_comment(line: str, code: str) -> None:
    assert marks(f"a\n{line}\nb") == {2: {"AB101"}}
    assert without_marks(f"a\n{line}\nb") == f"a\n{code}\nb"


def test_several_marks_on_one_line() -> None:
    assert marks("x  # <-- AB101, AB201") == {1: {"AB101", "AB201"}}
    assert marks("x <- AB101\n# <-- ab101\n-->") == {}


def rule(*, bad: str = "", good: str = "") -> Rule:
    made = Example("python", bad=bad, good=good)
    return Rule("AB101", "a", "c", "m", "w", "0.1", examples=(made,))


def finding(line: int, severity: Severity = Severity.WARNING) -> Finding:
    where = Location("sign_in.py", line, 1, line, 2)
    return Finding("AB101", "a", "c", severity, Confidence.HIGH, "m", where)


@pytest.mark.parametrize(
    ("example", "found", "said"),
    [
        ({"bad": "x # <-- AB101\ny"}, [finding(1)], []),
        ({"bad": "x # <-- AB101\ny"}, [], ["line 1 of sign_in.py: AB101 is marked and not found"]),
        (
            {"bad": "x # <-- AB101\ny"},
            [finding(2)],
            [
                "line 1 of sign_in.py: AB101 is marked and not found; AB101 is found on line 2",
                "line 2 of sign_in.py: AB101 is found and not marked",
            ],
        ),
        ({"bad": "x # <-- AB101\ny"}, [finding(1), finding(2, Severity.NOTE)], []),
        ({"bad": "x"}, [], ["mark the line that is found: end it with a comment `<-- AB101`"]),
        ({"bad": "x # <-- AB110"}, [], ["there is no rule 'AB110' to mark; did you mean 'AB101'?"]),
        ({"bad": "<<no-such-token>> # <-- AB101"}, [], ["a placeholder cannot be filled: "]),
        ({"good": "x"}, [], []),
        ({"good": "x"}, [finding(1, Severity.NOTE)], ["line 1 of sign_in.py: AB101 is found and not marked"]),
        ({"good": "x # <-- AB101"}, [finding(1, Severity.NOTE)], []),
    ],
)
def test_what_is_said_of_an_example(example: dict[str, str], found: list[Finding], said: list[str]) -> None:
    mine = rule(**example)
    (case,) = cases_of(mine)
    wrong = faults(case, Catalogue(rules=[mine]), lambda files, catalogue: Report(tuple(found), (), 1))
    assert len(wrong) == len(said)
    assert all(line.startswith(start) for line, start in zip(wrong, said, strict=True)), wrong
