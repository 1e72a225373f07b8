"""Counts what was found of a family in a peer's suite, and why the rest was not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.peer_suites.reasons import Looks, looks
from benchmarks.peer_suites.running import of_family, run
from pat_audit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peer_suites.case import Case
    from benchmarks.peer_suites.families import Families, Family
    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding


@dataclass(slots=True)
class Count:
    """The cases of one family in one suite. What could be real holds no checksum that fails and is no filler."""

    cases: int = 0
    found: int = 0
    real: int = 0
    found_of_real: int = 0
    negatives: int = 0
    hits: int = 0  # negatives that are reported, notes included
    notes: int = 0  # of these, those that are no more than a note
    wrong: int = 0  # of the others, those whose text holds no token of the family after all
    missed: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)

    def add(self, other: Count) -> None:
        """Take in another count."""
        for name in ("cases", "found", "real", "found_of_real", "negatives", "hits", "notes", "wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.missed.update(other.missed)
        self.hit.update(other.hit)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case: for those who read the misses and the hits."""

    case: Case
    family: str
    found: bool
    why: str
    counts: bool  # a miss of what could be real, or a wrong hit


def count(
    peer: str, cases: Sequence[Case], families: Families, catalogue: Catalogue
) -> tuple[dict[str, Count], list[Outcome]]:
    """The counts by family of the cases that are of one, and what became of each."""
    claimed = [(case, family) for case in cases if (family := families.of(case.label))]
    found = run([case for case, _ in claimed], catalogue)
    counts: dict[str, Count] = {}
    outcomes = []
    for (case, family), findings in zip(claimed, found, strict=True):
        one = counts.setdefault(family.name, Count())
        hits = of_family(findings, family)
        add = _add_positive if case.positive else _add_negative
        why, counted = add(one, _Seen(peer, case, family, hits, families, catalogue))
        outcomes.append(Outcome(case, family.name, bool(hits), why, counted))
    return counts, outcomes


@dataclass(frozen=True, slots=True)
class _Seen:
    peer: str
    case: Case
    family: Family
    hits: Sequence[Finding]
    families: Families
    catalogue: Catalogue

    def judged(self) -> tuple[str, bool] | None:
        """What reading told of the case, and whether it counts against pat-audit."""
        where = f"{self.case.label} {self.case.where}"
        judgement = self.families.judgement(self.peer, self.family.name, where, positive=self.case.positive)
        return (judgement.why, judgement.gap) if judgement else None

    def looks(self) -> Looks:
        """What the case's own lines look like."""
        lines = self.case.text.splitlines(keepends=True)
        first, last = self.case.lines or (1, len(lines))
        kinds = [kind for kind in self.catalogue.credentials if kind.provider in self.family.providers]
        return looks("".join(lines[first - 1 : last]), kinds, "".join(lines[: first - 1]))


def _add_positive(one: Count, seen: _Seen) -> tuple[str, bool]:
    one.cases += 1
    one.found += bool(seen.hits)
    looked = seen.looks()
    judged = seen.judged() if looked.could_be_real and not seen.hits else None
    real = judged[1] if judged else looked.could_be_real
    one.real += real
    one.found_of_real += real and bool(seen.hits)
    if seen.hits:
        return "", False
    why = judged[0] if judged else "a gap" if looked in (Looks.OTHER, Looks.PLAUSIBLE) else looked.value
    one.missed[why] += 1
    return why, real


def _add_negative(one: Count, seen: _Seen) -> tuple[str, bool]:
    one.negatives += 1
    if not seen.hits:
        return "", False
    one.hits += 1
    if all(finding.severity is Severity.NOTE for finding in seen.hits):
        one.notes += 1
        one.hit["a note: its checksum fails"] += 1
        return "a note", False
    judged = seen.judged()
    why, wrong = judged or ("wrong", True)
    one.wrong += wrong
    one.hit[why] += 1
    return why, wrong
