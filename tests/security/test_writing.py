"""What is written stays where it was asked for: no link leads out, nobody else reads it, nothing is left of a kill."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from repositories import CHECKOUT, Repository, token

from pat_audit import abandoned, project_cache, user_cache
from pat_audit.boundary import leads_out
from pat_audit.whole_file import replace_file

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="symbolic links and modes")

PRECIOUS = "precious\n"
CODE = """\
import os
import requests


def projects():
    return requests.get("https://dev.azure.com/o/_apis/projects", auth=("", os.environ["ADO_PAT"]))
"""


@pytest.fixture
def repository(tmp_path: Path, cache: Path) -> Repository:
    """A repository with a finding, and a file outside that nobody may touch."""
    made = Repository(tmp_path / "work", cache)
    made.write("app.py", f'TOKEN = "{token(1)}"\n')
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/precious").write_text(PRECIOUS)
    return made


def untouched(repository: Repository) -> bool:
    """Whether what lies outside is as it was."""
    outside = repository.folder.parent / "outside"
    return [path.name for path in outside.iterdir()] == ["precious"] and (outside / "precious").read_text() == PRECIOUS


@pytest.mark.parametrize("link", ["to the file", "to its folder", "to a repository"])
@pytest.mark.parametrize("named", ["relative", "absolute"])
def test_a_report_follows_no_link_out_of_the_repository(repository: Repository, link: str, named: str) -> None:
    outside = repository.folder.parent / "outside"
    if link == "to the file":
        (repository.folder / "report.html").symlink_to(outside / "precious")
        place = "report.html"
    else:
        (repository.folder / "build").symlink_to(outside)
        place = "build/precious"
    if link == "to a repository":
        (outside / ".git").mkdir()
    place = str(repository.folder / place) if named == "absolute" else place
    for words in (
        ["check", "--output-file", place],
        ["check", "--also", f"html={place}"],
        ["history", "--output-file", place],
    ):
        done = repository.run(*words)
        assert done.returncode == 2
        assert "leads out of this repository by a symbolic link" in done.stderr
    if link == "to a repository":
        (outside / ".git").rmdir()
    assert untouched(repository)


def test_a_person_may_write_anywhere_and_a_link_inside_is_followed(repository: Repository) -> None:
    repository.write("reports/old.html", "old")
    (repository.folder / "latest.html").symlink_to("reports/old.html")
    place = repository.folder.parent / "outside/own.html"
    link = repository.folder.parent / "mine"
    link.symlink_to(place.parent)
    for asked in ("latest.html", str(place), "../mine/other.html"):
        done = repository.run("check", "--exit-zero", "--output-format", "html", "--output-file", asked)
        assert done.returncode == 0, done.stderr
    assert (repository.folder / "latest.html").is_symlink()
    assert "PAT101" in (repository.folder / "reports/old.html").read_text()
    assert place.is_file()
    assert place.with_name("other.html").is_file()


def test_a_baseline_stays_in_its_repository(repository: Repository) -> None:
    precious = repository.folder.parent / "outside/precious"
    baseline = repository.folder / ".pat-audit-baseline"
    baseline.symlink_to(precious)
    for words in (["baseline"], ["baseline", "--prune"], ["check", "--baseline"]):
        done = repository.run(*words)
        assert done.returncode == 2
        assert "leads out of this repository" in done.stderr
        assert PRECIOUS.strip() not in done.stderr  # nor is it read
    baseline.unlink()
    for place in ("../outside/precious", str(precious)):
        repository.write(".pat-audit.toml", f'baseline = "{place}"\n')
        for words in (["baseline"], ["check"]):
            done = repository.run(*words)
            assert done.returncode == 2
            assert "baseline: lies outside of" in done.stderr
    assert untouched(repository)
    (repository.folder / ".pat-audit.toml").unlink()
    own = precious.with_name("own")
    assert repository.run("baseline", "--baseline", str(own)).returncode == 0  # that is a person's word
    own.unlink()
    shutil.rmtree(own.with_name(".pat-audit-cache"))
    assert untouched(repository)


def test_a_fix_and_init_and_pages_stay_inside(repository: Repository) -> None:
    outside = repository.folder.parent / "outside"
    (outside / "precious").write_text(CODE)
    (repository.folder / "use.py").symlink_to(outside / "precious")
    (repository.folder / ".github").symlink_to(outside)
    (repository.folder / ".gitlab-ci.yml").symlink_to(outside / "precious")
    (repository.folder / "pages").symlink_to(outside)
    done = repository.run("check", "--fix", "--unsafe-fixes", "use.py")
    assert "is a link to a file outside of what was scanned" in done.stdout + done.stderr
    repository.run("init", "--yes", "--source", "pat-audit==0.1", "github", "gitlab", "config")
    assert repository.run("rules", "docs", "pages").returncode == 2
    assert [path.name for path in outside.iterdir()] == ["precious"]
    assert (outside / "precious").read_text() == CODE


def test_a_scan_and_a_cache_follow_no_link_out(repository: Repository) -> None:
    outside = repository.folder.parent / "outside"
    (outside / "secret.py").write_text(f'TOKEN = "{token(2)}"\n')
    (repository.folder / "far").symlink_to(outside)
    (repository.folder / "far.py").symlink_to(outside / "secret.py")
    (repository.folder / ".pat-audit-cache").symlink_to(outside)
    repository.git("config", "core.worktree", str(outside))
    for words in (["check", "--exit-zero"], ["check", "--exit-zero", "--jobs", "2", "."], ["history", "--exit-zero"]):
        assert "PAT101" not in repository.run(*words).stdout
    repository.git("config", "--unset", "core.worktree")
    repository.git("add", "-A")
    assert repository.found("--staged") == ["app.py:1 PAT101"]
    (outside / "secret.py").unlink()
    assert untouched(repository)


def test_the_boundary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    (home / ".git").mkdir(parents=True)
    (home / "inner").mkdir()
    (home / "out").symlink_to(tmp_path)
    (home / "in").symlink_to("inner")
    monkeypatch.chdir(home / "inner")
    for path, out in {
        "x": False, "../x": False, "../../x": False, "../out/x": True, "../in/x": False, str(home / "out"): True,
        "../out/home/x": False, "/dev/null": False, "../out/../x": True, "../in/../../x": False,
    }.items():  # fmt: skip
        assert leads_out(path) is out, path
    monkeypatch.chdir(tmp_path)
    assert leads_out("home/out/x")
    assert not leads_out("x")


def test_what_is_not_whole_yet_is_private_and_what_a_kill_left_is_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom pat_audit.whole_file import replace_file\n"
        "def pieces():\n    yield b'secret' * 9999\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        "replace_file(Path(sys.argv[1]), pieces())\n"
    )
    place = tmp_path / "report.html"
    place.write_text("old")
    old = os.umask(0)
    try:
        done = subprocess.run(
            [sys.executable, "-c", text, str(place)], env={**os.environ, "PYTHONPATH": str(CHECKOUT)}, check=False
        )
    finally:
        os.umask(old)
    assert done.returncode == -signal.SIGKILL
    assert place.read_text() == "old"
    (left,) = [path for path in tmp_path.iterdir() if path != place]
    assert stat.S_IMODE(left.stat().st_mode) == 0o600
    mine = tmp_path / ".own.pat-audit-part.txt"
    mine.write_text("not ours")
    replace_file(place, [b"new"])
    assert left.exists()  # somebody may be writing it
    os.utime(left, (time.time() - 3600,) * 2)
    replace_file(place, [b"newer"])
    assert left.exists()  # a folder is looked at once
    monkeypatch.setattr(abandoned, "_cleared", set())
    replace_file(place, [b"newest"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [mine.name, place.name]
    assert place.read_text() == "newest"


def test_caches_are_private_and_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(abandoned, "_cleared", set())
    old = os.umask(0)
    try:
        assert project_cache.write(str(tmp_path), "run", b"data")
    finally:
        os.umask(old)
    folders = (tmp_path / ".pat-audit-cache", tmp_path / "cache/pat-audit")
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700, 0o700]
    for kept in (tmp_path / ".pat-audit-cache/run", tmp_path / "cache/pat-audit/key"):
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    for folder in folders:
        left = folder / f".run.1{abandoned.ENDING}"
        left.write_text("left")
        os.utime(left, (time.time() - 3600,) * 2)
    monkeypatch.setattr(abandoned, "_cleared", set())
    project_cache.write(str(tmp_path), "run", b"data")
    user_cache.write("other", b"data")
    assert not [path for folder in folders for path in folder.iterdir() if path.name.endswith(abandoned.ENDING)]
