"""Inline suppression: `pat-audit: ignore[PAT101] reason` in a comment, and what is said of useless ones.

A comment after code speaks for its line, one on a line of its own for the next statement, and
`pat-audit: ignore-file[…]` for the file. Rules are named by id or name; a blanket marker silences nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pat_audit.model import Confidence, Finding, Location, Severity, Span
from pat_audit.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

USELESS = "PAT902"
_USELESS_NAME = "unused-suppression"
_NO_REASON = "no reason given"

# The words must stand in a comment: one of these before them on their line. All repeats are bounded or start
# at a literal, so that no line takes longer than its length.
_OPENED = re.compile(r"#|//|--|;|<!--|/\*|\(\*|%|'|\"\"\"|\bREM\b|\brem\b|::")
_MARKER = re.compile(
    r"pat-audit:[ \t]{0,8}(?P<kind>ignore-file|ignore)(?:[ \t]{0,8}\[(?P<rules>[^\]]{0,400})\]|(?![\w-]))"
)
_COMMENT_LINE = re.compile(r"[ \t]*(?:#|//|<!--|/\*|\{/\*|\{#|\(\*|\*/|(?:--|;|%|::|'|REM|rem|\"\"\")(?=[ \t]|$))")
_CLOSERS = re.compile(r"(?:-->|\*/|#\}|\*\)|\"\"\").*$", re.DOTALL)
_LONGEST_REASON = 300  # characters

# Markers of other tools say "this is no secret", so they speak for rules about written-down secrets only.
_FOREIGN = re.compile(
    rb"gitleaks:allow|betterleaks:allow|pragma:[ \t]*allowlist[ \t]+(?:nextline[ \t]+)?secret|#[ \t]*nosec\b"
    rb"|#[ \t]*noqa:[^#\n]*\bS10[567]\b",
    re.IGNORECASE,
)
_FOREIGN_RULES = "PAT1"


@dataclass(slots=True)
class _Suppression:
    """One marker: where it stands, which lines it speaks for (from, to), which rules it names."""

    location: Location
    first: int
    last: int
    rules: dict[str, str]  # rule id -> the word it was named by
    wrong: list[str]  # what is wrong with the marker, in sentences
    reason: str
    used: set[str]


def apply(
    findings: Iterable[Finding],
    sources: Mapping[str, bytes],
    rule_names: Mapping[str, str],
    *,
    enabled: Collection[str] | None = None,
    foreign: bool = False,
) -> list[Finding]:
    """Mark what comments in the source suppress, and add a note for each marker that suppresses nothing.

    `sources` maps a path to the file's text (UTF-8; other bytes are replaced); findings of other paths pass
    unchanged. `rule_names` gives the name of every known rule id. `enabled`: the rules of this run (all
    where None): a marker for another rule is not called unused. `foreign` obeys the markers of other tools
    for rules about written-down secrets. Suppressed findings stay, with the reason in `suppressed`.
    """
    by_path: dict[str, list[Finding]] = {path: [] for path in sources}
    passed: list[Finding] = []
    for finding in findings:
        by_path.get(finding.path, passed).append(finding)
    for path, own in by_path.items():
        passed += _apply_file(path, own, sources[path], rule_names, enabled, foreign)
    return passed


def _apply_file(
    path: str,
    findings: list[Finding],
    data: bytes,
    rule_names: Mapping[str, str],
    enabled: Collection[str] | None,
    foreign: bool,
) -> list[Finding]:
    if foreign and findings:
        findings = _obey_foreign(findings, data)
    if b"pat-audit:" not in data:
        return findings
    lines = data.splitlines()  # as bytes: text would also end lines at form feeds and the like
    suppressions = list(_read(path, lines, rule_names))
    marked: dict[tuple[int, str], _Suppression] = {}
    for suppression in suppressions:
        for line in range(suppression.first, suppression.last + 1):
            for rule in suppression.rules:
                marked.setdefault((line, rule), suppression)
    judged = [_judge(finding, marked) for finding in findings]
    return [*judged, *_useless(suppressions, rule_names, enabled)]


def _judge(finding: Finding, marked: Mapping[tuple[int, str], _Suppression]) -> Finding:
    where = finding.location
    last = max(where.line, where.end_line if where.end_column > 1 else where.end_line - 1)
    for line in (0, *range(where.line, min(last, where.line + _LONGEST) + 1)):  # 0: the file as a whole
        suppression = marked.get((line, finding.rule))
        if suppression is not None:
            suppression.used.add(finding.rule)
            finding = replace(finding, suppressed=finding.suppressed or suppression.reason)
    return finding


def _read(path: str, lines: Sequence[bytes], rule_names: Mapping[str, str]) -> Iterator[_Suppression]:
    statements: list[tuple[int, int]] = []
    following: list[int] = []
    for number, line in enumerate(lines, 1):
        if b"pat-audit:" not in line:
            continue
        text = line.decode("utf-8", "replace")
        marks = list(_MARKER.finditer(text))
        if not marks or not _OPENED.search(text, 0, marks[0].start()):
            continue
        if not statements:
            statements, following = _statements(lines), _following(lines)
        before = text[: marks[0].start()].strip()
        own_line = bool(_COMMENT_LINE.match(text)) or before in ("'", '"""')
        for place, mark in enumerate(marks):
            end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
            said = text[mark.end() : min(end, mark.end() + _LONGEST_REASON)]
            reason = _CLOSERS.sub("", said).strip(" \t:-#/;,") or _NO_REASON
            if mark["kind"] == "ignore-file":
                first, last = 0, 0
            elif own_line:
                begin = following[number - 1]
                first, last = begin, max(begin, statements[begin - 1][1])
                # Inside a statement it speaks for the next line only, before one for all of it.
                last = last if statements[begin - 1][0] == begin else begin
            else:
                first, last = statements[number - 1]
                # Inside a statement a comment speaks for its line; at either end for the whole of it.
                first, last = (first, last) if number in (first, last) else (number, number)
            location = Location(path, number, mark.start() + 1, number, mark.end() + 1, Span(0, 0))
            rules, wrong = _named(mark, rule_names)
            yield _Suppression(location, first, last, rules, wrong, reason, set())


