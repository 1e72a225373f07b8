"""The marks in a rule's examples that say which finding belongs on which line: `# <-- PAT201`."""

from __future__ import annotations

import re

_MARK = re.compile(
    r"""(?<![ \t])[ \t]*+ (?:\#|//|--|;|%|<!--|/\*|REM|')? [ \t]*+
        <--[ \t]* (?P<rules>[A-Z]{2,8}[0-9]{3,4} (?:[ \t,]+[A-Z]{2,8}[0-9]{3,4})*)
        [ \t]*+ (?:-->|\*/)? [ \t]*+ $""",
    re.VERBOSE | re.MULTILINE,
)


def without_marks(code: str) -> str:
    """An example's code as it would stand in a file."""
    return "\n".join(_MARK.sub("", line) for line in code.split("\n"))


def marks(code: str) -> dict[int, frozenset[str]]:
    """For each 1-based line with a mark the ids of the rules that must report it."""
    found = {}
    for number, line in enumerate(code.split("\n"), 1):
        mark = _MARK.search(line)
        if mark:
            found[number] = frozenset(re.split(r"[ \t,]+", mark["rules"]))
    return found
