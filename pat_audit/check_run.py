"""One run of `pat-audit check`: configure, scan, report, and say how it went as an exit code."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TextIO

from pat_audit.catalogue import Catalogue, CatalogueError, load_catalogue
from pat_audit.config import Config, ConfigError, load_config, with_rules
from pat_audit.failure import say
from pat_audit.outlet import OutletError, can_hold, send
from pat_audit.severity import Severity
from pat_audit.target import Target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pat_audit.cache.whole import Whole
    from pat_audit.fix_run import Mender
    from pat_audit.index_tree import IndexTree
    from pat_audit.run_report import Report
    from pat_audit.run_scope import Scope

CLEAN, FOUND, FAILED = 0, 1, 2
INTERRUPTED = 130


def check_run(
    paths: Sequence[str],
    *,
    fix: bool,
    unsafe_fixes: bool,
    show_diff: bool,
    select: Sequence[str],
    extend_select: Sequence[str],
    ignore: Sequence[str],
    exclude: Sequence[str],
    force_exclude: bool,
    rules: Sequence[str],
    output_format: str | None,
    output_file: str | None,
    also: Sequence[tuple[str, str]],
    show_suppressed: bool,
    fail_on: str | None,
    exit_zero: bool,
    baseline: str | None,
    staged: bool,
    changed_since: str | None,
    config: str | None,
    isolated: bool,
    no_cache: bool,
    jobs: int | None,
    stdin_filename: str | None,
    color: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """Run `check` with the options of the command line, and give its exit code (0, 1, 2; 130 interrupted)."""
    try:
        settings = load_config(paths, file=config, isolated=isolated)
        settings = replace(
            settings,
            exclude=(*settings.exclude, *exclude),
            force_exclude=settings.force_exclude or force_exclude,
            rules=(*settings.rules, *rules),
            fail_on=Severity(fail_on) if fail_on else settings.fail_on,
            jobs=jobs or settings.jobs,
            fix=fix or settings.fix,
            unsafe_fixes=unsafe_fixes or settings.unsafe_fixes,
            cache=not no_cache,
            baseline=baseline or settings.baseline,
            output_format=output_format or settings.output_format,
        )
        catalogue = load_catalogue(settings.rules, cache=settings.cache)
        settings = with_rules(settings, catalogue.rule_names, select=select, extend_select=extend_select, ignore=ignore)
        if output_file is not None:
            can_hold(output_file)
        for _, file in also:
            can_hold(file)
        stdin = _stdin(paths, stdin_filename)
        scope = None
        if settings.baseline is not None or staged or changed_since is not None:
            from pat_audit.run_scope import scope as asked

            scope = asked(
                paths, settings, catalogue, stdin,
                staged=staged, changed_since=changed_since, mends=fix or show_diff,
            )  # fmt: skip
    except (ConfigError, OutletError, CatalogueError) as error:
        say(error)
        return FAILED
    fixes = settings.fix or show_diff
    whole = None
    try:
        whole = _whole(paths, settings, catalogue) if stdin is None and scope is None and not fixes else None
        target = Target(paths, settings, catalogue, None if whole is None else whole.listed)
        report = None if whole is None else whole.report()
        known = report is not None
        if report is None:
            index = scope.index if scope else None
            report = _scan(target, stdin, stdin_filename, quiet, index, whole)
        held = {} if stdin is None else {stdin_filename or "-": stdin}
        if scope is not None:
            report = scope.of(report)
            held.update(scope.held(report))
        if fixes and not staged:
            from pat_audit.fix_run import Mender

            return _fixed(
                report, settings, catalogue, Mender(target, stdin, stdin_filename), scope, held,
                show_diff=show_diff, exit_zero=exit_zero, file=output_file, also=also,
                show_suppressed=show_suppressed, color=color, quiet=quiet, verbose=verbose,
            )  # fmt: skip
        if not known and not staged and any(finding.use is not None for finding in report.findings):
            from pat_audit.fix_run import Mender

            report = Mender(target, stdin, stdin_filename).attached(report)
        if whole is not None and not known:
            whole.keep(report)
    except KeyboardInterrupt:
        print("pat-audit: interrupted", file=sys.stderr)
        return INTERRUPTED
    except OutletError as error:
        say(error)
        return FAILED
    except Exception as error:  # the last handler: say where, and nothing that could hold a secret
        print(f"pat-audit: internal error: {_where(error)}; nothing is reported", file=sys.stderr)
        return FAILED
    finally:
        if whole is not None:
            whole.close()
    try:
        _report(
            report, settings, catalogue, held,
            file=output_file, also=also, show_suppressed=show_suppressed, color=color, quiet=quiet, verbose=verbose,
        )  # fmt: skip
    except OutletError as error:
        say(error)
        return FAILED
    return exit_code(report, settings.fail_on, exit_zero)


def _fixed(
    report: Report,
    settings: Config,
    catalogue: Catalogue,
    mender: Mender,
    scope: Scope | None,
    held: Mapping[str, bytes],
    *,
    show_diff: bool,
    exit_zero: bool,
    file: str | None,
    **shown: Any,
) -> int:
    """Fix what can be, or show how, and report the rest; a fixed standard input goes to standard output."""
    from pat_audit import fix_run
    from pat_audit.terminal import is_read_by_programs

    fixed = mender.fixed(report, write=not show_diff)
    if show_diff:
        send(fix_run.diff(fixed, catalogue, exact=is_read_by_programs(file)), file)
        print(fix_run.summary(fixed, would=True), file=sys.stderr)
        return FOUND if fixed.texts and not exit_zero else CLEAN
    text = mender.text_of(fixed)
    if text is not None:
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    report = fixed.report if scope is None else scope.of(fixed.report)
    elsewhere = sys.stderr if text is not None and file is None else None
    _report(report, settings, catalogue, held, file=file, stream=elsewhere, **shown)
    if fixed.findings:
        print(fix_run.summary(fixed, would=False), file=sys.stderr)
    return exit_code(report, settings.fail_on, exit_zero)


def exit_code(report: Report, fail_on: Severity, exit_zero: bool) -> int:
    """2 where the run failed in part, 1 where findings of `fail_on` or worse are open, else 0."""
    if any(problem.fatal for problem in report.problems):
        return FAILED
    if exit_zero:
        return CLEAN
    worst = max((f.severity.rank for f in report.findings if f.suppressed is None), default=0)
    return FOUND if worst >= fail_on.rank else CLEAN


def _stdin(paths: Sequence[str], filename: str | None) -> bytes | None:
    if "-" in paths:
        return sys.stdin.buffer.read()
    if filename is not None:
        raise ConfigError("--stdin-filename: there is nothing to name; give `-` as a path to read standard input")
    return None


def _whole(paths: Sequence[str], settings: Config, catalogue: Catalogue) -> Whole | None:
    """What is kept of the last run, where this one too is over all of a repository with many files."""
    if not settings.cache or tuple(paths) not in ((), (".",)):
        return None
    from pat_audit.cache.whole import Whole, is_worth_it

    if not is_worth_it():
        return None
    import datetime

    return Whole(settings, catalogue, datetime.date.today())


def _scan(
    target: Target,
    stdin: bytes | None,
    stdin_filename: str | None,
    quiet: bool,
    index: IndexTree | None,
    whole: Whole | None,
) -> Report:
    from pat_audit.scan import scan
    from pat_audit.terminal import Progress, progress_wanted

    progress = Progress() if progress_wanted(quiet) else None
    try:
        return scan(
            target,
            stdin=stdin, stdin_filename=stdin_filename, progress=progress, staged=index, whole=whole,
        )  # fmt: skip
    finally:
        if progress is not None:
            progress.clear()


def _report(
    report: Report,
    settings: Config,
    catalogue: Catalogue,
    held: Mapping[str, bytes],
    *,
    file: str | None,
    also: Sequence[tuple[str, str]],
    show_suppressed: bool,
    color: str,
    quiet: bool,
    verbose: bool,
    stream: TextIO | None = None,
) -> None:
    """Render the report to `file`, to `stream`, or to standard output."""
    from pat_audit.report import WITHOUT_PROBLEMS, Options, render
    from pat_audit.terminal import use_colour, width

    stream = stream or (sys.stdout if file is None else None)
    options = Options(
        width=width(stream),
        colour=settings.output_format == "text" and use_colour(color, stream),
        show_suppressed=show_suppressed,
        enabled=settings.enabled,
        quiet=quiet,
        verbose=verbose,
        fail_on=settings.fail_on,
    )
    if report.findings or report.problems:
        from pat_audit.report.masking import mask_for
        from pat_audit.report.source_lines import readers

        read_line, read_bytes = readers(".", held)
        mask = mask_for(catalogue)
        options = options._replace(mask=mask, read_line=read_line, read_bytes=read_bytes)
    pieces = render(settings.output_format, report, catalogue, options)
    if stream is sys.stderr:
        stream.writelines(pieces)
    else:
        send(pieces, file)
    for further, place in also:
        send(render(further, report, catalogue, options._replace(colour=False, width=width(None))), place)
    if report.problems and settings.output_format in WITHOUT_PROBLEMS:
        from pat_audit.report.neutral import neutral

        for problem in report.problems:
            print(neutral(f"pat-audit: {options.mask(problem.path)}: {options.mask(problem.message)}"), file=sys.stderr)


def _where(error: BaseException) -> str:
    """The kind of an error and the line of ours that it came from; its message may quote what was scanned."""
    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "pat_audit" in code.co_filename:
            place = f" at {code.co_filename}:{trace.tb_lineno} in {code.co_name}"
        trace = trace.tb_next
    return f"{type(error).__name__}{place}"
