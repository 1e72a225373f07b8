"""How a scan's time grows with one file of a hostile shape: programs, and one long line of each kind in each format.

    python -m benchmarks.bounds [shapes] [lines] [--only TEXT] [--all] [--size 200] [--bytes 100000]

Each is scanned at 1, 2 and 4 times a size; the exponent is that of the last doubling, 1 is linear. Printed are those
above 1.4 and slower than a twentieth of a second, with `--all` every one. Exits 1 where one takes longer than 20 s.
"""

from __future__ import annotations

import argparse
import math
import signal
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.hostile_shapes import LINES, SHAPES, files, line
from pat_audit.catalogue import load_catalogue
from pat_audit.scan import scan_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE = 20
_STEEP, _SLOW = 1.4, 0.05


def main() -> int:
    """Scan, print the tables, and say by the exit code whether all came to an end."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("what", nargs="*", default=["shapes", "lines"])
    ask.add_argument("--only", default="")
    ask.add_argument("--all", action="store_true")
    ask.add_argument("--size", type=int, default=200)
    ask.add_argument("--bytes", type=int, default=100_000)
    options = ask.parse_args()
    catalogue = load_catalogue()
    endless = False
    print("| shape | n | 1× (s) | 2× (s) | 4× (s) | exponent |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, file, size, text in _cases(options.what, options.size, options.bytes):
        if options.only not in name:
            continue
        seconds: list[float] = []
        for times in (1, 2, 4):
            taken = _scanned(lambda: scan_files({file: text(size * times).encode()}, catalogue))  # noqa: B023
            seconds.append(taken)
            if taken >= _PATIENCE:
                endless = True
                break
        exponent = math.log2(max(seconds[-1], 1e-6) / max(seconds[-2], 1e-6)) if len(seconds) > 1 else math.inf
        if options.all or (exponent > _STEEP and seconds[-1] > _SLOW) or seconds[-1] >= _PATIENCE:
            cells = [f"{each:.3f}" for each in seconds] + ["–"] * (3 - len(seconds))
            print(f"| {name} | {size} | {' | '.join(cells)} | {exponent:.2f} |", flush=True)
    return int(endless)


def _cases(what: list[str], size: int, bytes_: int) -> Iterator[tuple[str, str, int, Callable[[int], str]]]:
    if "shapes" in what:
        for name, (file, text) in SHAPES.items():
            yield name, file, size, text
    if "lines" in what:
        for file in files():
            for name, piece in LINES.items():
                yield f"{file}: {name}", file, bytes_, partial(line, file, piece)


def _scanned(scan: Callable[[], object]) -> float:
    """Seconds of a scan; the patience for one that does not end in it."""

    def stop(number: int, frame: object) -> None:
        raise SystemExit  # an inspection catches no more than Exception

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, _PATIENCE)
    began = time.perf_counter()
    try:
        scan()
    except SystemExit:
        return float(_PATIENCE)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
