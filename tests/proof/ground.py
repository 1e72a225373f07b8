"""The ground that scripts run on: a service and an identity endpoint that live as long as one run does."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from proof.identity import IdentityEndpoint
from proof.issuer import Issuer
from proof.machine import Done, Machine
from proof.server import Service

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from proof.certificates import Certificates


class Ran(NamedTuple):
    """How a command ended, and what the service saw of it."""

    done: Done
    service: Service


class Ground(NamedTuple):
    """What all runs share: `pat` is the token that Basic takes, as long as it is taken."""

    certificates: Certificates
    repositories: Path
    pat: str

    @contextmanager
    def service(
        self, *, takes_basic: bool, expire_after: int | None = None, life: float = 60
    ) -> Iterator[tuple[Service, IdentityEndpoint]]:
        """A service and its identity endpoint, both listening."""
        issuer = Issuer(life)
        service = Service(
            pat=self.pat,
            issuer=issuer,
            chain=self.certificates.chain,
            repositories=self.repositories,
            takes_basic=takes_basic,
            expire_after=expire_after,
        )
        with service, IdentityEndpoint(issuer, service.port) as endpoint:
            yield service, endpoint

    def run(
        self,
        command: Sequence[str],
        folder: Path,
        home: Path,
        *,
        with_pat: bool,
        stays: bool = False,
        both: bool = False,
        expire_after: int | None = None,
    ) -> Ran:
        """Run a command on a new machine with its home at `home`.

        `with_pat`: Basic is taken and the PAT is in the environment. Otherwise Basic is refused, there is a managed
        identity, and the variable is gone unless it `stays`. With `both`, there is all of it.
        """
        with self.service(takes_basic=with_pat, expire_after=expire_after) as (service, endpoint):
            pat = self.pat if with_pat else None
            done = Machine(home, service, endpoint, self.certificates, pat=pat, stays=stays, both=both).run(
                command, folder
            )
        return Ran(done, service)
