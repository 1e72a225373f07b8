"""Which credential a name means: an identifier, a key, an environment variable or an option."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pat_audit.vocabulary import CredentialKind, Service

_MOST_NAMES = 50_000  # names whose meaning is remembered
_LAST = re.compile(r"[./\\\[\]]")
_WORDS = re.compile(r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """The words of an identifier in lower case: `adoPAT`, `ADO_PAT` and `--ado-pat` all give `ado`, `pat`."""
    return tuple([word.lower() for word in _WORDS.findall(name[-160:])])


def contains(run: tuple[str, ...], of: tuple[str, ...]) -> bool:
    """Whether the words `run` stand in `of` next to each other, in order."""
    size = len(run)
    return any(of[start : start + size] == run for start in range(len(of) - size + 1))


_Of = TypeVar("_Of")


class _Runs(Generic[_Of]):
    """Runs of words, found by their first word; the longest run says most: `azure devops pat` before `pat`."""

    __slots__ = ("_by_first",)

    def __init__(self, runs: Iterable[tuple[str, _Of]]) -> None:
        self._by_first: dict[str, list[tuple[int, tuple[str, ...], _Of]]] = {}
        for text, of in runs:
            run = words(text)
            if run:
                self._by_first.setdefault(run[0], []).append((sum(map(len, run)), run, of))

    def within(self, parts: tuple[str, ...]) -> list[_Of]:
        """What the runs that stand in `parts` mean, the longest first."""
        found: list[tuple[int, _Of]] = []
        for start, part in enumerate(parts):
            for weight, run, of in self._by_first.get(part, ()):
                if parts[start : start + len(run)] == run:
                    found.append((weight, of))
        return [of for _, of in sorted(found, key=lambda row: -row[0])]


class Names:
    """Finds the credential kind and the service that a name speaks of."""

    def __init__(self, kinds: Iterable[CredentialKind], services: Sequence[Service]) -> None:
        known = list(kinds)
        self._exact: dict[str, CredentialKind] = {}
        for kind in known:
            for name in kind.names.exact:
                self._exact.setdefault(name.lower(), kind)
        self._runs = _Runs((run, kind) for kind in known for run in kind.names.words)
        self._unless = {kind.id: _Runs((run, kind) for run in kind.names.unless) for kind in known}
        # a word that two editions share means the one in the cloud: `github`, `bitbucket`
        services = sorted(services, key=lambda service: service.deployment == "server")
        self._of_services = _Runs((run, service) for service in services for run in service.words)
        self._weak = _Runs((run, service) for service in services for run in service.weak_words)
        self._kinds: dict[str, CredentialKind | None] = {}
        self._services: dict[str, Service | None] = {}

    def kind(self, name: str) -> CredentialKind | None:
        """The credential kind that `name`, or its last dotted part, means, if it means one."""
        if name not in self._kinds:
            if len(self._kinds) > _MOST_NAMES:
                self._kinds.clear()
            self._kinds[name] = self._find(name)
        return self._kinds[name]

    def _find(self, name: str) -> CredentialKind | None:
        last = _LAST.split(name.removesuffix("()").rstrip("[]./ "))[-1].strip("[]- ")
        for spelled in (name.lower(), last.lower(), last.lower().replace("-", "_")):
            exact = self._exact.get(spelled)
            if exact is not None:
                return exact
        parts = words(last)
        found = self._runs.within(parts)
        if parts and parts[-1].endswith("s"):
            found += self._runs.within((*parts[:-1], parts[-1].removesuffix("s")))
        return next((kind for kind in found if not self._unless[kind.id].within(parts)), None)

    def service(self, name: str) -> Service | None:
        """The service whose words stand in `name`."""
        if name not in self._services:
            if len(self._services) > _MOST_NAMES:
                self._services.clear()
            self._services[name] = next(iter(self._of_services.within(words(name))), None)
        return self._services[name]

    def service_beside(self, name: str) -> Service | None:
        """The service whose words, weak ones too, stand in `name`: for names that speak of a credential."""
        return self.service(name) or next(iter(self._weak.within(words(name))), None)
