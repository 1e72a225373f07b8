"""Runs one program and writes down what it took: `watch.py RESULT LIMIT WATCHED PROGRAM ARGUMENTS...`.

RESULT gets wall and processor seconds, the peak in megabytes, and the exit code (-9 and more than LIMIT seconds where
it was ended). The peak of a process counts what it was before it became the program: so it is started from this small
one, which imports little, and no pathlib. WATCHED 1 adds up the memory of the program and of all that it started.
"""

# ruff: noqa: PTH123, PTH208

import os
import signal
import sys
import threading
import time


def descendants(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for each in found:
        try:
            for thread in os.listdir(f"/proc/{each}/task"):
                with open(f"/proc/{each}/task/{thread}/children") as file:
                    found += map(int, file.read().split())
        except OSError:
            continue
    return found


def together(pid: int) -> int:
    """The kilobytes that a process and all below it hold, each shared page counted once."""
    held = 0
    for each in descendants(pid):
        try:
            with open(f"/proc/{each}/smaps_rollup") as file:
                held += next((int(line.split()[1]) for line in file if line.startswith("Pss:")), 0)
        except OSError:
            continue
    return held


def main() -> None:
    """Run it."""
    result, limit, watched = sys.argv[1], float(sys.argv[2]), sys.argv[3] == "1"
    began = time.perf_counter()
    pid = os.posix_spawnp(sys.argv[4], sys.argv[4:], os.environ, setpgroup=0)
    peak, ended = 0, threading.Event()

    def look() -> None:
        nonlocal peak
        pause = 0.0
        while not ended.wait(pause):
            before = time.perf_counter()
            peak = max(peak, together(pid))
            pause = max(0.003, 9 * (time.perf_counter() - before))  # at the most a tenth of one core

    def end(*_: object) -> None:
        for each in descendants(pid)[1:]:
            os.kill(each, signal.SIGKILL)
        os.killpg(pid, signal.SIGKILL)

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, limit)
    if watched:
        threading.Thread(target=look, daemon=True).start()
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - began
    signal.setitimer(signal.ITIMER_REAL, 0)
    ended.set()
    largest = used.ru_maxrss if sys.platform == "linux" else used.ru_maxrss // 1024
    with open(result, "w") as file:
        code = os.waitstatus_to_exitcode(status)
        print(wall, used.ru_utime + used.ru_stime, max(peak, largest) / 1024, code, file=file)


if __name__ == "__main__":
    main()
