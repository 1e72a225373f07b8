"""A baseline and a run brought together: what the run looked at, and with which eyes findings are compared."""

from __future__ import annotations

import datetime
import os
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pat_audit.baseline.entries import shown_place
from pat_audit.baseline.known import OVERDUE, STALE, without_known
from pat_audit.baseline.matching import Looked, match
from pat_audit.baseline.witness import Witness
from pat_audit.discover import from_here
from pat_audit.fingerprint import with_fingerprints

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pat_audit.baseline.entries import Entry
    from pat_audit.catalogue import Catalogue
    from pat_audit.config import Config
    from pat_audit.run_report import Report
    from pat_audit.tokens.scan import TokenScanner


def apply(
    report: Report,
    entries: Sequence[Entry],
    file: str,
    settings: Config,
    catalogue: Catalogue,
    *,
    paths: Sequence[str] | None,
    read: Callable[[str], bytes | None] | None = None,
    staged: bool = False,
) -> Report:
    """The report without what the entries of the baseline `file` know.

    `paths` are what the run was asked for (empty: the working directory), None where it looked at a part of the
    files only, so that nothing can be called stale. `read` gives the bytes that the run saw of a file, by its
    shown path (default: those on disk). A report that this was done to before is looked at anew. Raises GitError
    where git ends in the middle of an answer.
    """
    report = _as_it_was(report)
    witness = Witness(file, memory=settings.cache)
    try:
        found = match(report.findings, entries, file, looked(catalogue, read, staged=staged), witness)
    finally:
        witness.close()
    fatal = {problem.path for problem in report.problems if problem.fatal}
    done = without_known(
        report,
        found,
        from_here(file).replace(os.sep, "/"),
        today=datetime.date.today(),
        covered=lambda entry: paths is not None and covers(entry, file, paths, settings, catalogue, fatal),
        enabled=settings.enabled or None,
        rule_names=catalogue.rule_names,
    )
    known, own = done.findings[: len(report.findings)], done.findings[len(report.findings) :]
    return done._replace(findings=(*known, *with_fingerprints(own)))


def _as_it_was(report: Report) -> Report:
    findings = (finding for finding in report.findings if finding.rule not in (STALE, OVERDUE))
    fresh = (replace(each, suppressed=None, baselined=False) if each.baselined else each for each in findings)
    return report._replace(findings=tuple(fresh))


def looked(catalogue: Catalogue, read: Callable[[str], bytes | None] | None = None, *, staged: bool = False) -> Looked:
    """With which eyes findings of this catalogue are compared with entries."""
    from pat_audit.report.masking import mask_for
    from pat_audit.tokens.kept import token_scanner

    def scanner() -> TokenScanner:
        return token_scanner(catalogue)

    return Looked(lru_cache(maxsize=64)(read or _on_disk), mask_for(catalogue), scanner, staged)


def covers(
    entry: Entry, file: str, paths: Sequence[str], settings: Config, catalogue: Catalogue, failed: set[str]
) -> bool:
    """Whether a run over `paths` would have the finding of an entry if it were there; `failed` are paths it lost."""
    if settings.enabled and entry.key.rule in catalogue.rule_names and entry.key.rule not in settings.enabled:
        return False
    place = from_here(shown_place(entry.key.path, file)).replace(os.sep, "/")
    if place in failed:
        return False
    full = os.path.abspath(place)  # noqa: PTH100
    for path in paths or (".",):
        asked = os.path.abspath(path)  # noqa: PTH100
        if asked == full or (os.path.isdir(asked) and full.startswith(os.path.join(asked, ""))):  # noqa: PTH112, PTH118
            return True
    return False


def _on_disk(path: str) -> bytes | None:
    from pat_audit.reading import NoFileError, read_file

    try:
        return read_file(path, follow=True).data
    except (OSError, NoFileError, ValueError):
        return None
