"""One run of `pat-audit history`: look through every blob, place what is found in the history, and report it."""

from __future__ import annotations

import datetime
import os
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pat_audit import parallel
from pat_audit.boundary import is_within
from pat_audit.catalogue import Catalogue, CatalogueError, load_catalogue
from pat_audit.check_run import FAILED, INTERRUPTED, exit_code
from pat_audit.config import Config, ConfigError, load_config, with_rules
from pat_audit.discover import excluder
from pat_audit.failure import say
from pat_audit.fingerprint import with_fingerprints
from pat_audit.git_commands import GitError, git
from pat_audit.history.blobs import Blob, BlobSearch, all_blobs, batches
from pat_audit.history.commits import changes, present
from pat_audit.history.findings import Reader, findings
from pat_audit.history.state import State
from pat_audit.inspection import seldom_collected
from pat_audit.outlet import OutletError, can_hold, send
from pat_audit.prefilter import Prefilter
from pat_audit.run_report import Problem, Report
from pat_audit.scan import WORTH_PROCESSES
from pat_audit.severity import Severity
from pat_audit.terminal import Progress, progress_wanted, use_colour, width
from pat_audit.workers import processors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pat_audit.history.blobs import Looked
    from pat_audit.model import Finding

_BETWEEN_SAVES = 5.0  # seconds


