"""What credentials and services are called in tables that people read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding

NO_SERVICE = "service not known"
NO_CREDENTIAL = "credential not known"
_WRITTEN_DOWN = "written down"
_KINDS = {
    "env": "environment variable",
    "option": "option",
    "config": "configuration key",
    "keyring": "keyring",
    "vault": "vault",
    "secret-store": "secret",
    "file": "file",
    "parameter": "parameter",
    "attribute": "attribute",
    "request": "request field",
    "prompt": "asked for at a prompt",
    "entra": "Microsoft Entra",
    "job": "job token",
}


def credential_label(finding: Finding) -> str:
    """The credential for a person: `ADO_PAT (environment variable)`, `written down`."""
    if finding.credential is None:
        return NO_CREDENTIAL
    origin, _, name = finding.credential.partition(":")
    if origin == "literal":
        return _WRITTEN_DOWN
    kind = _KINDS.get(origin, "")
    if not name:
        return kind or origin
    return f"{name} ({kind})" if kind else name


def service_titles(catalogue: Catalogue) -> dict[str, str]:
    """The title of every service, by its id."""
    return {service.id: service.title for service in catalogue.services}


def service_label(finding: Finding, titles: Mapping[str, str]) -> str:
    """The title of the service that is signed in to; `titles` is what `service_titles` gives."""
    return NO_SERVICE if finding.service is None else titles.get(finding.service, finding.service)
