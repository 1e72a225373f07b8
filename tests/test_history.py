"""What a repository has ever held: found once, placed in its history, and gone on with where a run ended."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from repositories import CHECKOUT, Repository, token

from pat_audit.history.blobs import Blob, batches

if TYPE_CHECKING:
    from pathlib import Path

FIRST, SECOND, THIRD = (f'TOKEN = "{token(number)}"\n' for number in range(3))
DATES = {"GIT_AUTHOR_DATE": "2021-03-04T05:06:07+01:00", "GIT_COMMITTER_DATE": "2021-03-05T00:00:00Z"}
LATER = {"GIT_AUTHOR_DATE": "2022-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2022-01-02T03:04:05Z"}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "work", tmp_path / "cache")


def history(repository: Repository, *arguments: str, code: int | None = None) -> list[dict[str, Any]]:
    done = repository.run("history", "--output-format", "json", *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    assert code is None or done.returncode == code, (done.returncode, done.stderr)
    for secret in (token(0), token(1), token(2), "correcthorse9battery"):
        assert secret not in done.stdout + done.stderr
    findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return findings


def test_what_was_removed_and_what_is_still_there(repository: Repository) -> None:
    repository.write("a.py", "x = 1\n" + FIRST)
    repository.write("b.md", "clone https://me:correcthorse9battery@dev.azure.com/o/p/_git/r\n")
    first = repository.commit(**DATES)
    for number in range(3):  # many versions of a file are one finding
        repository.write("a.py", f"x = {number}\n" * 2 + FIRST)
        repository.commit()
    repository.write("a.py", "x = 1\n")
    removed = repository.commit(**LATER)
    repository.write("c.py", SECOND)
    repository.commit()
    found = history(repository, code=1)
    assert [(each["path"], each["line"], each["rule"]) for each in found] == [
        ("a.py", 2, "PAT101"),
        ("b.md", 1, "PAT102"),
        ("c.py", 1, "PAT101"),
    ]
    gone, url, there = (each["history"] for each in found)
    assert gone.pop("removed_on").startswith("2022-01-02T03:04:05")
    assert gone == {
        "state": "removed",
        "commit": first,
        "date": "2021-03-04T05:06:07+01:00",
        "removed_in": removed,
    }
    assert (url["state"], url["commit"]) == ("present", first)
    assert there["state"] == "present"
    text = repository.run("history").stdout.replace("\n ", "")
    assert f"since {first[:12]} (2021-03-04), removed in {removed[:12]} (2022-01-02)" in text
    assert "TOKEN = " in text
    assert history(repository, "--exclude", "*.py", "--select", "PAT102", code=1) == [found[1]]
    assert history(repository, "--ignore", "PAT101,PAT102", code=0) == []


def test_branches_tags_merges_stashes_and_what_nothing_leads_to(repository: Repository) -> None:
    repository.write("clean.py", "x = 1\n")
    repository.commit()
    repository.git("switch", "-q", "-c", "side")
    repository.write("side.py", FIRST)
    repository.commit()
    repository.git("switch", "-q", "main")
    repository.write("clean.py", "x = 2\n")
    repository.commit()
    repository.git("merge", "-q", "--no-commit", "--no-ff", "side")
    repository.write("merge.py", SECOND)  # in the merge alone
    repository.git("rm", "-q", "--cached", "side.py")
    merge = repository.commit()
    repository.write("clean.py", THIRD)
    repository.git("stash")
    blob = repository.write("nowhere.txt", f"{token(7)}\n")
    repository.git("hash-object", "-w", "nowhere.txt")
    blob.unlink()
    found = {each["path"]: each["history"] for each in history(repository, code=1)}
    assert found["merge.py"]["state"] == "present"
    assert found["merge.py"]["commit"] == merge
    assert found["clean.py"]["state"] == "elsewhere"
    assert found["side.py"]["commit"] == repository.git("rev-parse", "side").strip()
    (dangling,) = [place for path, place in found.items() if path.startswith("(blob ")]
    assert (dangling["state"], dangling["commit"]) == ("dangling", "")


def test_a_renamed_file_and_one_taken_out_twice(repository: Repository) -> None:
    repository.write("a.py", FIRST)
    repository.commit()
    repository.git("mv", "a.py", "b.py")
    moved = repository.commit()
    repository.write("b.py", "x = 1\n")
    repository.commit()
    repository.write("b.py", FIRST)
    repository.commit()
    repository.write("b.py", "x = 2\n")
    last = repository.commit()
    found = {each["path"]: each["history"] for each in history(repository)}
    assert found["a.py"]["removed_in"] == moved
    assert found["b.py"]["removed_in"] == last
    assert found["b.py"]["commit"] == moved


def test_comments_that_suppress_count_as_the_latest_version_has_them(repository: Repository) -> None:
    repository.write("a.py", FIRST)
    repository.commit()
    repository.write("a.py", FIRST.rstrip() + "  # pat-audit: ignore[PAT101] revoked\n")
    repository.commit()
    assert history(repository, code=0) == []
    assert [each["suppressed"] for each in history(repository, "--show-suppressed", code=0)] == ["revoked"]


def test_a_run_goes_on_where_the_last_one_ended(repository: Repository) -> None:
    for number in range(20):
        repository.write(f"f{number}.py", f"x = {number}\n" + (FIRST if number == 7 else ""))
    repository.commit()
    before = history(repository, code=1)
    state = repository.folder / ".pat-audit-cache/history"
    assert state.is_file()
    content = state.read_bytes()
    assert token(0).encode() not in content
    assert b".py" not in content
    assert "*" in (repository.folder / ".pat-audit-cache/.gitignore").read_text()
    assert repository.git("status", "--porcelain") == ""
    head = repository.git("rev-parse", "HEAD:f7.py").strip()
    (repository.folder / ".git/objects" / head[:2] / head[2:]).chmod(0o644)
    assert history(repository) == before
    repository.write("new.py", SECOND)
    repository.commit()
    assert {each["path"] for each in history(repository)} == {"f7.py", "new.py"}
    for broken in (content[:40], content[:-1] + b"\0", b"", b"pat-audit cache 9\n" + content):
        state.write_bytes(broken)
        assert {each["path"] for each in history(repository)} == {"f7.py", "new.py"}
    state.unlink()
    assert {each["path"] for each in history(repository, "--no-cache")} == {"f7.py", "new.py"}
    assert not state.exists()


def test_known_blobs_are_not_read_again(repository: Repository) -> None:
    for number in range(30):
        repository.write(f"f{number}.py", f"x = {number}\n")
    repository.commit()
    assert history(repository, code=0) == []
    code = (
        "import sys, pat_audit.history.blobs as blobs\n"
        "real = blobs.BlobSearch.look\n"
        "blobs.BlobSearch.look = lambda self, ids, started: (print('looked', len(ids), file=sys.stderr), "
        "real(self, ids, started))[1]\n"
        "from pat_audit.cli import main\nmain(['history'])\n"
    )

    def looked() -> int:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=repository.folder,
            env=repository.environment,
            capture_output=True,
            text=True,
        )
        return sum(int(line.split()[1]) for line in done.stderr.splitlines() if line.startswith("looked"))

    assert looked() == 0
    repository.write("f3.py", "x = 'new'\n")
    repository.commit()
    assert looked() == 1


def test_a_killed_run_leaves_a_state_that_the_next_can_use(repository: Repository) -> None:
    for number in range(40):
        repository.write(f"f{number}.txt", f"x = {number}\n" * 20_000)
    repository.write("a.py", FIRST)
    repository.commit()
    for delay in (0.15, 0.4, 0.8):
        process = subprocess.Popen(
            [sys.executable, "-m", "pat_audit", "history", "-q"],
            cwd=repository.folder,
            env={**repository.environment, "PYTHONPATH": str(CHECKOUT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert [each["path"] for each in history(repository, code=1)] == ["a.py"]


def test_bare_empty_shallow_and_broken_repositories(repository: Repository, tmp_path: Path) -> None:
    assert history(repository, code=0) == []
    repository.write("a.py", FIRST)
    repository.commit()
    repository.write("a.py", "x = 1\n")
    repository.commit()
    bare = Repository(tmp_path / "bare.git", tmp_path / "cache", init=False)
    bare.git("clone", "-q", "--bare", repository.folder.as_uri(), ".")
    assert [each["history"]["state"] for each in history(bare, code=1)] == ["removed"]
    assert [each["path"] for each in history(repository, str(bare.folder), code=1)] == ["a.py"]
    shallow = Repository(tmp_path / "shallow", tmp_path / "cache", init=False)
    shallow.git("clone", "-q", "--depth", "1", repository.folder.as_uri(), ".")
    done = shallow.run("history")
    assert done.returncode == 0
    assert "this clone is shallow" in done.stdout
    nowhere = Repository(tmp_path / "nowhere", tmp_path / "cache", init=False)
    failed = nowhere.run("history")
    assert (failed.returncode, failed.stdout) == (2, "")
    assert "not a git repository" in failed.stderr
    assert "there is no such folder" in nowhere.run("history", "missing").stderr


def test_batches_are_bounded_in_number_and_in_bytes() -> None:
    blobs = [Blob(str(number), 100) for number in range(600)] + [Blob("big", 100 << 20), Blob("last", 1)]
    made = list(batches(blobs))
    assert [name for batch in made for name in batch] == [blob.id for blob in blobs]
    assert max(map(len, made)) <= 256
    assert ("big",) in made
