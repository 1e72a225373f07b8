"""A rules folder and a configuration are data: whatever stands in them, nothing runs and the run ends soon."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import pytest
from repositories import Repository, token

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes")

SHAPE = """\
id: acme
title: an Acme token
provider: acme
kind: pat
shapes:
  - name: acme
    pattern: '{}'
    sample: 'x'
"""
SECONDS = 60  # on a machine that does much else; each takes a second or two
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
TEXTS = {
    "a tag that makes an object": "!!python/object/apply:os.system ['touch MARK']\n",
    "a tag that makes a module": "id: !!python/module:os\n",
    "a tag that calls": "id: !!python/object/new:subprocess.Popen [['touch', 'MARK']]\n",
    "a tag of its own": "!touch MARK\n",
    "aliases that multiply": BOMB,
    "an alias of itself": "id: &a [*a]\n",
    "merge keys": "a: &a {id: x}\nid: y\n<<: *a\n",
    "deep nesting": "[" * 14_000,
    "deeper nesting": "- " * 20_000 + "x\n",
    "many documents": "id: a\n---\nid: b\n",
    "a huge scalar": "id: " + "x" * 3_000_000 + "\n",
    "no UTF-8": "id: \udcff\udcfe\n",
    "control characters": "id: \x00\x01\n",
    "a pattern that runs away": SHAPE.format("(a+)+b"),
    "a pattern with alternatives that do": SHAPE.format("(a|a)*b"),
    "a pattern that looks back": SHAPE.format("(a)\\\\1"),
    "a pattern without end": SHAPE.format("acme-.*"),
    "a pattern with a huge count": SHAPE.format("(a{1000}){1000}"),
}


@pytest.fixture
def repository(tmp_path: Path, cache: Path) -> Repository:
    """A repository that brings a rules folder."""
    made = Repository(tmp_path / "work", cache)
    made.write("app.py", f'TOKEN = "{token(1)}"\n')
    made.write(".pat-audit.toml", 'rules = ["rules"]\n')
    return made


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_rule_file_runs_anything_or_holds_a_run_up(repository: Repository, text: str) -> None:
    mark = repository.folder / "mark"
    repository.write("rules/credentials/acme.yaml", os.fsencode(text.replace("MARK", str(mark))))
    began = time.monotonic()
    done = repository.run("check")
    assert time.monotonic() - began < SECONDS
    assert done.returncode == 2
    assert done.stderr.startswith("pat-audit: rules/credentials/acme.yaml")
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 20_000
    assert not mark.exists()


def test_what_is_no_rule_file_is_not_opened(repository: Repository, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("password of somebody\n")
    rules = repository.folder / "rules/credentials"
    rules.mkdir(parents=True)
    os.mkfifo(rules / "pipe.yaml")
    (rules / "device.yaml").symlink_to("/dev/zero")
    (rules / "loop.yaml").symlink_to("loop.yaml")
    (rules / "folder.yaml").mkdir()
    with (rules / "huge.yaml").open("wb") as file:
        file.truncate(8 << 30)  # eight gigabytes, of which the disk holds none
    (rules / "link.yaml").symlink_to(secret)
    done = repository.run("check")
    assert done.returncode == 2
    for name in ("pipe", "device", "loop", "folder"):
        assert f"rules/credentials/{name}.yaml: this is not a file that can be read" in done.stderr
    assert "rules/credentials/huge.yaml: this is too large" in done.stderr
    assert "rules/credentials/link.yaml: this is a link that leads out of the repository" in done.stderr
    assert "password of somebody" not in done.stderr


CONFIGS = {
    "a folder that is a file": 'rules = ["app.py"]\n',
    "a folder above": 'rules = ["../../../../../../../../../../etc"]\n',
    "a glob that runs away": f'exclude = ["{"*a" * 40}b"]\n',
    "many globs": "exclude = [" + ", ".join(f'"**/x{number}/**"' for number in range(1000)) + "]\n",
    "deep nesting": "select = " + "[" * 5000 + "]" * 5000 + "\n",
    "a program": 'output-format = "!touch MARK"\n',
    "an unknown command": 'fix-command = "touch MARK"\n',
    "no number": "jobs = 1e999\n",
    "a huge number": f"jobs = {'9' * 5000}\n",
}


@pytest.mark.parametrize("text", CONFIGS.values(), ids=CONFIGS)
def test_no_configuration_runs_anything_or_holds_a_run_up(repository: Repository, text: str) -> None:
    mark = repository.folder / "mark"
    repository.write(".pat-audit.toml", text.replace("MARK", str(mark)))
    repository.write("a" * 100 + ".txt", f"token = {token(2)}\n")
    began = time.monotonic()
    done = repository.run("check", "--exit-zero")
    assert time.monotonic() - began < SECONDS
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    assert len(done.stderr) < 20_000
    assert not mark.exists()
    assert "PAT101" in done.stdout or done.returncode == 2
