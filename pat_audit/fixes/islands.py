"""Which findings have nothing to do with each other, so that their fixes can be proven apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.fixes.neighbours import share_definitions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pat_audit.model import Finding

_LEAST = 3  # files of a group: those that are proven together share what is learnt of the modules they use


def islands(findings: Iterable[Finding]) -> list[tuple[str, ...]]:
    """The files with findings in groups, sorted, of which none leads through a file of another one.

    Small groups are put together in the order of their files, so that the result depends on the findings alone.
    """
    above: dict[str, str] = {}

    def top(place: str) -> str:
        while above.setdefault(place, place) != place:
            above[place] = place = above[above[place]]
        return place

    paths: dict[str, None] = {}
    for finding in findings:
        paths.setdefault(finding.path)
        for place in _places(finding):
            above[top(place)] = top(finding.path)
    groups: dict[str, list[str]] = {}
    for path in sorted(paths):
        groups.setdefault(top(path), []).append(path)
    together: list[list[str]] = [[]]
    for group in groups.values():
        if len(together[-1]) >= _LEAST:
            together.append([])
        together[-1] += group
    return [tuple(each) for each in together if each]


def _places(finding: Finding) -> Iterator[str]:
    """The files that a finding leads through, and the packages that share definitions with them."""
    uses = [use for use in (finding.use, finding.spare) if use is not None]
    paths = [finding.path, *(step.location.path for step in finding.trail)]
    paths += [path for use in uses for path in (use.made.path, *(send.location.path for send in use.sends))]
    for path in paths:
        yield path
        if share_definitions(path):
            yield path.rpartition("/")[0] + "/"
