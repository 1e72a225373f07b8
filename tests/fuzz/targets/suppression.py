"""Suppressing comments in any text: no finding is lost or made, and every note stands at a marker."""

from __future__ import annotations

from pat_audit.model import Confidence, Finding, Location, Severity, Span
from pat_audit.suppress import USELESS, apply

from ..seeds import catalogue
from ..target import Target


def suppression(data: bytes) -> None:
    """A finding on every line: each comes out once, suppressed or as it was, and only marked lines suppress."""
    for path in ("a.py", "b.cs", "c.html", "d"):
        lines = data.splitlines()
        findings = [
            _finding(path, line, rule) for line in range(1, min(len(lines), 40) + 1) for rule in ("PAT101", "PAT202")
        ]
        given = apply(findings, {path: data}, catalogue().rule_names, foreign=True)
        ours = [finding for finding in given if finding.rule != USELESS]
        assert [(each.rule, each.location) for each in ours] == [(each.rule, each.location) for each in findings]
        for note in given[len(ours) :]:
            assert note.rule == USELESS
            assert b"pat-audit:" in lines[note.location.line - 1]
        if b"ignore" not in data and b"allow" not in data and b"nosec" not in data and b"noqa" not in data:
            assert not any(each.suppressed for each in ours if each.rule == "PAT202")


def _finding(path: str, line: int, rule: str) -> Finding:
    place = Location(path, line, 1, line, 2, Span(0, 1))
    return Finding(rule, catalogue().rule_names[rule], "x", Severity.WARNING, Confidence.HIGH, "a finding", place)


def _seeds() -> list[bytes]:
    texts = [
        "x = 1  # pat-audit: ignore[PAT101] revoked\n# pat-audit: ignore[PAT202, hardcoded-pat] why\ny = (\n  2)\n",
        "// pat-audit: ignore-file[PAT101] all\n/* pat-audit: ignore[PAT202] */ a(); /* b */\n",
        '<!-- pat-audit: ignore[PAT102] x -->\n<a b="pat-audit: ignore[PAT101]"/>\n',
        "x # gitleaks:allow\ny # pragma: allowlist secret\nz  # noqa: S105\n// nosemgrep\nq # nosec B105\n",
        's = """\n# pat-audit: ignore[PAT101]\n"""\nREM pat-audit: ignore[PAT999]\n-- pat-audit: ignore\n',
    ]
    return [text.encode() for text in texts]


TARGETS = (Target("suppression", suppression, _seeds),)
