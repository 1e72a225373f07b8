"""What the fixer makes of files that are a repository in memory, for tests."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pat_audit.catalogue import Catalogue, load_catalogue
from pat_audit.fixes.fixing import fix
from pat_audit.fixes.texts import TextsInMemory
from pat_audit.scan import scan_files

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pat_audit.fixes.fixing import Fixed
    from pat_audit.model import Report


@cache
def catalogue() -> Catalogue:
    """The rules that come with the package."""
    return load_catalogue(plugins=False)


def run(files: Mapping[str, bytes]) -> Fixed:
    """Fix all that can be, unsafe fixes too."""

    def rescan(texts: Mapping[str, bytes], again: Collection[str]) -> Report:
        return scan_files({**files, **texts}, catalogue())

    return fix(scan_files(files, catalogue()), catalogue(), rescan, TextsInMemory(files), unsafe=True)


def fixed(files: Mapping[str, str | bytes]) -> dict[str, str]:
    """The files that the fixer changes, as they are then. A second run must change nothing."""
    raw = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    once = {path: new for path, (_, new) in run(raw).texts.items()}
    assert not run({**raw, **once}).texts, "a second run changes something"
    return {path: new.decode() for path, new in once.items()}


def one(name: str, text: str | bytes, **others: str) -> str:
    """One file with its fixes; `others` stand beside it, `package_json` for `package.json`."""
    beside = {path.replace("_", "."): content for path, content in others.items()}
    plain = text if isinstance(text, str) else text.decode("utf-8", "surrogateescape")
    return fixed({name: text, **beside}).get(name, plain)


def refusals(name: str, text: str, **others: str) -> str:
    """Why one file is left as it is: what planning said."""
    from pat_audit.fixes.planning import plan

    beside = {path.replace("_", "."): content for path, content in others.items()}
    files = {path: content.encode() for path, content in {name: text, **beside}.items()}

    changes, refused = plan(scan_files(files, catalogue()).findings, catalogue(), TextsInMemory(files))
    assert not changes, "it is fixed"
    return "; ".join(refused.values())
