"""One case of a peer's test suite: a text, and whether that peer says that a secret is in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its reader made it.

    `label` is what the peer calls the rule that is tested, `where` the file of its checkout with what tells the
    case from others in there, `name` what the file with the text is called, `lines` the first and the last line
    (from 1) that count in it: all where there is none. `secret` is the token itself where the peer says it, and
    never shown.
    """

    label: str
    where: str
    positive: bool
    text: str
    name: str = "case.txt"
    lines: tuple[int, int] | None = None
    secret: str = ""
