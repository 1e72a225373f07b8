"""The scripts of the proof: a folder each, with its files and a `case.yaml` that says how it is run."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

import yaml

from pat_audit.tokens.samples import expand

SCRIPTS = Path(__file__).parent / "scripts"
_KEYS = {"about", "run", "prints", "fix", "because", "leaves", "variable", "expire_after", "needs", "modules"}


class Case(NamedTuple):
    """A script: `run` is its command, `prints` lines that it prints when it has done its work.

    `fix` is what is expected of pat-audit: `edits`, or `manual` with the reason in `because`, where a person may have
    to do it; `leaves` are rules of which something is left to a person besides the edits. `variable: stays` says
    that the fixed script still asks for the PAT's variable, to hand it through an interface that a fix must not
    change, and sends it nowhere; `needed`, that a part of it still signs in with the PAT. An hour passes after
    `expire_after` signed requests. `needs` are programs that must be on the machine, `modules` packages of npm.
    """

    name: str
    folder: Path
    about: str
    run: tuple[str, ...]
    prints: tuple[str, ...]
    fix: Literal["edits", "manual"]
    because: str
    leaves: tuple[str, ...]
    variable: Literal["goes", "stays", "needed"]
    expire_after: int | None
    needs: tuple[str, ...]
    modules: tuple[str, ...]

    def copy_to(self, target: Path) -> None:
        """Its files without `case.yaml`, placeholders for tokens expanded, into a new folder."""
        for source in sorted(self.folder.rglob("*")):
            if source.is_file() and source.name != "case.yaml" and "__pycache__" not in source.parts:
                copy = target / source.relative_to(self.folder)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(expand(source.read_bytes().decode()).encode())
                copy.chmod(source.stat().st_mode)


def load_cases() -> list[Case]:
    """All cases, by name. Raises ValueError for one that is not whole."""
    return [_case(path) for path in sorted(SCRIPTS.rglob("case.yaml"))]


def _case(path: Path) -> Case:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    name = str(path.parent.relative_to(SCRIPTS))
    if unknown := set(content) - _KEYS:
        raise ValueError(f"{path}: unknown keys {sorted(unknown)}")
    if content.get("fix", "edits") not in ("edits", "manual") or (content.get("fix") == "manual") != (
        "because" in content
    ):
        raise ValueError(f"{path}: `fix` is `edits` or `manual`, and `manual` wants a `because`")
    run = content["run"]
    return Case(
        name=name,
        folder=path.parent,
        about=content["about"],
        run=tuple(run.split() if isinstance(run, str) else run),
        prints=tuple(content["prints"]),
        fix=content.get("fix", "edits"),
        because=content.get("because", ""),
        leaves=tuple(content.get("leaves", ())),
        variable=content.get("variable", "goes"),
        expire_after=content.get("expire_after"),
        needs=tuple(content.get("needs", ())),
        modules=tuple(content.get("modules", ())),
    )
