"""A mutant's trial: in a process forked from one that has loaded and collected everything, its function is exchanged.

The first trial runs the collected tests that pass the changed lines. What survives, though test modules or fixtures
pass those lines too, is tried again with them imported anew and every cache emptied: what they had built was built by
the unchanged code.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from .mutants import Mutant, mutants
from .parts import ROOT, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from types import FrameType

KILLED, SURVIVED, TIMEOUT, UNSEEN = "killed", "survived", "timeout", "no test runs it"
_MOST = 150  # tests of one mutant, unless all are asked for
_SURVIVES, _DIES = 0, 1
_QUIET = ["-o", "addopts=", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "-W", "ignore"]


class Trials:
    """A pytest plugin that tries mutants in place of running the tests once."""

    def __init__(self, part: Part, known: dict[str, str], note: Callable[[Mutant, str], None], *, all: bool) -> None:
        self._part = part
        self._all = all  # tests that pass a mutant's lines, or a sample of them
        self._known = known  # key -> outcome of an earlier run; what was killed is not tried again
        self._note = note
        self._files = {str(ROOT / module): module for module in part.modules}
        self._passed: set[tuple[str, int]] = set()
        self._early: set[tuple[str, int]] = set()  # passed at import or in a fixture
        self._building = True
        self._seconds: dict[str, float] = {}
        self._lines: dict[tuple[str, int], list[pytest.Item]] = {}
        self._last: dict[str, list[pytest.Item]] = {}  # function -> what killed its mutants, the latest first

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every test once to see which lines it passes, then try the mutants."""
        sys.settrace(None)
        self._building = False
        for item, following in zip(session.items, [*session.items[1:], session.items[0]], strict=True):
            self._lines_of(item, following)
        gc.freeze()
        for module in self._part.modules:
            for mutant in mutants(module, (ROOT / module).read_text()):
                if self._known.get(mutant.key) not in (KILLED, TIMEOUT):
                    self._note(mutant, self._tried(mutant, session))
        return True

    def watch(self) -> None:
        """Note from now on the lines of the part that are passed."""

        def inside(frame: FrameType, event: str, _: object) -> Any:
            line = (self._files[frame.f_code.co_filename], frame.f_lineno)
            self._passed.add(line)
            if self._building:
                self._early.add(line)
            return inside

        def calls(frame: FrameType, event: str, _: object) -> Any:
            return inside(frame, event, None) if frame.f_code.co_filename in self._files else None

        sys.settrace(calls)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self) -> Generator[None, Any, Any]:
        """What a fixture builds is built before a mutant is in place."""
        self._building = True
        try:
            return (yield)
        finally:
            self._building = False

    def _lines_of(self, item: pytest.Item, following: pytest.Item) -> None:
        self._passed.clear()
        started = time.monotonic()
        self.watch()
        try:
            reports = runtestprotocol(item, nextitem=following, log=False)
        finally:
            sys.settrace(None)
        self._seconds[item.nodeid] = time.monotonic() - started
        if any(report.failed for report in reports):
            print(f"fails without a mutant, not used: {item.nodeid}", file=sys.stderr)
            return
        for line in self._passed:
            self._lines.setdefault(line, []).append(item)

    def _tried(self, mutant: Mutant, session: pytest.Session) -> str:
        items = {item.nodeid: item for line in mutant.lines for item in self._lines.get((mutant.module, line), [])}
        if not items:
            return UNSEEN
        last = [item for item in self._last.get(mutant.function, []) if item.nodeid in items]
        rest = sorted(items.values(), key=lambda item: self._seconds[item.nodeid])
        step = 1 if self._all else 1 + len(rest) // _MOST
        chosen = list(dict.fromkeys([*last, *rest[::step]]))
        limit = 10 + 5 * sum(self._seconds[item.nodeid] for item in chosen)
        outcome, which = _forked(lambda: _collected(mutant, chosen, session), limit)
        if outcome == KILLED and 0 <= which < len(chosen):
            self._last[mutant.function] = [chosen[which], *last][:8]
        if outcome == SURVIVED and any((mutant.module, line) in self._early for line in mutant.lines):
            outcome, _ = _forked(lambda: _anew(mutant, chosen), limit + 60)
        return outcome


