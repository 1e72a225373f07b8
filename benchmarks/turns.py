"""Runs programs in turns and measures each: wall time, processor time, peak memory."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(slots=True)
class Measured:
    """What the turns of one program took. Seconds, and megabytes at the peak of its largest process."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    exit: int = 0
    output: bytes = b""

    @property
    def median(self) -> float:
        """The median wall time."""
        return statistics.median(self.wall)

    @property
    def spread(self) -> str:
        """The fastest and slowest turn."""
        return f"{min(self.wall):.3f}-{max(self.wall):.3f}"


def take_turns(
    commands: Mapping[str, Sequence[str]], turns: int, folder: Path | None = None, *, cold: bool = False
) -> dict[str, Measured]:
    """Run every command once unmeasured and then `turns` times, each time all of them one after the other.

    In turns, because the machine is not equally fast all the time: what slows one slows the others too, and
    ratios hold where times do not. Standard output of the last turn is kept, and counted as part of the work.
    `cold`: what former runs remembered of the files in `folder` is removed before each.
    """
    measured = {name: Measured() for name in commands}
    for turn in range(turns + 1):
        for name, command in commands.items():
            if cold and folder is not None:
                shutil.rmtree(folder / ".pat-audit-cache", ignore_errors=True)
            wall, cpu, memory, code, output = _run(command, folder)
            one = measured[name]
            one.exit, one.output = code, output
            if turn:
                one.wall.append(wall)
                one.cpu.append(cpu)
                one.memory.append(memory)
    return measured


# The peak of a process counts what it was before it became the program: so it is started from a small one.
_STARTER = """
import os, sys, time
began = time.perf_counter()
pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(pid, 0)
wall = time.perf_counter() - began
with open(sys.argv[1], "w") as file:
    print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), file=file)
"""


def _run(command: Sequence[str], folder: Path | None) -> tuple[float, float, float, int, bytes]:
    with tempfile.NamedTemporaryFile("r") as result, tempfile.TemporaryFile() as output:
        subprocess.run(
            [sys.executable, "-S", "-c", _STARTER, result.name, *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        wall, cpu, memory, code = map(float, result.read().split())
        output.seek(0)
        return wall, cpu, memory, int(code), output.read()


def table(measured: Mapping[str, Measured], against: str, notes: Mapping[str, str] | None = None) -> str:
    """The measurements as a Markdown table, with each median as a multiple of that of `against`."""
    rows = ["| program | wall, median (s) | spread (s) | processor (s) | peak (MB) | ratio | found |"]
    rows.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, one in sorted(measured.items(), key=lambda pair: pair[1].median):
        found = (notes or {}).get(name, "")
        rows.append(
            f"| {name} | {one.median:.3f} | {one.spread} | {statistics.median(one.cpu):.2f} "
            f"| {max(one.memory):.0f} | {one.median / measured[against].median:.2f} | {found} |"
        )
    return "\n".join(rows)
