"""Which credential that pat-audit claims a case is of, by what its peer calls the rule: `families.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

_FILE = Path(__file__).with_name("families.yaml")


@dataclass(frozen=True, slots=True)
class Family:
    """A credential: the providers whose tokens are of it, and the rules whose findings are."""

    name: str
    labels: tuple[re.Pattern[str], ...]
    providers: frozenset[str]
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Why cases are missed, or why their negatives are hit: what reading them told."""

    peers: re.Pattern[str]
    family: str
    where: re.Pattern[str]
    positive: bool
    why: str
    gap: bool  # whether it counts as a token that is to be found


@dataclass(frozen=True, slots=True)
class Families:
    """All of `families.yaml`."""

    families: tuple[Family, ...]
    unclaimed: tuple[tuple[tuple[re.Pattern[str], ...], str], ...]
    judgements: tuple[Judgement, ...]

    def of(self, label: str) -> Family | None:
        """The family of what a peer's rule finds; None where pat-audit does not claim it."""
        if self.unclaimed_because(label):
            return None
        return next((family for family in self.families if _fits(family.labels, label)), None)

    def unclaimed_because(self, label: str) -> str:
        """Why a rule that sounds like a family's is none of it; empty where it is, or sounds like none."""
        return next((why for labels, why in self.unclaimed if _fits(labels, label)), "")

    def judgement(self, peer: str, family: str, where: str, *, positive: bool) -> Judgement | None:
        """What reading told of a case that is missed, or of a negative that is hit."""
        for each in self.judgements:
            same = each.positive == positive and each.family in ("any", family)
            if same and each.peers.search(peer) and each.where.search(where):
                return each
        return None


def _fits(labels: Iterable[re.Pattern[str]], label: str) -> bool:
    return any(pattern.search(label) for pattern in labels)


def load(path: Path = _FILE) -> Families:
    """Read the file. Raises KeyError and re.error for what it should not hold."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Families(
        tuple(
            Family(
                one["family"],
                _patterns(one["labels"]),
                frozenset(one.get("providers", ())),
                frozenset(one.get("rules", ())),
            )
            for one in content["families"]
        ),
        tuple((_patterns(one["labels"]), one["why"]) for one in content.get("unclaimed", ())),
        tuple(
            Judgement(
                re.compile(one.get("peer", "")),
                one["family"],
                re.compile(one.get("where", "")),
                one["of"] == "missed",
                one["why"],
                one.get("gap", False),
            )
            for one in content.get("judgements", ())
        ),
    )


def _patterns(written: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one, re.IGNORECASE) for one in written)
