"""Says which files of a run must be looked at, because they or what they lead to changed since the last one."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from pat_audit.boundary import repository_of
from pat_audit.cache.contents import Contents, Marks
from pat_audit.cache.git_state import GitState
from pat_audit.cache.kept import load, save
from pat_audit.cache.record import Evaluated, Record, Seen
from pat_audit.cache.stamp import stamp
from pat_audit.inspection import Outcome
from pat_audit.paths import Gathering, Paths
from pat_audit.trees import DiskTree

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Collection, Iterable, Sequence

    from pat_audit.catalogue import Catalogue
    from pat_audit.config import Config
    from pat_audit.prefilter import Prefilter
    from pat_audit.trees import Tree

_EMPTY = Seen()
_MANY = 10_000  # paths that are asked for in a set of their own


class Memory:
    """What is remembered of the tree around the working directory."""

    def __init__(self, paths: Sequence[str], config: Config, catalogue: Catalogue, today: datetime.date) -> None:
        here = os.getcwd()  # noqa: PTH109
        self._home = repository_of(here) or here
        self._root = "" if self._home == here else os.path.join(self._home, "")  # noqa: PTH118
        asked = repr((here, sorted(paths), config.exclude, config.force_exclude))
        self._name = f"run-{hashlib.sha256(asked.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
        self._catalogue = catalogue
        self._stamp = stamp(catalogue, today)
        self._old: Record | None = None
        self._new = Record()
        self._tree: DiskTree | None = None
        self._contents: Contents
        self._different: Paths = Paths()  # files of the run that may come to something else than last time
        self._other_paths: Collection[str] = ()  # files that came or went
        self._changed: Collection[str] = ()  # both

    def is_for(self, tree: Tree) -> bool:
        """Whether the tree is the one around the working directory, on disk."""
        return type(tree) is DiskTree and tree.root == self._root and not tree.outside

    def unseen(self, tree: Tree, state: GitState | None = None) -> Paths:
        """The files of the tree, which this is for, that must be looked at, sorted; `state`: what git says of it."""
        assert isinstance(tree, DiskTree)
        self._tree = tree
        if state is None and os.path.lexists(os.path.join(self._home, ".git")):  # noqa: PTH118
            state = GitState(self._home, unknown=False)
        self._contents = Contents(self._root, state)
        old = self._old = load(self._home, self._name, self._stamp, Record)
        wanted = Paths.of(tree.wanted)
        contents = self._contents.of(wanted, bool(tree.odd), b"" if old is None else old.contents.salt)
        self._new.contents = contents
        if old is None:
            return wanted
        different, others, changed = Gathering(), Gathering(), Gathering()
        for path, is_here, was_there in contents.against(old.contents):
            changed.add(path)
            if is_here:
                different.add(path)
            if not (is_here and was_there):
                others.add(path)
        for path in old.unsure:
            if path in wanted:
                changed.add(path)
                different.add(path)
        old.contents = Marks()  # there may be a million: it has said what it can
        self._other_paths = _at_hand(Paths.gathered(others))
        self._changed = _at_hand(Paths.gathered(changed))
        self._different = Paths.gathered(different)
        return self._different

    def remembered(self) -> Outcome:
        """What the files that need not be looked at came to as text."""
        outcome = Outcome()
        if self._old is None or self._tree is None:
            return outcome
        outcome.files = len(self._tree.wanted) - len(self._different)
        for path, seen in self._old.seen.items():
            if path in self._tree.wanted and path not in self._changed:
                self._new.seen[path] = seen
                outcome.files -= not seen.text
                outcome.findings += seen.findings
                outcome.problems += seen.problems
                if seen.marked:
                    outcome.marked.append(path)
                if seen.program:
                    outcome.programs.append(path)
        return outcome

    def looked(self, outcome: Outcome) -> None:
        """Take note of what a batch came to as text."""
        found: dict[str, Seen] = {}
        for path in outcome.uncounted:
            found.setdefault(path, Seen()).text = False
        for path in outcome.marked:
            found.setdefault(path, Seen()).marked = True
        for path in outcome.programs:
            found.setdefault(path, Seen()).program = True
        for finding in outcome.findings:
            found.setdefault(finding.path, Seen()).findings.append(finding)
        for problem in outcome.problems:
            found.setdefault(problem.path, Seen()).problems.append(problem)
        for path, seen in found.items():
            if any(problem.fatal for problem in seen.problems):
                self._new.unsure.add(path)  # it may go better next time
            else:
                self._new.seen[path] = seen

    def unevaluated(self, programs: Sequence[str], prefilter: Callable[[], Prefilter]) -> tuple[list[str], Outcome]:
        """Which of the programs must be evaluated, and what the others came to."""
        outcome = Outcome()
        old = self._old
        if old is None or not self._stays(old, prefilter):
            return list(programs), outcome
        left = []
        for path in programs:
            known = old.evaluated.get(path)
            if known is None or path in self._changed or _some(known.modules, self._changed):
                left.append(path)
            else:
                self._new.evaluated[path] = known
                outcome.findings += known.findings
                outcome.problems += known.problems
        self._new.shared |= old.shared
        self._new.idle |= old.idle
        self._new.outside |= old.outside
        self._new.folders |= old.folders
        self._new.names |= old.names
        self._new.endings |= old.endings
        return left, outcome

    def evaluated(self, outcome: Outcome) -> None:
        """Take note of what a batch of programs came to."""
        asked = outcome.asked
        if asked is None:
            return
        first = last = 0
        for part in asked.parts:
            problems = outcome.problems[last : part.problems]
            findings = outcome.findings[first : part.findings]
            first, last = part.findings, part.problems
            if not any(problem.fatal for problem in problems):
                own = [problem for problem in problems if problem.path == part.path or problem.path in part.modules]
                self._new.evaluated[part.path] = Evaluated(findings, own, part.modules)
        new, trace = self._new, asked.trace
        new.shared |= trace.touched
        new.idle |= trace.idle
        new.names |= trace.names
        new.endings |= trace.endings
        for path in trace.outside:
            new.outside.setdefault(path, self._contents.on_disk(path))
        for folder in trace.folders:
            new.folders.setdefault(folder, self._names_in(folder))

    @property
    def outside(self) -> dict[str, str]:
        """The files beside those of the run that were asked for, there or not, with their keys."""
        return self._new.outside

    @property
    def folders(self) -> dict[str, tuple[str, ...]]:
        """The folders that were looked into, with the names in them."""
        return self._new.folders

    def save(self) -> None:
        """Keep all that for the next run, without a secret in any text of a finding."""
        old, new = self._old, self._new
        if old is not None and not self._changed and new.evaluated.keys() == old.evaluated.keys():
            return
        holders: list[Seen | Evaluated] = [*new.seen.values(), *new.evaluated.values()]
        if any(each.findings for each in holders):
            self._mask(holders)
        new.seen = {path: seen for path, seen in new.seen.items() if seen != _EMPTY}
        led = frozenset().union(*(each.modules for each in new.evaluated.values()))
        new.shared -= led | new.idle.keys()
        save(self._home, self._name, self._stamp, new)

    def _mask(self, holders: Sequence[Seen | Evaluated]) -> None:
        from pat_audit.report.masking import mask_for
        from pat_audit.report.shown import masked

        mask = mask_for(self._catalogue)
        for each in holders:
            each.findings = [masked(finding, mask) for finding in each.findings]

    def _stays(self, old: Record, prefilter: Callable[[], Prefilter]) -> bool:
        """Whether imports lead where they led: nothing changed that they are found by."""
        assert self._tree is not None
        if _some(old.shared, self._changed) or _some(old.outside, self._other_paths):
            return False
        endings = tuple(old.endings)
        for path in self._other_paths:
            name = path.rpartition("/")[2].lower()
            if name in old.names or (endings and name.endswith(endings)):
                return False
        for path, key in old.outside.items():
            if not key or self._contents.on_disk(path) != key:
                return False
        if any(self._names_in(folder) != names for folder, names in old.folders.items()):
            return False
        for path in old.idle:
            if path not in self._changed or path not in self._tree.wanted:
                continue
            try:
                data = self._tree.read(path).data
            except OSError:
                return False
            if prefilter().possibly_evidence(data, old.idle[path]):
                return False
        return True

    def _names_in(self, folder: str) -> tuple[str, ...]:
        assert self._tree is not None
        return tuple(sorted(self._tree.beside(folder)))


def _at_hand(paths: Paths) -> Collection[str]:
    """The same paths, where they are asked for fastest unless that took much memory."""
    return paths if len(paths) > _MANY else frozenset(paths)


def _some(paths: Iterable[str], of: Collection[str]) -> bool:
    """Whether any of the paths is one of those."""
    return any(map(of.__contains__, paths))
