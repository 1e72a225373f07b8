"""One site, one finding: of several findings about one place and one credential the strongest speaks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pat_audit.model import Finding, Location, Send

NEAR = 2  # lines: what stands no further apart is one place to mend
_READS, _HEADER, _CLIENT = "pat-env-usage", "basic-header", "basic-client"
_ENDPOINT = "oauth-only-endpoint"
_BLOCK, _WIDE = 64, 16_384  # bytes: what spans are looked up by, and spans that are not
_HANDED = ("parameter", "attribute", "unknown", "")  # origins that leave open where the credential was born


def settle(findings: Iterable[Finding], ranks: dict[str, int]) -> list[Finding]:
    """The findings that are left, by path and line.

    `findings` may come from several runs over the same files, in any order; `ranks` gives each rule's rank.
    A finding gives way to a stronger one on the same span, and to a stronger one nearby, or anywhere in the
    same function for an encoding, that has it on its trail. What gave way is named in `also`.
    """
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_path[finding.path].append(finding)
    settled: list[Finding] = []
    for path in sorted(by_path):
        settled.extend(_settle_file(by_path[path], ranks))
    return settled


class _Places:
    """Which of the findings so far stand near a place: so that a finding is compared with few others."""

    def __init__(self) -> None:
        self._by_block: dict[int, set[int]] = defaultdict(set)
        self._wide: set[int] = set()

    def add(self, index: int, places: list[Location]) -> None:
        """Note that a finding has to do with these places."""
        for place in places:
            if place.span.end - place.span.start > _WIDE:
                self._wide.add(index)
            else:
                for block in _blocks(place):
                    self._by_block[block].add(index)

    def touching(self, places: list[Location]) -> set[int]:
        """The findings that may have to do with one of these places."""
        found = set(self._wide)
        for place in places:
            if place.span.end - place.span.start > _WIDE:
                found.update(*self._by_block.values())
            else:
                for block in _blocks(place):
                    found |= self._by_block.get(block, set())
        return found


def _blocks(place: Location) -> range:
    return range(place.span.start // _BLOCK, place.span.end // _BLOCK + 1)


def _strength(finding: Finding, ranks: dict[str, int]) -> tuple[int, int, int, bool, bool, int, str]:
    return (
        finding.severity.rank,
        ranks.get(finding.rule, 0),
        finding.confidence.rank,
        finding.url is not None,
        (finding.credential or "").partition(":")[0] not in _HANDED,
        len(finding.trail),
        finding.message,
    )


def _settle_file(findings: list[Finding], ranks: dict[str, int]) -> list[Finding]:
    ordered = sorted(findings, key=lambda finding: _strength(finding, ranks), reverse=True)
    kept: list[Finding] = []
    also: dict[int, set[str]] = defaultdict(set)
    spans, trails = _Places(), _Places()
    for finding in ordered:
        here, steps = finding.location, [step.location for step in finding.trail if step.location.path == finding.path]
        touching = spans.touching([here, *steps]) | trails.touching([here])
        winner = next((index for index in sorted(touching) if _gives_way(finding, kept[index])), None)
        if winner is None:
            spans.add(len(kept), [here])
            trails.add(len(kept), steps)
            kept.append(finding)
        else:
            kept[winner] = _with_others(_with_use(kept[winner], finding), finding)
            if kept[winner].rule != finding.rule:
                also[winner].add(finding.rule)
    named = [replace(finding, also=tuple(sorted({*finding.also, *also[index]}))) for index, finding in enumerate(kept)]
    return sorted(named, key=lambda finding: (finding.location.line, finding.location.column, finding.rule))


def _with_use(strong: Finding, finding: Finding) -> Finding:
    """The stronger of two findings, which knows where else what it is about is sent, and what it is a part of."""
    one, other = strong.use, finding.use
    if one is None or other is None:
        return strong
    if one.made != other.made:
        part = one.act == "written" != other.act and strong.spare is None and bool(other.recipes)
        return replace(strong, spare=other) if part else strong
    if one.act == "written" != other.act and strong.spare is None:
        return replace(strong, spare=other)
    if set(other.sends) <= set(one.sends):
        return strong
    return replace(strong, use=replace(one, sends=tuple(sorted({*one.sends, *other.sends}, key=_place))))


def _with_others(strong: Finding, finding: Finding) -> Finding:
    """The stronger of two findings, which knows what is to be mended where the other one is."""
    one, other = strong.use, finding.use
    if one is None or other is None or finding.category == _READS:
        return strong
    uses = (*one.others, replace(other, others=()), *other.others)
    found = {each.made: each for each in uses if each.made.path != one.made.path or not _overlap(each.made, one.made)}
    return replace(strong, use=replace(one, others=tuple(found.values())))


def _place(send: Send) -> tuple[Location, bool, bool]:
    return send.location, send.keeps, send.signs


def _gives_way(finding: Finding, strong: Finding) -> bool:
    here, there = finding.location, strong.location
    if _overlap(here, there):
        return not (finding.category == _READS != strong.category and here.line != there.line)
    if abs(here.line - there.line) <= NEAR or there.line <= here.line <= there.end_line:
        return _on_trail(here, strong) or _on_trail(there, finding)
    if abs(here.line - there.line) > 10 * NEAR:
        return False
    # an encoding is part of the header or command that it ends up in, when that stands in the same place's flow
    if strong.category == _HEADER and finding.category == _CLIENT:
        return _on_trail(there, finding)
    if _ENDPOINT in (finding.category, strong.category):
        return False  # each request that is refused is to be seen, and the header that signs others in, too
    return (finding.rule == strong.rule or finding.category == _HEADER) and _on_trail(here, strong)


def _overlap(one: Location, other: Location) -> bool:
    return one.span.start < other.span.end and other.span.start < one.span.end


def _on_trail(place: Location, finding: Finding) -> bool:
    return any(step.location.path == place.path and _overlap(step.location, place) for step in finding.trail)
