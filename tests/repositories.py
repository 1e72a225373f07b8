"""Real git repositories for tests, and pat-audit run in them as a person runs it."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
IDENTITY = ["-c", "user.name=x", "-c", "user.email=x@localhost", "-c", "protocol.file.allow=always"]


@cache
def _derived() -> Path:
    """A user's cache with all that is derived of the rules and kept, made once by each process."""
    home = tempfile.TemporaryDirectory(prefix="pat-audit-tests-")
    atexit.register(home.cleanup)
    work = Path(home.name, "work")
    work.mkdir()
    (work / "small.py").write_text(f'TOKEN = "{token(0)}"\n')
    (work / "large.py").write_text("x = 1\n" * 100_000)
    for path in ("small.py", "."):  # without hyperscan, and with it
        subprocess.run(
            [sys.executable, "-m", "pat_audit", "check", "--exit-zero", path],
            cwd=work,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT), "XDG_CACHE_HOME": str(Path(home.name, "cache"))},
            stdout=subprocess.DEVNULL,
            check=True,
        )
    return Path(home.name, "cache")


def user_cache(folder: Path) -> Path:
    """`folder` as a user's cache in which what is derived of the rules is kept already: to derive it takes seconds."""
    if not folder.exists():
        shutil.copytree(_derived(), folder, ignore=shutil.ignore_patterns("key"))
    return folder


class Repository:
    """A folder in which files are written, git is run and pat-audit is run."""

    def __init__(self, folder: Path, cache: Path, *, init: bool = True) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        self.environment = {
            **{name: value for name, value in inherited.items() if name not in ("NO_COLOR", "FORCE_COLOR")},
            "PYTHONPATH": str(CHECKOUT),
            "XDG_CACHE_HOME": str(user_cache(cache)),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_CEILING_DIRECTORIES": str(folder.parent),
        }
        if init:
            self.git("init", "-q", "-b", "main")

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a file, and the folders that it stands in."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def git(self, *words: str, **more: str) -> str:
        """What a git command prints."""
        return subprocess.run(
            ["git", *IDENTITY, *words],
            cwd=self.folder,
            env={**self.environment, **more},
            check=True,
            capture_output=True,
            text=True,
            errors="surrogateescape",
        ).stdout

    def commit(self, message: str = "change", **more: str) -> str:
        """Commit all that there is, and give the commit's id."""
        self.git("add", "-A", **more)
        self.git("commit", "-q", "--allow-empty", "-m", message, **more)
        return self.git("rev-parse", "HEAD").strip()

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """pat-audit with these arguments."""
        return self.run_as([sys.executable, "-m", "pat_audit"], *arguments, **more)

    def run_as(self, start: list[str], *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """pat-audit, started in a way of its own."""
        return subprocess.run(
            [*start, *arguments],
            cwd=self.folder,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def found(self, *arguments: str, code: int | None = None) -> list[str]:
        """The findings of `check`, each as `path:line RULE`, in a concise report."""
        done = self.run("check", "--output-format", "concise", *arguments)
        assert "Traceback" not in done.stderr, done.stderr
        assert code is None or done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return [
            f"{place.rpartition(':')[0]} {rest.split()[0]}" for place, rest in map(_split, done.stdout.splitlines())
        ]


def _split(line: str) -> tuple[str, str]:
    place, _, rest = line.partition(": ")
    return place, rest


def token(number: int) -> str:
    """An Azure DevOps token that satisfies its check: another one for each number."""
    from random import Random

    from pat_audit.catalogue import load_catalogue
    from pat_audit.tokens import patterns
    from pat_audit.tokens.seals import SEALS

    kind = next(each for each in load_catalogue(plugins=False).credentials if each.id == "azure-devops-pat")
    shape = kind.shapes[0]
    random = Random(number)
    return SEALS[shape.check](patterns.draw(patterns.read(shape.pattern), random), random)
