"""Where a person would mend it: at a helper, at the caller that hands it a credential, or where that is encoded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pat_audit.facts import kind_of_file
from pat_audit.flow.combining import describe, options
from pat_audit.flow.values import Encoded, Site, Text, Value
from pat_audit.model import Confidence, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pat_audit.evidence import Evidence
    from pat_audit.facts import Judgement
    from pat_audit.flow.observation import Observation
    from pat_audit.model import Location

FEW = 8  # callers of a helper that are each named
MOST_WAYS = 2 * FEW  # to one act on the same value, of which each is judged: more say nothing new of the helper
MADE = frozenset({"header", "encode", "url", "client"})  # acts that make something, which a helper may do for others


class Mending:
    """What was reported so far, by act and site, and what callers handed to helpers."""

    __slots__ = ("_alone", "_apart", "_callers", "_headed", "_ranks")

    def __init__(self) -> None:
        self._ranks: dict[tuple[str, Site], int] = {}
        self._alone: dict[int, list[tuple[Judgement, Finding | None]]] = {}
        self._callers: dict[tuple[str, Site], dict[Site, tuple[Finding, Any]]] = {}
        self._apart: dict[tuple[str, Site], dict[Site, Finding]] = {}
        self._headed: set[Any] = set()  # what was encoded and then put into a header

    def is_here(
        self,
        observation: Observation,
        judgement: Judgement,
        finding: Finding,
        alone: Callable[[Observation], list[tuple[Judgement, Finding | None]]],
    ) -> bool:
        """Whether a finding stays at its site: a helper of no particular credential is right, its caller is not.

        Where the site gives nothing as bad by itself (`alone` judges the act before callers filled it in), the
        finding is kept for the caller that hands over the credential, unless what it handed over is reported
        where it was encoded.
        """
        act, rank, site = observation.act, finding.severity.rank, observation.site
        if act not in MADE:
            return True
        if act == "header":
            self._headed.update(describe(part) for part in encodings(judgement.value))
        if not observation.calls:
            self._note(act, site, rank)
            return True
        if observation.root is not None:
            before = self._alone.get(id(observation.root))
            if before is None:  # its callers share it
                before = self._alone[id(observation.root)] = alone(observation.root)
            if any(_is_same_credential(each.evidence, judgement.evidence) for each, _ in before):
                return True  # the caller says where it goes; the credential is the helper's own
            if (act, site) not in self._ranks:
                self._note(act, site, max((found.severity.rank for _, found in before if found), default=0))
        inner = [part.site for part in encodings(judgement.value) if part.site is not None]
        if self._rank(act, site) >= rank or any(self._rank("encode", place) >= rank for place in inner):
            if _is_apart(observation, judgement):
                self._apart.setdefault((act, site), {}).setdefault(observation.calls[-1], finding)
            return True
        if all(self._rank(act, call) < rank for call in observation.calls[:-1]):
            caller = observation.calls[-1]
            self._note(act, caller, rank)
            made = describe(judgement.value) if act == "encode" else None
            self._callers.setdefault((act, site), {}).setdefault(caller, (finding, made))
        return False

    def handed_over(self, locate: Callable[[Site], Location | None]) -> Iterator[Finding]:
        """The findings that callers answer for: each at its caller, where they are few, else at the helper."""
        for callers in self._callers.values():
            first, _ = next(iter(callers.values()))
            if len(callers) > FEW:
                yield first
                continue
            yield replace(first, severity=Severity.NOTE)
            for site, (finding, made) in callers.items():
                location = locate(site)
                if location is not None and made not in self._headed:  # else the header says it
                    # what a test hands over is a dummy, and what is only a guess stays one
                    doubted = kind_of_file(site.path) == "test" or finding.confidence is Confidence.LOW
                    yield replace(finding, location=location, severity=Severity.NOTE if doubted else finding.severity)
        # the helper puts nothing into a header: the caller does that with what it gives
        for callers_apart in self._apart.values():
            for site, finding in callers_apart.items() if len(callers_apart) <= FEW else ():
                location = locate(site)
                if location is not None:
                    yield replace(finding, location=location, severity=Severity.NOTE)

    def _rank(self, act: str, site: Site) -> int:
        return self._ranks.get((act, site), 0)

    def _note(self, act: str, site: Site, rank: int) -> None:
        self._ranks[act, site] = max(rank, self._rank(act, site))


class Users:
    """Which services are signed in to through one expression, by what its callers fill in."""

    __slots__ = ("_open", "_sent", "_services")

    def __init__(self) -> None:
        self._services: dict[Site, set[str]] = {}
        self._sent: dict[Site, dict[Site, set[object]]] = {}  # by the request and what signs it, where to
        self._open: set[Site] = set()  # requests to hosts that only their callers know

    def note(self, judgement: Judgement) -> None:
        """Note where a sign-in goes that a caller has filled in, or that a request sends."""
        site = getattr(judgement.value, "site", None)
        if site is None or not (judgement.observation.calls or judgement.observation.act == "request"):
            return
        host = (judgement.url or "").partition("://")[2].partition("/")[0]
        if judgement.observation.act == "request" and judgement.observation.url is not None:
            request = judgement.observation.site
            self._sent.setdefault(request, {}).setdefault(site, set()).add(describe(judgement.observation.url))
            if not host or "{" in host:
                self._open.add(request)
        service = judgement.service.id if judgement.service is not None else host if "{" not in host else ""
        if service:
            self._services.setdefault(site, set()).add(service)

    def shared(self) -> Iterator[Site]:
        """The expressions that sign in to more than one, or share a request with others that go who knows where."""
        yield from (site for site, services in self._services.items() if len(services) > 1)
        for request in self._open:
            made = self._sent[request]
            for site, places in made.items():
                if any(places.isdisjoint(others) for other, others in made.items() if other is not site):
                    yield site


def in_order(observed: Sequence[Observation]) -> list[Observation]:
    """The acts in the order in which they are to be judged, without those that are parts of others.

    An encoding that ends up in a header of the same function is part of the header. What a function does by
    itself comes before what its callers make of it, and an encoding before the header around it.
    """
    parts = {
        (part.site, header.scope) for header in observed if header.act == "header" for part in encodings(header.value)
    }
    whole = [act for act in observed if act.act != "encode" or (act.site, act.scope) not in parts]
    return _by_few_ways(sorted(whole, key=lambda act: (len(act.calls), act.act != "encode")))


def _by_few_ways(observed: Sequence[Observation]) -> list[Observation]:
    """The acts without those that only the way there tells from many others: a helper may have a hundred callers."""
    if len(observed) <= MOST_WAYS:
        return list(observed)
    ways: dict[object, int] = {}
    kept: list[Observation] = []
    for act in observed:
        if act.calls:
            key = (act.act, act.site, describe(act.value), describe(act.url))
            ways[key] = ways.get(key, 0) + 1
            if ways[key] > MOST_WAYS:
                continue
        kept.append(act)
    return kept


def _is_apart(observation: Observation, judgement: Judgement) -> bool:
    """Whether a caller in another file has a credential of its own encoded, and keeps what it is given."""
    born = judgement.evidence.origin not in ("parameter", "attribute", "unknown")
    return observation.act == "encode" and born and observation.calls[-1].path != observation.site.path


def _is_same_credential(one: Evidence, other: Evidence) -> bool:
    """Whether two pieces of evidence are of one credential that was born, or handed to somebody else before."""
    born = one.origin not in ("attribute", "unknown")
    return born and (one.origin, one.name, one.site) == (other.origin, other.name, other.site)


def encodings(value: Value | None) -> Iterator[Encoded]:
    """The encodings directly in a header."""
    for option in options(value):
        if isinstance(option, Text):
            for part in option.parts:
                if not isinstance(part, str):
                    yield from (inner for inner in options(part) if isinstance(inner, Encoded))
