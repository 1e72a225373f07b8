"""What the token tests share: the built-in kinds and a scanner for each engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.tokens.scan import TokenScanner

if TYPE_CHECKING:
    from pat_audit.vocabulary import CredentialKind


@pytest.fixture(scope="session")
def kinds() -> tuple[CredentialKind, ...]:
    return load_catalogue(plugins=False, cache=False).credentials


@pytest.fixture(scope="session")
def scanner(kinds: tuple[CredentialKind, ...]) -> TokenScanner:
    return TokenScanner(kinds, engine="hyperscan")


@pytest.fixture(scope="session")
def plain_scanner(kinds: tuple[CredentialKind, ...]) -> TokenScanner:
    return TokenScanner(kinds, engine="re")
