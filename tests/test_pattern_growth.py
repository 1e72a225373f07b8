"""What is said of patterns whose time is known to grow, and of patterns whose time is known not to."""

from __future__ import annotations

import re
import re._constants as constants  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.pattern_inventory import of_program, of_rules
from benchmarks.pattern_reasons import REASONS
from pat_audit.catalogue import load_catalogue
from pat_audit.pattern_growth import growth_of, told

if TYPE_CHECKING:
    from collections.abc import Callable

LINEAR = "linear"

KNOWN = [
    # pattern, and how it grows where it is searched for, and where it is matched at one place
    (r"(a*)*b", "exponential", "exponential"),
    (r"(?:a?b?)*c", "exponential", "exponential"),
    (r"(?:x+x+)+y", "exponential", "exponential"),
    (r"(?:a{1,3})*b", "exponential", "exponential"),
    (r'(?:"[^"]*"|\S)* ', "exponential", "exponential"),
    (r'(?:"[^"]*"|[^\s"])* ', "polynomial", LINEAR),
    (r'(?:"[^"]*"|\S)*+ ', "polynomial", LINEAR),  # no turn is given back
    (r"x*y*x*z", "polynomial", "polynomial"),
    (r".*a.*b", "polynomial", "polynomial"),
    (r"(?>.*)a.*b", "polynomial", LINEAR),
    (r"\w+\s*=", "polynomial", LINEAR),
    (r"(?<!\w)\w+\s*=", LINEAR, LINEAR),
    (r"\b\w+\s*=", LINEAR, LINEAR),
    (r"\w+\b\s*=", "polynomial", LINEAR),
    (r"[ \t]+$", "polynomial", LINEAR),
    (r"(?<![ \t])[ \t]+$", LINEAR, LINEAR),
    (r"(?m)^[ \t]*a", LINEAR, LINEAR),
    (r"(?m)^\s*a", "polynomial", LINEAR),
    (r"^\s*a", LINEAR, LINEAR),
    (r"(?!.*a)x", "polynomial", LINEAR),
    (r"[^\n]*\n?", LINEAR, LINEAR),
    (r"(?:ab)+", LINEAR, LINEAR),
    (r"(?:ab)+c", "polynomial", LINEAR),
    (r"[ab](?:[ab]*c)?", "polynomial", LINEAR),  # found each time, after a look at all that follows
    (r"://[^/?#@\s]*@", LINEAR, LINEAR),
    (r"a{1,30}b", LINEAR, LINEAR),
    (r"a{1,4000}b", "polynomial", LINEAR),
    (r"([\"'])(?:\\.|(?!\1)[^\\])*\1", "polynomial", LINEAR),
    (r"(?i)k+\u212a*x", "polynomial", "polynomial"),  # the Kelvin sign is a K
]


@pytest.mark.parametrize(("pattern", "searched", "matched"), KNOWN)
def test_growth_is_told(pattern: str, searched: str, matched: str) -> None:
    found = [growth_of(pattern, 0, "search"), growth_of(pattern, 0, "match")]
    assert [LINEAR if each is None else each.growth for each in found] == [searched, matched]


def test_a_match_of_the_whole_can_fail_at_its_end() -> None:
    assert growth_of(r"a*a*", 0, "match") is None
    assert growth_of(r"a*a*", 0, "fullmatch") is not None


@pytest.mark.parametrize("pattern", [each[0] for each in KNOWN if each[2] == "exponential"])
def test_a_witness_takes_as_long_as_it_says(pattern: str) -> None:
    """Each turn of the pump multiplies the steps: counted by an engine of this test's own that tries every way."""
    witness = growth_of(pattern, 0, "match")
    assert witness is not None
    steps = [_steps(pattern, witness.prefix + witness.pump * turns + witness.suffix) for turns in (1, 2, 3)]
    assert steps[1] > 1.5 * steps[0]
    assert steps[2] - steps[1] > 1.8 * (steps[1] - steps[0])


def _steps(pattern: str, text: str) -> int:
    """How many ways lead through some beginning of a text, empty turns of a loop left out."""
    count = 0

    def ways(items: list[Any], at: int, then: Callable[[int], object]) -> None:
        nonlocal count
        count += 1
        if not items:
            then(at)
            return
        (operator, argument), rest = items[0], items[1:]
        if operator is constants.MAX_REPEAT:
            low, high, inner = argument

            def turn(done: int, here: int, since: int) -> None:
                if done < (1000 if high is constants.MAXREPEAT else high) and (here > since or done <= low):
                    ways(list(inner), here, lambda end: turn(done + 1, end, here))
                if done >= low:
                    ways(rest, here, then)

            turn(0, at, -1)
        elif operator is constants.SUBPATTERN:
            ways(list(argument[3]), at, lambda end: ways(rest, end, then))
        elif operator is constants.BRANCH:
            for branch in argument[1]:
                ways([*branch, *rest], at, then)
        elif at < len(text) and re.match(_one(operator, argument), text[at]):
            ways(rest, at + 1, then)

    def _one(operator: Any, argument: Any) -> str:
        if operator is constants.LITERAL:
            return re.escape(chr(argument))
        negated = operator is constants.NOT_LITERAL
        return rf"[^{re.escape(chr(argument))}]" if negated else r"\S"

    ways(list(parser.parse(pattern)), 0, lambda end: None)
    return count


def test_no_pattern_that_a_scan_runs_can_run_away() -> None:
    """`re` runs all of them where hyperscan is missing, and those of the program always."""
    patterns = [*of_rules(load_catalogue(cache=False)), *of_program()]
    assert len(patterns) > 400
    growing = {}
    for known in patterns:
        witness = growth_of(known.pattern, known.flags, known.use, known.many)
        if witness is not None:
            growing[known.place] = told(witness)
    assert {place: what for place, what in growing.items() if place not in REASONS} == {}
    assert set(REASONS) <= set(growing), "a reason that nothing needs"
