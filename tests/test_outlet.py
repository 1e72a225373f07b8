"""Where a report goes when there is no room for it, nobody reads it, or the terminal is not what one expects."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from repositories import user_cache

from pat_audit.outlet import OutletError, send
from pat_audit.report import RENDERERS
from pat_audit.tokens.samples import sample

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder with findings in many files."""
    folder = tmp_path / "work"
    folder.mkdir()
    for number in range(40):
        (folder / f"found{number}.py").write_text(f'TOKEN = "{sample("azure-devops-pat")}"\n')
    return folder


def check(work: Path, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "XDG_CACHE_HOME": str(user_cache(work.parent / "cache"))}
    return subprocess.run(
        [sys.executable, "-m", "pat_audit", "check", *arguments],
        cwd=work,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        **more,
    )


@pytest.mark.parametrize("format", sorted(RENDERERS))
def test_no_room_leaves_the_old_report_and_nothing_beside_it(work: Path, format: str) -> None:
    report = work.parent / "report"
    report.write_text("the old report")

    def little_room() -> None:  # in the child: no file may grow past a kilobyte, as on a disk that is full
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    warm = check(work, "--exit-zero", "--output-format", format, stdout=subprocess.DEVNULL)
    assert warm.returncode == 0, warm.stderr
    done = check(
        work, "--exit-zero", "--output-format", format, "--output-file", str(report), "--jobs", "1",
        stdout=subprocess.PIPE, preexec_fn=little_room,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{report}: cannot be written: " in done.stderr
    assert "Traceback" not in done.stderr
    assert report.read_text() == "the old report"
    assert sorted(path.name for path in work.parent.iterdir()) == ["cache", "report", "work"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
def test_no_room_on_standard_output_is_an_error(work: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = check(work, "--exit-zero", stdout=full)
    assert done.returncode == 2
    assert "pat-audit: the report cannot be written: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("format", sorted(RENDERERS))
def test_a_reader_that_leaves_early_is_no_error(work: Path, format: str) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = check(work, "--output-format", format, stdout=write)
    finally:
        os.close(write)
    assert done.returncode == 1
    assert done.stderr == ""


def test_a_report_that_breaks_off_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.write_text("old")

    def pieces() -> Iterator[str]:
        yield "new"
        raise OSError(28, "No space left on device")

    with pytest.raises(OutletError, match="No space left"):
        send(pieces(), str(file))
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals here")
def test_a_terminal_of_40_columns_without_colour(work: Path) -> None:
    import fcntl
    import struct
    import termios

    def shown(**more: str) -> str:
        master, terminal = os.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
        environment = {
            **os.environ,
            "PYTHONPATH": str(CHECKOUT),
            "XDG_CACHE_HOME": str(user_cache(work.parent / "cache")),
        }
        environment = {name: value for name, value in environment.items() if name != "FORCE_COLOR"}
        process = subprocess.Popen(
            [sys.executable, "-m", "pat_audit", "check", "found1.py", "--verbose"],
            cwd=work, env={**environment, "TERM": "xterm", **more}, stdout=terminal, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(terminal)
        said = b""
        try:
            while piece := os.read(master, 4096):
                said += piece
        except OSError:  # how Linux says that nobody is at the other end any more
            pass
        os.close(master)
        assert process.wait(60) == 1
        return said.decode().replace("\r\n", "\n")

    plain = shown(NO_COLOR="1")
    assert "\x1b" not in plain
    head, *lines = plain.splitlines()
    assert head.startswith("found1.py:1:")
    # Words are not torn: only a line that is one long word may be wider, and the summary.
    summary = next(number for number, line in enumerate(lines) if line.startswith("1 finding in"))
    assert [line for line in lines[:summary] if len(line) > 40 and " " in line.strip()] == []
    assert "\x1b[1;31m" in shown(NO_COLOR="")
