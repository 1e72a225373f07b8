"""Says whether a pattern means the same to `re` and hyperscan and cannot run away on any input."""

from __future__ import annotations

import re
import re._constants as constants  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import warnings
from typing import Any

from pat_audit.pattern_growth import MANY, TooIntricateError, growth_of, told

_UNSHARED = {
    constants.ASSERT: "look-around",
    constants.ASSERT_NOT: "look-around",
    constants.GROUPREF: "a back-reference",
    constants.GROUPREF_EXISTS: "a conditional group",
    constants.MIN_REPEAT: "a lazy quantifier",
    constants.POSSESSIVE_REPEAT: "a possessive quantifier",
    constants.ATOMIC_GROUP: "an atomic group",
}
_MANY = 64  # a repeat that may vary by more counts as unbounded


def why_unsafe(pattern: str, flags: int = 0, many: int = MANY) -> str | None:
    """Why `pattern` cannot be used, in words that say what to change; None for a pattern that can.

    Refused: what does not compile, matches the empty text, is no part of the syntax that `re` and hyperscan
    share, or takes `re` a time that grows faster than the text that is searched. A repeat that may vary by more than
    `many` counts as open-ended.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compiled = re.compile(pattern)
        tree = parser.parse(pattern)
    except re.error as error:
        return f"this pattern does not compile: {error}"
    except (Warning, RecursionError, OverflowError) as error:
        return f"this pattern is not sound: {error}"
    if compiled.match("") is not None:
        return "this pattern matches the empty text"
    fault = _fault(tree, repeated=False)
    if fault:
        return fault
    try:
        witness = growth_of(pattern, flags, "search", many)
    except TooIntricateError:
        return "this pattern has too many loops to tell how long it takes: write it as several"
    return None if witness is None else told(witness)


def _fault(tree: Any, *, repeated: bool) -> str | None:
    for operator, argument in tree:
        if operator in _UNSHARED:
            return f"hyperscan has no match for {_UNSHARED[operator]}: write the pattern without"
        inner_repeated = repeated
        if operator is constants.MAX_REPEAT:
            low, high, _ = argument
            open_ended = high - low > _MANY if high is not constants.MAXREPEAT else True
            if open_ended and repeated:
                return "an open-ended repeat inside another takes exponential time: bound one of them"
            if high > 1 and any(_is_run(branch) for branch in _alternatives(argument[2])):
                return "a repeat of nothing but an open-ended repeat takes exponential time: let a character part them"
            inner_repeated = repeated or open_ended
        for branch in _branches(operator, argument):
            fault = _fault(branch, repeated=inner_repeated)
            if fault:
                return fault
    return None


def _alternatives(tree: Any) -> list[Any]:
    """The alternatives that a group is made of, groups around them opened."""
    items = list(tree)
    while len(items) == 1 and items[0][0] is constants.SUBPATTERN:
        items = list(items[0][1][3])
    if len(items) == 1 and items[0][0] is constants.BRANCH:
        return list(items[0][1][1])
    return [items]


def _is_run(branch: Any) -> bool:
    """Whether a branch is one open-ended repeat and nothing else."""
    items = list(branch)
    if len(items) != 1 or items[0][0] is not constants.MAX_REPEAT:
        return False
    low, high, _ = items[0][1]
    return high is constants.MAXREPEAT or high - low > _MANY


def _branches(operator: Any, argument: Any) -> list[Any]:
    if operator is constants.MAX_REPEAT:
        return [argument[2]]
    if operator is constants.SUBPATTERN:
        return [argument[3]]
    if operator is constants.BRANCH:
        return list(argument[1])
    return []
