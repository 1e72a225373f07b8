"""Moves a gitignore pattern from the directory it was written for to the one that paths are shown from."""

from __future__ import annotations

import os


def rebase(glob: str, origin: str, here: str) -> tuple[str, ...]:
    """A gitignore pattern relative to `origin` as one relative to `here`; nothing where it can match nothing.

    Both are absolute directories.
    """
    if origin == here:
        return (glob,)
    mark = "!" if glob.startswith("!") else ""
    body = glob.removeprefix("!")
    anchored = "/" in body.rstrip("/")
    try:
        above = os.path.relpath(here, origin).replace(os.sep, "/").split("/")
    except ValueError:  # on different drives
        return ()
    if ".." not in above:  # `here` lies below `origin`
        return _below(mark, body, above) if anchored else (glob,)
    down = os.path.relpath(origin, here).replace(os.sep, "/")
    prefix = "" if down.startswith("..") else f"/{down}"
    if not prefix:
        return () if anchored else (glob,)
    return (f"{mark}{prefix}/{body.lstrip('/')}",) if anchored else (f"{mark}{prefix}/**/{body}",)


def _below(mark: str, body: str, folders: list[str]) -> tuple[str, ...]:
    """An anchored pattern seen from `folders` further down."""
    from fnmatch import fnmatchcase

    parts = body.lstrip("/").split("/")
    for place, folder in enumerate(folders):
        if place >= len(parts) or parts[place] == "":
            return (f"{mark}/**",)  # the pattern excludes a folder that we are in
        if parts[place] == "**":
            return (f"{mark}/" + "/".join(parts[place:]), f"{mark}/" + "/".join(parts[place + 1 :]))
        if not fnmatchcase(folder, parts[place]):
            return ()
    rest = "/".join(parts[len(folders) :])
    return (f"{mark}/{rest or '**'}",)
