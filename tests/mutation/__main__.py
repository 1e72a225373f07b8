"""Mutates the judge, the tokens and the suppression, runs their tests on each mutant, writes tests/mutation/SCORES.md.

    python -m tests.mutation [PART...]           # parts: suppression, tokens, judge; goes on where it was stopped
    python -m tests.mutation --again [PART...]   # what was killed before is tried again, too
    python -m tests.mutation --all-tests judge   # survivors by every test that passes their lines, not by 150 of them

Needs the extra `mutation`, and a system that can fork. Survivors are always tried again.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from typing import TYPE_CHECKING

from .parts import PARTS, ROOT
from .scores import PAGE, keep, known, write
from .trial import try_part

if TYPE_CHECKING:
    from .mutants import Mutant


def main() -> int:
    """Try the parts one after the other, each in a process of its own; 0 where all was tried."""
    ask = argparse.ArgumentParser(
        prog="python -m tests.mutation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    ask.add_argument("--again", action="store_true")
    ask.add_argument("--all-tests", action="store_true")
    options = ask.parse_args()
    if wrong := set(options.parts) - PARTS.keys():
        ask.error(f"no part {', '.join(sorted(wrong))}: there are {', '.join(PARTS)}")
    os.chdir(ROOT)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="mutation-") as scratch:
        os.environ["XDG_CACHE_HOME"] = scratch
        for name in options.parts or PARTS:
            child = os.fork()  # a part's modules and tests are loaded for it alone
            if child == 0:
                os._exit(try_part(PARTS[name], {} if options.again else known(), _note, all=options.all_tests))
            failed |= os.waitpid(child, 0)[1]
    whole = write()
    print(f"{PAGE.relative_to(ROOT)} is written{'' if whole else '; some mutants were not tried'}")
    return int(bool(failed) or not whole)


def _note(mutant: Mutant, outcome: str) -> None:
    keep(mutant.key, outcome)
    if outcome not in ("killed", "timeout"):
        print(
            f"{mutant.module}:{mutant.lines.start} {mutant.function} {outcome}\n  - {mutant.before}\n  + {mutant.after}"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
