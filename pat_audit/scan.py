"""A whole run: files found, shared out, inspected, and all that they gave put together in one order."""

from __future__ import annotations

import gc
import os
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from pat_audit import workers
from pat_audit.discover import Listing, from_here
from pat_audit.inspection import Inspector, Outcome, seldom_collected
from pat_audit.languages.known import NAMELESS, language_of
from pat_audit.paths import Paths, PathsByName
from pat_audit.reading import NoFileError
from pat_audit.run_report import Problem, Report
from pat_audit.source import Source
from pat_audit.trees import DiskTree, plant

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from pat_audit.cache.memory import Memory
    from pat_audit.cache.whole import Whole
    from pat_audit.catalogue import Catalogue
    from pat_audit.config import Config
    from pat_audit.index_tree import IndexTree
    from pat_audit.model import Finding, Location, Use
    from pat_audit.prefilter import Prefilter
    from pat_audit.target import Target
    from pat_audit.trees import Tree
    from pat_audit.workers import Batch, Work

    Progress = Callable[[int, int], None]

FEW = 256
"""Files up to which every size is asked for, and batches are small so that all processors get some."""

SMALL_BATCH, LARGE_BATCH = 8, 64
"""Files of one batch at the least; it then goes on to the end of the folder, up to twice as many."""

PROGRAMS = 64
"""Programs of one batch at the least: they share what is learnt of the modules that they import."""

_WORTH_COLLECTING = 32  # scans that may hold their quarter of a megabyte each until somebody looks

WORTH_PROCESSES = 1_000_000
"""Bytes of a run from which a second process pays."""

_WRITTEN_DOWN = "PAT1"  # what rules about written tokens begin with
WORTH_ONE_PROCESS = 256_000
"""Bytes of a run from which it is done in a process that can be killed, where one is cheap to have."""


