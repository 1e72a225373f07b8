"""What trials came to, kept from run to run, and the page that says it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import yaml

from .mutants import mutants
from .parts import PARTS, ROOT
from .trial import BROKEN, KILLED, SURVIVED, TIMEOUT, UNSEEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .mutants import Mutant
    from .trial import Outcome

HERE = ROOT / "tests/mutation"
KEPT = ROOT / ".mutation-cache" / "outcomes.jsonl"
PAGE = HERE / "SCORES.md"
LIST = ROOT / ".mutation-cache" / "survivors.txt"
EQUIVALENT = HERE / "equivalent.yaml"
LEFT = HERE / "left.yaml"
_EQUIVALENT, _UNTRIED = "equivalent", "not tried"
_UNNAMED = "killed, by which test is not known"
_COLUMNS = (KILLED, TIMEOUT, SURVIVED, BROKEN, _EQUIVALENT, _UNTRIED)


class Equivalent(NamedTuple):
    """Mutants that no test can see, by their function, the changed line and what it became, and why."""

    module: str
    function: str
    before: str
    after: tuple[str, ...]
    reason: str


def known() -> dict[str, str]:
    """The outcome of each mutant that was tried, by key."""
    return {key: row["outcome"] for key, row in _kept().items()}


def _kept() -> dict[str, dict[str, str]]:
    if not KEPT.exists():
        return {}
    return {row["key"]: row for row in map(json.loads, KEPT.read_text().splitlines())}


def keep(key: str, outcome: Outcome) -> None:
    """Note an outcome."""
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a") as kept:
        kept.write(json.dumps({"key": key, "outcome": outcome.word, "test": outcome.test}) + "\n")


def equivalents() -> list[Equivalent]:
    """Those that were read and cannot be told from the unchanged code."""
    return [
        Equivalent(**{**entry, "after": tuple(entry["after"])})
        for entry in yaml.safe_load(EQUIVALENT.read_text()) or []
    ]


def write() -> bool:
    """Write the page, and beside what is kept the list of the survivors; gives whether every mutant was tried."""
    kept = _kept()
    reasons = {(each.module, each.function, each.before, after): each for each in equivalents() for after in each.after}
    rows: list[tuple[str, str, Counter[str]]] = []
    survivors: list[tuple[Mutant, str]] = []
    equal: Counter[Equivalent] = Counter()
    for part, of_part in PARTS.items():
        for module in of_part.modules:
            count: Counter[str] = Counter()
            for mutant in mutants(module, (ROOT / module).read_text()):
                row = kept.get(mutant.key, {"outcome": _UNTRIED})
                outcome = row["outcome"]
                reason = reasons.get((mutant.module, mutant.function, mutant.before, mutant.after))
                if outcome in (SURVIVED, UNSEEN) and reason is not None:
                    outcome = _EQUIVALENT
                    equal[reason] += 1
                elif outcome in (SURVIVED, UNSEEN, BROKEN):
                    survivors.append((mutant, outcome))
                count[SURVIVED if outcome == UNSEEN else outcome] += 1
                count[_UNNAMED] += outcome == KILLED and not row.get("test")
            rows.append((part, module, count))
    PAGE.write_text("\n".join([*_scores(rows), *_equivalent(equal), *_left(survivors)]) + "\n")
    LIST.parent.mkdir(exist_ok=True)
    LIST.write_text("".join(_line(mutant, outcome) for mutant, outcome in survivors))
    return not any(count[_UNTRIED] for _, _, count in rows)


def _scores(rows: list[tuple[str, str, Counter[str]]]) -> Iterable[str]:
    yield from (
        "# Mutation scores",
        "",
        "Written by `python -m tests.mutation`. The score is what a failed test or its time limit killed, of all tried",
        "mutants that are not equivalent. A mutant that broke a fixture, an import or its process is `broken`, and not",
        "killed.",
        "",
        "| part | module | mutants | killed | timeouts | survived | broken | equivalent | not tried | score |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    )
    for part in PARTS:
        sum_ = sum((count for name, _, count in rows if name == part), Counter[str]())
        rows = [*rows, (f"**{part}**", "all", sum_)]
    for part, module, count in rows:
        killed = count[KILLED] + count[TIMEOUT]
        tried = killed + count[SURVIVED] + count[BROKEN]
        score = f"{100 * killed / tried:.1f} %" if tried else "–"
        figures = " | ".join(str(count[column]) for column in _COLUMNS)
        yield f"| {part} | {module} | {sum(count[column] for column in _COLUMNS)} | {figures} | {score} |"
    if unnamed := sum(count[_UNNAMED] for part, _, count in rows if part in PARTS):
        yield from ("", f"{unnamed} were killed by a run that did not yet tell a failed test from a broken trial.")


def _equivalent(equal: Counter[Equivalent]) -> Iterable[str]:
    yield from ("", "## Equivalent", "", "Read, and no test can tell them from the unchanged code.", "")
    for each, number in equal.items():
        yield f"- {each.module}, {each.function}: {number} of `{_code(each.before)}`: {each.reason}"


def _left(survivors: list[tuple[Mutant, str]]) -> Iterable[str]:
    """The survivors by function: how many, of which lines, and why they are left."""
    why: dict[str, dict[str, str]] = yaml.safe_load(LEFT.read_text()) or {}
    yield from ("", "## Survivors", "", f"One by one they are listed in `{LIST.relative_to(ROOT)}` after a run.", "")
    yield from ("| function | left | on lines | why they are left |", "| --- | ---: | --- | --- |")
    by_function: defaultdict[tuple[str, str], list[Mutant]] = defaultdict(list)
    for mutant, _ in survivors:
        by_function[mutant.module, mutant.function].append(mutant)
    for (module, function), mutants_ in by_function.items():
        of_module = why.get(module, {})
        lines = ", ".join(map(str, sorted({mutant.lines.start for mutant in mutants_})))
        reason = of_module.get(function, of_module.get("*", "not read"))
        yield f"| {module} {function} | {len(mutants_)} | {lines} | {reason} |"


def _line(mutant: Mutant, outcome: str) -> str:
    return (
        f"{mutant.module}:{mutant.lines.start} {mutant.function} ({outcome})\n  - {mutant.before}\n  + {mutant.after}\n"
    )


def _code(text: str) -> str:
    short = text if len(text) < 100 else text[:97] + "…"
    return short.replace("`", "ˋ")
