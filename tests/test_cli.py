"""The command line as a person or a pipeline meets it: exit codes, streams, messages, and a quick start."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from repositories import user_cache

from pat_audit import __version__
from pat_audit.tokens.samples import sample

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `pat-audit ARGUMENTS` in `tmp_path/work`, a folder that holds clean.py and found.py."""
    work = tmp_path / "work"
    work.mkdir()
    (work / "clean.py").write_text("x = 1\n")
    (work / "found.py").write_text(f'TOKEN = "{sample("azure-devops-pat")}"\n')
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")},
        "PYTHONPATH": str(CHECKOUT),
        "XDG_CACHE_HOME": str(user_cache(tmp_path / "cache")),
    }

    def run(*arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pat_audit", *arguments],
            cwd=work,
            env={**environment, **more},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def test_exit_codes(run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    clean = run("check", "clean.py")
    assert (clean.returncode, clean.stdout, clean.stderr) == (0, "No findings in 1 file.\n", "")
    found = run("check")
    assert found.returncode == 1
    assert "found.py:1:" in found.stdout
    assert sample("azure-devops-pat") not in found.stdout + found.stderr
    assert run("check", "--exit-zero").returncode == 0
    assert run("check", "--ignore", "PAT101,PAT103,PAT104").returncode == 0
    missing = run("check", "none.py", "found.py", "--output-format", "concise")
    assert missing.returncode == 2
    assert "found.py:1:" in missing.stdout
    assert "none.py: cannot be read: No such file" in missing.stderr
    assert run("check", "--exit-zero", "none.py").returncode == 2


def test_what_a_user_gets_wrong_is_named_and_exits_2(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    def said(*arguments: str) -> str:
        done = run("check", *arguments)
        assert (done.returncode, done.stdout) == (2, ""), done
        assert "Traceback" not in done.stderr
        return done.stderr

    assert "there is no rule 'PAT1O1'; did you mean 'PAT101'?" in said("--select", "PAT1O1")
    assert "none.toml: cannot be read" in said("--config", "none.toml")
    assert "there is no folder nowhere; make it first" in said("--output-file", "nowhere/x.sarif")
    assert "there is no rules folder here" in said("--rules", "nowhere")
    assert "--stdin-filename: there is nothing to name" in said("--stdin-filename", "x.py")
    assert "'warn' is not one of" in said("--fail-on", "warn")
    assert "No such option" in said("--fixed")
    (tmp_path / "work/pyproject.toml").write_text("[tool.pat-audit]\nselekt = []\n")
    assert "tool.pat-audit.selekt: there is no such key; did you mean 'select'?" in said()
    (tmp_path / "work/pyproject.toml").write_text("[tool.pat-audit\n")
    broken = run("check")
    assert broken.returncode == 2
    assert "pyproject.toml: is not valid TOML" in broken.stdout + broken.stderr
    assert "found.py:1:" in broken.stdout
    assert run("check", "--isolated", "clean.py").returncode == 0


def test_configuration_and_command_line_meet(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "work/pat-audit.toml").write_text('output-format = "json"\nexclude = ["found.py"]\n')
    document = json.loads(run("check").stdout)
    assert document["findings"] == []
    named = run("check", "found.py")
    assert named.returncode == 1
    assert run("check", "--force-exclude", "found.py").returncode == 0
    assert run("check", "--isolated", "--exclude", "*.py").returncode == 0


def test_json_on_standard_output_and_in_a_file(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = run("check", "--output-format", "json")
    document = json.loads(done.stdout)
    assert document["version"] == 1
    assert document["tool"] == {"name": "pat-audit", "version": __version__}
    assert [finding["path"] for finding in document["findings"]] == ["found.py"]
    place = tmp_path / "work/report.json"
    place.write_text("old")
    place.chmod(0o640)
    filed = run("check", "found.py", "clean.py", "--output-format", "json", "--output-file", "report.json")
    assert (filed.returncode, filed.stdout) == (1, "")
    assert json.loads(place.read_text())["findings"] == document["findings"]
    assert place.stat().st_mode & 0o777 == 0o640
    assert {each.name for each in place.parent.iterdir()} == {"clean.py", "found.py", "report.json"}


def test_one_run_writes_several_reports(run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    asked = ("--also", "sarif=all.sarif", "--also", "text=all.txt", "--color", "always")
    done = run("check", "--output-format", "concise", *asked)
    assert done.returncode == 1
    assert done.stdout.startswith("found.py:1:")
    sarif = json.loads((tmp_path / "work/all.sarif").read_text())
    assert [result["level"] for result in sarif["runs"][0]["results"]] == ["error"]
    text = (tmp_path / "work/all.txt").read_text()
    assert text.startswith("found.py:1:")
    assert "\x1b" not in text
    for wrong, words in (("sarif", "expected FORMAT=FILE"), ("sarf=x", "expected"), ("sarif=no/x", "make it first")):
        refused = run("check", "--also", wrong)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert words in refused.stderr


def test_standard_input(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    text = f'TOKEN = "{sample("azure-devops-pat")}"\n'
    done = run("check", "-", "--stdin-filename", "lib/new.py", stdin=text)
    assert done.returncode == 1
    assert done.stdout.startswith("lib/new.py:1:")
    assert '1 | TOKEN = "***"' in done.stdout
    assert run("check", "-", stdin="x = 1").returncode == 0


def test_suppression(run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    found = tmp_path / "work/found.py"
    rule = json.loads(run("check", "--output-format", "json").stdout)["findings"][0]["rule"]
    found.write_text(found.read_text().rstrip() + f"  # pat-audit: ignore[{rule}] revoked\n")
    assert run("check").returncode == 0
    assert "suppressed here: revoked" in run("check", "--show-suppressed").stdout
    (tmp_path / "work/clean.py").write_text(f"x = 1  # pat-audit: ignore[{rule}] nothing\n")
    noted = run("check", "--output-format", "concise")
    assert (noted.returncode, noted.stdout.split(": ", 1)[1]) == (
        0,
        f"PAT902 there is no {rule} here to ignore: remove it from the comment\n",
    )
    assert run("check", "--fail-on", "note").returncode == 1


def test_colour(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert "\x1b" not in run("check").stdout
    assert "\x1b[1;31m" in run("check", "--color", "always").stdout
    assert "\x1b" in run("check", FORCE_COLOR="1").stdout
    assert "\x1b" not in run("check", FORCE_COLOR="1", NO_COLOR="1").stdout
    assert "\x1b" not in run("check", "--color", "never", FORCE_COLOR="1").stdout


def test_a_terminal_without_our_characters(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "work/é##[x].py").write_text((tmp_path / "work/found.py").read_text())
    done = run("check", PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert "\\xe9#\\u200b#[x].py:1:" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="shell pipes")
def test_a_closed_pipe_is_quiet(run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    work = tmp_path / "work"
    for number in range(400):
        (work / f"f{number}.py").write_text((work / "found.py").read_text())
    command = f"{sys.executable} -m pat_audit check | head -1"
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "XDG_CACHE_HOME": str(user_cache(tmp_path / "cache"))}
    done = subprocess.run(command, shell=True, cwd=work, env=environment, capture_output=True, text=True, timeout=120)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_a_crash_says_where_and_no_secret(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from click.testing import CliRunner

    from pat_audit.cli import main

    def crash(*arguments: object, **more: object) -> None:
        raise ValueError("hunter2abc")

    monkeypatch.setattr("pat_audit.scan.scan", crash)
    done = CliRunner().invoke(main, ["check", "--isolated", "."])
    assert done.exit_code == 2
    assert "internal error: ValueError at" in done.output
    assert "hunter2abc" not in done.output


def test_explain(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    by_id, by_name = run("explain", "pat201"), run("explain", "hand-built-basic-header")
    assert by_id.returncode == 0
    assert by_id.stdout == by_name.stdout
    assert by_id.stdout.startswith("PAT201 hand-built-basic-header\n")
    assert run("explain", "PAT201", "--format", "markdown").stdout.startswith("# PAT201 hand-built-basic-header\n")
    assert json.loads(run("explain", "PAT201", "--format", "json").stdout)["id"] == "PAT201"
    unknown = run("explain", "PAT2O1")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "there is no rule 'PAT2O1'; did you mean 'PAT201'?" in unknown.stderr


def test_rules_list(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    listed = run("rules", "list")
    assert listed.returncode == 0
    rules = json.loads(run("rules", "list", "--format", "json").stdout)
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [rule["id"] for rule in rules]


def test_rules_check_of_a_folder_of_ones_own(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    rule = (CHECKOUT / "rules/checks").glob("PAT101-*").__next__().read_text()
    head, _, _ = rule.partition("\nexamples:")
    head = head.replace("id: PAT101", "id: OWN101").replace("name: hardcoded-pat", "name: own-rule")
    place = tmp_path / "work/own/checks/OWN101-own-rule.yaml"
    place.parent.mkdir(parents=True)
    place.write_text(
        head + "\nexamples:\n  - {language: python, good: 'x = 1'}\n  - {language: python, bad: 'x = 1'}\n"
    )
    done = run("rules", "check", "own")
    assert done.returncode == 1, done
    assert "own/checks/OWN101-own-rule.yaml: examples[1].bad: mark the line that is found" in done.stdout
    place.write_text("id: OWN101\n")
    done = run("rules", "check", "own")
    assert done.returncode == 1
    assert "OWN101-own-rule.yaml:1: name: this key is missing" in done.stdout


def test_version_and_help(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert run("--version").stdout == f"pat-audit {__version__}\n"
    for command in ((), ("check",), ("explain",), ("rules",), ("rules", "list"), ("rules", "check")):
        assert run(*command, "-h").returncode == 0


def test_a_clean_file_is_scanned_without_the_heavy_imports(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    program = (
        "import sys; sys.argv = ['pat-audit', 'check', 'clean.py']\n"
        "from pat_audit.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'yaml', 'libcst', 'tree_sitter', 'rich', 'hyperscan', 'subprocess', 'multiprocessing',\n"
        "         'pathspec', 'concurrent.futures', 'importlib.metadata', 'pathlib', 'json',\n"
        "         'pat_audit.vocabulary', 'pat_audit.model', 'pat_audit.report.applicable'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run("check", "clean.py")
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "XDG_CACHE_HOME": str(user_cache(tmp_path / "cache"))}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path / "work",
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "No findings in 1 file.\n[]\n", done.stderr


def test_broken_rules_of_ours_are_named_and_nothing_else(tmp_path: Path) -> None:
    for part in ("pat_audit", "rules"):
        shutil.copytree(CHECKOUT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "rules/services/github.yaml").open("a", encoding="utf-8") as file:
        file.write("bogus: 1\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for words in (["rules", "docs", "pages"], ["check", "."]):
        command = [sys.executable, "-m", "pat_audit", *words]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 2
        assert "github.yaml" in done.stderr
        assert "bogus" in done.stderr
        assert "Traceback" not in done.stderr
