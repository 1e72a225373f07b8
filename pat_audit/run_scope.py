"""What a run is asked about beside its paths: what is staged, what is changed, what a baseline does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.config import Config, ConfigError
from pat_audit.git_commands import GitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pat_audit.baseline.entries import Entry
    from pat_audit.catalogue import Catalogue
    from pat_audit.changed_lines import ChangedLines
    from pat_audit.index_tree import IndexTree
    from pat_audit.run_report import Report


class Scope:
    """Narrows a report down to what it was asked about. `index` is what is scanned instead of the work tree."""

    __slots__ = ("_catalogue", "_changed", "_entries", "_paths", "_settings", "_stdin", "index")

    def __init__(
        self,
        paths: Sequence[str],
        settings: Config,
        catalogue: Catalogue,
        stdin: bytes | None,
        *,
        entries: Sequence[Entry],
        index: IndexTree | None,
        changed: ChangedLines | None,
    ) -> None:
        self._paths = paths
        self._settings = settings
        self._catalogue = catalogue
        self._stdin = stdin
        self._entries = entries
        self._changed = changed
        self.index = index

    def of(self, report: Report) -> Report:
        """The report with what the baseline knows marked, and with what concerns the changed lines alone."""
        file = self._settings.baseline
        if file is not None and self._entries:
            from pat_audit.baseline.applied import apply

            part = self._stdin is not None or self.index is not None or self._changed is not None
            report = apply(
                report,
                self._entries,
                file,
                self._settings,
                self._catalogue,
                paths=None if part else self._paths,
                read=self._read if self._stdin is not None or self.index is not None else None,
                staged=self.index is not None,
            )
        return report if self._changed is None else self._changed.of(report)

    def held(self, report: Report) -> Mapping[str, bytes]:
        """The bytes of the files of a report as the index has them, by the paths that people read."""
        if self.index is None:
            return {}
        paths = {step.location.path for finding in report.findings for step in finding.trail}
        paths.update(finding.path for finding in report.findings)
        held = {path: data for path in paths if (data := self.index.text(path)) is not None}
        self.index.close()
        return held

    def _read(self, path: str) -> bytes | None:
        return self.index.text(path) if self.index is not None else self._stdin


def scope(
    paths: Sequence[str],
    settings: Config,
    catalogue: Catalogue,
    stdin: bytes | None,
    *,
    staged: bool,
    changed_since: str | None,
    mends: bool,
) -> Scope:
    """What the options say that a run is about; `mends` where it is to write or show fixes. Raises ConfigError."""
    if staged and (mends or changed_since is not None or stdin is not None):
        raise ConfigError("--staged: reads the index alone; leave out --fix, --diff, --changed-since and `-`")
    index = changed = None
    try:
        if staged:
            from pat_audit.index_tree import staged as staged_files

            index = staged_files(paths, settings.exclude)
        elif changed_since is not None:
            from pat_audit.changed_lines import changed_since as lines_since

            changed = lines_since(changed_since)
    except GitError as error:
        raise ConfigError(f"{'--staged' if staged else '--changed-since'}: {error}") from None
    return Scope(
        paths, settings, catalogue, stdin, entries=_entries(settings.baseline), index=index, changed=changed
    )  # fmt: skip


def _entries(file: str | None) -> Sequence[Entry]:
    if file is None:
        return ()
    from pat_audit.baseline.entries import BaselineError, read

    try:
        return read(file)
    except BaselineError as error:
        raise ConfigError(str(error)) from None
