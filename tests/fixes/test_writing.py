"""Fixed files are whole or not written: whatever the disk, the file or a signal does meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from pat_audit.fixes.writing import NotWrittenError, write

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = b"old\n", b"new and longer\n"
BEFORE = """\
import os
import requests

PAT = os.environ["ADO_PAT"]


def project(number):
    return requests.get(f"https://dev.azure.com/fabrikam/_apis/projects/{number}", auth=("", PAT))
"""


def fix(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pat_audit", "check", "--fix", "--unsafe-fixes", "--isolated", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_mode_stays_and_nothing_is_left_beside(tmp_path: Path) -> None:
    file = tmp_path / "run.py"
    file.write_bytes(OLD)
    file.chmod(0o755)
    write(str(file), OLD, NEW)
    assert file.read_bytes() == NEW
    assert file.stat().st_mode & 0o777 == 0o755
    assert [each.name for each in tmp_path.iterdir()] == ["run.py"]


def test_a_file_that_has_changed_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"somebody else's\n")
    with pytest.raises(NotWrittenError, match="has changed since"):
        write(str(file), OLD, NEW)
    assert file.read_bytes() == b"somebody else's\n"


def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(OLD)
    file.chmod(0o444)
    with pytest.raises(NotWrittenError, match="read-only"):
        write(str(file), OLD, NEW)
    assert file.read_bytes() == OLD


def test_hard_links_are_left_alone(tmp_path: Path) -> None:
    file, other = tmp_path / "a.py", tmp_path / "b.py"
    file.write_bytes(OLD)
    other.hardlink_to(file)
    with pytest.raises(NotWrittenError, match="hard links"):
        write(str(file), OLD, NEW)
    assert file.read_bytes() == other.read_bytes() == OLD


def test_a_link_inside_keeps_its_place(tmp_path: Path) -> None:
    target, link = tmp_path / "a.py", tmp_path / "link.py"
    target.write_bytes(OLD)
    link.symlink_to("a.py")
    write(str(link), OLD, NEW)
    assert link.is_symlink()
    assert target.read_bytes() == NEW


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "repository", tmp_path / "home"
    inside.mkdir()
    outside.mkdir()
    (outside / "a.py").write_bytes(OLD)
    (inside / "a.py").symlink_to(outside / "a.py")
    with pytest.raises(NotWrittenError, match="outside"):
        write(str(inside / "a.py"), OLD, NEW)
    assert (outside / "a.py").read_bytes() == OLD


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "sealed"
    folder.mkdir()
    (folder / "a.py").write_bytes(OLD)
    folder.chmod(0o555)
    try:
        with pytest.raises(NotWrittenError, match="cannot be written"):
            write(str(folder / "a.py"), OLD, NEW)
        assert (folder / "a.py").read_bytes() == OLD
    finally:
        folder.chmod(0o755)


def test_the_run_says_so_and_exits_2(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text(BEFORE)
    (tmp_path / "sealed.py").write_text(BEFORE)
    (tmp_path / "sealed.py").chmod(0o444)
    done = fix(tmp_path, ".")
    assert done.returncode == 2
    assert "sealed.py: not fixed: it is read-only" in done.stdout + done.stderr
    assert "sealed.py:8" in done.stdout, "its finding is still reported"
    assert "entra_auth" in (tmp_path / "good.py").read_text()
    assert (tmp_path / "sealed.py").read_text() == BEFORE


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounting a small disk takes root on Linux")
def test_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        file = disk / "a.py"
        file.write_bytes(OLD)
        with pytest.raises(NotWrittenError, match="cannot be written"):
            write(str(file), OLD, b"x" * 200_000)
        assert file.read_bytes() == OLD
        assert [each.name for each in disk.iterdir()] == ["a.py"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_killed_while_writing_every_file_is_old_or_new(tmp_path: Path) -> None:
    """SIGKILL in the middle of a thousand writes."""
    count = 1_000
    for number in range(count):
        (tmp_path / f"file{number:04}.py").write_bytes(OLD * 500)
    program = (
        "import sys\n"
        "from pat_audit.fixes.writing import write\n"
        f"for number in range({count}):\n"
        f"    write(f'file{{number:04}}.py', {OLD!r} * 500, {NEW!r} * 500)\n"
        "    print(number, flush=True)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) == 200:
            break
    time.sleep(0.003)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    texts = [(tmp_path / f"file{number:04}.py").read_bytes() for number in range(count)]
    assert set(texts) == {OLD * 500, NEW * 500}, "each is one or the other, and the kill came in the middle"


def test_killed_in_the_middle_of_a_run(tmp_path: Path) -> None:
    count = 60
    for number in range(count):
        (tmp_path / f"file{number:04}.py").write_text(BEFORE)
    command = [sys.executable, "-m", "pat_audit", "check", "--fix", "--unsafe-fixes", "--isolated", "--no-cache", "."]
    child = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while child.poll() is None and "entra_auth" not in (tmp_path / "file0000.py").read_text():
        time.sleep(0.001)
    child.send_signal(signal.SIGKILL)
    child.wait()
    fixed = (tmp_path / "file0000.py").read_text()
    assert "entra_auth" in fixed
    for number in range(count):
        assert (tmp_path / f"file{number:04}.py").read_text() in (BEFORE, fixed)
