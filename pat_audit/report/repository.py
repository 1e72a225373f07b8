"""Where a scanned tree comes from: its git work tree, revision and remote, read without running git."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_REMOTE_URL = re.compile(r"^\[remote \"origin\"\][^\[]*?^[ \t]*url[ \t]*=[ \t]*(\S+)", re.MULTILINE)
_USER_INFO = re.compile(r"(?<=//)[^/@]*@")
_SSH = re.compile(r"(?:[\w.-]+@)?([\w.-]+):(?!/)(\S+)")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Repository:
    """A work tree: its top directory, and what is known of its remote (without user), revision and branch."""

    top: Path
    remote: str = ""
    revision: str = ""
    branch: str = ""


def repository(folder: str) -> Repository | None:
    """The git work tree that `folder` lies in, or None. Never raises; what cannot be read stays empty."""
    here = Path(folder).absolute()
    for top in (here, *here.parents):
        mark = top / ".git"
        if mark.is_dir():
            return _read(top, mark, mark)
        if mark.is_file():  # a linked work tree or a submodule
            own = (top / _text(mark).removeprefix("gitdir:").strip()).resolve()
            common = _text(own / "commondir").strip()
            return _read(top, own, (own / common) if common else own)
    return None


def _read(top: Path, own: Path, common: Path) -> Repository:
    head = _text(own / "HEAD").strip()
    branch = head.removeprefix("ref: ").strip() if head.startswith("ref: ") else ""
    revision = head
    if branch:
        revision = _text(common / branch).strip() if ".." not in branch else ""
        if not revision:
            lines = (line.partition(" ") for line in _text(common / "packed-refs").splitlines())
            revision = next((commit for commit, _, name in lines if name == branch), "")
    found = _REMOTE_URL.search(_text(common / "config"))
    return Repository(
        top,
        remote=_plain_url(found[1]) if found else "",
        revision=revision if _COMMIT.fullmatch(revision) else "",
        branch=branch.removeprefix("refs/heads/"),
    )


def _plain_url(url: str) -> str:
    ssh = _SSH.fullmatch(url)
    if ssh and "://" not in url:
        return f"https://{ssh[1]}/{ssh[2]}"
    return _USER_INFO.sub("", url) if url.startswith(("https://", "http://", "ssh://", "git://")) else ""


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")[:200_000] if file.is_file() else ""
    except OSError:
        return ""
