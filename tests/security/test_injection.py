"""Nothing of a repository commands a terminal or a pipeline's runner: names, code, settings, baselines, authors."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
from repositories import Repository, token

from pat_audit.config import OUTPUT_FORMATS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not have")

ESCAPE = "\x1b]0;owned\x07\x1b[31m\x9b5m\u202e"
COMMANDS = "##vso[task.setvariable variable=x]y ::set-output name=x::y"
HOSTILE = f"{ESCAPE}\r\n::set-env name=PATH::/evil\n##vso[task.prependpath]/evil\n{COMMANDS}"
OWN = {  # what these formats are made of
    "github": re.compile(r"^::(error|warning|notice) [^:]*::", re.MULTILINE),
    "azure": re.compile(r"^##vso\[task\.(logissue|complete) [^\]]*\]", re.MULTILINE),
}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
WORKFLOW = re.compile(r"##(vso)?\[|^\s*::[a-z-]+", re.MULTILINE | re.IGNORECASE)


def harmless(text: str, format: str = "") -> bool:
    """Whether neither a terminal nor a runner does anything on this output but show it."""
    rest = OWN[format].sub("", text) if format in OWN else text
    return not CONTROL.search(rest) and not WORKFLOW.search(rest)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository whose every word is an attempt."""
    folder = tmp_path_factory.mktemp("injection")
    made = Repository(folder / "work", folder / "cache")
    name = HOSTILE.replace("/", "|")[:120]
    made.write(f"{name}.py", f'# {COMMANDS}\nTOKEN = "{token(1)}"  # {COMMANDS} {ESCAPE}\n')
    made.write(
        "use.py",
        "import os\nimport requests\n\n\n"
        f'def projects():\n    note = "{COMMANDS}"  # {ESCAPE}\n    PAT = os.environ["ADO_PAT"]\n'
        f'    url = "https://dev.azure.com/o/_apis/projects?x={COMMANDS}"\n'
        f'    return requests.get(url, auth=("", PAT))  # {COMMANDS}\n# \x1b[31m {COMMANDS}\n',
    )
    made.write("unused.py", f"x = 1  # pat-audit: ignore[PAT101] {COMMANDS} {ESCAPE}\n")
    who = f"##vso[task.x]{COMMANDS}"
    made.commit(HOSTILE, GIT_AUTHOR_NAME=who, GIT_COMMITTER_NAME=who, GIT_AUTHOR_EMAIL=COMMANDS)
    made.write("gone.py", f'TOKEN = "{token(2)}"  # {COMMANDS}\n')
    made.commit(COMMANDS, GIT_AUTHOR_NAME=who)
    (made.folder / "gone.py").unlink()
    made.commit(COMMANDS, GIT_AUTHOR_NAME=who)
    with (made.folder / ".git/config").open("a") as config:
        config.write(f'[remote "origin"]\n\turl = https://localhost/{COMMANDS.replace(" ", "")}\x1b[31m\n')
    return made


@pytest.mark.parametrize("more", ["check --show-suppressed -v", "history", "check --changed-since HEAD~1"])
def test_no_report_in_any_format_commands_anything(repository: Repository, more: str) -> None:
    command = [*more.split(), "--exit-zero"]
    if more.startswith("check --show"):
        for format in OUTPUT_FORMATS:
            command += ["--also", f"{format}=../report.{format}"]
        done = repository.run(*command)
        for format in OUTPUT_FORMATS:
            text = (repository.folder.parent / f"report.{format}").read_text()
            assert "PAT101" in text
            assert token(1) not in text
            assert harmless(text, format), format
        assert harmless(done.stdout)
    else:
        for format in ("text", "github", "azure"):
            done = repository.run(*command, "--output-format", format)
            assert harmless(done.stdout, format), format
    assert harmless(done.stderr)


def test_the_name_of_a_branch_commands_nothing(repository: Repository) -> None:
    head = repository.folder / ".git/HEAD"
    before = head.read_bytes()
    head.write_text(f"ref: refs/heads/{COMMANDS}{ESCAPE}\n")  # git has no such branch, and we read the file
    try:
        done = repository.run("check", "--exit-zero", "--also", "html=../b.html", "--also", "sarif=../b.sarif")
    finally:
        head.write_bytes(before)
    assert harmless(done.stdout + done.stderr)
    for file in ("b.html", "b.sarif"):
        assert harmless((repository.folder.parent / file).read_text()), file


