"""What `check` does about its findings: attaches fixes, writes them, or shows what it would write."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from pat_audit.catalogue import Catalogue
    from pat_audit.config import Config
    from pat_audit.fixes.fixing import Fixed
    from pat_audit.run_report import Report


def with_fixes(
    report: Report,
    paths: Sequence[str],
    settings: Config,
    catalogue: Catalogue,
    stdin: bytes | None,
    stdin_filename: str | None,
) -> Report:
    """The report, its findings with proven edits where a recipe can be written."""
    from pat_audit.fixes.fixing import with_fixes
    from pat_audit.inspection import seldom_collected

    texts = _Run(paths, settings, catalogue, stdin, stdin_filename)
    with seldom_collected():
        return with_fixes(report, catalogue, texts.rescan, texts.files)


def fix(
    report: Report,
    paths: Sequence[str],
    settings: Config,
    catalogue: Catalogue,
    stdin: bytes | None,
    stdin_filename: str | None,
    *,
    write: bool,
) -> Fixed:
    """What fixing the findings comes to; with `write`, the files are written, save standard input.

    A file that cannot be written is a problem of the report. What a person must know besides goes to standard error.
    """
    from pat_audit.fixes.fixing import fix, write_all
    from pat_audit.report.neutral import neutral

    texts = _Run(paths, settings, catalogue, stdin, stdin_filename)
    fixed = fix(report, catalogue, texts.rescan, texts.files, unsafe=settings.unsafe_fixes)
    if write:
        fixed = write_all(fixed, report, but=texts.name)
    for note in fixed.notes:
        print(neutral(f"pat-audit: {note}"), file=sys.stderr)
    return fixed


def diff(fixed: Fixed) -> Iterator[str]:
    """What was or would be written, as one patch."""
    from pat_audit.fixes.differences import diff

    for path, (old, new) in sorted(fixed.texts.items()):
        yield from diff(path, old, new)


def summary(fixed: Fixed, *, would: bool) -> str:
    """One line on what was mended."""
    count, files = fixed.findings, len(fixed.texts)
    if not files:
        return "pat-audit: nothing to fix" + ("" if would else ", or not without --unsafe-fixes")
    said = "would mend" if would else "mended"
    return f"pat-audit: {said} {count} finding{'s' * (count != 1)} in {files} file{'s' * (files != 1)}"


def text_of(fixed: Fixed, stdin: bytes, stdin_filename: str | None) -> bytes:
    """Standard input as it is with its fixes."""
    pair = fixed.texts.get(stdin_filename or "-")
    return stdin if pair is None else pair[1]


class _Run:
    """The files of a run: from disk, or the one that came on standard input."""

    def __init__(
        self,
        paths: Sequence[str],
        settings: Config,
        catalogue: Catalogue,
        stdin: bytes | None,
        stdin_filename: str | None,
    ) -> None:
        from pat_audit.fixes.texts import Texts

        self._paths = paths
        self._settings = settings
        self._catalogue = catalogue
        self._stdin = stdin
        self._stdin_filename = stdin_filename
        self.name = None if stdin is None else stdin_filename or "-"
        self.files = Texts({} if stdin is None or self.name is None else {self.name: stdin}, catalogue)

    def rescan(self, texts: Mapping[str, bytes], again: Collection[str]) -> Report:
        """What would be found in the files `again`, were these `texts` in their places."""
        from pat_audit.scan import rescan, scan

        if self._stdin is not None and self.name is not None:
            text = texts.get(self.name, self._stdin)
            return scan(["-"], self._settings, self._catalogue, stdin=text, stdin_filename=self._stdin_filename)
        return rescan(self._paths, self._settings, self._catalogue, texts, again)
