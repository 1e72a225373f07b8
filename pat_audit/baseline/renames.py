"""Which files git says were renamed since entries of a baseline were made."""

from __future__ import annotations

import os

from pat_audit.git_commands import GitError, git, no_filters
from pat_audit.source import display_path

_MOST_COMMITS = 16  # entries are as old as their commits: so many are compared with what is there now


def renames(root: str, commits: list[str | None], *, staged: bool = False) -> dict[str, str]:
    """Old path -> new path, both relative to `root`, of files that were renamed since one of `commits`.

    None among them stands for the latest commit. `staged` compares with the index, else with the work tree.
    Nothing where git cannot say.
    """
    found: dict[str, str] = {}
    wanted = list(dict.fromkeys(commit or "HEAD" for commit in commits))[:_MOST_COMMITS]
    for commit in wanted:
        words = ["diff", "--raw", "-z", "--find-renames", "--diff-filter=R", "--no-ext-diff", "--no-textconv"]
        try:
            filters = [] if staged else no_filters(root)
            output = git(root, *filters, *words, *(["--cached"] if staged else []), commit, "--")
        except GitError:
            continue
        fields = os.fsdecode(output).split("\0")
        for at in range(0, len(fields) - 2, 3):  # `:… R090`, old, new
            found.setdefault(display_path(fields[at + 1]), display_path(fields[at + 2]))
    return found
