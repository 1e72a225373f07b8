"""What `pat-audit init` does: plan, show every change as a diff, ask, and write."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pat_audit.adopt.parts import PARTS, ByHand, Standing
from pat_audit.adopt.provenance import ProvenanceError, from_words, of_this_installation
from pat_audit.adopt.tree import CannotWriteError, Change, Tree
from pat_audit.failure import say
from pat_audit.outlet import OutletError, send
from pat_audit.report.neutral import neutral

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pat_audit.adopt.parts import Outcome

_DONE, _LEFT, _FAILED = 0, 1, 2


def initialise(parts: Sequence[str], *, source: str | None, yes: bool, diff: bool, color: str) -> int:
    """Put `parts` (names of PARTS; none means those that the repository uses) into the repository around here.

    Gives the exit code: 0 all is there, or with `diff` could be; 1 something is left to a person; 2 it failed.
    """
    from pat_audit.report.repository import repository
    from pat_audit.terminal import use_colour

    found = repository(".")
    tree = Tree(found.top if found else Path.cwd())
    chosen = [name for name in PARTS if name in parts] or [
        name for name, part in PARTS.items() if any(tree.names(glob) for glob in part.used)
    ]
    if not chosen:
        say(f"{tree.top} uses none of these; name what to set up: {', '.join(PARTS)}")
        return _FAILED
    try:
        provenance = from_words(source) if source else of_this_installation()
    except ProvenanceError as error:
        say(error)
        return _FAILED
    outcomes = [outcome for name in chosen for outcome in PARTS[name].plan(tree, provenance)]
    changes = [outcome for outcome in outcomes if isinstance(outcome, Change)]
    left = any(isinstance(outcome, ByHand) for outcome in outcomes)
    try:
        send(_shown(outcomes, _masked(), use_colour(color, sys.stdout)))
        if not changes or diff:
            return _LEFT if left else _DONE
        if not (yes or _agreed(len(changes))):
            print("Nothing is written.")
            return _LEFT
        for change in changes:
            tree.write(change)
            print(f"{'wrote' if change.before is None else 'changed'} {neutral(change.path)}")
    except (CannotWriteError, OutletError) as error:
        say(error)
        return _FAILED
    return _LEFT if left else _DONE


def _agreed(count: int) -> bool:
    try:
        answer = input(f"Write {'this file' if count == 1 else f'these {count} files'}? [y/N] ")
    except EOFError:
        print()
        return False
    except KeyboardInterrupt:
        print()
        return False
    return answer.strip().lower() in ("y", "yes")


def _masked() -> Callable[[str], str]:
    """What a line of another file is shown through: no secret, and nothing that steers a terminal or a runner."""
    from pat_audit.catalogue import load_catalogue
    from pat_audit.report.masking import mask_for

    mask = mask_for(load_catalogue(plugins=False))
    return lambda line: neutral(mask(line))


def _shown(outcomes: Sequence[Outcome], masked: Callable[[str], str], colour: bool) -> Iterator[str]:
    for outcome in outcomes:
        if isinstance(outcome, Standing):
            yield f"{neutral(outcome.path)} has pat-audit already.\n"
        elif isinstance(outcome, ByHand):
            yield f"{neutral(outcome.path)} is left as it is: {outcome.why}. Put this into it:\n"
            yield "".join(f"    {masked(line)}\n" for line in outcome.lines.splitlines())
        else:
            yield from _diff(outcome, masked, colour)


def _diff(change: Change, masked: Callable[[str], str], colour: bool) -> Iterator[str]:
    lines = difflib.unified_diff(
        (change.before or "").splitlines(),
        change.after.splitlines(),
        "/dev/null" if change.before is None else f"a/{change.path}",
        f"b/{change.path}",
        lineterm="",
    )
    for number, line in enumerate(lines):
        shown = neutral(line) if number < 2 else line[0] + masked(line[1:])
        style = "" if number < 2 or not colour else {"+": "32", "-": "31", "@": "36"}.get(line[0], "")
        yield f"\x1b[{style}m{shown}\x1b[0m\n" if style else f"{shown}\n"
