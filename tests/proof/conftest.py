"""What the tests of a run share: certificates, a repository, packages of npm, and the ground to run scripts on."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from pat_audit.tokens.samples import sample
from proof import server
from proof.certificates import make_certificates
from proof.git_repository import make_repository
from proof.ground import Ground

if TYPE_CHECKING:
    from pathlib import Path

NODE_PACKAGES = ("@azure/identity@4.13.1", "axios@1.21.1", "azure-devops-node-api@17.0.1")
_INSTALL = ("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--loglevel=error")


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Everything that scripts need on the other end."""
    folder = tmp_path_factory.mktemp("ground")
    certificates = make_certificates(folder, server.HOSTS)
    if shutil.which("git"):
        make_repository(folder / "repositories")
    return Ground(certificates, folder / "repositories", sample("azure-devops-pat"))


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages that scripts for node import, installed by the worker that comes first.

    Skips where there is no npm or it reaches no registry.
    """
    if not shutil.which("npm"):
        pytest.skip("npm is not on this machine")
    folder = tmp_path_factory.getbasetemp().parent / "proof-node"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "whole").exists():
            (folder / "package.json").write_text('{"name": "proof", "private": true}')
            done = subprocess.run([*_INSTALL, *NODE_PACKAGES], cwd=folder, capture_output=True, text=True, timeout=300)
            if done.returncode:
                pytest.skip(f"npm cannot install {', '.join(NODE_PACKAGES)}: {done.stderr[-300:]}")
            (folder / "whole").touch()
    return folder / "node_modules"
