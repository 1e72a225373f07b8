"""A repository that is served over smart HTTP by git's own backend."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

PATH = "Fiber/_git/tools"


class Served(NamedTuple):
    """What the backend answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def make_repository(root: Path) -> None:
    """A bare repository with one commit on `main`, at `PATH` below an existing folder."""
    bare = root / PATH
    bare.mkdir(parents=True)
    quiet = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@fabrikam.example",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@fabrikam.example",
    }

    def git(*arguments: str, stdin: bytes = b"") -> str:
        command = ["git", "-C", str(bare), *arguments]
        return subprocess.run(command, input=stdin, env=quiet, check=True, capture_output=True).stdout.decode().strip()

    git("init", "-q", "--bare", "-b", "main")
    blob = git("hash-object", "-w", "--stdin", stdin=b"The tools of the loom.\n")
    tree = git("mktree", stdin=f"100644 blob {blob}\tREADME.md\n".encode())
    git("update-ref", "refs/heads/main", git("commit-tree", tree, "-m", "Begin"))
    git("config", "http.receivepack", "true")


def serve(root: Path, method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> Served:
    """What git's backend makes of a request; `path` starts at the project, `headers` have lower-case names."""
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_PROJECT_ROOT": str(root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        "REMOTE_USER": "ada",
        "REQUEST_METHOD": method,
        "PATH_INFO": f"/{path}",
        "QUERY_STRING": query,
        "CONTENT_TYPE": headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_CONTENT_ENCODING": headers.get("content-encoding", ""),
        "GIT_PROTOCOL": headers.get("git-protocol", ""),
    }
    done = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=False)
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in head.decode().splitlines())]
    status = next((int(value[:3]) for name, value in fields if name == "Status"), 200)
    return Served(status, [field for field in fields if field[0] not in ("Status", "Content-Length")], content)
