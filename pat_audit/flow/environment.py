"""Variables that a program hands to the programs that it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow.observation import Observation

if TYPE_CHECKING:
    from pat_audit.flow.frame import Frame, Machine
    from pat_audit.flow.values import Site, Value


def export(machine: Machine, frame: Frame, name: str, value: Value, site: Site) -> None:
    """Note that a program run from here depends on the credential that it is handed under this name."""
    if machine.is_credential(name):
        machine.observe(frame, Observation("export", site, value, frame.identity, sink=name, at=site))
