"""Real scripts pass with a PAT, are fixed by the command line, and pass with an Entra token where Basic is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from proof.cases import Case, load_cases

if TYPE_CHECKING:
    from proof.ground import Ground, Ran

CASES = load_cases()
ROOT = Path(__file__).parent.parent.parent
FIX = (sys.executable, "-m", "pat_audit", "check", "--fix", "--unsafe-fixes", "--output-format", "json")


def test_there_are_scripts_enough() -> None:
    names = [case.name.split("/")[0] for case in CASES]
    assert names.count("python") >= 40
    assert set(names) == {"bash", "node", "python"}


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the runs of pat-audit keep the rules that they have read."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_script_passes_before_and_after_its_fix(
    case: Case, ground: Ground, cache: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if missing := [program for program in case.needs if not shutil.which(program)]:
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    if case.modules:
        (tmp_path / "node_modules").symlink_to(request.getfixturevalue("node_modules"))
    work = tmp_path / "work"
    case.copy_to(work)

    before = ground.run(case.run, work, tmp_path / "before", with_pat=True, expire_after=case.expire_after)
    assert not wrong_with(case, before)
    assert any(seen.sign_in == "pat" for seen in before.service.seen)

    old = content(work)
    findings = fix(work, cache)
    if content(work) == old:
        assert case.fix == "manual", f"nothing is mended: {[finding['rule'] for finding in findings]}"
        assert findings
        assert all(each["steps"] for finding in findings for each in finding["fixes"])
        return
    assert {finding["rule"] for finding in loud(findings)} <= set(case.leaves)

    after = ground.run(
        case.run,
        work,
        tmp_path / "after",
        with_pat=case.variable == "needed",
        both=True,
        stays=case.variable == "stays",
        expire_after=case.expire_after,
    )
    assert not wrong_with(case, after)
    assert after.done.output == before.done.output
    assert any(seen.sign_in == "entra" for seen in after.service.seen)

    new = content(work)
    assert len(fix(work, cache)) == len(findings)
    assert content(work) == new, "the second run changes it again"


def wrong_with(case: Case, ran: Ran) -> str:
    """What speaks against a run: a script that did not do its work, or a credential that went where it must not go."""
    lines = ran.done.output.splitlines()
    if ran.done.status or any(line not in lines for line in case.prints):
        return f"{ran.done.output}\n{ran.done.errors[-2000:]}\n{ran.service.seen[-5:]}"
    return f"{ran.service.leaks or ''}" + "".join(ran.service.faults)


def fix(folder: Path, cache: Path) -> list[dict[str, Any]]:
    """Run the command line on a folder, as a person does; gives the findings that are left."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cache)}
    done = subprocess.run([*FIX, "."], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    assert done.returncode == bool(loud(findings))
    return findings


def loud(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that fail a run."""
    return [finding for finding in findings if finding["severity"] != "note"]


def content(folder: Path) -> dict[str, bytes]:
    """The bytes of every file in a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
