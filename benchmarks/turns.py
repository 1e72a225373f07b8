"""Runs programs in turns and measures each: wall time, processor time, peak memory of all its processes."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PATIENCE = 10.0
"""Seconds: what takes longer is run once, and that one run is what is told of it."""

_WATCH = Path(__file__).with_name("watch.py")


@dataclass(slots=True)
class Measured:
    """What the turns of one program took. Seconds, and megabytes at the peak of all its processes together."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: float = 0.0
    exit: int = 0
    output: bytes = b""
    errors: bytes = b""
    over: float = 0.0
    """The seconds after which it was ended, or 0 where it came to its end."""

    @property
    def median(self) -> float:
        """The median wall time; the limit where it was ended at it."""
        return self.over or statistics.median(self.wall)

    @property
    def told(self) -> str:
        """What is to be said of a figure that has its time in it."""
        return f" (ended after {self.over:.0f} s)" if self.over else ""

    @property
    def spread(self) -> str:
        """The fastest and slowest turn."""
        return "" if self.over else f"{min(self.wall):.3f}–{max(self.wall):.3f}"


def take_turns(
    commands: Mapping[str, Sequence[str]],
    turns: int,
    folder: Path | None = None,
    *,
    before: Callable[[str], None] | None = None,
    limits: Mapping[str, float] | None = None,
) -> dict[str, Measured]:
    """Run every command once for its memory and then `turns` times for its time, always one after the other.

    In turns, because the machine is not equally fast all the time: what slows one slows the others too, and
    ratios hold where times do not. The first turn warms the system's caches, and its time counts only for what takes
    longer than PATIENCE, which is not run again. Standard output of the last turn is kept, and counted as part of
    the work. `before`: done before each run, which takes the program's name. `limits`: the seconds after which
    a program is ended, and not run again.
    """
    measured = {name: Measured() for name in commands}
    again = dict(commands)
    for turn in range(turns + 1):
        for name, command in list(again.items()):
            if before is not None:
                before(name)
            one = measured[name]
            limit = (limits or {}).get(name, math.inf)
            wall, cpu, memory, one.exit, one.output, one.errors = _run(command, folder, limit, watched=not turn)
            one.memory = max(one.memory, memory)
            if wall >= limit:
                one.over = limit
            if turn or wall > PATIENCE:
                one.wall.append(wall)
                one.cpu.append(cpu)
            if one.over or (not turn and wall > PATIENCE):
                del again[name]
            print(f"    {name}: {wall:.3f} s, exit {one.exit}", file=sys.stderr, flush=True)
    return measured


def _run(
    command: Sequence[str], folder: Path | None, limit: float, *, watched: bool
) -> tuple[float, float, float, int, bytes, bytes]:
    with (
        tempfile.NamedTemporaryFile("r") as result,
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
    ):
        seconds = 0.0 if math.isinf(limit) else limit
        subprocess.run(
            [sys.executable, "-S", "-E", str(_WATCH), result.name, str(seconds), str(int(watched)), *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            check=True,
        )
        wall, cpu, memory, code = map(float, result.read().split())
        output.seek(0)
        errors.seek(0)
        return wall, cpu, memory, int(code), output.read(), errors.read()
