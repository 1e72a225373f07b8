"""Which service a sign-in is for, how that is known, and what the service makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.endpoints import Place, Places, endpoint_policy, policy_for
from pat_audit.naming import Names

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from pat_audit.catalogue import Catalogue
    from pat_audit.evidence import Evidence
    from pat_audit.flow.observation import Observation
    from pat_audit.source import Source as File
    from pat_audit.vocabulary import CredentialClass, Endpoint, Policy, Scheme, Sending, Service

SIGNING = frozenset({"header", "encode", "client", "command"})
SCHEMES: dict[str, Sending] = {
    "basic": "basic", "pat": "basic", "bearer": "bearer", "token": "header", "header": "header", "api-key": "header",
    "ropc": "form", "oauth": "bearer", "unknown": "any", "url": "url", "form": "form",
}  # fmt: skip
# a credential whose class is not clear is what the service takes in that place
_TAKEN_FOR = {"": ("pat", "api-token"), "api-token": ("pat",), "key": ("api-token", "pat"), "password": ("pat",)}


class Attribution:
    """The services of one catalogue, and what is known of the files that sign in to them."""

    def __init__(self, catalogue: Catalogue, today: date, read: Callable[[str], File | None]) -> None:
        self._today = today
        self._read = read
        self._places = places_of(catalogue)
        self._names = names_of(catalogue)
        self._services = {service.id: service for service in catalogue.services}
        self._by_provider: dict[str, Service] = {}
        for service in catalogue.services:
            if service.deployment == "cloud":
                self._by_provider.setdefault(service.provider, service)
        self._servers = {each.provider: each for each in catalogue.services if each.deployment == "server"}
        self._by_habit = next((service for service in catalogue.services if service.empty_user), None)
        self._hosts: dict[str, Service | None] = {}

    def place(self, url: str | None) -> Place | None:
        """Where an address leads."""
        return self._places.recognise(url) if url else None

    def own_policy(self, endpoint: Endpoint, sending: Sending, kind_class: str) -> Policy | None:
        """What an endpoint makes of the credential; None where it leaves that to its service."""
        return endpoint_policy(endpoint, sending, class_of(kind_class), self._today)

    def row(self, service: Service, sending: Sending, kind_class: str) -> Scheme:
        """What the service makes of the credential; one of no clear class is taken for what the service takes."""
        for judged in (kind_class, *_TAKEN_FOR.get(kind_class, ())):
            row = policy_for(service, sending, class_of(judged), self._today)
            if row.why or row.source or row.instead:
                return row
        return policy_for(service, sending, class_of(kind_class), self._today)

    def is_named(self, evidence: Evidence) -> bool:
        """Whether the name says whose credential it is."""
        specific = evidence.kind is not None and evidence.kind.provider != "any"
        return specific or self._names.service_beside(evidence.name) is not None

    def provider(self, service: Service | None, evidence: Evidence) -> str:
        """Whose credential it is, as far as that is known; else `none`."""
        if service is not None:
            return service.provider
        if evidence.kind is not None and evidence.kind.provider != "any":
            return evidence.kind.provider
        return "none"

    def service(
        self,
        observation: Observation,
        request: Observation | None,
        evidence: Evidence,
        place: Place | None,
        where: str | None,
        act: str,
    ) -> tuple[Service | None, str]:
        """The service that is signed in to, and how that is known."""
        if place is not None and place.sure == "host":
            return place.service, "host"
        made = observation.value
        named = observation.service or (request.service if request is not None else "") or getattr(made, "service", "")
        elsewhere = place is None and _is_known_host(where)
        if named in self._services:
            service = self._services[named]
            if not elsewhere:
                return service, "library"
            # the product on a host of its own is its server edition, if there is one
            edition = self._servers.get(service.provider) if service.deployment == "cloud" else service
            return edition, "library" if edition is not None else "none"
        if place is not None and place.sure == "path":
            return place.service, "path"
        if evidence.kind is not None and evidence.kind.provider in self._by_provider:
            return self._by_provider[evidence.kind.provider], "name"
        look = self._names.service_beside if evidence.kind is not None else self._names.service
        for name in (evidence.name, evidence.user_name):
            meant = look(name) if name else None
            if meant is not None:
                return meant, "name"
        if act in ("read", "export"):
            return None, "none"
        if place is not None:
            return place.service, "path"
        if act in ("length", "named"):
            return None, "none"
        if elsewhere:
            return None, "none"  # it goes to a host that is known, and is nobody's
        for path in dict.fromkeys([site.path for site in (*reversed(observation.calls), observation.site)]):
            of_file = self._service_of_file(path)
            if of_file is not None:
                return of_file, "file"
        if act in SIGNING and evidence.user == "empty" and evidence.kind_class in ("pat", "api-token", ""):
            return self._by_habit, "idiom" if self._by_habit is not None else "none"
        return None, "none"

    def _service_of_file(self, path: str) -> Service | None:
        """The service that a file is about: the one in its name, or the one whose hosts it mentions.

        A word that only may mean a service (`docker/build.sh`) says less than the hosts do.
        """
        if path not in self._hosts:
            name = path.rpartition(".")[0]
            found = self._names.service(name)
            if found is None:
                file = self._read(path)
                found = self._places.mentioned(file.data) if file is not None else None
            self._hosts[path] = found or self._names.service_beside(name)
        return self._hosts[path]


def _is_known_host(url: str | None) -> bool:
    """Whether an address names its host in full."""
    host = (url or "").partition("://")[2].partition("/")[0] or (url or "").partition("/")[0]
    return "." in host and "{}" not in host


def class_of(kind_class: str) -> CredentialClass:
    """A class for the tables: what is not clear is a PAT."""
    return kind_class or "pat"  # type: ignore[return-value]


_cached: list[tuple[object, Places, Names]] = []


def _compiled(catalogue: Catalogue) -> tuple[object, Places, Names]:
    if not _cached or _cached[0][0] is not catalogue:
        _cached[:] = [(catalogue, Places(catalogue.services), Names(catalogue.credentials, catalogue.services))]
    return _cached[0]


def places_of(catalogue: Catalogue) -> Places:
    """The catalogue's services, compiled once."""
    return _compiled(catalogue)[1]


def names_of(catalogue: Catalogue) -> Names:
    """The catalogue's names, compiled once."""
    return _compiled(catalogue)[2]
