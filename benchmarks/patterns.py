"""How the time of each pattern grows with its input, on inputs made of the pattern's own loops to be its worst.

    python -m benchmarks.patterns [--only TEXT] [--all] [--limit 1.5]

For each loop of a pattern: what leads to it, what it reads over and over, and something that it then fails at; and what
`pat_audit.pattern_growth` says could be worst. Each is timed at 1, 2, 4 and 8 times a size, and the exponent of the
growth is what remains of the worst one: 1 is linear, 2 quadratic. Written is a table, worst first. Exits 1 where an
exponent is above the limit for a pattern that has no reason to be let pass in `benchmarks/pattern_reasons.py`.
"""

from __future__ import annotations

import argparse
import math
import re
import signal
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.pattern_inventory import of_program, of_rules
from benchmarks.pattern_reasons import REASONS
from pat_audit.catalogue import load_catalogue
from pat_audit.pattern_growth import TooIntricateError, growth_of, loops_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.pattern_inventory import Known

SIZES = (1, 2, 4, 8)
_CHARACTERS = 8_000  # of the smallest input: several times what a bounded repeat holds, which looks steep below that
_PATIENCE = 0.5  # seconds for one input: what takes longer has shown what it is
_NOISE = 0.010  # seconds: what is square takes seconds for 64,000 characters, and growth below this is chance


@dataclass(frozen=True, slots=True)
class Grown:
    """The growth of one pattern on its worst input: seconds at each size that was waited for."""

    known: Known
    exponent: float
    seconds: tuple[float, ...]
    shape: str


def main() -> int:
    """Time all and print the table; the exit code says whether all patterns are linear or have a reason."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--only", default="", help="patterns whose place holds this text")
    ask.add_argument("--all", action="store_true", help="print linear ones too")
    ask.add_argument("--limit", type=float, default=1.5)
    options = ask.parse_args()
    patterns = [*of_rules(load_catalogue(cache=False)), *of_program()]
    patterns = [known for known in patterns if options.only in known.place]
    grown = sorted(map(measured, patterns), key=lambda each: -each.exponent)
    print("| exponent | 8n (ms) | pattern | used to | input | held back by |")
    print("| ---: | ---: | --- | --- | --- | --- |")
    for each in grown:
        if options.all or each.exponent > options.limit:
            last = f"{each.seconds[-1] * 1000:.1f}" if len(each.seconds) == len(SIZES) else f"> {_PATIENCE * 1000:.0f}"
            reason = REASONS.get(each.known.place, "")
            print(
                f"| {each.exponent:.2f} | {last} | {each.known.place} | {each.known.use} | `{each.shape}` | {reason} |"
            )
    steep = [each for each in grown if each.exponent > options.limit]
    unknown = [each for each in steep if each.known.place not in REASONS]
    print(f"{len(grown)} patterns, {len(steep)} above {options.limit}, of which {len(unknown)} without a reason")
    return int(bool(unknown))


def measured(known: Known) -> Grown:
    """The growth of a pattern on the worst of its inputs."""
    compiled = re.compile(known.pattern, known.flags)
    worst = Grown(known, 0.0, (), "")
    for prefix, pump, suffix in dict.fromkeys(_shapes(known)):
        if not pump:
            continue
        seconds = []
        for size in SIZES:
            text = prefix + pump * (_CHARACTERS * size // len(pump)) + suffix
            taken = _taken(
                compiled, known.use, text.encode("latin-1", "replace") if isinstance(known.pattern, bytes) else text
            )
            if taken is None:
                break
            seconds.append(taken)
        exponent = _exponent(seconds)
        if worst.exponent > 1.7:
            break  # it is seen that it grows
        if exponent > worst.exponent:
            worst = Grown(
                known, exponent, tuple(seconds), f"{prefix}({pump})*{suffix}".encode("unicode_escape").decode()
            )
    return worst


def _shapes(known: Known) -> Iterator[tuple[str, str, str]]:
    """Beginnings, what is repeated, and ends."""
    try:
        witness = growth_of(known.pattern, known.flags, known.use, known.many)
    except TooIntricateError:
        witness = None
    told = [] if witness is None else [(witness.prefix, witness.pump, witness.suffix)]
    for prefix, pump, suffix in (*told, *loops_of(known.pattern, known.flags)):
        for end in (suffix, "\n", ""):
            yield prefix, pump, end
        yield "", prefix + pump, suffix  # the beginning again and again


def _taken(compiled: re.Pattern[Any], use: str, text: Any) -> float | None:
    """Seconds that a pattern takes on a text, the least of three; None: longer than anybody waits."""

    def stop(number: int, frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    least = math.inf
    try:
        for _ in range(3):
            signal.setitimer(signal.ITIMER_REAL, _PATIENCE)
            began = time.perf_counter()
            if use == "search":
                for _ in compiled.finditer(text):
                    pass
            else:
                getattr(compiled, use)(text)
            least = min(least, time.perf_counter() - began)
            if least > _PATIENCE / 100:
                break
    except TimeoutError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return least


def _exponent(seconds: list[float]) -> float:
    if len(seconds) < len(SIZES):  # given up: at the least what it was until then
        known = math.log2(seconds[-1] / seconds[0]) / math.log2(SIZES[len(seconds) - 1]) if len(seconds) > 1 else 9.0
        return max(known, 2.0)
    if seconds[-1] < _NOISE:
        return 0.0
    return math.log2(seconds[-1] / max(seconds[0], _NOISE / 16)) / math.log2(SIZES[-1])


if __name__ == "__main__":
    sys.exit(main())
