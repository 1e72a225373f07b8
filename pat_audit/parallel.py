"""Work shared out over processes that can be killed: what hangs or crashes one costs only its own file."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

from pat_audit.workers import STARTED, Batch, Work, Worker, start, wait

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Result = TypeVar("Result")

SECONDS_PER_FILE = 60.0
"""How long a worker may be silent before it is killed: it speaks before each file that it evaluates."""


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """What came of one batch."""

    batch: Batch
    result: Result


@dataclass(frozen=True, slots=True)
class Lost:
    """A file that killed the process that worked on it, and how."""

    name: str
    reason: str


def run(
    work: Work[Result], batches: Iterable[Batch], workers: int, seconds: float = SECONDS_PER_FILE
) -> Iterator[Done[Result] | Lost]:
    """Do `work` on every batch in `workers` processes; results come as they are ready.

    A worker that dies or says nothing for `seconds` is replaced. The file that it had started is given as
    Lost, and the rest of its batch is done again without it; a batch that dies before it starts a file is
    done again file by file. No process outlives the iterator, however it ends.
    """
    coming = iter(batches)
    waiting: deque[Batch] = deque()
    busy: list[Worker] = []
    idle: list[Worker] = []
    try:
        while _some(waiting, coming) or busy:
            while _some(waiting, coming) and (idle or len(busy) < workers):
                worker = idle.pop() if idle else start(work, [*busy, *idle])
                worker.give(waiting.popleft())
                busy.append(worker)
            until = min(worker.heard for worker in busy) + seconds
            for worker in wait(busy, max(0.0, until - time.monotonic())):
                worker.heard = time.monotonic()
                try:
                    kind, value = worker.take()
                except (EOFError, OSError):
                    busy.remove(worker)
                    yield from _bury(worker, f"the process working on it died ({worker.end()})", waiting)
                    continue
                if kind == STARTED:
                    worker.name = value
                    continue
                busy.remove(worker)
                idle.append(worker)
                yield Done(worker.batch, value)
            for worker in [worker for worker in busy if time.monotonic() - worker.heard >= seconds]:
                busy.remove(worker)
                worker.kill()
                yield from _bury(worker, f"given up after {seconds:g} seconds", waiting)
    finally:
        for worker in (*busy, *idle):
            worker.kill()


def _some(waiting: deque[Batch], coming: Iterator[Batch]) -> bool:
    """Whether there is a batch to be done: one is taken of those to come where none is waiting."""
    if not waiting:
        waiting.extend(islice(coming, 1))
    return bool(waiting)


def _bury(worker: Worker, reason: str, waiting: deque[Batch]) -> Iterator[Lost]:
    """What a dead worker leaves: the file that it died of, and the others to be done again."""
    if not worker.name and len(worker.batch) > 1:
        waiting.extendleft((name,) for name in reversed(worker.batch))
        return
    name = worker.name or worker.batch[0]
    rest = tuple(other for other in worker.batch if other != name)
    if rest:
        waiting.appendleft(rest)
    yield Lost(name, reason)