def scan(
    target: Target,
    *,
    stdin: bytes | None = None,
    stdin_filename: str | None = None,
    progress: Progress | None = None,
    today: datetime.date | None = None,
    staged: IndexTree | None = None,
    whole: Whole | None = None,
) -> Report:
    """Scan what a target says, and report what was found.

    `stdin` is the text for the path `-`, taken as the file `stdin_filename`, whose neighbours on disk are
    evidence for it. `staged` is what git's index holds, to be looked at instead of any path. `progress` is told
    how many of how many files are done, `whole` what the run depends on beside its files. Raises nothing for what
    is wrong with a file or a path: those are the report's problems.
    """
    config, catalogue = target.config, target.catalogue
    trees: list[Tree] = []
    problems = list(config.problems)
    if staged is not None:
        trees.append(staged)
        problems += staged.problems
    else:
        trees += target.trees
        problems += target.listing.problems
        if stdin is not None:
            trees.append(_overlay(stdin, stdin_filename))
    merged = _Merged(problems)
    names = sum(len(tree.wanted) for tree in trees)
    size = _size(trees) if names <= FEW else None
    prefilter = partial(target.prefilter, size)
    done = 0
    for tree in trees:
        kept, wanted = None, Paths.of(tree.wanted)
        if config.cache and names > FEW:  # of few files it is cheaper to look than to remember
            kept = _memory(tree, target, today)
            wanted = wanted if kept is None else kept.unseen(tree, whole.state if whole is not None else None)
        inspector = lru_cache(partial(Inspector, catalogue, tree, today, recording=kept is not None))
        least = SMALL_BATCH if names <= FEW else LARGE_BATCH
        programs: list[str] = []
        if kept is not None:
            outcome = kept.remembered()
            merged.add(outcome, tree)
            programs += outcome.programs
            done += len(tree.wanted) - len(wanted) - len(programs)
        work = inspector(prefilter()).inspect if wanted else _nothing
        processes = _workers(config, size, -(-len(wanted) // least))
        for batch, outcome in _share_out(work, batch_up(wanted, least), processes):
            merged.add(outcome, tree)
            programs += outcome.programs
            if kept is not None:
                kept.looked(outcome)
            done += len(batch) - len(outcome.programs)
            if progress is not None:
                progress(done, names)
        programs.sort(key=_by_language)
        if kept is not None:
            left, outcome = kept.unevaluated(programs, prefilter)
            merged.add(outcome, tree)
            done += len(programs) - len(left)
            programs = left
        work = inspector(prefilter()).evaluate if programs else _nothing
        processes = _workers(config, size, -(-len(programs) // PROGRAMS))
        if processes > 1 and workers.can_fork():
            inspector(prefilter()).ready({language_of(path, b"") for path in programs} - {""})
        for batch, outcome in _share_out(work, batch_up(programs, PROGRAMS), processes):
            merged.add(outcome, tree)
            if kept is not None:
                kept.evaluated(outcome)
            done += len(batch)
            if progress is not None:
                progress(done, names)
        if kept is not None:
            kept.save()
            if whole is not None and len(trees) == 1:
                whole.depends_on(kept.outside, kept.folders)
    return merged.report(catalogue, config)


def _memory(tree: Tree, target: Target, today: datetime.date | None) -> Memory | None:
    """What former runs found out about a tree, where it is the one around the working directory."""
    import datetime

    from pat_audit.cache.memory import Memory

    memory = Memory(target.paths, target.config, target.catalogue, today or datetime.date.today())
    return memory if memory.is_for(tree) else None


def _nothing(batch: Batch, started: Callable[[str], None]) -> Outcome:
    """What no batch comes to."""
    return Outcome()


class Rescan:
    """What a run over a target would report, were some of its files others. Everything happens in this process."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._calls = 0
        self._by_name: dict[str, PathsByName] = {}  # by the roots of trees

    def __call__(self, texts: Mapping[str, bytes], again: Collection[str]) -> Report:
        """The report on the files `again`, were these `texts` in the place of theirs; by the paths that people read."""
        from pat_audit.trees_in_memory import OverlayTree

        self._calls += 1
        if self._calls % _WORTH_COLLECTING == 0:
            gc.collect(1)  # what the last ones looked at: there may be thousands of fixes to prove
        merged = _Merged([])
        catalogue = self._target.catalogue
        for below in self._target.trees:
            found = {shown: path for shown in {*again, *texts} if (path := below.wanted_as(shown)) is not None}
            tree = OverlayTree(below, {found[shown]: data for shown, data in texts.items() if shown in found})
            wanted = sorted(found.values())
            by_name = self._by_name.setdefault(below.root, PathsByName(below.wanted))
            inspector = Inspector(catalogue, tree, None, self._target.prefilter(None), by_name=by_name)
            with seldom_collected():
                outcome = inspector.inspect(wanted, _tell_nobody)
                merged.add(outcome, tree)
                merged.add(inspector.evaluate(sorted(outcome.programs, key=_by_language), _tell_nobody), tree)
        return merged.report(catalogue, self._target.config)


def scan_files(
    files: Mapping[str, bytes],
    catalogue: Catalogue,
    today: datetime.date | None = None,
    prefilter: Prefilter | None = None,
) -> Report:
    """Scan texts in memory that are one repository, by path: for examples, tests and editors."""
    from pat_audit.trees_in_memory import MemoryTree

    tree = MemoryTree(files)
    inspector = Inspector(catalogue, tree, today, prefilter)
    merged = _Merged([])
    with seldom_collected():
        outcome = inspector.inspect(sorted(files), _tell_nobody)
        merged.add(outcome, tree)
        merged.add(inspector.evaluate(sorted(outcome.programs), _tell_nobody), tree)
    return merged.report(catalogue, None)


def batch_up(paths: Iterable[str], least: int) -> Iterator[Batch]:
    """Sorted paths in batches: at least so many each, up to twice, and folders kept whole where that goes.

    Files of one package lead to each other: one worker evaluates what they share once. Batches do not
    depend on the number of processors, so that no result does.
    """
    batch: list[str] = []
    for path in paths:
        if len(batch) >= 2 * least or (len(batch) >= least and _folder(path) != _folder(batch[-1])):
            yield tuple(batch)
            batch = []
        batch.append(path)
    if batch:
        yield tuple(batch)


def _by_language(path: str) -> tuple[str, str]:
    """Programs of one language next to each other: a batch of them shares what is learnt."""
    return path.rpartition("/")[2].rpartition(".")[2], path


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _overlay(stdin: bytes, filename: str | None) -> Tree:
    """The tree that stdin is a file of: the one around its name, so that its imports are found."""
    from pat_audit.trees_in_memory import MemoryTree, OverlayTree

    if filename is None:
        return MemoryTree({NAMELESS: stdin})
    (tree,) = plant(Listing([from_here(filename).replace(os.sep, "/")]))
    (path,) = tree.wanted
    tree.wanted = frozenset()
    return OverlayTree(tree, {path: stdin})


def _size(trees: Sequence[Tree]) -> int:
    """The bytes of all files together, as far as the system says."""
    size = 0
    for tree in trees:
        if isinstance(tree, DiskTree):
            size += sum(map(tree.size, tree.wanted))
        else:
            size += sum(tree.read(path).size for path in tree.wanted)
    return size


def _workers(config: Config, size: int | None, batches: int) -> int:
    """How many processes to share a run over, of at most so many batches; 0: none but this one."""
    if not batches or (size is not None and size < WORTH_ONE_PROCESS):
        return 0
    if size is not None and size < WORTH_PROCESSES:
        return 1 if workers.can_fork() else 0
    return max(1, min(config.jobs or workers.processors(), batches))


def _share_out(work: Work[Outcome], batches: Iterable[Batch], processes: int) -> Iterator[tuple[Batch, Outcome]]:
    """The outcome of every batch."""
    if not processes:
        with seldom_collected():
            for batch in batches:
                yield batch, work(batch, _tell_nobody)
        return
    from pat_audit import parallel

    for each in parallel.run(work, batches, processes):
        if isinstance(each, parallel.Done):
            yield each.batch, each.result
        else:
            lost = Outcome()
            message = f"not scanned to its end: {each.reason}"
            lost.problems.append(Problem(each.name, message, fatal=True))
            yield (each.name,), lost


def _tell_nobody(path: str) -> None:
    """Nobody waits for the files that this process works on."""


class _Merged:
    """All outcomes of a run, under the paths that people read."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._problems = dict.fromkeys(problems)
        self._findings: list[Finding] = []
        self._marked: dict[str, tuple[Tree, str]] = {}  # where our own comments may stand
        self._written: dict[str, tuple[Tree, str]] = {}  # where other tools' comments may count
        self._files = 0

    def add(self, outcome: Outcome, tree: Tree) -> None:
        """Add what one batch gave."""
        self._files += outcome.files
        for path in outcome.marked:
            self._marked[tree.shown(path)] = (tree, path)
        for finding in outcome.findings:
            if finding.rule.startswith(_WRITTEN_DOWN):
                self._written.setdefault(tree.shown(finding.path), (tree, finding.path))
        below = getattr(tree, "below", tree)
        if isinstance(below, DiskTree) and (below.inside or below.outside):
            self._problems.update((each._replace(path=tree.shown(each.path)), None) for each in outcome.problems)
            self._findings.extend(_shown(finding, tree) for finding in outcome.findings)
        else:
            self._problems.update(dict.fromkeys(outcome.problems))
            self._findings.extend(outcome.findings)

    def report(self, catalogue: Catalogue, config: Config | None) -> Report:
        """One finding for each site, suppressed or not, of the rules that the run asked for."""
        findings = self._findings
        if findings:
            from pat_audit.settle import settle

            findings = settle(findings, {rule.id: rule.rank for rule in catalogue.rules})
        enabled = config.enabled if config is not None and config.enabled else None
        foreign = config is not None and config.respect_foreign_markers
        commented = {**self._written, **self._marked} if foreign else self._marked
        if commented:
            from pat_audit.suppress import apply

            texts = {shown: self._text(tree, path) for shown, (tree, path) in commented.items()}
            findings = apply(findings, texts, catalogue.rule_names, enabled=enabled, foreign=foreign)
        if enabled is not None:
            findings = [finding for finding in findings if finding.rule in enabled]
        if config is not None and config.per_file_ignores:
            ignored = config.ignored_in()
            findings = [finding for finding in findings if finding.rule not in ignored(finding.path)]
        if findings:
            from pat_audit.fingerprint import with_fingerprints

            findings = with_fingerprints(sorted(findings, key=_order))
        return Report(
            tuple(findings),
            tuple(sorted(self._problems, key=lambda problem: (problem.path, problem.message))),
            self._files,
        )

    @staticmethod
    def _text(tree: Tree, path: str) -> bytes:
        try:
            return Source(path, tree.read(path).data).data
        except (OSError, NoFileError):
            return b""  # gone since: nothing in it can be called unused


def _order(finding: Finding) -> tuple[Any, ...]:
    where = finding.location
    return (where.path, where.line, where.column, finding.rule, where.span, finding.message)


def _shown(finding: Finding, tree: Tree) -> Finding:
    """A finding with the paths that people read."""

    def moved(location: Location) -> Location:
        return replace(location, path=tree.shown(location.path))

    def used(use: Use | None) -> Use | None:
        if use is None:
            return None
        sends = tuple(replace(send, location=moved(send.location)) for send in use.sends)
        return replace(use, made=moved(use.made), sends=sends)

    return replace(
        finding,
        use=used(finding.use),
        spare=used(finding.spare),
        location=moved(finding.location),
        trail=tuple(replace(step, location=moved(step.location)) for step in finding.trail),
    )
