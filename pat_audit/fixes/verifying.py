"""Proves changes before anything is written: the text still reads, the findings are gone, and no new ones came."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pat_audit.fixes.change import CannotChange
from pat_audit.fixes.configuration import would_not_read
from pat_audit.fixes.file_text import FileText
from pat_audit.fixes.program_tree import stumbles, tree_of
from pat_audit.model import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from pat_audit.fixes.assembling import Assembler
    from pat_audit.fixes.change import Change
    from pat_audit.fixes.texts import Texts
    from pat_audit.model import Finding
    from pat_audit.run_report import Report

    Rescan = Callable[[Mapping[str, bytes], Collection[str]], Report]

_MOST = 200  # changes that are tried further where all together fail


@dataclass(slots=True)
class Verified:
    """Changes that hold together: the bytes of the files with them, and the report on those and their neighbours."""

    changes: list[Change] = field(default_factory=list)
    texts: dict[str, bytes] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)
    again: frozenset[str] = frozenset()  # the files that `report` is of
    report: Report | None = None
    refused: dict[Change, str] = field(default_factory=dict)


def verify(
    changes: Sequence[Change],
    before: Report,
    assemble: Assembler,
    files: Texts,
    rescan: Rescan,
) -> Verified:
    """As many of the changes as hold together; of the others, why not.

    All are tried at once; where that fails, each half is tried with what holds already, and so on down to single ones.
    """
    found = Verified()
    refused: dict[Change, str] = {}
    pending = [list(changes)]
    while pending:
        batch = pending.pop()
        tried = _attempt([*found.changes, *batch], before, assemble, files, rescan)
        if not isinstance(tried, str):
            found = tried
        elif len(batch) == 1:
            refused[batch[0]] = tried
        else:
            refused.update(
                dict.fromkeys(batch[_MOST:], f"more than {_MOST} changes do not hold together: fix fewer files")
            )
            batch = batch[:_MOST]
            half = len(batch) // 2
            pending += [batch[half:], batch[:half]]  # the first half first
    found.refused = refused
    return found


def _attempt(
    changes: Sequence[Change],
    before: Report,
    assemble: Assembler,
    files: Texts,
    rescan: Rescan,
) -> Verified | str:
    """The changes verified together, or what is wrong with them."""
    if not changes:
        return Verified()
    try:
        texts, packages = assemble(changes)
    except CannotChange as reason:
        return str(reason)
    broken = next((path for path, text in texts.items() if _is_broken(files(path), text)), None)
    if broken is not None:
        return f"{broken} would be no program any more"
    unread = next((why for path, text in texts.items() if (why := would_not_read(files(path), text))), None)
    if unread is not None:
        return unread
    again = frozenset(texts) | frozenset(_neighbours(before.findings, texts))
    report = rescan(texts, again)
    wrong = _wrong(changes, before, report, again, _laid_bare(changes, report, texts, files))
    return wrong or Verified(list(changes), texts, packages, again, report)


def _is_broken(file: FileText, text: bytes) -> bool:
    """Whether the grammar stumbles over a new text where it did not over the old one."""
    if file.tree is None:
        return False
    new = tree_of(file.path, file.language, FileText(file.path, text).data)
    return stumbles(new) > stumbles(file.tree)


def _neighbours(findings: Iterable[Finding], texts: Collection[str]) -> Iterable[str]:
    """The files with findings that lead through a changed file."""
    for finding in findings:
        use = finding.use
        places = [step.location.path for step in finding.trail]
        if use is not None:
            places += [use.made.path, *(send.location.path for send in use.sends)]
        if any(path in texts for path in places):
            yield finding.path


def _laid_bare(changes: Sequence[Change], after: Report, texts: Mapping[str, bytes], files: Texts) -> Collection[int]:
    """The findings, by identity, at what was a step of a mended one: it was said there, and others use it still."""
    steps = {
        (step.location.path, files(step.location.path).text(*files(step.location.path).span(step.location.span)))
        for change in changes
        for finding in change.findings
        for step in finding.trail
    }
    changed = {path: FileText(path, data) for path, data in texts.items()}
    found: set[int] = set()
    for finding in after.findings:
        file = changed.get(finding.path) or files(finding.path)
        if (finding.path, file.text(*file.span(finding.location.span))) in steps:
            found.add(id(finding))
    return found


def _wrong(
    changes: Sequence[Change], before: Report, after: Report, again: Collection[str], laid_bare: Collection[int]
) -> str:
    """What speaks against a result; nothing where it is right."""
    known = {(problem.path, problem.message) for problem in before.problems}
    for problem in after.problems:
        if (problem.path, problem.message) not in known and problem.path in again:
            return f"{problem.path} would be no program any more: {problem.message}"
    had = Counter(_key(finding) for finding in before.findings if finding.path in again)
    covered = {
        (finding.path, finding.severity.rank)
        for change in changes
        for finding in change.findings
        if finding.use is not None and finding.use.act == "written"
    }
    left = [finding for finding in after.findings if finding.path in again and id(finding) not in laid_bare]
    has = Counter(map(_key, left))
    for finding in left:
        if any(path == finding.path and rank > finding.severity.rank for path, rank in covered):
            continue  # how a token is used that is no longer written there: what was said of it covered that
        key = _key(finding)
        if has[key] > had[key] and _is_loud(finding):
            return f"it would give a new finding, {finding.rule} in {finding.path}:{finding.location.line}"
    mended = Counter(_key(finding) for change in changes for finding in change.findings)
    for key, count in mended.items():
        if has[key] > had[key] - count:
            return f"{key[0]} would still be found in {key[1]}"
    return ""


def _is_loud(finding: Finding) -> bool:
    """Whether a new finding counts: that code reads a credential from outside, now, is what was asked for."""
    return finding.severity is not Severity.NOTE and finding.suppressed is None


def _key(finding: Finding) -> tuple[str, str, bool]:
    # not by credential or service: with the strongest evidence gone, what is left may be named after another
    return (finding.rule, finding.path, _is_loud(finding))
