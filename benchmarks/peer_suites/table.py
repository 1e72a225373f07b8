"""Writes what was counted as Markdown: no text of any case, only numbers, families and reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.peer_suites.counting import Count

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from benchmarks.peer_suites.case import Case
    from benchmarks.peer_suites.families import Families

LEAST_RECALL = 0.95
MOST_HITS = 0.05

_HEAD = "| family | cases | found | could be real | found | recall | negatives | hits | wrong | why missed, why hit |"
_RULE = "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --- |"


def document(
    counted: Mapping[str, Mapping[str, Count]],
    apart: Collection[str],
    cases: Mapping[str, Sequence[Case]],
    families: Families,
    intro: str,
) -> str:
    """The whole page: all suites by family but for those `apart`, each suite by family, and what is not claimed."""
    summed = [counts for peer, counts in counted.items() if peer not in apart]
    parts = [intro.strip(), "## All suites", _table(_by_family(summed))]
    for peer, counts in counted.items():
        parts += [f"## {peer}", _table(counts)]
    parts += ["## Not claimed", _unclaimed({peer: cases[peer] for peer in cases if peer not in apart}, families)]
    return "\n\n".join(parts) + "\n"


def _by_family(counted: Iterable[Mapping[str, Count]]) -> dict[str, Count]:
    together: dict[str, Count] = {}
    for counts in counted:
        for family, one in counts.items():
            together.setdefault(family, Count()).add(one)
    return together


def _table(counts: Mapping[str, Count]) -> str:
    total = Count()
    for one in counts.values():
        total.add(one)
    rows = [_row(family, counts[family], _reasons(counts[family])) for family in sorted(counts)]
    return "\n".join([_HEAD, _RULE, *rows, _row("**together**", total, "")])


def _row(family: str, one: Count, reasons: str) -> str:
    recall = f"{one.found_of_real / one.real:.2f}" if one.real else ""
    if recall and one.found_of_real < LEAST_RECALL * one.real:
        recall = f"🔴 {recall}"
    wrong = f"🔴 {one.wrong}" if one.wrong > MOST_HITS * one.negatives else str(one.wrong)
    hits = f"{one.hits} ({one.notes} notes)" if one.notes else str(one.hits)
    numbers = [one.cases, one.found, one.real, one.found_of_real, recall, one.negatives, hits, wrong]
    return f"| {family} | {' | '.join(map(str, numbers))} | {reasons} |"


def _reasons(one: Count) -> str:
    return "; ".join((*_listed("missed", one.missed), *_listed("hit", one.hit)))


def _listed(word: str, reasons: Counter[str]) -> Iterable[str]:
    return (f"{number} {word}: {why}" for why, number in sorted(reasons.items(), key=lambda each: (-each[1], each[0])))


def _unclaimed(cases: Mapping[str, Sequence[Case]], families: Families) -> str:
    """What sounds like a family that is claimed and is not, with the reason; the rest as one number."""
    rows = ["| peer | its rules | cases | why |", "| --- | --- | --: | --- |"]
    for peer, some in cases.items():
        reasons: dict[str, dict[str, int]] = {}
        others: set[str] = set()
        left = 0
        for case in some:
            why = families.unclaimed_because(case.label)
            if why and any(pattern.search(case.label) for family in families.families for pattern in family.labels):
                labels = reasons.setdefault(why, {})
                labels[case.label] = labels.get(case.label, 0) + 1
            elif not families.of(case.label):
                others.add(case.label)
                left += 1
        for why, labels in sorted(reasons.items()):
            rows.append(f"| {peer} | {', '.join(sorted(labels))} | {sum(labels.values())} | {why} |")
        if left:
            rows.append(f"| {peer} | {len(others)} others | {left} | no family of pat-audit's |")
    return "\n".join(rows)
