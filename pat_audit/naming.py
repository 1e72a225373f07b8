"""Which credential a name means: an identifier, a key, an environment variable or an option."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pat_audit.vocabulary import CredentialKind, Service

_LAST = re.compile(r"[./\\\[\]]")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """The words of an identifier in lower case: `adoPAT`, `ADO_PAT` and `--ado-pat` all give `ado`, `pat`."""
    return tuple([word.lower() for word in _WORDS.findall(name[-160:])])


def contains(run: tuple[str, ...], of: tuple[str, ...]) -> bool:
    """Whether the words `run` stand in `of` next to each other, in order."""
    size = len(run)
    return any(of[start : start + size] == run for start in range(len(of) - size + 1))


class Names:
    """Finds the credential kind and the service that a name speaks of."""

    def __init__(self, kinds: Iterable[CredentialKind], services: Sequence[Service]) -> None:
        self._exact: dict[str, CredentialKind] = {}
        self._words: list[tuple[tuple[str, ...], CredentialKind]] = []
        self._unless: dict[str, frozenset[tuple[str, ...]]] = {}
        for kind in kinds:
            for name in kind.names.exact:
                self._exact.setdefault(name.lower(), kind)
            self._words.extend((words(run), kind) for run in kind.names.words)
            self._unless[kind.id] = frozenset(words(run) for run in kind.names.unless)
        # the longest run of words says most: `azure devops pat` before `pat`
        self._words.sort(key=lambda row: -sum(map(len, row[0])))
        self._services: list[tuple[tuple[str, ...], Service]] = sorted(
            ((words(run), service) for service in services for run in service.words),
            key=lambda row: -sum(map(len, row[0])),
        )
        self._weak: list[tuple[tuple[str, ...], Service]] = [
            (words(run), service) for service in services for run in service.weak_words
        ]
        self._kinds: dict[str, CredentialKind | None] = {}
        self._service_names: dict[str, Service | None] = {}

    def kind(self, name: str) -> CredentialKind | None:
        """The credential kind that `name` (or its last dotted part) means, if it means one."""
        if name not in self._kinds:
            if len(self._kinds) > 50_000:
                self._kinds.clear()
            self._kinds[name] = self._find(name)
        return self._kinds[name]

    def _find(self, name: str) -> CredentialKind | None:
        last = _LAST.split(name.removesuffix("()").rstrip("[]./ "))[-1].strip("[]- ")
        exact = self._exact.get(last.lower().replace("-", "_")) or self._exact.get(last.lower())
        if exact is not None:
            return exact
        parts = words(last)
        singular = (*parts[:-1], parts[-1].removesuffix("s")) if parts else parts
        for run, kind in self._words:
            if (contains(run, parts) or contains(run, singular)) and not any(
                contains(other, parts) for other in self._unless[kind.id]
            ):
                return kind
        return None

    def service(self, name: str) -> Service | None:
        """The service whose words stand in `name`."""
        if name not in self._service_names:
            parts = words(name)
            self._service_names[name] = next((service for run, service in self._services if contains(run, parts)), None)
        return self._service_names[name]

    def service_beside(self, name: str) -> Service | None:
        """The service whose words, weak ones too, stand in `name`: for names that speak of a credential."""
        parts = words(name)
        return self.service(name) or next((service for run, service in self._weak if contains(run, parts)), None)
