"""Workers that hang, crash or are interrupted cost one file and leave nothing behind."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pat_audit import workers
from pat_audit.parallel import Done, Lost, run

if TYPE_CHECKING:
    from collections.abc import Callable

BATCHES = [("a", "b", "c"), ("d", "e"), ("f",), ("g", "h")]


@dataclass(frozen=True)
class Double:
    """Says each name twice, and comes to grief over one in the way it is told."""

    over: str = ""
    grief: str = ""
    silent: bool = False

    def __call__(self, batch: tuple[str, ...], started: Callable[[str], None]) -> list[str]:
        for name in batch:
            if not self.silent:
                started(name)
            if name == self.over:
                if self.grief == "hang":
                    time.sleep(60)
                elif self.grief == "crash":
                    os.kill(os.getpid(), signal.SIGKILL)
                elif self.grief == "raise":
                    raise ValueError("never seen outside")
                elif self.grief == "memory":
                    bytearray(1 << 42)
        return [name * 2 for name in batch]


@pytest.fixture(params=["fork", "spawn"])
def start(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "spawn":
        monkeypatch.setattr(workers, "can_fork", lambda: False)
    elif not workers.can_fork():
        pytest.skip("this system does not fork")


def outcome(work: Double, seconds: float = 60) -> tuple[list[str], list[Lost]]:
    results, lost = [], []
    for each in run(work, BATCHES, 2, seconds):
        if isinstance(each, Done):
            results += each.result
        else:
            lost.append(each)
    return sorted(results), lost


@pytest.mark.usefixtures("start")
def test_does_all_of_it() -> None:
    assert outcome(Double()) == (["aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh"], [])


@pytest.mark.usefixtures("start")
@pytest.mark.parametrize("grief", ["crash", "raise", "memory"])
@pytest.mark.parametrize("silent", [False, True])
def test_a_crash_costs_one_file(grief: str, silent: bool) -> None:
    results, lost = outcome(Double("b", grief, silent))
    assert results == ["aa", "cc", "dd", "ee", "ff", "gg", "hh"]
    assert [each.name for each in lost] == ["b"]
    assert "never seen" not in lost[0].reason


@pytest.mark.usefixtures("start")
def test_a_hang_costs_one_file_and_its_time() -> None:
    began = time.monotonic()
    results, lost = outcome(Double("e", "hang"), seconds=1.5)
    assert time.monotonic() - began < 20
    assert results == ["aa", "bb", "cc", "dd", "ff", "gg", "hh"]
    assert [(each.name, each.reason) for each in lost] == [("e", "given up after 1.5 seconds")]


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@pytest.mark.usefixtures("start")
@pytest.mark.skipif(sys.platform != "linux", reason="children are listed under /proc")
def test_no_process_outlives_an_interrupted_run() -> None:
    list(run(Double(), BATCHES, 1))  # multiprocessing keeps one process of its own once it is used
    before = children()
    marks = run(Double("e", "hang"), BATCHES, 2)
    next(marks)
    assert len(children() - before) == 2
    marks.close()  # type: ignore[attr-defined]
    assert children() == before
