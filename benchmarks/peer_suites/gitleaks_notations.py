"""A real token of each form that pat-audit knows, in each of the notations that gitleaks writes its drawn tokens in.

Real as far as anybody can tell without asking its issuer: it satisfies its own check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.peer_suites.case import Case
from benchmarks.peer_suites.gitleaks import notations
from pat_audit.catalogue import load_catalogue
from pat_audit.tokens.samples import sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def cases(checkout: Path) -> Iterator[Case]:
    """The cases; a case's label is the kind of credential, and the name beside the token is its issuer's."""
    written = notations(checkout)
    credentials = load_catalogue(plugins=False).credentials
    for kind in credentials:
        for shape in kind.shapes:
            token = sample(kind.id, shape.name, credentials)
            for number, text in enumerate(written(kind.provider.replace("-", "_"), token)):
                yield Case(kind.id, f"{kind.id}/{shape.name}[{number}]", True, text, secret=token)
