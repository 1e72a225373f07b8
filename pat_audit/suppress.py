"""Inline suppression: `pat-audit: ignore[PAT101] reason` in a comment, and what is said of useless ones.

A comment after code speaks for its line, one on a line of its own for the next statement, and
`pat-audit: ignore-file[…]` for the file. Rules are named by id or name; a blanket marker silences nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from pat_audit.comments import Comments, without_closers
from pat_audit.foreign_markers import obey
from pat_audit.model import Confidence, Finding, Location, Severity
from pat_audit.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

USELESS = "PAT902"
_USELESS_NAME = "unused-suppression"
_NO_REASON = "no reason given"

# All repeats are bounded or start at a literal, so that no line takes longer than its length.
# Behind a backtick it is not a marker but prose about one.
_MARKER = re.compile(
    r"(?<!`)pat-audit:[ \t]{0,8}(?P<kind>ignore-file|ignore)(?:[ \t]{0,8}\[(?P<rules>[^\]]{0,400})\]|(?![\w-]))"
)
_LONGEST = 60  # lines of one finding
_LONGEST_REASON = 300  # characters
_MOST_ON_A_LINE = 100  # markers


@dataclass(slots=True)
class _Suppression:
    """One marker: where it stands, which lines it speaks for (from, to), which rules it names."""

    location: Location
    first: int
    last: int
    rules: tuple[str, ...]  # their ids
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
        findings = obey(findings, data)
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
    comments = Comments(lines)
    for number, line in enumerate(lines, 1):
        if b"pat-audit:" not in line:
            continue
        text = line.decode("utf-8", "replace")
        marks = list(islice(_MARKER.finditer(text), _MOST_ON_A_LINE))
        if not marks or not comments.is_one(number, text[: marks[0].start()]):
            continue
        speaks = comments.lines(number, text[: marks[0].start()])
        for place, mark in enumerate(marks):
            end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
            said = text[mark.end() : min(end, mark.end() + _LONGEST_REASON)]
            first, last = (0, 0) if mark["kind"] == "ignore-file" else speaks
            location = Location(path, number, mark.start() + 1, number, mark.end() + 1)
            rules, wrong = _named(mark, rule_names)
            yield _Suppression(location, first, last, rules, wrong, without_closers(said) or _NO_REASON, set())


def _named(mark: re.Match[str], rule_names: Mapping[str, str]) -> tuple[tuple[str, ...], list[str]]:
    words = [word.strip() for word in (mark["rules"] or "").split(",") if word.strip()]
    if not words:
        example = f"pat-audit: {mark['kind']}[{next(iter(rule_names), 'PAT101')}] reason"
        return (), [f"this suppresses nothing: name the rules, as in `{example}`"]
    rules: list[str] = []
    wrong = []
    for word in words:
        id = word.upper() if word.upper() in rule_names else None
        id = id or next((known for known, name in rule_names.items() if name == word.lower()), None)
        if id is None:
            known = [*rule_names, *rule_names.values()]
            wrong.append(f"there is no rule {word!r} to ignore{did_you_mean(word, known)}")
        else:
            rules.append(id)
    return tuple(dict.fromkeys(rules)), wrong


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
            )
