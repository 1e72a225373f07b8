"""The least scope that an Azure DevOps REST call needs, from the operations of the 7.2 specifications."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pat_audit.addresses import GLUE, HOLE, read_address

if TYPE_CHECKING:
    from collections.abc import Iterator

OPERATIONS = "services/azure-devops-operations.tsv"

_METHODS = "methods"  # no step of a path: steps stand in the tree with a slash before them
_LEVELS = re.compile("(~+)(.*)")


def least_scope(method: str, address: str) -> str | None:
    """The narrowest documented scope (`vso.work_write`) that lets `method` through at `address`.

    `address` is a URL or a part of one, with `{}` for unknown text. None where the operation is unknown or
    needs no scope. Where the specification names several scopes of which one will do, the narrowest is given.
    Source: MicrosoftDocs/vsts-rest-api-specs@adb28786a3e9 (7.2). Git over https: vso.code, feeds:
    vso.packaging, as use-personal-access-tokens-to-authenticate.md@02b85db90622 says.
    """
    read = read_address(address)
    if read is None:
        return None
    steps = [step for step in read.steps if step != GLUE]
    if "_apis" in steps:
        found = _find(["_apis", *steps[len(steps) - steps[::-1].index("_apis") :]])
        scope = found.get(method.upper())
    elif "_git" in steps:
        scope = "code_write" if steps[-1] == "git-receive-pack" else "code"
    elif "_packaging" in steps:
        scope = "packaging" if method.upper() in ("GET", "HEAD") else "packaging_write"
    else:
        scope = None
    return f"vso.{scope}" if scope and scope != "-" else None


def operations() -> Iterator[tuple[str, str, str, str]]:
    """Every operation as (host, path template, method, scope without `vso.`; `-` for none)."""
    from pat_audit.catalogue import builtin_folder

    folder = builtin_folder()
    if folder is None:  # pragma: no cover - only where the package runs from a zip
        from importlib.resources import files

        text = files("pat_audit").joinpath("rules", OPERATIONS).read_text(encoding="utf-8")
    else:
        text = Path(folder, OPERATIONS).read_text(encoding="utf-8")
    host = ""
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("@"):
            host = line[1:]
            continue
        path, _, calls = line.partition("\t")
        short = _LEVELS.fullmatch(path)
        if short:
            path = "/{}" * len(short[1]) + "/_apis/" + short[2]
        for call in calls.split(" "):
            methods, _, scope = call.partition("=")
            for method in methods.split(","):
                yield host, path, method, scope


@cache
def _tree() -> dict[str, Any]:
    """The operations by the steps of their paths from `_apis` on, whatever stands before."""
    root: dict[str, Any] = {}
    for _, path, method, scope in operations():
        node = root
        steps = [HOLE if HOLE in step else step for step in path.split("/") if step]
        for step in steps[steps.index("_apis") :] if "_apis" in steps else steps:
            node = node.setdefault("/" + step, {})
        node.setdefault(_METHODS, {}).setdefault(method, scope)
    return root


def _find(steps: list[str]) -> dict[str, str]:
    """The methods known at a path and their scopes; a literal step is preferred to a `{}` of the template."""
    nodes = [_tree()]
    for step in steps:
        names = ["/" + HOLE] if step == HOLE else ["/" + step, "/" + HOLE]
        nodes = [node[name] for node in nodes for name in names if name in node]
    merged: dict[str, str] = {}
    for node in nodes:
        for method, scope in node.get(_METHODS, {}).items():
            merged.setdefault(method, scope)
    return merged