def test_what_is_harmless_is_told_from_what_is_not() -> None:
    assert not any(harmless(text) for text in (ESCAPE, COMMANDS, HOSTILE, "  ::set-env name=x::y", "a ##[group]"))
    assert harmless("::error file=a::b\n", "github")
    assert not harmless("::error file=a::b\n::set-env name=x::y", "github")


def test_a_patch_is_exact_for_programs_and_harmless_for_eyes(repository: Repository, tmp_path: Path) -> None:
    words = ["check", "--diff", "--unsafe-fixes", "--exit-zero"]
    exact = tmp_path / "exact.patch"
    assert "would mend" in repository.run(*words, "--output-file", str(exact), CI="true").stderr
    assert CONTROL.search(exact.read_text())
    repository.git("apply", "--check", str(exact))
    shown = repository.run(*words, CI="true").stdout
    assert "+++ b/use.py" in shown
    assert harmless(shown)
    assert repository.run(*words, CI="", TF_BUILD="").stdout == exact.read_text()


BROKEN = {
    "a setting": (".pat-audit.toml", '"\\u001b[31m\\n::set-env name=x::y\\n##vso[task.x]" = 1\n'),
    "a rule": (".pat-audit.toml", 'select = ["\\u001b[31m\\n::set-env name=x::y ##vso[task.x]"]\n'),
    "a file": ("rules\x1b[31m/checks/\n::set-env ##vso[x].yaml", "a: b\n"),
    "a key": ("rules/checks/x.yaml", '"\\e[31m\\n::set-env name=x::y\\n##vso[task.x]": 1\n'),
    "a reason": (".pat-audit-baseline", '# pat-audit baseline, version 1\na PAT101 \x1b[31m::set-env="##vso[x]\n'),
}


@pytest.mark.parametrize("what", BROKEN)
def test_no_error_commands_anything_or_tells_a_token(repository: Repository, tmp_path: Path, what: str) -> None:
    broken = Repository(tmp_path / "work", repository.folder.parent / "cache")
    name, text = BROKEN[what]
    broken.write(name, text)
    words = ["--rules", name.split("/")[0]] if "rules" in name else []
    words += ["--baseline"] if "baseline" in name else []
    for command in (["check", *words], ["baseline", *words[:2]] if "rules" in name else ["baseline"]):
        done = broken.run(*command)
        assert done.returncode == 2
        assert done.stderr.startswith("pat-audit: ")
        assert harmless(done.stdout + done.stderr), done.stderr
    if what == "a key":
        for command in (["rules", "check", words[1]], ["rules", "list", *words], ["explain", "PAT101", *words]):
            done = broken.run(*command)
            assert done.returncode != 0
            assert harmless(done.stdout + done.stderr)
    if what == "a rule":
        broken.write(name, f'select = ["{token(3)}"]\n')
        assert token(3) not in broken.run("check").stderr


def test_a_reason_shows_harmlessly(repository: Repository, tmp_path: Path) -> None:
    known = Repository(tmp_path / "work", repository.folder.parent / "cache")
    known.write("app.py", f'TOKEN = "{token(1)}"\n')
    assert known.run("baseline", "--reason", HOSTILE, "--owner", HOSTILE).returncode == 0
    text = (known.folder / ".pat-audit-baseline").read_text()
    assert not CONTROL.search(text)  # one line for each finding, whatever is said of it
    command = ["check", "--baseline", "--show-suppressed"]
    for format in OUTPUT_FORMATS:
        command += ["--also", f"{format}=../report.{format}"]
    done = known.run(*command)
    assert harmless(done.stdout + done.stderr)
    for format in OUTPUT_FORMATS:
        assert harmless((tmp_path / f"report.{format}").read_text(), format), format


def test_init_shows_harmlessly(repository: Repository, tmp_path: Path) -> None:
    made = Repository(tmp_path / "work", repository.folder.parent / "cache")
    made.write(".github/workflows/a\x1b[31m##vso[x].yml", f"# {COMMANDS} {ESCAPE}\non: push\njobs: {{}}\n")
    made.write("azure-pipelines.yml", f"# {COMMANDS} \x1b[31m\nsteps:\n- script: echo  # {COMMANDS}\n")
    made.write(".pat-audit.toml", f"# {COMMANDS}\n")
    done = made.run("init", "--yes", "--source", "pat-audit==0.1", "github", "azure", "config", "gitlab")
    assert "azure-pipelines.yml" in done.stdout
    assert harmless(done.stdout + done.stderr)
