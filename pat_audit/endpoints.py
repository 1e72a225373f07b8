"""Which service and endpoint an address speaks to, and what that service makes of a credential."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from pat_audit.addresses import GLUE, HOLE, Address, Transport, read_address
from pat_audit.vocabulary import Scheme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pat_audit.vocabulary import CredentialClass, Endpoint, Policy, Sending, Service

Sureness = Literal["host", "path", "guess"]

ANY_REST = "**"
_COMMON_PORTS = frozenset({22, 25, 80, 443, 3000, 5000, 8000, 8080, 8081, 8443, 8888, 9000})
# a line that is nothing but a quoted path: it imports a library, and says nothing of whom the code speaks to
_LIBRARY_PATH = re.compile(
    rb'^[ \t]*+(?:import[ \t]++)?(?:[\w.]++[ \t]*+)?"[a-z0-9.-]+\.[a-z]+/[^"\s]*"[ \t]*\r?$', re.MULTILINE
)
_REMEMBERED = 4096  # addresses kept with their answer
_LONGEST_REMEMBERED = 500  # characters


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address leads.

    `host` and `path` are the address's own, with `{}` for unknown text and without port and query. `sure`
    says what the service was known by: its host, a path that only it has, or a path, port or name that
    others have too. `user_part` is what stands before `@`; it may be a credential and is not in `repr`.
    """

    service: Service
    endpoint: Endpoint | None
    host: str
    path: str
    transport: Transport
    sure: Sureness
    user_part: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Template:
    """A path template compiled to its steps, and whether anything may stand before or after them."""

    steps: tuple[str, ...]
    open_start: bool
    open_end: bool

    def fits(self, steps: tuple[str, ...]) -> bool:
        """Whether the whole path fits. Time: steps × template length, at worst."""
        first = self.steps[0]
        starts = range(len(steps)) if self.open_start else range(min(2, len(steps)))
        for start in starts:
            if not self.open_start and start == 1 and steps[0] != GLUE:
                break
            if _meets(first, steps[start]):
                end = _follow(self.steps, steps, start)
                if end >= 0 and (self.open_end or all(step == GLUE for step in steps[end : end + 2])):
                    return True
        return False


@dataclass(frozen=True, slots=True)
class _Tell:
    """Path steps that give a service away on a host that does not."""

    steps: tuple[str, ...]
    service: Service
    strong: bool


def _meets(want: str, step: str) -> bool:
    """Whether one step of a template is met: `{}` by any, `*.asmx` by what ends so, the rest by itself."""
    return want in (HOLE, step) or (want.startswith("*.") and step.endswith(want[1:]))


def _follow(wanted: tuple[str, ...], steps: tuple[str, ...], at: int) -> int:
    """The index behind `wanted` when it stands in `steps` from `at` on, else -1.

    A hole in the address meets only `{}`; glue is passed over, since it may be nothing.
    """
    for want in wanted:
        while at < len(steps) and steps[at] == GLUE:
            at += 1
        if at == len(steps):
            return -1
        if not _meets(want, steps[at]):
            return -1
        at += 1
    return at


def _template(path: str) -> _Template:
    steps = tuple(step for step in path.lower().split("/") if step)
    open_start = steps[:1] == (ANY_REST,)
    open_end = steps[-1:] == (ANY_REST,)
    return _Template(steps[open_start : len(steps) - open_end], open_start, open_end)


