"""A mutant's trial: in a process forked from one that has loaded and collected everything, its function is exchanged.

The first trial runs the collected tests that pass the changed lines. What survives, though test modules or fixtures
pass those lines too, is tried again with them imported anew and every cache emptied: what they had built was built by
the unchanged code.

Only a test that fails where it is called kills. A mutant that cannot be put in place, that breaks a fixture or the
import of a test, or whose process dies proves nothing of the tests: it is `broken`. Before a module's mutants its
unchanged code is exchanged for itself and tried in both ways; where that does not survive, the trials are at fault.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import signal
import sys
import time
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from .mutants import Mutant, mutants
from .parts import ROOT, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from types import FrameType

KILLED, SURVIVED, TIMEOUT, UNSEEN, BROKEN = "killed", "survived", "timeout", "no test runs it", "broken"
_MOST = 100  # cases of one test that a mutant sees, unless all are asked for
_QUIET = ["-o", "addopts=", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "-W", "ignore"]


Change = tuple[str, str, str]  # a module's path, a function in it, and the text of the module with its new code


class Outcome(NamedTuple):
    """What a trial came to: which test killed the mutant, or what went wrong beside the tests."""

    word: str
    test: str = ""
    said: str = ""


class Trials:
    """A pytest plugin that tries mutants in place of running the tests once."""

    def __init__(
        self, part: Part, known: dict[str, str], note: Callable[[Mutant, Outcome], None], *, all: bool
    ) -> None:
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
            text = (ROOT / module).read_text()
            untried = [each for each in mutants(module, text) if self._known.get(each.key) not in (KILLED, TIMEOUT)]
            if untried:
                self._control(module, text, untried, session)
            for mutant in untried:
                self._note(mutant, self._tried(mutant, session))
        return True

    def _control(self, module: str, text: str, untried: Sequence[Mutant], session: pytest.Session) -> None:
        """Try the unchanged code as if it were a mutant: what does not survive so is a fault of the trials."""
        items = self._seen_by([mutant.lines for mutant in untried], module)
        same = [(module, name, text) for name in dict.fromkeys(mutant.function for mutant in untried)]
        for trial in (lambda: _collected(same, items, session), lambda: _anew(same, items)):
            outcome = _forked(trial, 60 + 10 * sum(self._seconds[item.nodeid] for item in items))
            if items and outcome.word != SURVIVED:
                pytest.exit(
                    f"{module}: the unchanged code does not survive its control trial, so no mutant is tried: "
                    f"{outcome.word} {outcome.test}\n{outcome.said}",
                    returncode=pytest.ExitCode.INTERNAL_ERROR,
                )

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

    def _seen_by(self, places: Iterable[range], module: str) -> list[pytest.Item]:
        """The tests that pass any of the lines, the quickest first; of one with many cases only some."""
        items = {
            item.nodeid: item for lines in places for line in lines for item in self._lines.get((module, line), [])
        }
        chosen: list[pytest.Item] = []
        for _, group in groupby(sorted(items.values(), key=lambda item: item.nodeid), _function_of):
            cases = sorted(group, key=lambda item: self._seconds[item.nodeid])
            chosen += cases if self._all else cases[:: 1 + len(cases) // _MOST]
        return sorted(chosen, key=lambda item: self._seconds[item.nodeid])

    def _tried(self, mutant: Mutant, session: pytest.Session) -> Outcome:
        chosen = self._seen_by([mutant.lines], mutant.module)
        if not chosen:
            return Outcome(UNSEEN)
        ids = {item.nodeid for item in chosen}
        last = [item for item in self._last.get(mutant.function, []) if item.nodeid in ids]
        chosen = list(dict.fromkeys([*last, *chosen]))
        limit = 10 + 5 * sum(self._seconds[item.nodeid] for item in chosen)
        try:
            change = [(mutant.module, mutant.function, mutant.text())]
        except Exception as error:  # the tool that makes the mutants is not ours
            return Outcome(BROKEN, said=repr(error))
        outcome = _forked(lambda: _collected(change, chosen, session), limit)
        if outcome.word == KILLED:
            by = next(item for item in chosen if item.nodeid == outcome.test)
            self._last[mutant.function] = [by, *(item for item in last if item is not by)][:8]
        if outcome.word != KILLED and any((mutant.module, line) in self._early for line in mutant.lines):
            anew = _forked(lambda: _anew(change, chosen), limit + 60)
            outcome = anew if outcome.word == SURVIVED or anew.word == KILLED else outcome
        return outcome


def _function_of(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def _forked(trial: Callable[[], Outcome], limit: float) -> Outcome:
    """How a trial ends that is made in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            quiet = os.open(os.devnull, os.O_RDWR)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, limit)
            resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
            outcome = trial()
        except BaseException as error:
            outcome = Outcome(BROKEN, said=repr(error))
        with contextlib.suppress(BaseException):
            os.write(writing, json.dumps([outcome.word, outcome.test, outcome.said[-1500:]]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if said:
        return Outcome(*json.loads(said))
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        return Outcome(TIMEOUT)
    return Outcome(BROKEN, said=f"its process died: {signal.Signals(os.WTERMSIG(status)).name}")


class _Verdict:
    """A pytest plugin that stops at the first test that fails where it is called, and keeps what else failed."""

    def __init__(self) -> None:
        self.outcome = Outcome(SURVIVED)

    def judge(self, reports: Iterable[pytest.TestReport | pytest.CollectReport]) -> bool:
        """Take reports into account; gives whether the mutant is killed."""
        for report in reports:
            if report.failed and getattr(report, "when", "") == "call":
                self.outcome = Outcome(KILLED, report.nodeid, report.longreprtext)
                return True
            if report.failed and self.outcome.word == SURVIVED:
                self.outcome = Outcome(BROKEN, report.nodeid, report.longreprtext)
        return False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self.judge([report]):
            raise pytest.exit.Exception("killed")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.judge([report])


def _collected(changes: Sequence[Change], chosen: Sequence[pytest.Item], session: pytest.Session) -> Outcome:
    for change in changes:
        exchange(*change)
    if chosen:
        session._setupstate.teardown_exact(chosen[0])
    verdict = _Verdict()
    for item, following in zip(chosen, [*chosen[1:], None], strict=True):
        if verdict.judge(runtestprotocol(item, nextitem=following, log=False)):
            break
    return verdict.outcome


def _anew(changes: Sequence[Change], chosen: Sequence[pytest.Item]) -> Outcome:
    for change in changes:
        exchange(*change)
    for name in [name for name in sys.modules if name.split(".")[0] in ("tests", "conftest") or "test_" in name]:
        if not name.startswith("tests.mutation") and name != "tests":
            del sys.modules[name]
    for module in [module for name, module in sys.modules.items() if name.startswith("pat_audit")]:
        for value in vars(module).values():
            getattr(value, "cache_clear", int)()
    verdict = _Verdict()
    with contextlib.chdir(ROOT):
        ended = pytest.main([*_QUIET, *(item.nodeid for item in chosen)], plugins=[verdict])
    if verdict.outcome.word == SURVIVED and ended != pytest.ExitCode.OK:
        return Outcome(BROKEN, said=f"pytest ended with {ended!r}")
    return verdict.outcome


def exchange(module: str, function: str, text: str) -> None:
    """Give a loaded function its code in another text of its module; what others have imported of it changes too."""
    name = module.removesuffix(".py").replace("/", ".")
    fresh: dict[str, Any] = {"__name__": name, "__file__": str(ROOT / module)}
    exec(compile(text, str(ROOT / module), "exec", dont_inherit=True), fresh)
    first, *rest = function.split(".")
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


def try_part(part: Part, known: dict[str, str], note: Callable[[Mutant, Outcome], None], *, all: bool) -> int:
    """Try the mutants of a part that are not known to be killed, by all tests or a sample; gives pytest's exit code."""
    quick = settings(phases=[Phase.explicit, Phase.generate], database=None, derandomize=True, deadline=None)
    settings.register_profile("mutation", quick)
    settings.load_profile("mutation")
    for module in part.modules:
        __import__(module.removesuffix(".py").replace("/", "."))
    trials = Trials(part, known, note, all=all)
    trials.watch()
    return int(pytest.main([*_QUIET, "-s", "-k", part.chosen, *part.tests], plugins=[trials]))
