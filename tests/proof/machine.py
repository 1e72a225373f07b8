"""The machine that a script runs on: its home, its environment, and its way to the service on loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from proof import identity, server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proof.certificates import Certificates
    from proof.identity import IdentityEndpoint
    from proof.server import Service

_OWN = Path(__file__).parent / "machine"
_TIMEOUT = 120


class Done(NamedTuple):
    """How a program ended, and what it wrote."""

    status: int
    output: str
    errors: str


class Machine:
    """Runs programs that find the service under its real names, and nothing else.

    What signs in differs: with `pat`, the environment has the PAT. Without, it has none any more, or a worthless one
    if the variable `stays`; there is a managed identity (behind the real azure-identity, and behind stand-ins for
    `az` and Git Credential Manager, which need a network), and ~/.netrc still holds the PAT. With `both`, there is
    the PAT and the identity.
    """

    def __init__(
        self,
        home: Path,
        service: Service,
        endpoint: IdentityEndpoint,
        certificates: Certificates,
        *,
        pat: str | None,
        stays: bool = False,
        both: bool = False,
    ) -> None:
        home.mkdir(parents=True)
        programs = home / "bin"
        programs.mkdir()
        for name in ("python", "python3"):
            _write(programs / name, f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', mode=0o755)
        trusted = str(certificates.authority)
        _write(home / ".curlrc", _curl(service.port, trusted))
        _write(home / ".wgetrc", f"https_proxy = {endpoint.proxy}\nca_certificate = {trusted}\n")
        git = f"[http]\n\tproxy = {endpoint.proxy}\n\tsslCAInfo = {trusted}\n[advice]\n\tdetachedHead = false\n"
        self.home = home
        self.environment = {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "TMPDIR": str(home),
            "PYTHONPATH": str(_OWN),
            "PYTHONDONTWRITEBYTECODE": "1",
            "NODE_OPTIONS": f"--require={_OWN / 'preload.cjs'}",
            "PROOF_HOSTS": " ".join(server.HOSTS),
            "PROOF_PORT": str(service.port),
            "SSL_CERT_FILE": trusted,
            "REQUESTS_CA_BUNDLE": trusted,
            "NODE_EXTRA_CA_CERTS": trusted,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "AZURE_DEVOPS_CACHE_DIR": str(home / "sdk-cache"),
            "BUILD_SERVER_PASSWORD": server.BUILD_SERVER_PASSWORD,
        }
        if pat is not None:
            self.environment |= {"ADO_PAT": pat, "AZURE_DEVOPS_EXT_PAT": pat}
        if pat is None or both:
            git += "[credential]\n\thelper = manager\n\tazreposCredentialType = oauth\n"
            netrc = home / ".netrc"
            text = f"machine dev.azure.com\nlogin ada\npassword {service.pat}\n"
            netrc.write_text(text)  # pat-audit: ignore[PAT504] a trap: the PAT in it is refused
            netrc.chmod(0o600)
            shutil.copy(_OWN / "git-credential-manager", programs / "git-credential-manager")
            self.environment |= {
                "IDENTITY_ENDPOINT": endpoint.url,
                "IDENTITY_HEADER": identity.SECRET,
                "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",
            }
            if stays:
                self.environment["ADO_PAT"] = service.pat
        shutil.copy(_OWN / "az", programs / "az")
        _write(home / ".gitconfig", git)

    def run(self, command: Sequence[str], folder: Path, stdin: str = "") -> Done:
        """Run a command in a folder; a program that does not end is killed and has status -9."""
        try:
            done = subprocess.run(
                list(command),
                cwd=folder,
                env=self.environment,
                input=stdin,
                capture_output=True,
                text=True,
                timeout=_TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            return Done(-9, str(late.stdout or ""), f"did not end in {_TIMEOUT} seconds")
        return Done(done.returncode, done.stdout, done.stderr)


def _curl(port: int, trusted: str) -> str:
    routes = "".join(f'connect-to = "{host}:443:127.0.0.1:{port}"\n' for host in server.HOSTS)
    return f'{routes}cacert = "{trusted}"\n'


def _write(path: Path, text: str, mode: int = 0o600) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
