"""A run over an unchanged repository gives the last one's report; whatever its report depends on makes it a new one."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from repositories import Repository, token

from pat_audit import scan as scan_module
from pat_audit.cache import contents, whole
from pat_audit.cli import main

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = token(3)
HEADER = """\
import os
import requests
from base64 import b64encode
from lib.settings import HOST

TOKEN = os.environ["ADO_PAT"]
requests.get(HOST + "/_apis/projects", headers={"Authorization": "Basic " + b64encode(f":{TOKEN}".encode()).decode()})
"""


@pytest.fixture(scope="module")
def user_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's own cache: what it holds of the rules is made once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def repository(tmp_path: Path, user_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository that is large enough to be remembered, for runs in this process."""
    made = Repository(tmp_path / "work", user_cache)
    monkeypatch.chdir(made.folder)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(scan_module, "FEW", 4)
    monkeypatch.setattr(whole, "_MANY", 1)
    monkeypatch.setattr(contents, "_GRAIN", 0)  # tests are quicker than the clocks of some disks
    for number in range(8):
        made.write(f"many/file{number}.txt", f"text {number}\n")
    made.write("secret.py", f'TOKEN = "{TOKEN}"\n')
    made.write("use.py", HEADER)
    made.write("lib/settings.py", 'HOST = "https://dev.azure.com/contoso"\n')
    made.write(".gitignore", "ignored/\n")
    made.write("ignored/module.py", 'HOST = "https://dev.azure.com/fabrikam"\n')
    made.commit()
    made.git("update-index", "-q", "--refresh")
    made.write("loose.py", f'TOKEN = "{token(4)}"\n')
    return made


def checked(*arguments: str) -> dict[str, Any]:
    """The report of `check`."""
    done = CliRunner().invoke(main, ["check", "--output-format", "json", "--exit-zero", *arguments])
    assert done.exit_code == 0, done.output
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def anew(*arguments: str) -> dict[str, Any]:
    """The report of `check` where nothing is remembered."""
    shutil.rmtree(".pat-audit-cache")
    return checked(*arguments)


def is_remembered(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> bool:
    """Whether a run does without a scan."""
    scans: list[int] = []
    with monkeypatch.context() as patch:
        real = scan_module.scan

        def counted(*words: Any, **more: Any) -> Any:
            scans.append(1)
            return real(*words, **more)

        patch.setattr(scan_module, "scan", counted)
        checked(*arguments)
    return not scans


def test_nothing_is_done_twice_and_the_report_is_the_same(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = checked()
    assert {"PAT101", "PAT201"} <= {finding["rule"] for finding in first["findings"]}
    assert any(fix["edits"] for finding in first["findings"] for fix in finding["fixes"])
    assert is_remembered(monkeypatch)
    assert checked() == first == anew()
    assert checked(".") == first


@pytest.mark.parametrize(
    "change",
    [
        "edited",
        "loose edited",
        "new",
        "gone",
        "staged",
        "committed",
        "ignored no more",
        "assumed",
        "module",
        "settings",
    ],
)
def test_every_change_makes_a_new_report(repository: Repository, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    if change == "assumed":
        repository.git("update-index", "--assume-unchanged", "lib/settings.py")
    if change == "module":  # a file beside those of the run
        repository.write("use.py", HEADER.replace("lib.settings", "ignored.module"))
    checked()
    before = checked()
    assert is_remembered(monkeypatch)
    if change in ("edited", "staged", "committed"):
        repository.write("many/file1.txt", f"{token(5)}\n")
    if change in ("staged", "committed"):
        repository.git("add", "-A")
    if change == "committed":
        repository.commit()
    if change == "loose edited":
        repository.write("loose.py", "TOKEN = 1\n")
    elif change == "new":
        repository.write("new.txt", f"{token(5)}\n")
    elif change == "gone":
        (repository.folder / "secret.py").unlink()
    elif change == "ignored no more":
        repository.write("ignored/secret.py", f'TOKEN = "{token(5)}"\n')
        assert checked() == before
        (repository.folder / ".git/info/exclude").write_text("")
        repository.write(".gitignore", "")
    elif change == "assumed":
        repository.write("lib/settings.py", 'HOST = "https://git.example.org"\n')
    elif change == "module":
        repository.write("ignored/module.py", 'HOST = "https://git.example.org"\n')
    elif change == "settings":
        repository.write("pat-audit.toml", 'exclude = ["secret.py"]\n')
    after = checked()
    assert checked() == after
    assert after == anew()
    assert after != before


def test_what_is_asked_otherwise_is_looked_at(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    checked()
    assert is_remembered(monkeypatch)
    for arguments in (["--select", "PAT101"], ["--exclude", "secret.py"], ["--ignore", "PAT201"]):
        assert checked(*arguments) == anew(*arguments) != checked()
    for arguments in (["lib"], ["--no-cache"], ["--diff"]):
        with monkeypatch.context() as patch:
            patch.setattr(whole.Whole, "report", None)  # is not asked
            CliRunner().invoke(main, ["check", *arguments], catch_exceptions=False)


def test_repositories_inside_are_looked_at(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = Repository(repository.folder / "inner", repository.folder / "cache")
    inner.write("secret.py", f'TOKEN = "{token(6)}"\n')
    inner.commit()
    checked()
    assert not is_remembered(monkeypatch)
    inner.write("more.py", f'TOKEN = "{token(7)}"\n')
    assert checked() == anew()


def test_what_is_kept_has_no_secret_and_no_strangers_word(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = checked()
    kept = repository.folder / ".pat-audit-cache" / "whole"
    content = kept.read_bytes()
    for secret in (TOKEN, token(4)):
        assert secret.encode() not in content
        assert secret[8:-8].encode() not in content
    for broken in (b"", content[:40], content[: len(content) // 2], content[:-1] + b"?"):
        kept.write_bytes(broken)
        assert checked() == first
    assert is_remembered(monkeypatch)
