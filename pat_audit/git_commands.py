"""Runs git so that nothing of the repository runs, nothing is fetched, and nothing waits for a person."""

# ruff: noqa: PTH113, PTH117, PTH118
# os.path throughout: pathlib costs every start several milliseconds.

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

SECONDS = 300.0
"""How long one command may take."""

PLACES = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT",
)  # fmt: skip
"""What a hook finds set: it would have git answer for the repository of the hook and not for the one asked for."""

# A repository's own configuration may name programs: each way to one of them that our commands could take is closed.
_SETTINGS = (
    "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.quotePath=true", "core.pager=cat", "diff.external=",
    "diff.orderFile=/dev/null", "blame.ignoreRevsFile=", "log.showSignature=false", "core.alternateRefsCommand=",
    "submodule.recurse=false", "diff.ignoreSubmodules=all", "color.ui=false", "core.commitGraph=true",
    "core.bigFileThreshold=16m",  # what is larger is streamed to us instead of being held whole
    "core.packedGitWindowSize=32m", "core.packedGitLimit=256m",  # of packs that are mapped: else all of them
)  # fmt: skip
_PROGRAM_NAMES = ("git.exe", "git.com") if sys.platform == "win32" else ("git",)
_PROGRAMS = ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_ASKPASS", "SSH_ASKPASS", "GIT_SSH", "GIT_SSH_COMMAND")


class GitError(Exception):
    """What git was asked for cannot be had; the message is the first line of what git says, or why there is no git."""


def git(folder: str, *words: str, stdin: bytes = b"", hook: bool = False, accept: Sequence[int] = (0,)) -> bytes:
    """What a git command prints when run in `folder`.

    `hook`: the command is about the repository and the index that a hook is run for (GIT_INDEX_FILE and the
    like count). `accept` are exit codes that are no failure. Raises GitError.
    """
    try:
        done = subprocess.run(
            command(folder, *words),
            env=environment(hook),
            input=stdin,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise GitError("there is no git on this machine") from None
    except subprocess.TimeoutExpired:
        raise GitError(f"git {words[0]} took longer than {SECONDS:g} seconds") from None
    except OSError as error:
        raise GitError(f"git cannot be started: {error.strerror or type(error).__name__}") from None
    if done.returncode not in accept:
        raise GitError(first_line(done.stderr) or f"git {words[0]} ended with {done.returncode}")
    return done.stdout


def no_filters(folder: str) -> list[str]:
    """Options, to stand before a command that reads the work tree, that switch all its content filters off.

    The command then sees what is on disk, and no program that a configuration names is run. Raises GitError, also
    for a filter that no option can name.
    """
    listed = git(folder, "config", "-z", "--name-only", "--get-regexp", r"^filter\.", accept=(0, 1))
    names = {name.rpartition(".")[0] for name in os.fsdecode(listed).split("\0") if name}
    if any("=" in name for name in names):  # `-c a=b.clean=` would set `a`, and leave the filter on
        raise GitError("its configuration has a content filter with = in its name, which cannot be switched off")
    settings = (f"{name}.{key}" for name in sorted(names) for key in ("clean=", "process=", "required=false"))
    return [word for setting in settings for word in ("-c", setting)]


def command(folder: str, *words: str) -> list[str]:
    """The command line of a git command that is run in `folder`. Raises FileNotFoundError where there is no git."""
    return [
        _program(os.environ.get("PATH", os.defpath)),
        "--no-pager",
        *(word for each in _SETTINGS for word in ("-c", each)),
        "-C",
        folder,
        *words,
    ]


@cache
def _program(path: str) -> str:
    """The git of the search path `path`, by its full name.

    Only folders with a full name are searched: neither `.` in the path nor Windows' habit of looking into the working
    directory first may find a git that a scanned repository brings along.
    """
    for folder in path.split(os.pathsep):
        if os.path.isabs(folder):
            for name in _PROGRAM_NAMES:
                place = os.path.join(folder, name)
                if os.path.isfile(place) and os.access(place, os.X_OK):
                    return place
    raise FileNotFoundError("git")


def environment(hook: bool = False) -> dict[str, str]:
    """The variables that git is run with: no programs, no questions, no network, English."""
    dropped = _PROGRAMS if hook else (*_PROGRAMS, *PLACES)
    kept = {name: value for name, value in os.environ.items() if name not in dropped and name[:9] != "GIT_TRACE"}
    return {**kept, **_FIXED}


_FIXED: Mapping[str, str] = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # what an older git would fetch for a partial clone
    "LC_ALL": "C",
}


