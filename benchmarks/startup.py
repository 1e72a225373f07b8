"""How long a hook waits: `pat-audit check` on one clean file beside `python -c "import click, yaml"`.

    python -m benchmarks.startup [--turns 30]

Compiled modules and the user's cache are warm, as they are for a hook from its second run on: the first turn, which
is not measured, makes both. Exits 1 where the ratio of the medians is above 1.3.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.turns import table, take_turns

CLEAN = '"""A module without a candidate."""\n\n\ndef double(number: int) -> int:\n    return number * 2\n' * 40
LIMIT = 1.3


def main() -> int:
    """Measure and print; the exit code says whether the limit holds."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--turns", type=int, default=30)
    turns = ask.parse_args().turns
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # it would have every turn compile our modules, and no peer's
    installed = Path(sys.executable).with_name("pat-audit")
    ours = [str(installed)] if installed.exists() else [sys.executable, "-c", "from pat_audit.cli import main; main()"]
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder, "clean.py")
        clean.write_text(CLEAN)
        measured = take_turns(
            {
                "pat-audit check clean.py": [*ours, "check", str(clean)],
                "python -c 'import click, yaml'": [sys.executable, "-c", "import click, yaml"],
                "python -c pass": [sys.executable, "-c", "pass"],
            },
            turns,
        )
    peer = "python -c 'import click, yaml'"
    print(table(measured, peer))
    ratio = measured["pat-audit check clean.py"].median / measured[peer].median
    print(f"\nratio {ratio:.2f}, limit {LIMIT}")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