def _following(lines: Sequence[bytes]) -> list[int]:
    """For each line the number of the next one that is neither blank nor a comment; its own where none is."""
    next_code = [0] * len(lines)
    code = 0
    for number in range(len(lines), 0, -1):
        next_code[number - 1] = code or number
        start = lines[number - 1][:200]
        if start.strip() and not _COMMENT_LINE.match(start.decode("utf-8", "replace")):
            code = number
    return next_code


def _named(mark: re.Match[str], rule_names: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    words = [word.strip() for word in (mark["rules"] or "").split(",") if word.strip()]
    if not words:
        example = f"pat-audit: {mark['kind']}[{next(iter(rule_names), 'PAT101')}] reason"
        return {}, [f"this suppresses nothing: name the rules, as in `{example}`"]
    rules: dict[str, str] = {}
    wrong = []
    for word in words:
        id = word.upper() if word.upper() in rule_names else None
        id = id or next((known for known, name in rule_names.items() if name == word.lower()), None)
        if id is None:
            known = [*rule_names, *rule_names.values()]
            wrong.append(f"there is no rule {word!r} to ignore{did_you_mean(word, known)}")
        else:
            rules[id] = word
    return rules, wrong


def _statements(lines: Sequence[bytes]) -> list[tuple[int, int]]:
    """For each line the first and last line of the statement it belongs to, by its open brackets.

    Parentheses and square brackets that are open at a line's end carry it on, and so do a trailing backslash
    or backtick; what stands in quotes or after a comment mark does not count. A guess that needs no
    parser: at worst a marker speaks for too few or too many lines of one statement.
    """
    groups: list[tuple[int, int]] = []
    start, depth = 1, 0
    for number, text in enumerate(lines, 1):
        bare = _QUOTED.sub(b"", text) if len(text) <= _LONGEST_LINE else b""
        depth = max(0, depth + sum(map(bare.count, (b"(", b"["))) - sum(map(bare.count, (b")", b"]"))))
        goes_on = depth > 0 or bare.rstrip().endswith((b"\\", b"`"))
        if not goes_on or not text.strip() or number - start >= _LONGEST or number == len(lines):
            groups += [(start, number)] * (number - start + 1)
            start, depth = number + 1, 0
    return groups


_LONGEST = 60  # lines of a statement
_LONGEST_LINE = 2_000  # bytes; brackets on longer ones are not counted
_QUOTED = re.compile(rb"\"[^\"\\]*(?:\\.[^\"\\]*)*\"|'[^'\\]*(?:\\.[^'\\]*)*'|(?:^|[ \t])(?:#|//).*$")


def _obey_foreign(findings: Sequence[Finding], data: bytes) -> list[Finding]:
    if not _FOREIGN.search(data):
        return list(findings)
    marked: dict[int, str] = {}
    for number, text in enumerate(data.splitlines(), 1):
        found = _FOREIGN.search(text)
        if found:
            shown = found[0].decode("utf-8", "replace").lstrip("# \t")
            marked[number + (b"nextline" in found[0].lower())] = f"marked {shown}"
    return [
        replace(finding, suppressed=marked[finding.location.line])
        if finding.rule.startswith(_FOREIGN_RULES) and finding.location.line in marked and not finding.suppressed
        else finding
        for finding in findings
    ]


def _useless(
    suppressions: Sequence[_Suppression], rule_names: Mapping[str, str], enabled: Collection[str] | None
) -> Iterator[Finding]:
    if enabled is not None and USELESS not in enabled:
        return
    for suppression in suppressions:
        idle = [
            f"there is no {id} here to ignore: remove it from the comment"
            for id in suppression.rules
            if id not in suppression.used and id != USELESS and (enabled is None or id in enabled)
        ]
        for message in (*suppression.wrong, *idle):
            yield Finding(
                rule=USELESS,
                name=rule_names.get(USELESS, _USELESS_NAME),
                category="run",
                severity=Severity.NOTE,
                confidence=Confidence.HIGH,
                message=message,
                location=suppression.location,
                fingerprint="",
            )