def first_line(stderr: bytes) -> str:
    """What git says went wrong."""
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    worst = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (worst or lines or [""])[0].strip()


class Objects:
    """Reads objects of a repository through one `git cat-file --batch`, which is started when first asked."""

    def __init__(self, folder: str, hook: bool = False) -> None:
        self._folder = folder
        self._hook = hook
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def blob(self, name: str, most: int = 1 << 62) -> tuple[bytes, int] | None:
        """The bytes of a blob (at most the first `most`) and how many it has; None where there is none.

        `name` is an object id or `REVISION:path`; one with a line feed in it names nothing. Raises GitError.
        """
        return None if "\n" in name else next(self.blobs((name,), most))

    def blobs(self, names: Collection[str], most: int = 1 << 62) -> Iterator[tuple[bytes, int] | None]:
        """The same for several names at once, a few hundred at the most: what they take must fit into a pipe."""
        process = self._asked(names)
        for _ in names:
            yield self._answer(process, most)

    def behind(self, name: str, first: int, chunk: int) -> Iterator[bytes]:
        """What a blob holds behind its `first` bytes, `chunk` of them at a time. Raises GitError."""
        if "\n" in name:
            return
        process = self._asked((name,))
        assert process.stdout is not None
        head = self._head(process)
        if head is None:
            return
        left = head[1]
        try:
            skipped = _skip(process, min(left, first))
            left -= skipped
            while left and (part := process.stdout.read(min(left, chunk))):
                left -= len(part)
                if head[0] == b"blob":
                    yield part
        finally:  # also where nobody wants the rest: the next answer stands behind it
            if self._process is process:
                _skip(process, left + 1)

    def _asked(self, names: Collection[str]) -> subprocess.Popen[bytes]:
        """The process, which has been asked for these objects. Raises GitError."""
        process = self._running()
        assert process.stdin is not None
        try:
            process.stdin.write(b"".join(os.fsencode(name) + b"\n" for name in names))
            process.stdin.flush()
        except OSError:
            self.close()
            raise GitError("git cat-file ended before it had said all") from None
        return process

    def _answer(self, process: subprocess.Popen[bytes], most: int) -> tuple[bytes, int] | None:
        assert process.stdout is not None
        head = self._head(process)
        if head is None:
            return None
        kind, size = head
        data = process.stdout.read(min(size, most))
        _skip(process, size - len(data) + 1)  # and the line feed behind it
        return (data, size) if kind == b"blob" else None

    def _head(self, process: subprocess.Popen[bytes]) -> tuple[bytes, int] | None:
        """The kind and the size of the object that comes next, or None where there is none."""
        assert process.stdout is not None
        head = process.stdout.readline()
        if not head:
            self.close()
            raise GitError("git cat-file ended before it had said all")
        words = head.split()
        if head.endswith(b" missing\n") or len(words) != 3 or not words[2].isdigit():
            return None
        return words[1], int(words[2])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._owner != os.getpid():  # a fork shares no conversation with its parent
            try:
                self._process = subprocess.Popen(
                    command(self._folder, "cat-file", "--batch"),
                    env=environment(self._hook),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            except OSError as error:
                raise GitError(f"git cannot be started: {error.strerror or type(error).__name__}") from None
            self._owner = os.getpid()
        return self._process

    def close(self) -> None:
        """End the conversation."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            assert process.stdin is not None
            assert process.stdout is not None
            process.kill()  # it only reads, and a fork of ours may hold its end of the pipe
            process.stdout.close()
            with suppress(OSError):
                process.stdin.close()
            process.wait()


def _skip(process: subprocess.Popen[bytes], size: int) -> int:
    """Read so many bytes of what a process prints and forget them; gives how many there were."""
    assert process.stdout is not None
    left = size
    while left and (part := process.stdout.read(min(left, 1 << 20))):
        left -= len(part)
    return size - left
