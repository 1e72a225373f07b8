"""Modules import downwards only: what stands on a later layer is unknown to the earlier ones."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "pat_audit"
LAYERS = (
    "abandoned git_commands severity run_report model template_text whole_file boundary pattern_automaton",
    "pattern_growth",
    "vocabulary nearest pattern_safety user_cache example_marks outlet terminal project_cache",
    "paths naming globs source strict_yaml packed catalogue_cache catalogue_checks rules_folder config catalogue",
    "discover reading glob_table anchor_table anchors anchor_search prefilter tokens addresses scopes endpoints flow",
    "languages formats",
    "evidence examiner trail advice attribution facts wording mending judge settle fingerprint",
    "comments foreign_markers",
    "trees trees_in_memory target suppress rule_pages",
    "rules_check history index_tree changed_lines fixes baseline report programs settings inspection",
    "workers parallel cache scan",
    "failure fix_run run_scope check_run history_run baseline_run rule_commands adopt cli __main__",
)
PLACE = {name: number for number, layer in enumerate(LAYERS) for name in layer.split()}


def imported(path: Path) -> set[str]:
    """The modules and packages of ours, by their first name, that a file imports anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("pat_audit.")}
    return {name for name in found if (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file()}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nobody_imports_upward(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own == "__init__":
        assert not imported(path)
        return
    assert own in PLACE, f"say in LAYERS where {own} stands"
    upward = {name for name in imported(path) if PLACE.get(name, -1) > PLACE[own]}
    assert not upward, f"{own} must not know of {upward}"
