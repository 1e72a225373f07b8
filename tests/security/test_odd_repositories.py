"""Repositories and disks in unusual states: each command says what it can see, and why not the rest."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from repositories import Repository, token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import FileIO
    from pathlib import Path

POINTER = """\
version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 12345
"""
USE = """\
import os
import requests
requests.get("https://dev.azure.com/o/_apis/projects", auth=("", os.environ["ADO_PAT"]))
"""
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NOBODY = 65534
needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root becomes another user, and mounts")


@pytest.fixture
def repository(tmp_path: Path, cache: Path) -> Repository:
    """A repository with two commits and a finding in each."""
    made = Repository(tmp_path / "work", cache)
    made.write("app.py", f'TOKEN = "{token(1)}"\n')
    made.commit()
    made.write("more.py", f'TOKEN = "{token(2)}"\n')
    made.commit()
    return made


def test_pointers_of_large_files_are_text_and_nothing_is_fetched(repository: Repository) -> None:
    ran = repository.folder.parent / "ran"
    config = repository.folder / ".git/config"
    without = config.read_text()
    lfs = "".join(f"\t{key} = \"touch '{ran}'; cat\"\n" for key in ("clean", "smudge", "process"))
    lfs = f'[filter "lfs"]\n\trequired = true\n{lfs}[lfs]\n\turl = http://localhost:1/lfs\n'
    config.write_text(without + lfs)
    repository.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n*.ini filter=lfs\n")
    blob = repository.write("model.bin", POINTER)
    repository.write("settings.ini", POINTER)
    for name in (".gitattributes", "model.bin", "settings.ini"):
        made = repository.git("hash-object", "-w", "--no-filters", name).strip()
        repository.git("update-index", "--add", "--cacheinfo", f"100644,{made},{name}")
    assert repository.found("--staged", code=0) == []
    config.write_text(without)  # the real git-lfs would take part in the commit
    repository.git("commit", "-q", "-m", "pointers")
    config.write_text(without + lfs)
    blob.write_bytes(b"\0" * 12345)  # what git lfs puts in the pointer's place
    repository.write("settings.ini", f"token = {token(3)}\n")
    os.utime(blob, (1, 1))
    ran.unlink(missing_ok=True)
    assert repository.found(code=1) == ["app.py:1 PAT101", "more.py:1 PAT101", "settings.ini:1 PAT103"]
    assert repository.found("--changed-since", "HEAD", code=1) == ["settings.ini:1 PAT103"]
    done = repository.run("history", "--output-format", "concise")
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == ["app.py", "more.py"]
    assert done.stderr == ""
    assert repository.run("baseline").returncode == 0
    assert repository.found("--baseline", code=0) == []
    assert not ran.exists()


def _detached(it: Repository) -> None:
    it.git("checkout", "-q", "--detach")


def _no_commit(it: Repository) -> None:
    shutil.rmtree(it.folder / ".git")
    it.git("init", "-q", "-b", "main")
    it.git("add", "-A")


def _no_index(it: Repository) -> None:
    (it.folder / ".git/index").unlink()


def _broken_index(it: Repository) -> None:
    (it.folder / ".git/index").write_bytes(b"DIRC broken")


def _no_head(it: Repository) -> None:
    (it.folder / ".git/HEAD").write_bytes(b"")


def _no_objects(it: Repository) -> None:
    shutil.rmtree(it.folder / ".git/objects")
    (it.folder / ".git/objects").mkdir()


def _broken_config(it: Repository) -> None:
    (it.folder / ".git/config").write_text("[core\n")


def _empty_folder(it: Repository) -> None:
    shutil.rmtree(it.folder / ".git")
    (it.folder / ".git").mkdir()


def _leads_nowhere(it: Repository) -> None:
    shutil.rmtree(it.folder / ".git")
    it.write(".git", "gitdir: /nowhere\n")


def _work_tree(it: Repository) -> None:
    other = it.folder.parent / "linked"
    it.git("worktree", "add", "-q", str(other), "-b", "other")
    it.folder = other


def _shallow(it: Repository) -> None:
    other = it.folder.parent / "shallow"
    it.git("clone", "-q", "--depth", "1", f"file://{it.folder}", str(other))
    it.folder = other


def _submodule(it: Repository) -> None:
    outer = Repository(it.folder.parent / "outer", it.folder.parent / "no-cache")
    outer.git("submodule", "add", "-q", str(it.folder), "inner")
    outer.commit()
    it.folder = outer.folder / "inner"


STATES: dict[Callable[[Repository], None], tuple[bool, bool]] = {  # whether git serves, whether it has a commit
    _detached: (True, True), _no_commit: (True, False), _no_index: (True, True), _broken_index: (False, True),
    _no_head: (False, False), _no_objects: (True, False), _broken_config: (False, False), _empty_folder: (False, False),
    _leads_nowhere: (False, False), _work_tree: (True, True), _shallow: (True, True), _submodule: (True, True),
}  # fmt: skip


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__[1:])
def test_whatever_git_has_the_files_are_scanned_and_nothing_falls_over(
    repository: Repository, state: Callable[[Repository], None]
) -> None:
    state(repository)
    serves, has_commit = STATES[state]
    assert repository.found("app.py", "more.py", code=1) == ["app.py:1 PAT101", "more.py:1 PAT101"]
    done = repository.run("check", "--output-format", "concise", "--exit-zero")
    if state is not _no_index:  # all that git knows is gone, and what is ignored is not known
        assert done.stdout.count("PAT101") == 2
    assert ("all files are scanned" in done.stderr) is not serves
    for words in (
        ["check", "--staged"],
        ["check", "--changed-since", "HEAD"],
        ["history"],
        ["baseline"],
        ["check", "--baseline"],
    ):
        done = repository.run(*words)
        assert "Traceback" not in done.stderr
        assert "internal error" not in done.stderr
        assert done.returncode in (0, 1) or done.stderr.startswith("pat-audit: ") or done.stdout.startswith("error: ")
        if words == ["history"] and has_commit and serves:
            assert "PAT101" in done.stdout
        if words == ["check", "--changed-since", "HEAD"] and not has_commit:
            assert done.returncode == 2


DROPPED = [
    "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
]  # fmt: skip
"""Becomes a user who owns nothing and may write nothing; it may read, because root's interpreter is root's alone."""


def as_nobody(repository: Repository, *words: str) -> subprocess.CompletedProcess[str]:
    """pat-audit as a user who may not write, which we are where we are no superuser."""
    return subprocess.run(
        [*(DROPPED if IS_ROOT else []), sys.executable, "-m", "pat_audit", *words],
        cwd=repository.folder, env=repository.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture
def open_repository(tmp_path: Path) -> Iterator[Repository]:
    """A folder of files, and a cache that belongs to nobody."""
    (tmp_path / "own").mkdir()
    made = Repository(tmp_path / "work", tmp_path / "own/cache", init=False)
    made.write("app.py", f'TOKEN = "{token(1)}"\n')
    for number in range(300):
        made.write(f"many/file{number}.txt", "text\n")
    if IS_ROOT:
        for place in (tmp_path / "own/cache", *(tmp_path / "own/cache").rglob("*")):
            os.chown(place, NOBODY, NOBODY)
        if not shutil.which("setpriv") or as_nobody(made, "--version").returncode:
            pytest.skip("there is no setpriv here that drops what root may")
    yield made
    made.folder.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits")
def test_what_may_not_be_written_is_no_trouble_or_named(open_repository: Repository) -> None:
    it = open_repository
    it.folder.chmod(0o555)
    for _ in range(2):
        done = as_nobody(it, "check", "--output-format", "concise")
        assert (done.returncode, done.stdout.count("PAT101")) == (1, 1), done.stderr
        assert done.stderr == ""
    assert not (it.folder / ".pat-audit-cache").exists()
    for words in (["baseline"], ["check", "--output-file", "report"], ["init", "--yes", "config"]):
        done = as_nobody(it, *words, *(["--source", "pat-audit==0.1"] if "init" in words else []))
        assert done.returncode == 2
        assert "cannot be written: Permission denied" in done.stderr
        assert "Traceback" not in done.stderr


UNREADABLE = """\
import os, sys
from pat_audit.catalogue import load_catalogue
from pat_audit.config import Config
from pat_audit.scan import scan
from pat_audit.target import Target
catalogue = load_catalogue(plugins=False)
def look():
    report = scan(Target(["."], Config(cache=False), catalogue))
    return [f.rule for f in report.findings], [(p.path, p.message, p.fatal) for p in report.problems]