def _forked(trial: Callable[[], int], limit: float) -> tuple[str, int]:
    """How a trial ends, and which test killed the mutant; the trial gives its place or -1 where it survives."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = _DIES
        with contextlib.suppress(BaseException):
            quiet = os.open(os.devnull, os.O_RDWR)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, limit)
            resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
            which = trial()
            os.write(writing, str(which).encode())
            code = _SURVIVES if which < 0 else _DIES
        os._exit(code)
    os.close(writing)
    said = os.read(reading, 20)
    os.close(reading)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return (TIMEOUT if os.WTERMSIG(status) == signal.SIGALRM else KILLED), -1
    return (SURVIVED if os.WEXITSTATUS(status) == _SURVIVES else KILLED), int(said or b"-1")


def _collected(mutant: Mutant, chosen: Sequence[pytest.Item], session: pytest.Session) -> int:
    exchange(mutant)
    session._setupstate.teardown_exact(chosen[0])
    for place, (item, following) in enumerate(zip(chosen, [*chosen[1:], None], strict=True)):
        if any(report.failed for report in runtestprotocol(item, nextitem=following, log=False)):
            return place
    return -1


def _anew(mutant: Mutant, chosen: Sequence[pytest.Item]) -> int:
    exchange(mutant)
    for name in [name for name in sys.modules if name.split(".")[0] in ("tests", "conftest") or "test_" in name]:
        if not name.startswith("tests.mutation") and name != "tests":
            del sys.modules[name]
    for module in [module for name, module in sys.modules.items() if name.startswith("pat_audit")]:
        for value in vars(module).values():
            getattr(value, "cache_clear", int)()
    ids = [item.nodeid for item in chosen]
    files = sorted({id.split("::")[0] for id in ids})
    with contextlib.chdir(ROOT):
        return -1 if pytest.main([*_QUIET, *(ids if len(ids) < 200 else files)]) == pytest.ExitCode.OK else len(chosen)


def exchange(mutant: Mutant) -> None:
    """Give the loaded function the mutant's code; what other modules have imported of it changes with it."""
    name = mutant.module.removesuffix(".py").replace("/", ".")
    fresh: dict[str, Any] = {"__name__": name, "__file__": str(ROOT / mutant.module)}
    exec(compile(mutant.text(), str(ROOT / mutant.module), "exec", dont_inherit=True), fresh)
    first, *rest = mutant.function.split(".")
    old, new = vars(sys.modules[name])[first], fresh[first]
    for attribute in rest:
        old, new = vars(old)[attribute], vars(new)[attribute]
    getattr(old, "cache_clear", int)()
    old, new = _plain(old), _plain(new)
    old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__


def _plain(function: Any) -> Any:
    """The function inside properties, class methods and caches."""
    while not hasattr(function, "__code__") or hasattr(function, "__wrapped__"):
        for word in ("fget", "func", "__wrapped__", "__func__"):
            if getattr(function, word, None) is not None:
                function = getattr(function, word)
                break
        else:
            raise TypeError(f"no function in {function!r}")
    return function


def try_part(part: Part, known: dict[str, str], note: Callable[[Mutant, str], None], *, all: bool) -> int:
    """Try the mutants of a part that are not known to be killed, by all tests or a sample; gives pytest's exit code."""
    quick = settings(phases=[Phase.explicit, Phase.generate], database=None, derandomize=True, deadline=None)
    settings.register_profile("mutation", quick)
    settings.load_profile("mutation")
    for module in part.modules:
        __import__(module.removesuffix(".py").replace("/", "."))
    trials = Trials(part, known, note, all=all)
    trials.watch()
    return int(pytest.main([*_QUIET, "-s", "-k", part.chosen, *part.tests], plugins=[trials]))
