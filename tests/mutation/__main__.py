"""Mutates the judge, the tokens and the suppression, runs their tests on each mutant, writes tests/mutation/SCORES.md.

    python -m tests.mutation [PART...]           # parts: suppression, tokens, judge; goes on where it was stopped
    python -m tests.mutation facts mending       # modules of parts
    python -m tests.mutation --again [PART...]   # what was killed before is tried again, too
    python -m tests.mutation --all-tests judge   # survivors by every case of the tests that pass their lines
    python -m tests.mutation --tests tests/test_facts.py facts   # in place of the part's tests
    python -m tests.mutation --page              # tries nothing, writes the page

Needs the extra `mutation`, and a system that can fork. Survivors are always tried again.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from .parts import PARTS, ROOT
from .scores import PAGE, keep, known, write
from .trial import BROKEN, KILLED, TIMEOUT, try_part

if TYPE_CHECKING:
    from .mutants import Mutant
    from .parts import Part
    from .trial import Outcome


def main() -> int:
    """Try the parts one after the other, each in a process of its own; 0 where all was tried."""
    ask = argparse.ArgumentParser(
        prog="python -m tests.mutation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}, or a module of one")
    ask.add_argument("--again", action="store_true")
    ask.add_argument("--all-tests", action="store_true")
    ask.add_argument("--tests", action="append", metavar="FILE")
    ask.add_argument("--page", action="store_true")
    options = ask.parse_args()
    chosen = _chosen(options.parts)
    if wrong := set(options.parts) - PARTS.keys() - {Path(module).stem for part in chosen for module in part.modules}:
        ask.error(f"no part or module {', '.join(sorted(wrong))}: there are {', '.join(PARTS)} and their modules")
    os.chdir(ROOT)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="mutation-") as scratch:
        os.environ["XDG_CACHE_HOME"] = scratch
        for part in () if options.page else chosen:
            part = part._replace(tests=tuple(options.tests or part.tests))
            child = os.fork()  # a part's modules and tests are loaded for it alone
            if child == 0:
                os._exit(try_part(part, {} if options.again else known(), _note, all=options.all_tests))
            failed |= os.waitpid(child, 0)[1]
    whole = write()
    print(f"{PAGE.relative_to(ROOT)} is written{'' if whole else '; some mutants were not tried'}")
    return int(bool(failed) or not whole)


def _chosen(names: list[str]) -> list[Part]:
    """The parts of these names, and of others the modules of these names; all parts where there is no name."""
    if not names:
        return list(PARTS.values())
    parts = []
    for name, part in PARTS.items():
        modules = tuple(module for module in part.modules if name in names or Path(module).stem in names)
        if modules:
            parts.append(part._replace(modules=modules))
    return parts


def _note(mutant: Mutant, outcome: Outcome) -> None:
    keep(mutant.key, outcome)
    if outcome.word not in (KILLED, TIMEOUT):
        print(f"{mutant.module}:{mutant.lines.start} {mutant.function} {outcome.word}")
        print(f"  - {mutant.before}\n  + {mutant.after}")
        if outcome.word == BROKEN:
            print(f"  {outcome.test} {outcome.said[-300:]}")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
