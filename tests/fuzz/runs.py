"""Feeds a target: with random numbers alone, or led by coverage where atheris is installed."""

from __future__ import annotations

import importlib.util
import os
import pkgutil
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from .mutation import LARGEST, mutated

if TYPE_CHECKING:
    from .finds import Finds
    from .target import Target


def random_run(target: Target, finds: Finds, seed: int, runs: int, seconds: float = 1e9) -> None:
    """Try `runs` inputs, or as many as `seconds` allow: the same ones for the same seed, the seeds themselves first.

    An input is a seed that was changed, or one that was changed before.
    """
    random = Random(f"{target.name} {seed}")
    seeds = list(target.seeds())
    end = time.monotonic() + seconds
    changed: list[bytes] = []
    mutators = (mutated, *target.mutators)
    for number in range(runs):
        if time.monotonic() > end:
            return
        if number % 4 == 0 and number // 4 < len(seeds):
            finds(random.choice(seeds))
            continue
        data = random.choice(changed if changed and random.random() < 0.3 else seeds)
        new = random.choice(mutators)(data, random, seeds)
        changed.append(new)
        if len(changed) > 200:
            del changed[random.randrange(200)]
        finds(new)


def guided_run(name: str, folder: Path, runs: int, seconds: int) -> None:
    """Have atheris look for inputs that reach new code. Never comes back: libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=["pat_audit"]):
        import pat_audit

        for module in pkgutil.walk_packages(pat_audit.__path__, "pat_audit."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        from .finds import Finds
        from .targets import all_targets

    target = all_targets()[name]
    finds = Finds(target, folder)
    seeds = list(target.seeds())
    # Tokens stand in this corpus: it is nobody else's, and goes when the run does.
    with tempfile.TemporaryDirectory() as corpus:
        for number, data in enumerate(seeds):
            (Path(corpus) / str(number)).write_bytes(data[:LARGEST])
        count = Path(folder) / f"{name}.count"
        folder.mkdir(parents=True, exist_ok=True)

        def one(data: bytes) -> None:
            finds(data)
            if finds.inputs % 50 == 0:
                count.write_text(f"{finds.inputs}\n")

        def change(data: bytes, most: int, seed: int) -> bytes:
            random = Random(seed)
            if target.mutators and random.random() < 0.6:
                return random.choice(target.mutators)(data, random, seeds)[:most]
            return bytes(atheris.Mutate(data, most)) if random.random() < 0.6 else mutated(data, random, seeds)[:most]

        limits = [f"-max_len={LARGEST}", "-rss_limit_mb=3000", "-timeout=120", "-print_final_stats=1"]
        limits += [f"-max_total_time={seconds}"] if seconds else []
        limits += [f"-runs={runs}"] if runs else []
        options: dict[str, Any] = {"custom_mutator": change}
        atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}{os.sep}", corpus], one, **options)
        atheris.Fuzz()


def has_atheris() -> bool:
    """Whether inputs can be led by coverage here."""
    return importlib.util.find_spec("atheris") is not None
