"""Variables that a program hands to the programs that it runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.flow.combining import concatenate
from pat_audit.flow.observation import Observation
from pat_audit.flow.values import Source, Text

if TYPE_CHECKING:
    from pat_audit.flow.frame import Frame, Machine
    from pat_audit.flow.values import Site, Value

_REFERENCE = re.compile(r"\\.|'|\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))", re.DOTALL)


def export(machine: Machine, frame: Frame, name: str, value: Value, site: Site) -> None:
    """Note that a program run from here depends on the credential that it is handed under this name."""
    if machine.is_credential(name):
        machine.observe(frame, Observation("export", site, value, frame.identity, sink=name, at=site))


def with_variables(machine: Machine, command: Value) -> Value:
    """A shell's text with the variables in it that stand outside of single quotes, which a shell leaves alone."""
    if not isinstance(command, Text) or not any(isinstance(part, str) and "$" in part for part in command.parts):
        return command
    pieces: list[Value] = []
    quoted = double = False
    for part in command.parts:
        if not isinstance(part, str):
            pieces.append(part)
            continue
        done = 0
        for match in _REFERENCE.finditer(part):
            double ^= part.count('"', done, match.start()) % 2 == 1
            if match.group() == "'":
                quoted ^= not double
            name = match[1] or match[2]
            if name is None or quoted:
                pieces.append(Text((part[done : match.end()],)))
            else:
                pieces.append(Text((part[done : match.start()],)))
                pieces.append(machine.environment.get(name) or Source("environment", name, command.site))
            done = match.end()
        double ^= part.count('"', done) % 2 == 1
        pieces.append(Text((part[done:],)))
    return concatenate(pieces, command.site)