before = look()  # and all is imported that will be needed
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
print([before, look()])
"""


LOCKED = {"locked": "listed", "more.py": "read"}


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits")
def test_what_may_not_be_read_is_named(repository: Repository) -> None:
    shutil.rmtree(repository.folder / ".git")
    (repository.folder / "locked").mkdir()
    repository.write("locked/in.py", "x = 1\n")
    (repository.folder / "more.py").chmod(0)
    (repository.folder / "locked").chmod(0)
    for folder in (repository.folder, repository.folder.parent):
        folder.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", UNREADABLE], cwd=repository.folder, env=repository.environment, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    (repository.folder / "locked").chmod(0o755)
    assert done.returncode == 0, done.stderr
    locked = [
        ("locked", "cannot be listed: Permission denied", True),
        ("more.py", "cannot be read: Permission denied", True),
    ]
    before, after = ast.literal_eval(done.stdout)
    assert after == (["PAT101"], locked)
    assert before == ((["PAT101", "PAT101"], []) if IS_ROOT else after)


@needs_root
def test_a_cache_of_another_user_counts_for_nothing(open_repository: Repository) -> None:
    it = open_repository
    first = it.run("check", "--output-format", "json")  # as root, whose key only root has
    kept = it.folder / ".pat-audit-cache"
    before = {path.name: path.read_bytes() for path in kept.iterdir()}
    for path in (kept, *kept.iterdir()):  # even where it may be read
        path.chmod(0o755)
    cache = it.folder.parent / "own/cache/pat-audit"
    shutil.rmtree(cache)
    cache.mkdir(mode=0o777)  # root's, and open to all
    cache.chmod(0o777)
    done = as_nobody(it, "check", "--output-format", "json")
    assert done.stdout == first.stdout
    assert done.stderr == ""
    assert list(cache.iterdir()) == []  # what others may write is not ours
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == before


def _fill(file: FileIO) -> None:
    while True:
        file.write(b"x" * 4096)


@needs_root
@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs")
def test_a_full_disk_leaves_what_was_there(repository: Repository, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    mounted = subprocess.run(command, check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        (disk / "report.html").write_text("the old report")
        (disk / "baseline").write_text("# pat-audit baseline, version 1\n")
        (disk / "use.py").write_text(USE)
        before = (disk / "use.py").read_bytes()
        with (disk / "fill").open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
            _fill(file)
        kept = sorted(path.name for path in disk.iterdir())
        for words in (
            ["check", "--output-format", "html", "--output-file", str(disk / "report.html")],
            ["check", "--exit-zero", "--also", f"html={disk / 'report.html'}"],
            ["history", "--output-format", "html", "--output-file", str(disk / "report.html")],
            ["baseline", "--baseline", str(disk / "baseline")],
            ["check", "--fix", "--unsafe-fixes", str(disk / "use.py")],
        ):
            done = repository.run(*words)
            assert done.returncode == 2, words
            assert "No space left on device" in done.stdout + done.stderr
            assert "Traceback" not in done.stderr
        assert sorted(path.name for path in disk.iterdir() if path.name != ".pat-audit-cache") == kept
        assert (disk / "report.html").read_text() == "the old report"
        assert (disk / "baseline").read_text() == "# pat-audit baseline, version 1\n"
        assert (disk / "use.py").read_bytes() == before
    finally:
        subprocess.run(["umount", str(disk)], check=True)