def history_run(
    repository: str,
    *,
    select: Sequence[str],
    ignore: Sequence[str],
    exclude: Sequence[str],
    rules: Sequence[str],
    output_format: str | None,
    output_file: str | None,
    show_suppressed: bool,
    fail_on: str | None,
    exit_zero: bool,
    config: str | None,
    isolated: bool,
    no_cache: bool,
    jobs: int | None,
    color: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """Run `history` with the options of the command line, and give its exit code (0, 1, 2; 130 interrupted)."""
    try:
        settings = load_config([repository], file=config, isolated=isolated)
        settings = replace(
            settings,
            exclude=(*settings.exclude, *exclude),
            rules=(*settings.rules, *rules),
            fail_on=Severity(fail_on) if fail_on else settings.fail_on,
            jobs=jobs or settings.jobs,
            cache=not no_cache,
            output_format=output_format or settings.output_format,
        )
        catalogue = load_catalogue(settings.rules, cache=settings.cache)
        settings = with_rules(settings, catalogue.rule_names, select=select, ignore=ignore)
        if output_file is not None:
            can_hold(output_file)
        report, lines = look_through(repository, settings, catalogue, quiet=quiet)
        _send(report, lines, settings, catalogue, output_file, show_suppressed, color, quiet, verbose)
    except (ConfigError, OutletError, CatalogueError) as error:
        say(error)
        return FAILED
    except GitError as error:
        say(f"history: {error}")
        return FAILED
    except KeyboardInterrupt:
        print("pat-audit: interrupted; the next run goes on from here", file=sys.stderr)
        return INTERRUPTED
    return exit_code(report, settings.fail_on, exit_zero)


def look_through(
    repository: str, settings: Config, catalogue: Catalogue, *, quiet: bool = True
) -> tuple[Report, dict[tuple[str, int], str]]:
    """What a repository's history holds, and the lines that findings stand on. Raises GitError."""
    root = _root(repository)
    blobs = all_blobs(root)
    prefilter = Prefilter(catalogue, None if sum(blob.size for blob in blobs) > 200_000 else 0, cache=settings.cache)
    search = BlobSearch(root, catalogue, prefilter)
    state = State(root, catalogue.digest, kept=settings.cache)
    there = {blob.id for blob in blobs}
    state.done &= there
    state.hits &= there
    problems = list(_limits(root))
    try:
        problems += _search(search, [blob for blob in blobs if blob.id not in state.done], state, settings, quiet)
        found: list[tuple[Finding, str]] = []
        if state.hits:
            reader = Reader(catalogue, datetime.date.today(), settings.respect_foreign_markers)
            found = list(
                findings(state.hits, changes(root, state.hits), present(root, state.hits), search.text, reader)
            )
    finally:
        search.close()
    excluded, ignored = excluder(settings.exclude), settings.ignored_in()
    found = [
        (finding, line)
        for finding, line in found
        if finding.rule in settings.enabled and not excluded(finding.path) and finding.rule not in ignored(finding.path)
    ]
    found.sort(key=lambda pair: (pair[0].path, pair[0].location.line, pair[0].location.column, pair[0].rule))
    lines = {(finding.path, finding.location.line): line for finding, line in reversed(found)}
    named = with_fingerprints(finding for finding, _ in found)
    return Report(tuple(named), tuple(problems), len(blobs)), lines


def _search(
    search: BlobSearch, blobs: Sequence[Blob], state: State, settings: Config, quiet: bool
) -> Iterator[Problem]:
    progress = Progress("blobs") if progress_wanted(quiet) else None
    todo = list(batches(blobs))
    workers = min(settings.jobs or processors(), len(todo))
    if sum(blob.size for blob in blobs) < WORTH_PROCESSES:
        workers = 0
    saved = time.monotonic()
    done = 0
    try:
        for batch, looked in _shared(search, todo, workers):
            done += len(batch)
            if isinstance(looked, Problem):
                yield looked
            else:
                state.add(batch, looked.hits)
                yield from looked.problems
            if progress is not None:
                progress(done, len(blobs))
            if time.monotonic() - saved > _BETWEEN_SAVES:
                state.save()
                saved = time.monotonic()
    finally:
        if progress is not None:
            progress.clear()
        if todo and not state.save() and not quiet:
            print("pat-audit: .pat-audit-cache cannot be written: the next run begins anew", file=sys.stderr)


def _shared(
    search: BlobSearch, todo: Sequence[tuple[str, ...]], workers: int
) -> Iterator[tuple[tuple[str, ...], Looked | Problem]]:
    if not workers:
        with seldom_collected():
            for batch in todo:
                yield batch, search.look(batch, lambda name: None)
        return
    for each in parallel.run(search.look, todo, workers):
        if isinstance(each, parallel.Done):
            yield each.batch, each.result
        else:
            yield (each.name,), Problem(each.name, f"not scanned to its end: {each.reason}", fatal=True)


def _root(repository: str) -> str:
    """The top of the work tree, or the folder of a bare repository. Raises GitError."""
    if not os.path.isdir(repository):  # noqa: PTH112
        raise GitError(f"{repository}: there is no such folder")
    place = os.fsdecode(git(repository, "rev-parse", "--absolute-git-dir")).rstrip("\n")
    if git(repository, "rev-parse", "--is-bare-repository").strip() == b"true":
        return place
    top = os.fsdecode(git(repository, "rev-parse", "--show-toplevel")).rstrip("\n")
    inside = is_within(os.path.realpath(repository), os.path.normpath(top))
    return top if inside else place  # core.worktree may name any folder


def _limits(root: str) -> Iterator[Problem]:
    """What of the history is not here."""
    if git(root, "rev-parse", "--is-shallow-repository").strip() == b"true":
        yield Problem("history", "this clone is shallow: what came before it was not scanned (git fetch --unshallow)")
    if git(root, "config", "--get-regexp", r"^remote\..*\.promisor$|^extensions\.partialclone$", accept=(0, 1)):
        yield Problem("history", "this clone is partial: blobs that it has not fetched were not scanned")


def _send(
    report: Report,
    lines: dict[tuple[str, int], str],
    settings: Config,
    catalogue: Catalogue,
    file: str | None,
    show_suppressed: bool,
    color: str,
    quiet: bool,
    verbose: bool,
) -> None:
    from pat_audit.report import WITHOUT_PROBLEMS, Options, render
    from pat_audit.report.masking import mask_for
    from pat_audit.report.neutral import neutral

    def read_line(path: str, line: int) -> str | None:
        return lines.get((path, line))

    stream: Any = sys.stdout if file is None else None
    options = Options(
        mask=mask_for(catalogue),
        read_line=read_line,
        width=width(stream),
        colour=settings.output_format == "text" and use_colour(color, stream),
        show_suppressed=show_suppressed,
        enabled=settings.enabled,
        quiet=quiet,
        verbose=verbose,
    )
    send(render(settings.output_format, report, catalogue, options), file)
    if settings.output_format in WITHOUT_PROBLEMS:
        for problem in report.problems:
            print(neutral(f"pat-audit: {problem.path}: {options.mask(problem.message)}"), file=sys.stderr)
