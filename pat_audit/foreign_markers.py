"""Markers of other scanners: `gitleaks:allow`, `pragma: allowlist secret`, `nosec` and their like.

They say "this is no secret", so they speak for findings about written-down secrets only, and only on request.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pat_audit.model import Finding

_RULES = "PAT1"

# bandit's and gosec's rules about written passwords; a marker that names other rules says nothing of secrets.
_SECRETS_IN_CODE = r"(?:B10[567]|hardcoded_password\w*|G101)"
_MARKER = re.compile(
    rb"(?P<own>gitleaks:allow|betterleaks:allow|trufflehog:ignore|kingfisher:ignore"
    rb"|pragma:[ \t]{0,8}(?:allow|white)list[ \t]{1,8}secret)"
    rb"|(?P<next>pragma:[ \t]{0,8}(?:allow|white)list[ \t]{1,8}nextline[ \t]{1,8}secret)"
    rb"|#[ \t]{0,8}(?P<nosec>nosec\b(?:[:, \t]{1,8}(?:[BG]\d{3}\b|[a-z]+(?:_[a-z]+)+))*)"
    rb"|#[ \t]{0,8}(?P<file>(?:ruff|flake8):[ \t]{0,8}noqa:[^#\r\n]{0,200}?\bS10[567]\b)"
    rb"|#[ \t]{0,8}(?P<noqa>noqa:[^#\r\n]{0,200}?\bS10[567]\b)",
    re.IGNORECASE,
)
_NAMES_RULES = re.compile(r"[BG]\d{3}|\w_\w", re.IGNORECASE)
_NAMES_SECRETS = re.compile(_SECRETS_IN_CODE, re.IGNORECASE)
_HINT = re.compile(rb"allow|secret|ignore|nosec|noqa", re.IGNORECASE)
_LONGEST = 200  # lines of one finding


def obey(findings: Sequence[Finding], data: bytes) -> list[Finding]:
    """The findings of one file, those suppressed that a marker of another tool vouches for."""
    if not any(finding.rule.startswith(_RULES) for finding in findings) or not _HINT.search(data):
        return list(findings)
    marked = _marked(data)
    return [_judged(finding, marked) for finding in findings] if marked else list(findings)


def _judged(finding: Finding, marked: dict[int, str]) -> Finding:
    if finding.suppressed is not None or not finding.rule.startswith(_RULES):
        return finding
    where = finding.location
    lines = range(where.line, min(max(where.end_line, where.line), where.line + _LONGEST) + 1)
    word = next((marked[line] for line in (0, *lines) if line in marked), None)
    return finding if word is None else replace(finding, suppressed=f"marked {word}")


def _marked(data: bytes) -> dict[int, str]:
    """The marker that speaks for each line; line 0 stands for all of the file."""
    marked: dict[int, str] = {}
    for number, text in enumerate(data.splitlines(), 1):
        for found in _MARKER.finditer(text) if _HINT.search(text) else ():
            word = " ".join(found[found.lastgroup or 0].decode("utf-8", "replace").split())
            if found["nosec"] and _NAMES_RULES.search(word[5:]) and not _NAMES_SECRETS.search(word):
                continue
            line = 0 if found["file"] else number + 1 if found["next"] else number
            marked.setdefault(line, word)
    return marked
