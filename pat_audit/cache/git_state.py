"""What git says of a work tree at one moment: which files are in it, and which of them are not as git knows them."""

from __future__ import annotations

import subprocess
import time
from functools import cached_property
from typing import NamedTuple

from pat_audit.git_commands import GitError, command, environment, no_filters

_SEVERE = ("-c", "core.checkStat=default", "-c", "core.trustctime=true")


class Answer(NamedTuple):
    """What git printed.

    `listed` has `H mode blob stage<TAB>path` for a file of the index, with another letter where git does not look at
    it, and `? path` for one that git does not know. `changed` are the paths that are not as in the index. A NUL stands
    behind each.
    """

    listed: bytes
    changed: bytes


class GitState:
    """Asks git about the work tree whose top is `home`, while other work goes on.

    `unknown`: also for the files that git does not know, for which it looks through all folders. `began` is when it was
    asked, in nanoseconds since 1970. git looks at no content for that, and runs nothing.
    """

    def __init__(self, home: str, *, unknown: bool) -> None:
        self.began = time.time_ns()
        self._asked: list[subprocess.Popen[bytes]] = []
        others = ("--others", "--exclude-standard") if unknown else ()
        changed = ("diff-files", "-z", "--name-only", "--ignore-submodules=all")
        try:
            self._asked.append(_started(home, "ls-files", "-z", "-v", "--stage", "--cached", "--full-name", *others))
            self._asked.append(_started(home, *_SEVERE, *no_filters(home), *changed))
        except (GitError, OSError):
            self.close()

    @cached_property
    def listed(self) -> bytes | None:
        """The files in the work tree as in `Answer`, once git has said so; None where it cannot say."""
        return self._said(0)

    @cached_property
    def answer(self) -> Answer | None:
        """What git said, once it has; None where it cannot say."""
        listed, changed = self.listed, self._said(1)
        return None if listed is None or changed is None else Answer(listed, changed)

    def _said(self, number: int) -> bytes | None:
        if len(self._asked) <= number:
            return None
        output, _ = self._asked[number].communicate()
        return None if self._asked[number].returncode else output

    def close(self) -> None:
        """End what is still asked: nobody wants to know any more."""
        for process in self._asked:
            if process.returncode is None:
                process.kill()
                process.communicate()
        self._asked = []


def _started(folder: str, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(folder, *words),
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
