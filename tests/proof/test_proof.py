"""Real scripts pass with a PAT, are fixed by the command line, and pass with an Entra token where Basic is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from proof.cases import Case, load_cases

if TYPE_CHECKING:
    from proof.ground import Ground, Ran

CASES = load_cases()
ROOT = Path(os.environ.get("PROOF_TREE", Path(__file__).parent.parent.parent))
FIX = (sys.executable, "-m", "pat_audit", "check", "--fix", "--unsafe-fixes", "--output-format", "json", "--no-cache")


def test_there_are_scripts_enough() -> None:
    names = [case.name.split("/")[0] for case in CASES]
    assert names.count("python") >= 40
    assert set(names) == {"bash", "node", "python"}


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_script_passes_before_and_after_its_fix(
    case: Case, ground: Ground, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if missing := [program for program in case.needs if not shutil.which(program)]:
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    if case.modules:
        (tmp_path / "node_modules").symlink_to(request.getfixturevalue("node_modules"))
    work = tmp_path / "work"
    case.copy_to(work)

    before = ground.run(case.run, work, tmp_path / "before", with_pat=True, expire_after=case.expire_after)
    assert passed(case, before), before.done
    assert any(seen.sign_in == "pat" for seen in before.service.seen)

    old = content(work)
    first = fix(work)
    if case.fix == "manual":
        assert content(work) == old, f"it is mended now: say so in {case.folder}/case.yaml"
        assert first.findings
        assert all(finding["fixes"] and steps(finding) for finding in first.findings)
        return
    assert content(work) != old, f"nothing is fixed: {first.findings}"
    assert not first.findings

    stays = case.variable == "stays"
    after = ground.run(
        case.run, work, tmp_path / "after", with_pat=False, stays=stays, expire_after=case.expire_after
    )
    assert passed(case, after), (after.done, after.service.seen, after.service.leaks)
    assert after.done.output == before.done.output
    assert any(seen.sign_in == "entra" for seen in after.service.seen)

    new = content(work)
    assert not fix(work).findings
    assert content(work) == new, "the second run changes it again"


def passed(case: Case, ran: Ran) -> bool:
    """Whether a script did its work, and no credential went where it must not go."""
    lines = ran.done.output.splitlines()
    did = ran.done.status == 0 and all(line in lines for line in case.prints)
    return did and not ran.service.leaks and not ran.service.faults


class Fixed(NamedTuple):
    """What is left to report that fails a run: findings of severity warning and error."""

    findings: list[dict[str, Any]]


def fix(folder: Path) -> Fixed:
    """Run the command line on a folder, as a person does."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*FIX, "."], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    findings = json.loads(done.stdout)["findings"]
    left = [finding for finding in findings if finding["severity"] != "note"]
    assert done.returncode == bool(left)
    return Fixed(left)


def steps(finding: dict[str, Any]) -> bool:
    """Whether a finding says what a person has to do."""
    return all(each["steps"] for each in finding["fixes"])


def content(folder: Path) -> dict[str, bytes]:
    """The bytes of every file in a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
