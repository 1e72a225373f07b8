"""Whether a sign-in goes to a server of one's own, which takes no Entra token, though its library says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.addresses import read_address
from pat_audit.endpoints import recognise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding


def is_own_server(findings: Iterable[Finding], catalogue: Catalogue) -> bool:
    """Whether one of the findings on a sign-in names an address that its cloud service does not have."""
    services = {service.id: service for service in catalogue.services}
    for finding in findings:
        service = services.get(finding.service or "")
        if service is None or service.deployment == "server" or not service.hosts or not finding.url:
            continue
        address = read_address(finding.url)
        if address is None or address.open_host:
            continue
        place = recognise(finding.url, catalogue.services)
        if place is None or place.service.deployment == "server":
            return True
    return False