class Places:
    """The services, compiled for looking addresses up."""

    def __init__(self, services: Iterable[Service]) -> None:
        self.services = tuple(services)
        self._exact: dict[str, Service] = {}
        self._under: dict[str, Service] = {}
        self._tells: dict[str, list[_Tell]] = {}
        self._ports: dict[int, Service] = {}
        self._labels: dict[str, Service] = {}
        self._endpoints: dict[str, tuple[tuple[_Template, Endpoint], ...]] = {}
        self._remembered: dict[str, Place | None] = {}
        for service in self.services:
            for host in service.hosts:
                table, name = (self._under, host[2:]) if host.startswith("*.") else (self._exact, host)
                table.setdefault(name.lower(), service)
            for port in service.ports:
                if port not in _COMMON_PORTS:
                    self._ports.setdefault(port, service)
            for strong, paths in ((True, service.paths), (False, service.weak_paths)):
                for path in paths:
                    steps = _template(path).steps
                    self._tells.setdefault(steps[0], []).append(_Tell(steps, service, strong))
            self._endpoints[service.id] = tuple((_template(end.path), end) for end in service.endpoints)
        for service in sorted(self.services, key=lambda service: service.deployment != "server"):
            for word in service.words:
                if " " not in word:
                    self._labels.setdefault(word, service)

    def recognise(self, url: str) -> Place | None:
        """Where `url` leads, or None where no service is known by it.

        `url` may be an address or a part of one; unknown text in it is `{}`. Never raises; time is linear
        in the length of `url`.
        """
        if len(url) > _LONGEST_REMEMBERED:
            return self._recognise(url)
        if url not in self._remembered:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[url] = self._recognise(url)
        return self._remembered[url]

    def mentioned(self, data: bytes) -> Service | None:
        """The service that a file is about: the one whose hosts it names, and clearly more often than others'.

        `data` is the file's UTF-8 text; only hosts written in full count.
        """
        lower = _LIBRARY_PATH.sub(b"", data.lower())
        counts: dict[str, tuple[int, Service]] = {}
        for host, service in self._exact.items():
            found = 0 if service.issues_tokens else lower.count(host.encode())
            if found:
                counts[service.provider] = (counts.get(service.provider, (0, service))[0] + found, service)
        for host, service in self._under.items():
            found = lower.count(host.encode()) if "." in host.strip(".") else 0
            if found:
                counts[service.provider] = (counts.get(service.provider, (0, service))[0] + found, service)
        ranked = sorted(counts.values(), key=lambda row: -row[0])
        if not ranked or (len(ranked) > 1 and ranked[1][0] * 2 > ranked[0][0]):
            return None
        return ranked[0][1]

    def _recognise(self, url: str) -> Place | None:
        address = read_address(url)
        if address is None:
            return None
        service = self._by_host(address.host)
        sure: Sureness = "host"
        if service is None and address.web:
            service, sure = self._by_path(address)
        if service is None:
            return None
        endpoint = self._endpoint(service, address)
        if endpoint and sure == "guess" and address.open_host and not endpoint.on_server:
            sure = "path"  # a path that only this service has
        return Place(service, endpoint, address.host, address.path, address.transport, sure, address.user)

    def _by_host(self, host: str) -> Service | None:
        """The service of a host in which `{}` may stand for labels, or a part of one, or what follows."""
        literal = host.rpartition(HOLE)[2] if HOLE in host else host
        if not literal:  # ends in a hole: `dev.azure.com{}`, where the path begins unseen
            shorter = host.removesuffix(HOLE)
            return self._by_host(shorter) if shorter.strip("{}.") and not shorter.endswith(".") else None
        if literal == host or not literal.startswith("."):
            found = self._exact.get(literal)
            if found:
                return found
        _, _, parent = literal.partition(".")
        while parent:
            found = self._under.get(parent)
            if found:
                return found
            _, _, parent = parent.partition(".")
        return None

    def _by_path(self, address: Address) -> tuple[Service | None, Sureness]:
        """The service that the path, the port or a word in the host's name tells, and how surely."""
        named = None if address.open_host else self._by_label(address.host)
        best: _Tell | None = None
        best_rank = (False, False, 0, False)
        contested = False
        for at, step in enumerate(address.steps):
            for tell in self._tells.get(step, ()):
                if _follow(tell.steps, address.steps, at) < 0:
                    continue
                service = tell.service
                agrees = named is not None and named.provider == service.provider
                fits = (service.deployment == "server") != address.open_host
                rank = (tell.strong, agrees, len(tell.steps), fits)
                if best is None or rank > best_rank:
                    contested = best is not None and best.service is not service and best_rank[:3] == rank[:3]
                    best, best_rank = tell, rank
                elif rank[:3] == best_rank[:3] and service is not best.service:
                    contested = True
        if best is None:
            return named or self._ports.get(address.port or 0), "guess"
        if named and not best.strong and named.provider != best.service.provider:
            return named, "guess"
        backed = best.strong or best_rank[1] or address.port in best.service.ports
        return best.service, "path" if backed and not (contested and address.open_host) else "guess"

    def _by_label(self, host: str) -> Service | None:
        """The service that a word in the host's name means: `gitlab.example.com`, `jira-test.corp`."""
        for label in host.split(".")[:-1]:
            for word in label.split("-"):
                found = self._labels.get(word.rstrip("0123456789"))
                if found:
                    return found
        return None

    def _endpoint(self, service: Service, address: Address) -> Endpoint | None:
        for template, endpoint in self._endpoints[service.id]:
            if endpoint.hosts and not any(_host_fits(host, address.host) for host in endpoint.hosts):
                continue
            if not template.steps or template.fits(address.steps):
                return endpoint
        return None


def _host_fits(pattern: str, host: str) -> bool:
    """Whether a host of a service's table stands in an address; a hole at the host's end is not of it."""
    host = host.removesuffix(HOLE)
    return host.endswith(pattern[1:].lower()) if pattern.startswith("*.") else host == pattern.lower()


_compiled: list[Places] = []


def recognise(url: str, services: Sequence[Service]) -> Place | None:
    """`Places(services).recognise(url)`, compiled once for the services last asked about."""
    services = tuple(services)
    known = _compiled[0].services if _compiled else ()
    if len(known) != len(services) or any(a is not b for a, b in zip(known, services, strict=True)):
        _compiled[:] = [Places(services)]
    return _compiled[0].recognise(url)


def as_of(policy: Policy, switched_off: str, today: date) -> Policy:
    """The policy on a day: `retiring` becomes `retired` on its date, and `retired` was `retiring` before it.

    `switched_off` is an ISO date or empty (no day is known: the policy stands as written).
    """
    if switched_off and policy in ("retiring", "retired"):
        return "retired" if today.isoformat() >= switched_off else "retiring"
    return policy


def policy_for(service: Service, scheme: Sending, credential: CredentialClass | Literal["any"], today: date) -> Scheme:
    """What the service makes of a credential sent by a scheme, as of today: its first row that fits.

    A credential in a URL goes out as Basic, so the Basic rows answer for it where no `url` row does.
    Where no row fits there is nothing to say: the policy is `right`.
    """
    for row in service.schemes:
        sent = row.scheme in (scheme, "any") or (scheme == "url" and row.scheme == "basic")
        if sent and (credential in row.credential or "any" in row.credential):
            return replace(row, policy=as_of(row.policy, row.date, today))
    return Scheme(scheme=scheme, credential=("any",), policy="right")


def endpoint_policy(
    endpoint: Endpoint, scheme: Sending, credential: CredentialClass | Literal["any"], today: date
) -> Policy | None:
    """What an endpoint makes of a credential, as of today; None where it has no word of its own on it."""
    sent = not {scheme, "any", "basic" if scheme == "url" else scheme}.isdisjoint(endpoint.scheme)
    if sent and (credential in endpoint.credential or "any" in endpoint.credential):
        return as_of(endpoint.policy, endpoint.date, today)
    return None
