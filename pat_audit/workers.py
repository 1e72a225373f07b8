"""A process that works through batches and can be killed: forked where that is sound, else spawned."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Batch = tuple[str, ...]
Result_co = TypeVar("Result_co", covariant=True)

BYTES_PER_WORKER = 4 << 30
"""Address space of a worker: past it Python raises MemoryError in the worker and the machine lives on."""

STARTED, DONE = 0, 1
"""What a worker says: that it starts a file (its name), that a batch is done (its result)."""


class Work(Protocol[Result_co]):
    """What is done to a batch, in a process of its own: it must pickle where processes are spawned."""

    def __call__(self, batch: Batch, started: Callable[[str], None], /) -> Result_co:
        """Work through the names of a batch, saying `started(name)` before what may take long."""
        ...


class Worker(Protocol):
    """A process that does one batch at a time."""

    batch: Batch
    name: str  # the file that it said it had started last
    heard: float  # when it last said something

    def fileno(self) -> int: ...
    def give(self, batch: Batch) -> None: ...
    def take(self) -> tuple[int, Any]: ...
    def kill(self) -> None: ...
    def end(self) -> str: ...


def can_fork() -> bool:
    """Whether a plain fork is sound: on macOS system frameworks may not outlive one, Windows has none."""
    return hasattr(os, "fork") and sys.platform != "darwin"


def processors() -> int:
    """The processors that we may use: a container or a job may have been given fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def start(work: Work[Any], others: Sequence[Worker]) -> Worker:
    """A new worker beside those that there are: forked where that is sound, else spawned."""
    return _Forked(work, others) if can_fork() else _Spawned(work)


def wait(workers: Sequence[Worker], seconds: float) -> list[Worker]:
    """The workers (of one kind, at least one) that have something to say within `seconds`."""
    if isinstance(workers[0], _Forked):
        import select

        poll = select.poll()
        by_handle = {worker.fileno(): worker for worker in workers}
        for handle in by_handle:
            poll.register(handle, select.POLLIN)
        return [by_handle[handle] for handle, _ in poll.poll(seconds * 1000 + 1)]
    from multiprocessing.connection import wait as wait_for

    by_connection: dict[Any, Worker] = {worker.connection: worker for worker in workers if isinstance(worker, _Spawned)}
    return [by_connection[ready] for ready in wait_for(list(by_connection), seconds)]


class _Forked:
    """A worker made by fork: it has all that its parent has, at no cost."""

    __slots__ = ("_from", "_pid", "_to", "batch", "heard", "name")

    def __init__(self, work: Work[Any], others: Sequence[Any]) -> None:
        self.batch: Batch = ()
        self.name = ""
        self.heard = time.monotonic()
        tasks, self._to = os.pipe()
        self._from, answers = os.pipe()
        self._pid = os.fork()
        if self._pid:
            os.close(tasks)
            os.close(answers)
            return
        try:
            # A worker that held its siblings' pipes open would keep them from seeing their parent die.
            for handle in (
                self._to,
                self._from,
                *(end for other in others for end in (other._to, other._from)),
            ):
                os.close(handle)
            _serve_forked(work, tasks, answers)
        except BaseException:  # the parent sees the pipe close and says which file it was
            os._exit(70)
        os._exit(0)

    def fileno(self) -> int:
        """The handle on which answers arrive."""
        return self._from

    def give(self, batch: Batch) -> None:
        """Hand it a batch."""
        self.batch, self.name, self.heard = batch, "", time.monotonic()
        with suppress(BrokenPipeError):  # it is dead, and that is seen when it is read
            _send(self._to, batch)

    def take(self) -> tuple[int, Any]:
        """What it says next. Raises EOFError when it is dead."""
        message: tuple[int, Any] = _receive(self._from)
        return message

    def kill(self) -> None:
        """End it now."""
        import signal

        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self.end()

    def end(self) -> str:
        """Wait for its end and say how it came."""
        if not self._pid:
            return ""
        os.close(self._to)
        os.close(self._from)
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        code = os.waitstatus_to_exitcode(status)
        return f"signal {-code}" if code < 0 else f"exit {code}"


def _serve_forked(work: Work[Any], tasks: int, answers: int) -> None:
    import gc
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the parent cleans up
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    gc.freeze()  # what came with the fork is never garbage, and looking at it would copy its pages
    gc.set_threshold(1_000_000, 50, 100)  # what is made for a batch lives as long as it
    _limit_memory()
    while True:
        try:
            batch = _receive(tasks)
        except EOFError:
            return
        result = work(batch, lambda name: _send(answers, (STARTED, name)))
        _send(answers, (DONE, result))


def _limit_memory() -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = BYTES_PER_WORKER if hard == resource.RLIM_INFINITY else min(BYTES_PER_WORKER, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _send(handle: int, message: object) -> None:
    import pickle

    data = pickle.dumps(message, protocol=5)
    view = memoryview(len(data).to_bytes(8, "little") + data)
    while view:
        view = view[os.write(handle, view) :]


def _receive(handle: int) -> Any:
    import pickle

    return pickle.loads(_exactly(handle, int.from_bytes(_exactly(handle, 8), "little")))


def _exactly(handle: int, size: int) -> bytes:
    parts = []
    while size:
        part = os.read(handle, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class _Spawned:
    """A worker started afresh, where a fork is not to be had: it costs an interpreter and its imports."""

    __slots__ = ("_process", "batch", "connection", "heard", "name")

    def __init__(self, work: Work[Any]) -> None:
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        # The new interpreter is run with `-c`, and would look for all that it imports in the working directory first:
        # in the repository that is scanned.
        before = os.environ.get("PYTHONSAFEPATH", "")
        os.environ["PYTHONSAFEPATH"] = "1"
        self.batch: Batch = ()
        self.name = ""
        self.heard = time.monotonic()
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve_spawned, args=(work, theirs), daemon=True)
        try:
            self._process.start()
        finally:
            os.environ["PYTHONSAFEPATH"] = before  # empty is as if it were not set
        theirs.close()

    def fileno(self) -> int:
        """The handle on which answers arrive."""
        return self.connection.fileno()

    def give(self, batch: Batch) -> None:
        """Hand it a batch."""
        self.batch, self.name, self.heard = batch, "", time.monotonic()
        with suppress(OSError):  # it is dead, and that is seen when it is read
            self.connection.send(batch)

    def take(self) -> tuple[int, Any]:
        """What it says next. Raises EOFError or OSError when it is dead."""
        message: tuple[int, Any] = self.connection.recv()
        return message

    def kill(self) -> None:
        """End it now."""
        self._process.kill()
        self.end()

    def end(self) -> str:
        """Wait for its end and say how it came."""
        self._process.join()
        self.connection.close()
        code = self._process.exitcode or 0
        return f"signal {-code}" if code < 0 else f"exit {code}"


def _serve_spawned(work: Work[Any], connection: Any) -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            batch = connection.recv()
        except (EOFError, OSError):
            return
        connection.send((DONE, work(batch, lambda name: connection.send((STARTED, name)))))
