"""Which files a run looks at, in real folders and real git repositories."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from pat_audit import discover as discover_module
from pat_audit.discover import discover


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory; git finds no repository around it and no settings of the machine."""
    folder = tmp_path / "tree"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    return folder


def write(*names: str, text: str = "x = 1\n") -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def git(*words: str, at: str = ".") -> None:
    identity = ["-c", "user.name=x", "-c", "user.email=x@localhost", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", *identity, *words], cwd=at, check=True, capture_output=True)


def test_a_walk_takes_files_and_leaves_what_tools_made() -> None:
    write("a.py", "deep/er/b.yaml", ".github/workflows/c.yml", ".env", "Makefile")
    write("node_modules/x.js", ".venv/lib/y.py", "pkg/__pycache__/z.py", "logo.png", "old.pyc", "fonts/f.WOFF2")
    listing = discover([])
    assert listing.files == [".env", ".github/workflows/c.yml", "Makefile", "a.py", "deep/er/b.yaml"]
    assert not listing.problems


def test_git_says_what_belongs_to_a_repository() -> None:
    git("init")
    write("tracked.py", "untracked.py", "ignored.py", "build/made.py", "deleted.py")
    Path(".gitignore").write_text("ignored.py\nbuild/\n")
    git("add", "tracked.py", "deleted.py", ".gitignore")
    Path("deleted.py").unlink()
    assert discover(["."]).files == [".gitignore", "deleted.py", "tracked.py", "untracked.py"]


def test_a_given_file_counts_even_when_git_ignores_it() -> None:
    git("init")
    write("ignored.py", "logo.png")
    Path(".gitignore").write_text("ignored.py\n")
    assert discover(["ignored.py", "logo.png"]).files == ["ignored.py", "logo.png"]


def test_excludes_hold_for_directories_and_where_asked_for_given_files() -> None:
    write("a.py", "vendor/b.py", "c/vendor/d.py")
    assert discover(["."], ["vendor/"]).files == ["a.py"]
    assert discover(["vendor/b.py"], ["vendor/"]).files == ["vendor/b.py"]
    assert discover(["vendor/b.py"], ["vendor/"], force_exclude=True).files == []


def test_a_part_of_a_repository_is_named_from_here() -> None:
    git("init")
    write("top.py", "sub/a.py", "sub/b/c.py")
    assert discover(["sub"]).files == ["sub/a.py", "sub/b/c.py"]
    assert discover([str(Path("sub").absolute())]).files == ["sub/a.py", "sub/b/c.py"]
    os.chdir("sub")
    assert discover(["."]).files == ["a.py", "b/c.py"]
    assert discover([".."]).files == ["../sub/a.py", "../sub/b/c.py", "../top.py"]


def test_overlapping_paths_give_each_file_once() -> None:
    write("a/b.py")
    assert discover(["a", "a/b.py", ".", "./a/../a/b.py"]).files == ["a/b.py"]


def test_repositories_inside_are_listed_by_themselves(tmp_path: Path) -> None:
    inner = tmp_path / "library"
    inner.mkdir()
    git("init", at=str(inner))
    (inner / "lib.py").write_text("x = 1\n")
    (inner / ".gitignore").write_text("secret.py\n")
    git("add", ".", at=str(inner))
    git("commit", "-m", "x", at=str(inner))
    git("init")
    git("submodule", "add", str(inner), "modules/lib")
    Path("modules/lib/secret.py").write_text("")
    git("init", "nested")
    write("nested/n.py")
    found = discover(["."]).files
    assert "modules/lib/lib.py" in found
    assert "modules/lib/secret.py" not in found
    assert "nested/n.py" in found


def test_nothing_of_the_repository_runs(tmp_path: Path) -> None:
    git("init")
    write("a.py")
    ran = tmp_path / "ran"
    hook = tmp_path / "hook.sh"
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    git("config", "core.fsmonitor", str(hook))
    index = Path(".git/index")
    before = index.stat().st_mtime_ns if index.exists() else 0
    assert discover(["."]).files == ["a.py"]
    assert not ran.exists()
    assert (index.stat().st_mtime_ns if index.exists() else 0) == before


def test_a_hook_of_another_repository_does_not_lead_astray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git("init")
    write("mine.py")
    other = tmp_path / "other"
    other.mkdir()
    git("init", at=str(other))
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    assert discover(["."]).files == ["mine.py"]


def test_what_git_refuses_is_walked_and_named() -> None:
    git("init")
    write("a.py")
    Path(".git/HEAD").write_text("nonsense")
    listing = discover(["."])
    assert listing.files == ["a.py"]
    assert [(problem.path, problem.fatal) for problem in listing.problems] == [(".", False)]
    assert "git cannot list it" in listing.problems[0].message


def test_no_git_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    git("init")
    write("a.py")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert discover(["."]).files == ["a.py"]


def test_git_that_takes_too_long(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    git("init")
    write("a.py")
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(discover_module, "GIT_TIMEOUT", 0.2)
    listing = discover(["."])
    assert listing.files == ["a.py"]
    assert "took too long" in listing.problems[0].message


@pytest.mark.parametrize("repository", [False, True])
def test_links_are_not_followed_but_given_ones_are(repository: bool, tmp_path: Path) -> None:
    if repository:
        git("init")
    write("a/real.py")
    Path("a/loop").symlink_to("..")
    Path("self").symlink_to("self")
    Path("dangling.py").symlink_to("nowhere")
    Path("link.py").symlink_to("a/real.py")
    outside = tmp_path / "outside.py"
    outside.write_text("")
    Path("out.py").symlink_to(outside)
    if repository:
        git("add", ".")
    listing = discover(["."])
    assert [name for name in listing.files if not Path(name).is_symlink()] == ["a/real.py"]
    assert not listing.problems
    assert discover(["link.py"]).files == ["link.py"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_and_sockets_are_named_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo("pipe.py")
    write("a.py")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind("sock")
        listing = discover(["."])
        given = discover(["pipe.py", "sock", os.devnull])
    assert listing.files == ["a.py"]
    assert {problem.path: problem.message for problem in listing.problems} == {
        "pipe.py": "skipped: it is a named pipe",
        "sock": "skipped: it is a socket",
    }
    assert given.files == []
    assert [problem.message.split(" is ")[1] for problem in given.problems] == [
        "a named pipe",
        "a socket",
        "a device",
    ]
    assert not any(problem.fatal for problem in given.problems)


@pytest.mark.parametrize("repository", [False, True])
def test_any_file_name_is_listed_and_shown_on_one_line(repository: bool) -> None:
    if repository:
        git("init")
    names = [
        b"with space.py",
        b"new\nline.py",
        b"\xff\xfe.py",
        "umlaut-ü.py".encode(),
        b"tab\t.py",
        b"-r.py",
        b"? q.py",
    ]
    for name in names:
        Path(os.fsdecode(name)).write_text("x = 1\n")
    if repository:
        git("add", "--", "new\nline.py", "with space.py")
    listing = discover(["."])
    assert sorted(os.fsencode(listing.disk_path(name)) for name in listing.files) == sorted(names)
    shown = {
        "with space.py",
        "new\\x0aline.py",
        "\\xff\\xfe.py",
        "umlaut-ü.py",
        "tab\\x09.py",
        "-r.py",
        "? q.py",
    }
    assert set(listing.files) == shown


def test_a_missing_path_is_fatal_and_the_others_are_scanned() -> None:
    write("a.py")
    listing = discover(["gone.py", "a.py", "bad\0name"])
    assert listing.files == ["a.py"]
    assert [(problem.path, problem.fatal) for problem in listing.problems] == [
        ("gone.py", True),
        ("bad\\x00name", True),
    ]
    assert listing.problems[0].message == "cannot be read: No such file or directory"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_named() -> None:
    write("a.py", "locked/b.py")
    Path("locked").chmod(0)
    try:
        listing = discover(["."])
    finally:
        Path("locked").chmod(0o700)
    assert listing.files == ["a.py"]
    assert [(problem.path, problem.fatal) for problem in listing.problems] == [("locked", True)]


def test_a_deep_tree_needs_no_recursion() -> None:
    deep = Path(*["d"] * 1200)
    here = Path.cwd()
    for _ in range(1200):
        os.mkdir("d")  # noqa: PTH102 - the whole path is longer than the system takes at once
        os.chdir("d")
    Path("leaf.py").write_text("")
    os.chdir(here)
    try:
        assert discover(["."]).files == [f"{deep}/leaf.py"]
    finally:  # pytest removes what is left, and recurses
        (deep / "leaf.py").unlink()
        os.removedirs(deep)
        Path("d").mkdir(exist_ok=True)


def test_what_git_was_asked_already_lists_the_same_files() -> None:
    from pat_audit.cache.git_state import GitState

    git("init", "-q")
    write("kept.py", "sub/other.py", "looked/not.py", "gone.py", ".gitignore", text="build/\n")
    git("add", ".")
    git("commit", "-qm", "x")
    git("update-index", "--assume-unchanged", "looked/not.py")
    write("new.py", "build/made.py")
    write("inner/of/own.py")
    git("init", "-q", at="inner")
    Path("gone.py").unlink()
    state = GitState(str(Path.cwd()), unknown=True)
    told = discover([], listed=lambda: state.listed)
    state.close()
    asked = discover([])
    assert told.files == asked.files
    assert {"kept.py", "looked/not.py", "new.py", "inner/of/own.py"} <= set(told.files)
    assert "build/made.py" not in told.files
    assert discover([], listed=lambda: None).files == asked.files, "where git could not say, it is asked again"
    assert discover(["sub"], listed=lambda: b"? kept.py\0").files == ["sub/other.py"], (
        "that was asked of another folder"
    )
