"""Shell text that a program of another language hands to a shell, evaluated as the shell program that it is."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.settings.texts_in_programs import spelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.flow.printing import Shell
    from pat_audit.flow.program import Program
    from pat_audit.flow.values import Text, Value
    from pat_audit.source import Source

_HEAD, _TAIL = b"text() {\n", b"\n}\n"  # what a function prints is what it gives
_MOST = 400  # texts of one batch of files


class ShellTexts:
    """Runs shell texts by way of the program of the shell's language; `source` gives the files that they stand in."""

    def __init__(self, program: Callable[[], Program], source: Callable[[str], Source | None]) -> None:
        self._program = program
        self._source = source

    def run(self, shell: Shell, text: Text) -> tuple[Value | None] | None:
        """What the text prints, in a tuple; what it does is noted. None where it cannot be evaluated as a program."""
        program = self._program()
        file = None if text.site is None else self._source(text.site.path)
        if text.site is None or file is None or program.texts >= _MOST or program is shell.machine:
            return None
        held: list[Value] = []

        def number(value: Value) -> tuple[str, str]:
            held.append(value)
            return ir.HELD, str(len(held) - 1)

        path, start, end = text.site
        data, begins, places, _ = spelled(text, file.data[start:end], start, number)

        def place(offset: int) -> int:
            inside = min(max(offset - len(_HEAD), 0), len(data))
            index = max(bisect_right(begins, inside) - 1, 0)
            return min(places[index] + inside - begins[index], end - 1)

        try:
            tree = program.language.lower(path, _HEAD + data + _TAIL, place)
        except ir.Unreadable:
            return None
        summary = program.run_text(tree, shell.machine.environment, held)
        if summary is None:
            return None
        for observation in summary.observations:
            shell.machine.observe(shell.frame, replace(observation, scope=shell.frame.identity, at=shell.at))
        return (summary.returns,)
