"""What trials came to, kept from run to run, and the page that says it."""

from __future__ import annotations

import json
from typing import NamedTuple

import yaml

from .mutants import mutants
from .parts import PARTS, ROOT
from .trial import KILLED, TIMEOUT

HERE = ROOT / "tests/mutation"
KEPT = ROOT / ".mutation-cache" / "outcomes.jsonl"
PAGE = HERE / "SCORES.md"
EQUIVALENT = HERE / "equivalent.yaml"


class Equivalent(NamedTuple):
    """A mutant that no test can see, by its function and its changed line, and why."""

    module: str
    function: str
    before: str
    after: str
    reason: str


def known() -> dict[str, str]:
    """The outcome of each mutant that was tried, by key."""
    if not KEPT.exists():
        return {}
    return {row["key"]: row["outcome"] for row in map(json.loads, KEPT.read_text().splitlines())}


def keep(key: str, outcome: str) -> None:
    """Note an outcome."""
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a") as kept:
        kept.write(json.dumps({"key": key, "outcome": outcome}) + "\n")


def equivalents() -> list[Equivalent]:
    """Those that were read and cannot be told from the unchanged code."""
    return [Equivalent(**entry) for entry in yaml.safe_load(EQUIVALENT.read_text()) or []]


def write() -> bool:
    """Write the page; gives whether every mutant was tried."""
    outcomes = known()
    listed = equivalents()
    reasons = {entry[:4]: entry.reason for entry in listed}
    rows, survivors, whole, used = [], [], True, set()
    for part, of_part in PARTS.items():
        for module in of_part.modules:
            count = {"mutants": 0, "killed": 0, "timeout": 0, "survived": 0, "equivalent": 0, "untried": 0}
            for mutant in mutants(module, (ROOT / module).read_text()):
                count["mutants"] += 1
                outcome = outcomes.get(mutant.key)
                change = (mutant.module, mutant.function, mutant.before, mutant.after)
                if outcome in (KILLED, TIMEOUT):
                    count[outcome] += 1
                elif outcome is None:
                    count["untried"] += 1
                elif change in reasons:
                    count["equivalent"] += 1
                    used.add(change)
                else:
                    count["survived"] += 1
                    survivors.append((mutant, outcome))
            whole &= not count["untried"]
            rows.append((part, module, count))
    lines = [
        "# Mutation scores",
        "",
        "Written by `python -m tests.mutation`. The score is killed (by a failed test or by its time limit) of all",
        "tried mutants that are not equivalent.",
        "",
        "| part | module | mutants | killed | of it timeouts | survived | equivalent | not tried | score |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for part, module, count in [*rows, *_sums(rows)]:
        killed = count["killed"] + count["timeout"]
        tried = killed + count["survived"]
        score = f"{100 * killed / tried:.1f} %" if tried else "–"
        figures = (count["mutants"], killed, count["timeout"], count["survived"], count["equivalent"], count["untried"])
        lines.append(f"| {part} | {module} | {' | '.join(map(str, figures))} | {score} |")
    lines += ["", "## Equivalent", ""]
    lines += [
        f"- {e.module}, {e.function}: `{_code(e.before)}` → `{_code(e.after)}`: {e.reason}"
        for e in listed
        if e[:4] in used
    ]
    lines += ["", "## Survivors", ""]
    for mutant, outcome in survivors:
        note = "" if outcome == "survived" else f" ({outcome})"
        lines.append(
            f"- {mutant.module}:{mutant.lines.start} {mutant.function}: `{_code(mutant.before)}` → "
            f"`{_code(mutant.after)}`{note}"
        )
    PAGE.write_text("\n".join(lines) + "\n")
    return whole


def _sums(rows: list[tuple[str, str, dict[str, int]]]) -> list[tuple[str, str, dict[str, int]]]:
    sums = []
    for part in PARTS:
        own = [count for name, _, count in rows if name == part]
        sums.append((f"**{part}**", "all", {word: sum(count[word] for count in own) for word in own[0]}))
    return sums


def _code(text: str) -> str:
    short = text if len(text) < 160 else text[:157] + "…"
    return short.replace("`", "ˋ")
