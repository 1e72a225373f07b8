"""One run of `pat-audit baseline`: scan, and write down what is found as known."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pat_audit.baseline.applied import covers, looked
from pat_audit.baseline.entries import FILE_NAME, BaselineError, Entry, Key, placed, read, save, shown_place
from pat_audit.baseline.matching import keyed, match
from pat_audit.baseline.witness import Witness
from pat_audit.catalogue import CatalogueError, load_catalogue
from pat_audit.config import ConfigError, load_config, with_rules
from pat_audit.failure import say
from pat_audit.git_commands import GitError
from pat_audit.report.neutral import neutral
from pat_audit.scan import scan
from pat_audit.target import Target

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from pat_audit.baseline.matching import Match
    from pat_audit.catalogue import Catalogue
    from pat_audit.config import Config
    from pat_audit.model import Finding, Report

DONE, FAILED = 0, 2


def baseline_run(
    paths: Sequence[str],
    *,
    file: str | None,
    prune: bool,
    reason: str,
    owner: str,
    due: datetime.date | None,
    select: Sequence[str],
    ignore: Sequence[str],
    exclude: Sequence[str],
    rules: Sequence[str],
    config: str | None,
    isolated: bool,
    no_cache: bool,
    jobs: int | None,
) -> int:
    """Run `baseline` with the options of the command line, and give its exit code (0, or 2 where it failed)."""
    try:
        settings = load_config(paths, file=config, isolated=isolated)
        settings = replace(
            settings,
            exclude=(*settings.exclude, *exclude),
            rules=(*settings.rules, *rules),
            jobs=jobs or settings.jobs,
            cache=not no_cache,
        )
        catalogue = load_catalogue(settings.rules, cache=settings.cache)
        settings = with_rules(settings, catalogue.rule_names, select=select, ignore=ignore)
        place = file or settings.baseline or FILE_NAME
        former = read(place) if os.path.lexists(place) else []
        report = scan(Target(paths, settings, catalogue))
        said = Entry(Key("", ""), reason=reason, owner=owner, due=due)
        _Update(report, former, place, paths, settings, catalogue).write(said, prune=prune)
    except (ConfigError, CatalogueError, BaselineError, GitError) as error:
        say(error)
        return FAILED
    for problem in report.problems:
        print(neutral(f"pat-audit: {problem.path}: {problem.message}"), file=sys.stderr)
    return FAILED if any(problem.fatal for problem in report.problems) else DONE


class _Update:
    """A baseline brought up to what a run found."""

    def __init__(
        self,
        report: Report,
        former: Sequence[Entry],
        file: str,
        paths: Sequence[str],
        settings: Config,
        catalogue: Catalogue,
    ) -> None:
        self._report = report
        self._former = former
        self._file = file
        self._witness = Witness(file, memory=settings.cache)
        eyes = looked(catalogue)
        self._match: Match = match(report.findings, former, file, eyes, self._witness)
        self._keys = keyed(report.findings, file, eyes.mask)
        failed = {problem.path for problem in report.problems if problem.fatal}
        self._stale = [
            entry
            for entry in self._match.stale
            if covers(entry, file, paths, settings, catalogue, failed)
        ]  # fmt: skip

    def write(self, said: Entry, *, prune: bool) -> None:
        """Write the file and say what was done; new entries get the remarks of `said`. Raises BaselineError."""
        entries = {each for each in self._match.stale if not (prune and each in self._stale)}
        taken: dict[Key, set[int]] = defaultdict(set)
        secrets: dict[str, frozenset[str]] = {}
        for finding, entry in self._match.known.items():
            key = replace(entry.key, path=placed(finding.path, self._file))
            while key.nth in taken[replace(key, nth=1)]:
                key = replace(key, nth=key.nth + 1)
            taken[replace(key, nth=1)].add(key.nth)
            kept = replace(entry, key=key)
            entries.add(kept)
            secrets[kept.name] = self._match.secrets.get(finding, frozenset())
        for entry in entries:
            taken[replace(entry.key, nth=1)].add(entry.key.nth)
        added = 0
        for finding, key in self._keys.items():
            if finding not in self._match.known and not prune:
                new = self._new(finding, key, taken[replace(key, nth=1)], said)
                entries.add(new)
                secrets[new.name] = self._match.secrets.get(finding, frozenset())
                added += 1
        self._witness.close()
        save(self._file, entries)
        self._witness.remember(secrets, {entry.name for entry in entries})
        self._say(len(entries), added, prune)

    def _new(self, finding: Finding, key: Key, taken: set[int], said: Entry) -> Entry:
        nth = next(number for number in range(1, len(taken) + 2) if number not in taken)
        taken.add(nth)
        entry = replace(said, key=replace(key, nth=nth))
        secrets = self._match.secrets.get(finding)
        while secrets and self._witness.says(entry, secrets) == "other":
            entry = replace(entry, secret=entry.secret + 1)  # a line of its own for each secret in turn
        return entry

    def _say(self, count: int, added: int, prune: bool) -> None:
        parts = [f"{added} added"] if added else []
        if self._stale:
            parts.append(f"{len(self._stale)} {'taken out' if prune else 'stale'}")
        entries = "1 entry" if count == 1 else f"{count} entries"
        print(neutral(f"{self._file}: {entries}" + (f" ({', '.join(parts)})" if parts else "")))
        if not prune:
            for entry in self._stale:
                path = shown_place(entry.key.path, self._file)
                print(neutral(f"  stale: {entry.key.rule} in {path} (`--prune` takes it out)"))
