"""Where other people get this version of pat-audit: a git address and revision, or what pip is told."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from pat_audit import __version__

# What is written into YAML and shell lines holds nothing that either could take for its own.
_ADDRESS = re.compile(
    r"(?:(?:https?|ssh|git|file)://[\w.~:@+-]*(?:/[\w.~+%-]+)+/?|[\w.-]+@[\w.-]+:[\w.~+-]+(?:/[\w.~+-]+)*)"
)
_REVISION = re.compile(r"[A-Za-z0-9][\w./-]{0,200}")
_REQUIREMENT = re.compile(r"pat-audit(?:(?:==|~=|>=)[A-Za-z0-9.+!]{1,60})?")
_GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")


class ProvenanceError(Exception):
    """It is not known, or not usable, where others get pat-audit; the message says what to give."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """`requirement` is what pip installs; `address` and `revision` are the git repository's, empty for an index."""

    requirement: str
    address: str = ""
    revision: str = ""

    @property
    def github_name(self) -> str:
        """`owner/name` of a repository on github.com, else empty."""
        found = _GITHUB.fullmatch(self.address)
        return found[1] if found else ""


def from_words(text: str) -> Provenance:
    """What `--source` says: a git address with `@` and a revision, or a requirement such as `pat-audit==1.0`.

    Raises ProvenanceError where it is neither, names no revision, or carries a password.
    """
    if _REQUIREMENT.fullmatch(text):
        return Provenance(text)
    address, _, revision = text.rpartition("@")
    if not _ADDRESS.fullmatch(address):
        hint = (
            "say which revision, with @TAG or @COMMIT behind it"
            if _ADDRESS.fullmatch(text)
            else ("expected a git address with @ and a revision, or a requirement such as pat-audit==" + __version__)
        )
        raise ProvenanceError(f"--source: {hint}")
    if "://" in address and ":" in urlsplit(address).netloc.rpartition("@")[0]:
        raise ProvenanceError("--source: leave the password out of the address; git asks its credential helper")
    if not _REVISION.fullmatch(revision):
        raise ProvenanceError("--source: what stands behind @ is no tag and no commit")
    return from_git(address, revision)


def from_git(address: str, revision: str) -> Provenance:
    """A git repository at a revision, as pip and pre-commit are told it."""
    if "://" not in address:
        host, _, path = address.partition(":")
        return Provenance(f"pat-audit @ git+ssh://{host}/{path}@{revision}", address, revision)
    return Provenance(f"pat-audit @ git+{address}@{revision}", address, revision)


def of_this_installation() -> Provenance:
    """Where this very pat-audit came from. Raises ProvenanceError where no one else could get it from there."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        origin = json.loads(distribution("pat-audit").read_text("direct_url.json") or "null")
    except (PackageNotFoundError, ValueError):
        return _of_checkout(Path(__file__).parents[2])
    if origin is None:
        return Provenance(f"pat-audit=={__version__}")
    address = re.sub(r"(?<=//)[^/@]*@", "", str(origin.get("url", "")))
    version_control = origin.get("vcs_info")
    if isinstance(version_control, dict):
        revision = str(version_control.get("commit_id", ""))
        if _ADDRESS.fullmatch(address) and _REVISION.fullmatch(revision):
            return from_git(address, revision)
    elif address.startswith("file://"):
        return _of_checkout(Path(url2pathname(unquote(urlsplit(address).path))))
    raise _unknown()


def _of_checkout(folder: Path) -> Provenance:
    from pat_audit.report.repository import repository

    found = repository(str(folder))
    if found is None or found.top != folder.absolute() or not found.revision or not _ADDRESS.fullmatch(found.remote):
        raise _unknown()
    return from_git(found.remote, found.revision)


def _unknown() -> ProvenanceError:
    return ProvenanceError(
        "this pat-audit was installed from a folder of this machine; say where others get it, with --source "
        f"ADDRESS@REVISION or --source pat-audit=={__version__}"
    )
