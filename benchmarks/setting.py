"""What the parts of a run share: the trees, the peers that are here, how often and how long each is run."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers import version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.checkouts import Checkout
    from benchmarks.peers import Found
    from benchmarks.sections import Section

OURS = [sys.executable, "-c", "from pat_audit.cli import main; main()"]
TREE = ["check", "--isolated", "--exit-zero", "--output-format", "json"]
RIPGREP = "rg"
READING = ["sh", "-c", "find . -type f -print0 | xargs -0 cat >/dev/null"]
"""The floor under everything that reads all files."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a run is to be done."""

    trees: list[Checkout]
    peers: Mapping[str, Found | None]
    scratch: Path
    turns: int = 3
    limit: float = 45.0
    """Seconds after which a run of a peer is ended."""

    history: Path | None = None
    """The repository whose history is read, if it is none of the trees."""

    so_far: Callable[[Section], None] = lambda section: None
    """Keeps what a part has come to, should the run be ended."""

    quick: bool = False
    million: bool = False

    @property
    def installed(self) -> dict[str, Found]:
        """The peers that are here."""
        return {name: found for name, found in self.peers.items() if found is not None}

    @property
    def missing(self) -> list[str]:
        """The names of those that are not."""
        return [name for name, found in self.peers.items() if found is None]

    def repository(self) -> Checkout:
        """The tree with a history that has most files."""
        if not (with_history := [tree for tree in self.trees if tree.commits]):
            raise LookupError("no tree in the folder is a git repository")
        return with_history[-1]


def shown(command: Sequence[str], setting: Setting) -> str:
    """A command line as a person would type it, without the folders of this machine."""
    if list(command[: len(OURS)]) == OURS:
        command = ["pat-audit", *command[len(OURS) :]]
    else:
        command = [Path(command[0]).name, *command[1:]]
    text = shlex.join(command).replace(str(setting.scratch), "SCRATCH")
    return text.replace(str(Path(__file__).parent), "benchmarks").replace(sys.executable, "python")


def machine(setting: Setting) -> dict[str, str]:
    """What the run is done on and with, to be told beside its results."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = [f"{name} {found.version}" for name, found in setting.installed.items()]
    if shutil.which(RIPGREP):
        versions.append(f"rg {version_of([RIPGREP, '--version'])}")
    return {
        "machine": f"{os.cpu_count()} cores, {model or platform.processor() or platform.machine()}, {memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, {platform.python_implementation()} "
        f"{platform.python_version()}, git {version_of(['git', '--version'])}",
        "pat-audit": version_of([*OURS, "--version"]),
        "beside": ", ".join(versions) + (f"; not installed: {', '.join(setting.missing)}" if setting.missing else ""),
        "turns": f"{setting.turns}, at the most {setting.limit:.0f} s for a slow peer",
        "load when it ended": f"{os.getloadavg()[0]:.1f}",
        "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
    }
