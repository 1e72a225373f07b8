"""What it takes to run pat-audit in each place where a repository runs its checks."""

from __future__ import annotations

import json
import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pat_audit.adopt import yaml_edit
from pat_audit.adopt.tree import Change
from pat_audit.adopt.yaml_edit import CannotEditError
from pat_audit.config import FILE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.adopt.provenance import Provenance
    from pat_audit.adopt.tree import Tree
    from pat_audit.adopt.yaml_edit import Item

_TEMPLATES = Path(__file__).with_name("templates")
_HOOKS, _WORKFLOW, _JOB = ".pre-commit-config.yaml", ".github/workflows/pat-audit.yml", ".gitlab-ci.yml"
_PIPELINES = ("azure-pipelines.yml", "azure-pipelines.yaml", ".azure-pipelines.yml", ".azure-pipelines.yaml")
_STEPS = ".azure-pipelines/pat-audit.yml"
_PROJECT, _OWN_CONFIG = "pyproject.toml", "pat-audit.toml"
_SETTINGS = 'fail-on = "warning" # error, warning or note\n'
_MENTION = re.compile(r"^[^#\r\n]*(?<![\w-])pat-audit(?:-fix)?(?![\w-])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Standing:
    """Nothing is to do: `path` has pat-audit already."""

    path: str


@dataclass(frozen=True, slots=True)
class ByHand:
    """`path` cannot be changed safely, and why; a person puts `lines` into it."""

    path: str
    why: str
    lines: str


Outcome = Change | Standing | ByHand


@dataclass(frozen=True, slots=True)
class Part:
    """A place that runs checks: the globs that say a repository has it, and what it takes there."""

    used: tuple[str, ...]
    plan: Callable[[Tree, Provenance], list[Outcome]]


def template(name: str, provenance: Provenance) -> str:
    """A file of `templates/`, with where to get pat-audit filled in."""
    text = (_TEMPLATES / name).read_text(encoding="utf-8")
    text = text.replace('"pat-audit"', json.dumps(provenance.requirement))
    return text.replace("OWNER/NAME", provenance.github_name).replace("@REVISION", f"@{provenance.revision}")


def _hook(tree: Tree, provenance: Provenance) -> list[Outcome]:
    item: Item
    if provenance.address:
        item = {"repo": provenance.address, "rev": provenance.revision, "hooks": [{"id": "pat-audit"}]}
    else:  # from an index: what .pre-commit-hooks.yaml says, and the package
        hook: Item = {
            "id": "pat-audit",
            "name": "pat-audit",
            "entry": "pat-audit check --force-exclude",
            "args": ["--"],
            "language": "python",
            "types": ["text"],
            "require_serial": True,
            "additional_dependencies": [provenance.requirement],
        }
        item = {"repo": "local", "hooks": [hook]}
    whole = yaml_edit.block("repos", item)

    def changed(text: str) -> str:
        return yaml_edit.add_item(text, "repos", item) if yaml_edit.texts(text) else yaml_edit.add_lines(text, whole)

    return [_edited(tree, _HOOKS, whole, changed)]


def _github(tree: Tree, provenance: Provenance) -> list[Outcome]:
    name = "github-workflow-action.yml" if provenance.github_name else "github-workflow.yml"
    whole = template(name, provenance)
    try:
        if tree.read(_WORKFLOW) is not None:
            return [Standing(_WORKFLOW)]
    except CannotEditError as error:
        return [ByHand(_WORKFLOW, str(error), whole)]
    for path in [path for glob in PARTS["github"].used for path in tree.names(glob)]:
        with suppress(CannotEditError):  # what cannot be read is another's workflow
            if _MENTION.search(tree.read(path) or ""):
                return [Standing(path)]
    return [Change(_WORKFLOW, None, whole)]


def _azure(tree: Tree, provenance: Provenance) -> list[Outcome]:
    steps = template("azure-steps.yml", provenance)
    pipeline = next((path for path in _PIPELINES if tree.names(path)), _PIPELINES[0])
    step: Item = {"template": _STEPS}
    alone: Item = {"job": "pat_audit", "displayName": "pat-audit", "steps": [step]}
    whole = f"trigger:\n  - main\npool:\n  vmImage: ubuntu-latest\n{yaml_edit.block('steps', step)}"

    def changed(text: str) -> str:
        keys = yaml_edit.top_keys(text)
        job = dict(alone) if "pool" in keys else {"job": "pat_audit", "pool": {"vmImage": "ubuntu-latest"}, **alone}
        stage: Item = {"stage": "pat_audit", "displayName": "pat-audit", "dependsOn": [], "jobs": [job]}
        for key, item in (("steps", step), ("jobs", job), ("stages", stage)):
            if key in keys:
                return yaml_edit.add_item(text, key, item)
        raise CannotEditError("it has no steps, jobs or stages of its own")

    outcome = _edited(tree, pipeline, whole, changed, by_hand=yaml_edit.block("steps", step))
    try:
        there = tree.read(_STEPS) is not None
    except CannotEditError as error:
        return [ByHand(_STEPS, str(error), steps), outcome]
    if there or isinstance(outcome, Standing):
        return [outcome]
    return [Change(_STEPS, None, steps), outcome]


def _gitlab(tree: Tree, provenance: Provenance) -> list[Outcome]:
    job = template("gitlab-job.yml", provenance)

    def changed(text: str) -> str:
        return yaml_edit.add_lines(text, _in_a_stage_of(text, job))

    return [_edited(tree, _JOB, job, changed)]


def _in_a_stage_of(text: str, job: str) -> str:
    """The job in `test`, where GitLab puts it by itself, or in a stage that the file is sure to have."""
    keys = yaml_edit.top_keys(text)
    if "stages" not in keys and "include" not in keys:
        return job
    stages = yaml_edit.top_texts(text, "stages") or []
    if "test" in stages:
        return job
    # `.post` is there in every pipeline; with `needs: []` the job waits for nothing all the same
    stage = next((stage for stage in stages if re.fullmatch(r"[A-Za-z][\w-]*", stage)), ".post")
    return job.replace("  needs: []\n", f"  stage: {stage}\n  needs: []\n", 1)


def _settings(tree: Tree, provenance: Provenance) -> list[Outcome]:
    own = next((name for name in FILE_NAMES if name != _PROJECT and tree.names(name)), None)
    if own:
        return [Standing(own)]
    if not tree.names(_PROJECT):
        return [Change(_OWN_CONFIG, None, _SETTINGS)]
    table = f"[tool.pat-audit]\n{_SETTINGS}"
    try:
        text = tree.read(_PROJECT) or ""
        before = _toml(text)
        if isinstance(before.get("tool"), dict) and "pat-audit" in before["tool"]:
            return [Standing(_PROJECT)]
        break_ = yaml_edit.line_break(text)
        gap = break_ if text.strip() else ""
        ended = text if not text or text.endswith("\n") else text + break_
        added = ended + gap + table.replace("\n", break_)
        after = _toml(added)
        tool = after.get("tool", {})
        del tool["pat-audit"]
        if after != (before if tool or "tool" in before else {**before, "tool": {}}):
            raise CannotEditError("a table put at its end would change what stands there")
    except CannotEditError as error:
        return [ByHand(_PROJECT, str(error), table)]
    return [Change(_PROJECT, text, added)]


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        raise CannotEditError("it is no valid TOML, or would be none") from None


def _edited(tree: Tree, path: str, whole: str, changed: Callable[[str], str], *, by_hand: str | None = None) -> Outcome:
    """A new file with `whole`, or an existing one as `changed` makes it; where that is not safe, a person's work."""
    try:
        text = tree.read(path)
        if text is None:
            return Change(path, None, whole)
        if _MENTION.search(text):
            return Standing(path)
        return Change(path, text, changed(text))
    except CannotEditError as error:
        return ByHand(path, str(error), by_hand or whole)


PARTS = {
    "pre-commit": Part((_HOOKS,), _hook),
    "github": Part((".github/workflows/*.yml", ".github/workflows/*.yaml"), _github),
    "azure": Part(_PIPELINES, _azure),
    "gitlab": Part((_JOB,), _gitlab),
    "config": Part((_PROJECT,), _settings),
}
"""What `pat-audit init` can be asked for; what a repository uses is done unasked."""
