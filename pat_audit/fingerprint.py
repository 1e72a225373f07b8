"""A name for a finding that survives moved lines and reformatting, and tells nothing of the secret."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pat_audit.model import Finding

_LENGTH = 24  # hexadecimal digits: 96 bits


def with_fingerprints(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, in their order, each with a fingerprint of its own.

    It is made of the rule, the path, the credential's label, the service and the address, and of how many
    such findings stand before it in the same file: no line, no text of the code.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    named: list[Finding] = []
    for finding in findings:
        key = (finding.rule, finding.path, finding.credential or "", finding.service or "", finding.url or "")
        text = "\0".join((*key, str(seen[key])))
        seen[key] += 1
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        named.append(replace(finding, fingerprint=digest[:_LENGTH]))
    return named
