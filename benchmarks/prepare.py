"""Makes the environment with the peers: `python -m benchmarks prepare --peers VENV`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from typing import TYPE_CHECKING

from benchmarks.peers import NPM, PEERS, find_peers

if TYPE_CHECKING:
    from pathlib import Path


def prepare(environment: Path) -> int:
    """Install what is missing and print versions; 1 where a peer could not be installed."""
    packages: dict[str, list[str]] = {"PyPI": [], "npm": []}
    for peer in PEERS:
        packages[peer.registry] += peer.packages
    if not (environment / "bin" / "python").exists():
        venv.create(environment, with_pip=True)
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    if subprocess.run([*pip, *packages["PyPI"]], check=False).returncode:
        for package in packages["PyPI"]:  # one that is not to be had keeps no other away
            subprocess.run([*pip, package], check=False)
    npm = shutil.which("npm")
    if npm is None:
        print("npm is not installed: no secretlint", file=sys.stderr)
    else:
        prefix = environment / NPM
        prefix.mkdir(exist_ok=True)
        subprocess.run([npm, "install", "--silent", "--prefix", str(prefix), *packages["npm"]], check=False)
    peers = find_peers(environment)
    for name, found in peers.items():
        print(f"{name}: {found.version if found else 'NOT INSTALLED'}")
    return int(None in peers.values())
