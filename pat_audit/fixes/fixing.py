"""The fixes of a whole run: planned and proven, attached to their findings, or written to the files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pat_audit.fixes import requirements
from pat_audit.fixes.assembling import Assembler
from pat_audit.fixes.change import CannotChange
from pat_audit.fixes.differences import edits_between
from pat_audit.fixes.planning import plan
from pat_audit.fixes.verifying import verify
from pat_audit.fixes.writing import NotWrittenError, write
from pat_audit.model import Fix, Safety
from pat_audit.run_report import Problem, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from pat_audit.catalogue import Catalogue
    from pat_audit.fixes.change import Change
    from pat_audit.fixes.texts import Texts
    from pat_audit.fixes.verifying import Verified
    from pat_audit.model import Finding, Location

    Rescan = Callable[[Mapping[str, bytes], Collection[str]], Report]

_ROUNDS = 10  # one fix may make room for another


@dataclass(frozen=True, slots=True)
class Fixed:
    """What fixing came to: what is left to report, the old and new bytes by path, and how many findings are gone.

    `notes` are for the person: what must be installed, and which change was not made for what reason.
    """

    report: Report
    texts: Mapping[str, tuple[bytes, bytes]]
    findings: int
    notes: tuple[str, ...]


def fixes_in(
    paths: Collection[str], report: Report, catalogue: Catalogue, rescan: Rescan, files: Texts
) -> dict[Location, Fix]:
    """The fixes of a report's findings in these files, by where a sign-in is made: edits that were proven to hold.

    The files are to be an island: what a finding in them leads through, no finding of another file does.
    """
    within = report._replace(findings=tuple(finding for finding in report.findings if finding.path in paths))
    changes, _ = plan(within.findings, catalogue, files)
    fixes: dict[Location, Fix] = {}
    if not changes:
        return fixes
    assemble = Assembler(catalogue, files)
    for change in verify(changes, within, assemble, files, rescan).changes:
        fix = _as_fix(change, assemble, files)
        if fix is not None:
            fixes.update({finding.use.made: fix for finding in change.findings if finding.use is not None})
    return fixes


def with_fixes(report: Report, made: Iterable[Mapping[Location, Fix]]) -> Report:
    """The report with every finding's fix, where there is one."""
    fixes = {place: fix for each in made for place, fix in each.items()}
    return report._replace(findings=tuple(_with_fix(finding, fixes) for finding in report.findings))


def _with_fix(finding: Finding, fixes: Mapping[Location, Fix]) -> Finding:
    fix = fixes.get(finding.use.made) if finding.use is not None and finding.suppressed is None else None
    return finding if fix is None else replace(finding, fixes=(fix, *_others(finding, fix)))


def _others(finding: Finding, fix: Fix) -> tuple[Fix, ...]:
    return tuple(other for other in finding.fixes if other.title != fix.title)


def _as_fix(change: Change, assemble: Assembler, files: Texts) -> Fix | None:
    try:
        texts, packages = assemble([change])
    except CannotChange:
        return None
    needed, _ = requirements.with_packages(packages, texts, files)
    edits = tuple(
        edit
        for path, data in sorted({**texts, **needed}.items())
        for edit in edits_between(path, files(path).source.raw, data, files(path).source.encoding)
    )
    return Fix(change.recipe.title, Safety(change.recipe.safety), edits, change.recipe.after or change.recipe.steps)


def fix(report: Report, catalogue: Catalogue, rescan: Rescan, files: Texts, *, unsafe: bool) -> Fixed:
    """Make every change that holds, in memory: of safe recipes only, unless `unsafe`."""
    originals: dict[str, bytes] = {}
    texts: dict[str, bytes] = {}
    notes: dict[str, None] = {}
    done = 0
    for _ in range(_ROUNDS):
        changes, _ = plan(report.findings, catalogue, files, safe_only=not unsafe)
        verified = verify(changes, report, Assembler(catalogue, files), files, _upon(rescan, dict(texts)))
        notes.update(dict.fromkeys(_refusals(verified)))
        if not verified.changes or verified.report is None:
            break
        needed, said = requirements.with_packages(verified.packages, verified.texts, files)
        notes.update(dict.fromkeys(said))
        for path, data in {**verified.texts, **needed}.items():
            originals.setdefault(path, files(path).source.raw)
            files.put(path, data)
            texts[path] = data
        report = _after(report, verified)
        done += sum(len(change.findings) for change in verified.changes)
    changed = {path: (originals[path], data) for path, data in texts.items() if originals[path] != data}
    return Fixed(report, changed, done, tuple(notes))


def _upon(rescan: Rescan, texts: Mapping[str, bytes]) -> Rescan:
    """A scan in which these texts are already in place."""
    return lambda new, again: rescan({**texts, **new}, again)


def _refusals(verified: Verified) -> list[str]:
    return [
        f"{change.findings[0].path}:{change.findings[0].location.line}: not fixed: {reason}"
        for change, reason in verified.refused.items()
    ]


def _after(report: Report, verified: Verified) -> Report:
    """The report, its findings in the files that were looked at again as they would be now."""
    assert verified.report is not None
    kept = [finding for finding in report.findings if finding.path not in verified.again]
    found = [finding for finding in verified.report.findings if finding.path in verified.again]
    findings = sorted(
        [*kept, *found], key=lambda each: (each.path, each.location.line, each.location.column, each.rule)
    )
    return report._replace(findings=tuple(findings))


def write_all(fixed: Fixed, before: Report, but: str | None = None) -> Fixed:
    """Write the files, save `but`.

    One that cannot be written stays as it is, its findings with it, and is a fatal problem.
    """
    failed: dict[str, str] = {}
    for path, (old, new) in sorted(fixed.texts.items()):
        if path == but:
            continue
        try:
            write(path, old, new)
        except NotWrittenError as error:
            failed[path] = str(error)
    if not failed:
        return fixed
    kept = [finding for finding in fixed.report.findings if finding.path not in failed]
    lost = [finding for finding in before.findings if finding.path in failed]
    problems = [Problem(path, f"not fixed: it {reason}", fatal=True) for path, reason in failed.items()]
    report = fixed.report._replace(
        findings=tuple(sorted([*kept, *lost], key=lambda each: (each.path, each.location.line, each.rule))),
        problems=(*fixed.report.problems, *problems),
    )
    texts = {path: pair for path, pair in fixed.texts.items() if path not in failed}
    gone = len(lost) - sum(finding.path in failed for finding in fixed.report.findings)
    return replace(fixed, report=report, texts=texts, findings=max(0, fixed.findings - gone))
