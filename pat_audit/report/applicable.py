"""Which findings a tool can mend by itself, and how this is said under a list of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.model import Safety

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pat_audit.model import Finding

MARK = "[*]"
"""Stands beside each finding that has edits, as ruff marks them."""


def applicable(finding: Finding) -> Safety | None:
    """The safety of the best edits of a finding: SAFE before UNSAFE; None where a person must mend it."""
    offered = {fix.safety for fix in finding.fixes if fix.edits}
    return next((safety for safety in (Safety.SAFE, Safety.UNSAFE) if safety in offered), None)


def mark(finding: Finding) -> str:
    """`[*] ` for a finding that has edits, nothing for others."""
    return f"{MARK} " if applicable(finding) else ""


def fixable(findings: Iterable[Finding]) -> tuple[int, int]:
    """How many open findings `--fix` mends, and how many more `--unsafe-fixes` would."""
    offered = [applicable(finding) for finding in findings if finding.suppressed is None]
    return offered.count(Safety.SAFE), offered.count(Safety.UNSAFE)


def fixable_line(findings: Iterable[Finding]) -> str:
    """`3 fixable with --fix, 2 more with --unsafe-fixes`; nothing where no edits are offered."""
    safe, unsafe = fixable(findings)
    if not unsafe:
        return f"{safe:,} fixable with --fix" if safe else ""
    if not safe:
        return f"{unsafe:,} fixable with --fix --unsafe-fixes"
    return f"{safe:,} fixable with --fix, {unsafe:,} more with --unsafe-fixes"
