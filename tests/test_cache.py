"""A run that remembers: the same report as without, whatever changed, broke or was planted in between."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from repositories import Repository, token

from pat_audit import scan as scan_module
from pat_audit import target as target_module
from pat_audit.cache import contents
from pat_audit.catalogue import load_catalogue
from pat_audit.config import Config, with_rules
from pat_audit.inspection import Inspector
from pat_audit.prefilter import Prefilter
from pat_audit.scan import scan
from pat_audit.target import Target

if TYPE_CHECKING:
    from pathlib import Path

    from pat_audit.run_report import Report

CATALOGUE = load_catalogue(plugins=False)
PREFILTER = Prefilter(CATALOGUE, 0)  # made once: each test has an empty cache of rules
TOKEN = token(0)
SETTINGS = 'import os\n\nTOKEN = os.environ["ADO_PAT"]\n'
USE = """\
import requests
from lib.settings import TOKEN

requests.get("https://dev.azure.com/o/_apis/x", auth=("", TOKEN))
"""


@pytest.fixture(params=["git", "no git"])
def repository(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A working directory with findings of all kinds, large enough to be remembered, for runs in this process.

    Times are taken for certain at once: tests are quicker than the clocks of some disks.
    """
    made = Repository(tmp_path / "work", tmp_path / "cache", init=request.param == "git")
    monkeypatch.chdir(made.folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(scan_module, "FEW", 8)
    monkeypatch.setattr(target_module, "Prefilter", lambda *_, **__: PREFILTER)
    monkeypatch.setattr(scan_module, "_workers", lambda *_: 0)
    monkeypatch.setattr(contents, "_GRAIN", 0)
    for number in range(20):
        made.write(f"many/file{number}.txt", f"text {number}\n")
    made.write("secret.py", f'TOKEN = "{TOKEN}"\n')
    made.write("url.md", "https://me:correcthorse9battery@dev.azure.com/o/p/_git/r\n")
    made.write("lib/__init__.py", "")
    made.write("lib/settings.py", SETTINGS)
    made.write("lib/other.py", "def double(x):\n    return 2 * x\n")
    made.write("use.py", USE)
    made.write("quiet.py", f'TOKEN = "{TOKEN}"  # pat-audit: ignore[PAT101] revoked\n')
    made.write("binary.dat", b"\0\1\2\3" * 100)
    if request.param == "git":
        made.commit()
        made.git("update-index", "-q", "--refresh")
    return made


def report(repository: Repository, **config: Any) -> Report:
    """What a run says that remembers what it can."""
    settings = with_rules(Config(**config), CATALOGUE.rule_names)
    return scan(Target(config.pop("paths", []), settings, CATALOGUE))


def anew(repository: Repository, **config: Any) -> Report:
    """What a run says that remembers nothing of this tree."""
    return report(repository, cache=False, **config)


def looked_at(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The files that a run looks at, and those that it evaluates."""
    found: dict[str, list[str]] = {"inspect": [], "evaluate": []}
    with monkeypatch.context() as patch:
        for name, paths in found.items():
            real = getattr(Inspector, name)

            def noted(self: Inspector, batch: Any, started: Any, real: Any = real, paths: list[str] = paths) -> Any:
                paths.extend(batch)
                return real(self, batch, started)

            patch.setattr(Inspector, name, noted)
        report(repository)
    return found


def credentials(report: Report) -> set[str | None]:
    return {finding.credential for finding in report.findings}


def test_the_second_run_looks_at_nothing_and_says_the_same(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = report(repository)
    assert {"PAT101", "PAT202"} <= {finding.rule for finding in first.findings}
    assert looked_at(repository, monkeypatch) == {"inspect": [], "evaluate": []}
    assert report(repository) == first == anew(repository)
    for config in ({"select": ("PAT202",)}, {"per_file_ignores": (("*.md", ("PAT102",)),)}, {"ignore": ("PAT101",)}):
        assert report(repository, **config) == anew(repository, **config) != first
    if (repository.folder / ".git").exists():
        assert ".pat-audit-cache" not in repository.git("status", "--porcelain")


def test_what_changed_is_looked_at_with_what_leads_there(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(repository)
    repository.write("many/file7.txt", f"{TOKEN}\n")
    assert looked_at(repository, monkeypatch)["inspect"] == ["many/file7.txt"]
    repository.write("lib/settings.py", SETTINGS.replace("ADO_PAT", "OTHER_PAT"))
    assert looked_at(repository, monkeypatch)["evaluate"] == ["lib/settings.py", "use.py"]
    assert "env:OTHER_PAT" in credentials(report(repository))
    assert report(repository) == anew(repository)
    repository.write("many/program.py", "x = 1\n")
    assert looked_at(repository, monkeypatch) == {"inspect": ["many/program.py"], "evaluate": []}
    assert report(repository) == anew(repository)


@pytest.mark.parametrize("change", ["gone", "back", "new neighbour", "renamed", "new", "marked", "unmarked", "binary"])
def test_every_change_is_seen(repository: Repository, change: str) -> None:
    if change == "back":
        (repository.folder / "lib/settings.py").unlink()
    before = report(repository)
    if change == "gone":
        (repository.folder / "lib/settings.py").unlink()
    elif change == "back":
        repository.write("lib/settings.py", SETTINGS)
    elif change == "new neighbour":  # a package of that name comes first
        repository.write("lib/settings/__init__.py", SETTINGS.replace("ADO_PAT", "NEAR_PAT"))
    elif change == "renamed":
        (repository.folder / "secret.py").rename(repository.folder / "renamed.py")
    elif change == "new":
        repository.write("new.py", USE)
    elif change == "marked":
        repository.write("secret.py", f'TOKEN = "{TOKEN}"  # pat-audit: ignore[PAT101] revoked\n')
    elif change == "unmarked":
        repository.write("quiet.py", f'TOKEN = "{TOKEN}"\n')
    elif change == "binary":
        repository.write("binary.dat", f"{TOKEN}\n")
    after = report(repository)
    assert after != before
    assert after == anew(repository)


def test_an_edit_that_keeps_size_and_time_is_seen(repository: Repository) -> None:
    path = repository.folder / "lib/settings.py"
    report(repository)
    path.write_text(SETTINGS.replace("ADO", "TFS"))
    status = path.stat()
    assert "env:TFS_PAT" in credentials(report(repository))
    time.sleep(0.02)
    path.write_text(SETTINGS.replace("ADO", "GIT"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert "env:GIT_PAT" in credentials(report(repository))
    if (repository.folder / ".git").exists():
        repository.git("add", "-A")
        repository.git("update-index", "--assume-unchanged", "lib/settings.py")
        report(repository)
        time.sleep(0.02)
        path.write_text(SETTINGS.replace("ADO", "BOX"))
        assert "env:BOX_PAT" in credentials(report(repository))


def test_a_file_that_was_just_written_is_looked_at_again(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "_GRAIN", 10**12)
    repository.write("lib/settings.py", SETTINGS.replace("ADO_PAT", "NEW_PAT"))
    report(repository)
    assert "lib/settings.py" in looked_at(repository, monkeypatch)["inspect"]
    assert report(repository) == anew(repository)


def test_no_secret_is_kept(repository: Repository) -> None:
    report(repository)
    kept = [path for path in repository.folder.joinpath(".pat-audit-cache").iterdir() if path.is_file()]
    assert {path.name for path in kept} > {".gitignore", "CACHEDIR.TAG"}
    assert any(path.name.startswith("run-") for path in kept)
    for path in kept:
        content = path.read_bytes()
        for secret in (TOKEN, "correcthorse9battery"):
            assert secret.encode() not in content
            assert b64encode(secret.encode())[:-4] not in content
            assert secret[8:-8].encode() not in content


def test_what_is_damaged_foreign_or_in_the_way_is_ignored(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = report(repository)
    folder = repository.folder / ".pat-audit-cache"
    (kept,) = [path for path in folder.iterdir() if path.name.startswith("run-")]
    content = kept.read_bytes()
    for broken in (
        b"",
        content[:10],
        content[: len(content) // 2],
        content[:-1] + b"?",
        content.replace(b"1", b"2", 1),
    ):
        kept.write_bytes(broken)
        assert report(repository) == first
    kept.write_bytes(content)
    shutil.rmtree(tmp_path / "cache")  # the key of whoever wrote it: now it is a stranger's word
    assert looked_at(repository, monkeypatch)["inspect"]
    assert report(repository) == first
    kept.unlink()
    kept.symlink_to(tmp_path / "elsewhere")
    assert report(repository) == first
    assert not (tmp_path / "elsewhere").exists()
    shutil.rmtree(folder)
    folder.write_text("a file in the folder's place\n")
    assert report(repository).problems == first.problems
    folder.unlink()
    (tmp_path / "far").mkdir()
    folder.symlink_to(tmp_path / "far")
    report(repository)
    assert list((tmp_path / "far").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_disk_that_cannot_be_written_is_no_trouble(repository: Repository) -> None:
    repository.folder.chmod(0o555)
    try:
        assert report(repository) == report(repository)
        assert not (repository.folder / ".pat-audit-cache").exists()
    finally:
        repository.folder.chmod(0o755)


def test_no_cache_keeps_nothing(repository: Repository) -> None:
    anew(repository)
    assert not (repository.folder / ".pat-audit-cache").exists()


def test_paths_and_excludes_have_results_of_their_own(repository: Repository) -> None:
    whole = report(repository)
    for config in ({"paths": ["many", "lib", "use.py"]}, {"exclude": ("secret.py",)}):
        paths = config.pop("paths", [])
        settings = with_rules(Config(**config), CATALOGUE.rule_names)
        for _ in range(2):
            uncached = scan(Target(paths, replace(settings, cache=False), CATALOGUE))
            assert scan(Target(paths, settings, CATALOGUE)) == uncached != whole
    assert report(repository) == whole


def test_runs_side_by_side_and_killed_ones_leave_it_whole(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "work", tmp_path / "cache")
    for number in range(300):
        repository.write(f"many/file{number}.txt", f"text {number}\n")
    repository.write("secret.py", f'TOKEN = "{TOKEN}"\n')
    command = [sys.executable, "-m", "pat_audit", "check", "--exit-zero", "--output-format", "json"]

    def started() -> subprocess.Popen[str]:
        out = subprocess.PIPE
        return subprocess.Popen(command, cwd=repository.folder, env=repository.environment, stdout=out, text=True)

    (expected, *others) = [process.communicate()[0] for process in [started(), started()]]
    assert others == [expected]
    assert "PAT101" in expected
    for delay in (0.3, 0.6):
        shutil.rmtree(repository.folder / ".pat-audit-cache", ignore_errors=True)
        process = started()
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert [started().communicate()[0], started().communicate()[0]] == [expected] * 2
