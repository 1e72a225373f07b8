"""Real scripts pass with a PAT, are fixed by the command line, and pass with an Entra token where Basic is refused."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from proof.cases import Case, load_cases

if TYPE_CHECKING:
    from pathlib import Path

    from proof.ground import Ground, Ran

CASES = load_cases()
PYTHON = [case for case in CASES if case.name.startswith("python/")]


def test_there_are_scripts_enough() -> None:
    assert len(PYTHON) >= 40
    assert {case.name.split("/")[0] for case in CASES} == {"bash", "node", "python"}


@pytest.fixture
def work(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The script of a test in a folder of its own, with the packages that it imports above it."""
    case: Case = request.getfixturevalue("case")
    if missing := [program for program in case.needs if not shutil.which(program)]:
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    if case.modules:
        (tmp_path / "node_modules").symlink_to(request.getfixturevalue("node_modules"))
    case.copy_to(tmp_path / "work")
    return tmp_path / "work"


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_script_passes_with_a_pat_and_not_without(case: Case, work: Path, ground: Ground, tmp_path: Path) -> None:
    before = ground.run(case.run, work, tmp_path / "before", with_pat=True, expire_after=case.expire_after)
    assert passed(case, before), before.done
    assert {seen.sign_in for seen in before.service.seen if seen.sign_in == "pat"}, before.service.seen


def passed(case: Case, ran: Ran) -> bool:
    """Whether a script did its work, and no credential went where it must not go."""
    lines = ran.done.output.splitlines()
    did = ran.done.status == 0 and all(line in lines for line in case.prints)
    return did and not ran.service.leaks and not ran.service.faults
