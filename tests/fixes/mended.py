"""What `check --fix --unsafe-fixes` makes of files, for tests."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pat_audit.catalogue import Catalogue, load_catalogue
from pat_audit.config import Config, load_config, with_rules
from pat_audit.fix_run import Mender
from pat_audit.scan import scan
from pat_audit.target import Target
from pat_audit.tokens.samples import expand

if TYPE_CHECKING:
    from pathlib import Path

    from pat_audit.fixes.fixing import Fixed

TOKEN = "az account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 --query accessToken -o tsv"
"""The command that prints a token for Azure DevOps."""


@cache
def _catalogue() -> Catalogue:
    return load_catalogue(())


@cache
def _settings(unsafe: bool) -> Config:
    settings = with_rules(load_config(["."], isolated=True), _catalogue().rule_names)
    from dataclasses import replace

    return replace(settings, unsafe_fixes=unsafe, jobs=1, cache=False)


def mend(root: Path, unsafe: bool = True) -> Fixed:
    """Fix the files of a folder, and write them."""
    settings = _settings(unsafe)
    target = Target([str(root)], settings, _catalogue())
    return Mender(target, None, None).fixed(scan(target), write=True)


def mended(root: Path, name: str, text: str | bytes, unsafe: bool = True) -> bytes:
    """A file with its fixes; tokens in `text` stand as `<<kind>>`. A second run must change nothing."""
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(expand(text).encode() if isinstance(text, str) else text)
    mend(root, unsafe)
    once = file.read_bytes()
    assert not mend(root, unsafe).texts, "a second run changes something"
    assert file.read_bytes() == once
    return once
