"""One site, one finding: which of several speaks, what it says of the others, and what is left apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pat_audit import settle as settling
from pat_audit.model import Confidence, Finding, Location, Severity, Span, Step
from pat_audit.settle import settle

RANKS = {"PAT101": 90, "PAT201": 40, "PAT202": 39, "PAT203": 38, "PAT301": 100, "PAT501": 9}
CATEGORIES = {
    "PAT101": "hardcoded-pat", "PAT201": "basic-header", "PAT202": "basic-client", "PAT203": "basic-client",
    "PAT301": "oauth-only-endpoint", "PAT501": "pat-env-usage",
}  # fmt: skip


def place(line: int, column: int = 1, width: int = 10, path: str = "a.py", end_line: int = 0) -> Location:
    """A place on a line of 100 bytes."""
    start = line * 100 + column
    return Location(path, line, column, end_line or line, column + width, Span(start, start + width))


def found(rule: str, where: Location, severity: str = "warning", trail: tuple[Location, ...] = ()) -> Finding:
    """A finding whose trail leads through these places."""
    steps = tuple(Step(step, "here") for step in trail)
    return Finding(
        rule, rule, CATEGORIES[rule], Severity(severity), Confidence.HIGH, "m", where, credential="env:X", trail=steps
    )


def left(*findings: Finding) -> list[tuple[str, int, tuple[str, ...]]]:
    """What is left: rule, line, and the rules that gave way to it; the same in any order."""
    settled = settle(findings, RANKS)
    assert settle(reversed(findings), RANKS) == settled
    assert settle(settled, RANKS) == settled
    return [(finding.rule, finding.location.line, finding.also) for finding in settled]


def test_the_worse_severity_wins_on_one_span() -> None:
    worse = found("PAT202", place(1), "error")
    assert left(found("PAT201", place(1)), worse) == [("PAT202", 1, ("PAT201",))]


def test_the_higher_rank_wins_among_equals() -> None:
    assert left(found("PAT101", place(1)), found("PAT201", place(1)), found("PAT301", place(1))) == [
        ("PAT301", 1, ("PAT101", "PAT201"))
    ]


def test_the_same_finding_twice_is_one() -> None:
    assert left(found("PAT201", place(1)), found("PAT201", place(1))) == [("PAT201", 1, ())]


def test_overlap_is_enough() -> None:
    assert left(found("PAT201", place(1, 1, 50)), found("PAT202", place(1, 20, 5))) == [("PAT201", 1, ("PAT202",))]


@pytest.mark.parametrize(
    "finding",
    [
        replace(found("PAT201", place(1)), url="https://dev.azure.com"),
        found("PAT201", place(1), trail=(place(5), place(6))),
        replace(found("PAT201", place(1)), credential="env:Y", message="l"),
    ],
    ids=["address", "trail", "origin"],
)
def test_of_the_same_rule_the_one_that_knows_more_speaks(finding: Finding) -> None:
    less = replace(found("PAT201", place(1)), credential="parameter:x")
    assert settle([less, finding], RANKS) == [finding]
    assert settle([finding, less], RANKS) == [finding]


def test_neighbours_without_a_common_trail_are_two() -> None:
    assert left(found("PAT201", place(1)), found("PAT202", place(2))) == [("PAT201", 1, ()), ("PAT202", 2, ())]


def test_a_neighbour_on_the_trail_gives_way() -> None:
    header = found("PAT201", place(3), trail=(place(1), place(3)))
    assert left(header, found("PAT202", place(1))) == [("PAT201", 3, ("PAT202",))]


def test_what_is_far_away_stays_though_it_is_on_the_trail() -> None:
    client = found("PAT202", place(50), trail=(place(1), place(50)))
    assert left(client, found("PAT501", place(1), "note")) == [("PAT501", 1, ()), ("PAT202", 50, ())]


def test_a_read_on_the_same_line_gives_way() -> None:
    client = found("PAT202", place(1, 1, 50))
    assert left(client, found("PAT501", place(1, 20, 5), "note")) == [("PAT202", 1, ("PAT501",))]


def test_a_read_inside_a_call_of_several_lines_is_its_own() -> None:
    client = replace(found("PAT202", place(1)), location=replace(place(1, end_line=5), span=Span(100, 600)))
    assert left(client, found("PAT501", place(4), "note")) == [("PAT202", 1, ()), ("PAT501", 4, ())]


def test_an_encoding_gives_way_to_its_header_further_down() -> None:
    header = found("PAT201", place(12), trail=(place(2), place(12)))
    assert left(header, found("PAT201", place(2), "note")) == [("PAT201", 12, ())]


def test_an_encoding_in_another_place_is_its_own() -> None:
    header = found("PAT201", place(60), trail=(place(2), place(60)))
    assert left(header, found("PAT201", place(2), "note")) == [("PAT201", 2, ()), ("PAT201", 60, ())]


def test_a_command_line_gives_way_to_the_encoding_that_it_carries() -> None:
    command = found("PAT203", place(9), trail=(place(3), place(9)))
    assert left(command, found("PAT201", place(3))) == [("PAT201", 3, ("PAT203",))]


def test_files_are_apart_and_in_order() -> None:
    there = found("PAT201", place(1, path="b.py"))
    assert [finding.path for finding in settle([there, found("PAT201", place(1))], RANKS)] == ["a.py", "b.py"]


def test_findings_of_one_file_stand_in_order() -> None:
    assert [line for _, line, _ in left(*[found("PAT202", place(line * 10)) for line in (3, 1, 2)])] == [10, 20, 30]


def test_nothing_gives_nothing() -> None:
    assert settle([], RANKS) == []


def test_findings_are_compared_with_their_neighbours_only(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    original = settling._gives_way

    def counted(finding: Finding, strong: Finding) -> bool:
        nonlocal compared
        compared += 1
        return original(finding, strong)

    monkeypatch.setattr(settling, "_gives_way", counted)
    apart = [found("PAT202", place(line * 3), trail=(place(1), place(line * 3))) for line in range(1, 2001)]
    one_line = [found("PAT101", place(1, column * 90, path="b.py")) for column in range(1, 2001)]
    assert len(settle([*apart, *one_line], RANKS)) == 4000
    assert compared <= 4 * 4000


def test_a_wide_span_is_compared_with_all_that_is_in_it() -> None:
    wide = found("PAT301", replace(place(1, end_line=900), span=Span(100, 90_000)))
    inside = found("PAT202", place(500))
    assert left(wide, inside) == [("PAT301", 1, ("PAT202",))]
    assert left(replace(wide, rule="PAT202", category="basic-client"), replace(inside, severity=Severity.ERROR)) == [
        ("PAT202", 500, ())
    ]
