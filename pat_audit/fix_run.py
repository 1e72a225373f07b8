"""What `check` does about its findings: attaches fixes, writes them, or shows what it would write."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from pat_audit import workers
from pat_audit.run_report import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from pat_audit.catalogue import Catalogue
    from pat_audit.fixes.fixing import Fixed
    from pat_audit.model import Fix, Location
    from pat_audit.run_report import Report
    from pat_audit.target import Target
    from pat_audit.workers import Batch

_SECONDS_PER_BATCH = 600.0  # how long the fixes of a few files may take together


class Mender:
    """Fixes the findings of one run: in its files on disk, or in the text that came on standard input."""

    def __init__(self, target: Target, stdin: bytes | None, stdin_filename: str | None) -> None:
        from pat_audit.fixes.texts import Texts
        from pat_audit.scan import Rescan

        self._target = target
        self._catalogue = target.catalogue
        self._stdin = stdin
        self._stdin_filename = stdin_filename
        self._name = None if stdin is None else stdin_filename or "-"
        held = {} if stdin is None or self._name is None else {self._name: stdin}
        self._files = Texts(held, self._catalogue)
        self._on_disk = Rescan(target)

    def attached(self, report: Report) -> Report:
        """The report, its findings with proven edits where a recipe can be written."""
        from pat_audit.fixes.fixing import with_fixes
        from pat_audit.fixes.islands import islands
        from pat_audit.inspection import seldom_collected

        signing_in = {finding.path for finding in report.findings if finding.use is not None}
        batches = [batch for batch in islands(report.findings) if not signing_in.isdisjoint(batch)]
        processes = min(self._target.config.jobs or workers.processors(), len(batches))
        if processes < 2 or self._stdin is not None or not workers.can_fork():
            with seldom_collected():
                return with_fixes(report, [self._fixes_in(report, batch, lambda path: None) for batch in batches])
        from pat_audit import parallel

        made: list[dict[Location, Fix]] = []
        problems: list[Problem] = []
        for each in parallel.run(partial(self._fixes_in, report), batches, processes, _SECONDS_PER_BATCH):
            if isinstance(each, parallel.Done):
                made.append(each.result)
            else:
                problems.append(Problem(each.name, f"its fixes are not worked out: {each.reason}"))
        return with_fixes(report, made)._replace(problems=(*report.problems, *problems))

    def _fixes_in(self, report: Report, batch: Batch, started: Callable[[str], None]) -> dict[Location, Fix]:
        from pat_audit.fixes.fixing import fixes_in

        started(batch[0])
        try:
            return fixes_in(batch, report, self._catalogue, self._rescan, self._files)
        finally:
            self._files.forget()  # no other batch has these files: there may be thousands

    def fixed(self, report: Report, *, write: bool) -> Fixed:
        """What fixing the findings comes to; with `write`, the files are written, save standard input.

        A file that cannot be written is a problem of the report. What a person must know besides goes to standard
        error.
        """
        from pat_audit.fixes.fixing import fix, write_all
        from pat_audit.inspection import seldom_collected
        from pat_audit.report.neutral import neutral

        with seldom_collected():
            fixed = fix(report, self._catalogue, self._rescan, self._files, unsafe=self._target.config.unsafe_fixes)
        if write:
            fixed = write_all(fixed, report, but=self._name)
        for note in fixed.notes:
            print(neutral(f"pat-audit: {note}"), file=sys.stderr)
        return fixed

    def text_of(self, fixed: Fixed) -> bytes | None:
        """Standard input as it is with its fixes; None where nothing came on it."""
        pair = None if self._name is None else fixed.texts.get(self._name)
        return self._stdin if pair is None else pair[1]

    def _rescan(self, texts: Mapping[str, bytes], again: Collection[str]) -> Report:
        from pat_audit.scan import scan
        from pat_audit.target import Target

        if self._stdin is None or self._name is None:
            return self._on_disk(texts, again)
        text = texts.get(self._name, self._stdin)
        only = Target(["-"], self._target.config, self._catalogue)
        return scan(only, stdin=text, stdin_filename=self._stdin_filename)


def diff(fixed: Fixed, catalogue: Catalogue, *, exact: bool) -> Iterator[str]:
    """What was or would be written, as one patch: `exact` for a program, else for eyes and for a pipeline's log."""
    from pat_audit.fixes.differences import diff
    from pat_audit.report.masking import mask_for
    from pat_audit.report.neutral import neutral_patch

    mask = mask_for(catalogue)
    for path, (old, new) in sorted(fixed.texts.items()):
        for line in diff(path, old, new):
            yield line if exact else neutral_patch(line, mask)


def summary(fixed: Fixed, *, would: bool) -> str:
    """One line on what was mended."""
    count, files = fixed.findings, len(fixed.texts)
    if not files:
        return "pat-audit: nothing to fix" + ("" if would else ", or not without --unsafe-fixes")
    said = "would mend" if would else "mended"
    return f"pat-audit: {said} {count} finding{'s' * (count != 1)} in {files} file{'s' * (files != 1)}"
