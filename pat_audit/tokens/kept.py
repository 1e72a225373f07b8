"""The scanner for a catalogue's credentials, compiled once and kept in the user's cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit import user_cache

if TYPE_CHECKING:
    from pat_audit.catalogue import Catalogue
    from pat_audit.tokens.scan import TokenScanner

_latest: tuple[Catalogue, TokenScanner] | None = None


def token_scanner(catalogue: Catalogue) -> TokenScanner:
    """The scanner for the catalogue's credentials; the latest one again where it is the same catalogue."""
    global _latest
    if _latest is None or _latest[0] is not catalogue:
        _latest = (catalogue, _scanner(catalogue))
    return _latest[1]


def _scanner(catalogue: Catalogue) -> TokenScanner:
    from pat_audit.tokens.scan import TokenScanner

    stamp = catalogue.digest.encode()
    name = f"tokens-{catalogue.place}"
    kept = user_cache.read(name)
    if kept is not None and kept.startswith(stamp):
        return TokenScanner.deserialize(catalogue.credentials, kept[len(stamp) :])
    scanner = TokenScanner(catalogue.credentials)
    user_cache.write(name, stamp + scanner.serialize())
    return scanner
