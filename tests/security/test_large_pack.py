"""A pack of two gigabytes: every blob is looked at, and none is held in memory beyond what is scanned of it.

It takes two gigabytes of disk and some minutes, so it runs only where PAT_AUDIT_LARGE_PACK says how many megabytes:

    PAT_AUDIT_LARGE_PACK=2048 python -m pytest -n 0 -s tests/security/test_large_pack.py
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time
from random import Random
from typing import TYPE_CHECKING

import pytest
from repositories import Repository, token

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEGABYTES = int(os.environ.get("PAT_AUDIT_LARGE_PACK", "0"))
MOST_MEMORY = 640  # megabytes of the largest process, git's mapped packs among them: less than the largest blob's 700
pytestmark = pytest.mark.skipif(not MEGABYTES, reason="opt-in: PAT_AUDIT_LARGE_PACK=2048")

MEASURED = """\
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=sys.stdout).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, file=sys.stderr)
"""


def blobs() -> Iterator[tuple[str, bytes, int]]:
    """Blobs that no packing makes smaller: name, how it starts, and size."""
    size = 0
    number = 0
    while size < MEGABYTES << 20:
        text = number % 2 == 0
        length = (40, 64, 128, 700)[number % 4] << 20
        yield f"blob{number}.{'txt' if text else 'dat'}", f"token = {token(number)}\n".encode(), length
        size += length
        number += 1


def fill(repository: Repository) -> list[str]:
    """Import the blobs in one commit; gives the names of those that are text."""
    random = Random(1)
    settings = ("core.compression=0", "core.bigFileThreshold=1m", "fastimport.unpackLimit=1")
    command = ["git", *(word for setting in settings for word in ("-c", setting)), "fast-import", "--quiet"]
    process = subprocess.Popen(command, cwd=repository.folder, env=repository.environment, stdin=subprocess.PIPE)
    assert process.stdin is not None
    write = process.stdin.write
    names = []
    for mark, (name, start, length) in enumerate(blobs(), 1):
        write(b"blob\nmark :%d\ndata %d\n" % (mark, length))
        write(start)
        left = length - len(start)
        while left:
            part = random.randbytes(3 << 18)
            part = (base64.encodebytes(part) if name.endswith(".txt") else part)[:left]
            write(part)
            left -= len(part)
        write(b"\n")
        names.append(name)
    write(b"commit refs/heads/main\ncommitter x <x@localhost> 1700000000 +0000\ndata 1\nx\n")
    for mark, name in enumerate(names, 1):
        write(b"M 100644 :%d %s\n" % (mark, name.encode()))
    process.stdin.close()
    assert process.wait() == 0
    return [name for name in names if name.endswith(".txt")]


def test_two_gigabytes(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "work", tmp_path / "cache")
    texts = fill(repository)
    packs = sum(path.stat().st_size for path in (repository.folder / ".git/objects/pack").iterdir())
    assert packs > MEGABYTES << 20
    repository.run("rules", "list")  # what is compiled once is none of this
    repository.git("read-tree", "--empty")
    for words in (["history", "--output-format", "concise"], ["check", "--staged", "--output-format", "concise"]):
        if "--staged" in words:  # the same blobs, none of them in the commit
            repository.git("read-tree", "HEAD")
            repository.git("symbolic-ref", "HEAD", "refs/heads/none")
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, sys.executable, "-m", "pat_audit", *words],
            cwd=repository.folder, env=repository.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        code, memory = map(int, done.stderr.splitlines()[-1].split())
        print(
            f"{words[0]} {words[1]}: {packs >> 20} MB in packs, {time.monotonic() - began:.1f} s, {memory} MB at most"
        )
        assert code == 1, done.stderr
        found = sorted(line.partition(":")[0] for line in done.stdout.splitlines() if " PAT10" in line)
        assert found == sorted(texts)
        assert memory < MOST_MEMORY
