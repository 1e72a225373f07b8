"""`pat-audit init` in repositories of all kinds: what it writes is valid, what was there stays, and it does no harm."""

from __future__ import annotations

import os
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest
import yaml
from ci_schemas import mistakes
from click.testing import CliRunner
from repositories import user_cache

from pat_audit.adopt.parts import PARTS
from pat_audit.cli import ADOPTED, main
from pat_audit.tokens.samples import sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

SOURCE = "https://github.com/acme/pat-audit@v1.0.0"
USED = {
    ".pre-commit-config.yaml": "# ours\nrepos:\n- repo: https://github.com/acme/x\n  hooks:\n  - id: x # y\n",
    ".github/workflows/ci.yml": "on: push\njobs: {}\n",
    "azure-pipelines.yml": "trigger: [main] # only\nsteps:\n  # first\n  - script: make\n",
    ".gitlab-ci.yml": "build:\n  script: [make] # all\n",
    "pyproject.toml": '[project]\nname = "x" # ours\n',
}
STEPS = "template: .azure-pipelines/pat-audit.yml"
WRITTEN = {
    ".pre-commit-config.yaml",
    ".github/workflows/pat-audit.yml",
    ".azure-pipelines/pat-audit.yml",
    "azure-pipelines.yml",
    ".gitlab-ci.yml",
    "pyproject.toml",
}
SCHEMAS = {
    ".github/workflows/pat-audit.yml": "github-workflows",
    ".azure-pipelines/pat-audit.yml": "azure-pipelines",
    "azure-pipelines.yml": "azure-pipelines",
    ".gitlab-ci.yml": "gitlab-ci",
}


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, which is the working directory."""
    top = tmp_path / "repository"
    (top / ".git").mkdir(parents=True)
    monkeypatch.chdir(top)
    monkeypatch.setenv("XDG_CACHE_HOME", str(user_cache(tmp_path / "cache")))
    return top


@pytest.fixture
def put(top: Path) -> Callable[[str, str], Path]:
    def put(name: str, text: str) -> Path:
        place = top / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())
        return place

    return put


def init(*words: str, answer: str = "", source: str = SOURCE) -> Result:
    return CliRunner().invoke(main, ["init", "--source", source, *words], input=answer)


def files(top: Path) -> dict[str, str]:
    return {place.relative_to(top).as_posix(): place.read_text() for place in top.rglob("*") if place.is_file()}


def test_the_command_line_names_every_part() -> None:
    assert tuple(PARTS) == ADOPTED


@pytest.mark.parametrize("source", [SOURCE, "git@gitlab.com:acme/pat-audit.git@v1.0.0", "pat-audit==1.0.0"])
def test_a_repository_that_uses_everything(top: Path, put: Callable[[str, str], Path], source: str) -> None:
    for name, text in USED.items():
        put(name, text)
    done = init("--yes", source=source)
    assert (done.exit_code, done.exception) == (0, None), done.output
    after = files(top)
    assert {name for name in after if after[name] != USED.get(name)} == WRITTEN
    for name, text in USED.items():  # what was there stands first and unchanged, comments and all
        assert after[name].startswith(text)
    for name, schema in SCHEMAS.items():
        assert not mistakes(schema, after[name]), name
    *_, hook = yaml.safe_load(after[".pre-commit-config.yaml"])["repos"]
    assert [each["id"] for each in hook["hooks"]] == ["pat-audit"]
    assert tomllib.loads(after["pyproject.toml"])["tool"] == {"pat-audit": {"fail-on": "warning"}}
    if "github.com" in source:
        assert "uses: acme/pat-audit/.github/actions/check@v1.0.0\n" in after[".github/workflows/pat-audit.yml"]
        assert hook["repo"] == "https://github.com/acme/pat-audit"
    for name in (".azure-pipelines/pat-audit.yml", ".gitlab-ci.yml"):
        assert ("==1.0.0" if "==" in source else "@v1.0.0") in after[name]

    again = init("--yes", source=source)
    assert again.exit_code == 0
    assert again.output.count("has pat-audit already") == 5
    assert files(top) == after


def test_it_shows_a_diff_and_asks(top: Path, put: Callable[[str, str], Path]) -> None:
    put("pyproject.toml", USED["pyproject.toml"])
    put("deep/er/x.py", "")
    shown = init("--diff")
    assert shown.exit_code == 0
    assert shown.output == (
        "--- a/pyproject.toml\n+++ b/pyproject.toml\n@@ -1,2 +1,5 @@\n [project]\n name = \"x\" # ours\n+\n"
        '+[tool.pat-audit]\n+fail-on = "warning" # error, warning or note\n'
    )  # fmt: skip
    for answer in ("n\n", "\n", "", "maybe\n"):
        refused = init(answer=answer)
        assert refused.exit_code == 1
        assert "Write this file? [y/N]" in refused.output
        assert "Nothing is written." in refused.output
    assert files(top)["pyproject.toml"] == USED["pyproject.toml"]
    os.chdir(top / "deep/er")  # from below, it is the repository that counts
    agreed = init(answer="y\n")
    assert agreed.exit_code == 0
    assert "changed pyproject.toml" in agreed.output
    assert "tool.pat-audit" in files(top)["pyproject.toml"]


@pytest.mark.parametrize("part", ADOPTED)
def test_a_named_part_is_made_where_there_is_none(top: Path, part: str) -> None:
    nothing = init("--yes")
    assert nothing.exit_code == 2
    assert "name what to set up: pre-commit, github, azure, gitlab, config" in nothing.output
    assert init(part, "--yes").exit_code == 0
    after = files(top)
    assert after
    for name, text in after.items():
        if name in SCHEMAS:
            assert not mistakes(SCHEMAS[name], text)
    assert init(part, "--yes").exit_code == 0
    assert files(top) == after


def test_a_file_of_comments_alone_is_filled(top: Path, put: Callable[[str, str], Path]) -> None:
    put(".pre-commit-config.yaml", "# hooks\n\n")
    assert init("--yes").exit_code == 0
    text = files(top)[".pre-commit-config.yaml"]
    assert text.startswith("# hooks\n\nrepos:\n  - repo: https://github.com/acme/pat-audit\n    rev: v1.0.0\n")


@pytest.mark.parametrize(
    ("pipeline", "added"),
    [
        ("steps:\n- script: make\n", [f"- {STEPS}"]),
        ("steps:\n- ${{ if true }}:\n  - script: make\n", [f"- {STEPS}"]),
        (
            "pool: {vmImage: windows-latest}\njobs:\n  - job: build\n    steps:\n      - script: make\n",
            ["  - job: pat_audit", "    displayName: pat-audit", "    steps:", f"      - {STEPS}"],
        ),
        (
            "stages:\n- stage: build\n  jobs:\n  - job: build\n    steps:\n    - script: make\n",
            [
                *("- stage: pat_audit", "  displayName: pat-audit", "  dependsOn: []", "  jobs:"),
                *("  - job: pat_audit", "    pool:", "      vmImage: ubuntu-latest", "    displayName: pat-audit"),
                *("    steps:", f"    - {STEPS}"),
            ],
        ),
    ],
)
def test_azure_pipelines_of_each_shape(top: Path, put: Callable[[str, str], Path], pipeline: str, added: str) -> None:
    put("azure-pipelines.yml", pipeline)
    assert init("--yes").exit_code == 0
    after = files(top)
    assert after["azure-pipelines.yml"] == pipeline + "\n".join(added) + "\n"
    assert not mistakes("azure-pipelines", after["azure-pipelines.yml"])
    assert not mistakes("azure-pipelines", after[".azure-pipelines/pat-audit.yml"])


@pytest.mark.parametrize(
    ("pipeline", "stage"),
    [
        ("build: {script: [make]}\n", None),
        ("stages: [build, test]\nbuild: {script: [make], stage: build}\n", None),
        ("stages:\n- lint\n- build\nbuild: {script: [make], stage: build}\n", "lint"),
        ("stages: ['my stage']\nbuild: {script: [make], stage: my stage}\n", ".post"),
        ("include: [{local: /ci.yml}]\nbuild: {script: [make]}\n", ".post"),
        ("a: {script: [make]}\nb: {script: [!reference [a, script]]}\n", None),
    ],
)
def test_gitlab_jobs_stand_in_a_stage_that_is_there(
    top: Path, put: Callable[[str, str], Path], pipeline: str, stage: str | None
) -> None:
    put(".gitlab-ci.yml", pipeline)
    assert init("--yes").exit_code == 0
    text = files(top)[".gitlab-ci.yml"]
    assert text.startswith(pipeline)
    assert yaml.safe_load(text.removeprefix(pipeline))["pat-audit"].get("stage") == stage
    assert not mistakes("gitlab-ci", text)


@pytest.mark.parametrize(
    ("before", "ends"),
    [
        ("", '[tool.pat-audit]\nfail-on = "warning" # error, warning or note\n'),
        ("a = 1", 'a = 1\n\n[tool.pat-audit]\nfail-on = "warning" # error, warning or note\n'),
        ("[tool.x]\r\n", '[tool.x]\r\n\r\n[tool.pat-audit]\r\nfail-on = "warning" # error, warning or note\r\n'),
    ],
)
def test_settings_are_appended(top: Path, put: Callable[[str, str], Path], before: str, ends: str) -> None:
    place = put("pyproject.toml", before)
    assert init("--yes").exit_code == 0
    assert place.read_bytes().decode() == ends


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("pyproject.toml", "tool = {x = 1}\n", "no valid TOML, or would be none"),
        ("pyproject.toml", "[project\n", "no valid TOML"),
        ("pyproject.toml", "<<<<<<< ours\n", "no valid TOML"),
        ("pyproject.toml", 'a = """\n', "no valid TOML"),
        ("pyproject.toml", "a = " + "[" * 50_000, "no valid TOML"),
        (".pre-commit-config.yaml", "repos: 1\n", "its `repos` is no list"),
        (".pre-commit-config.yaml", "ci: {}\n", "it has no `repos` at its top"),
        (".pre-commit-config.yaml", "repos: [\n", "no valid YAML"),
        (".pre-commit-config.yaml", "#" * 300_000, "larger than 256 KiB"),
        ("azure-pipelines.yml", "extends:\n  template: x.yml\n", "no steps, jobs or stages of its own"),
        ("azure-pipelines.yml", "steps: ${{ parameters.steps }}\n", "its `steps` is no list"),
        (".gitlab-ci.yml", "spec: {}\n---\na: {script: [x]}\n", "more than one YAML document"),
        (".gitlab-ci.yml", "{a: {script: [x]}}\n", "no mapping in block style"),
    ],
)
def test_what_cannot_be_changed_safely_is_left_and_said(
    top: Path, put: Callable[[str, str], Path], name: str, text: str, why: str
) -> None:
    put(name, text)
    done = init("--yes")
    assert done.exit_code == 1, done.output
    assert f"{name} is left as it is: it" in done.output
    assert why in done.output
    assert "Put this into it:\n    " in done.output
    assert files(top)[name] == text


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links and pipes")
def test_files_that_are_no_files(top: Path, tmp_path: Path, put: Callable[[str, str], Path]) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "hooks.yaml").write_text("repos: []\n")
    (top / ".pre-commit-config.yaml").symlink_to(elsewhere / "hooks.yaml")
    (top / ".github").symlink_to(elsewhere)
    (top / ".azure-pipelines").symlink_to(top / "nowhere" / ".." / ".." / "elsewhere")
    os.mkfifo(top / "azure-pipelines.yml")
    (top / ".gitlab-ci.yml").mkdir()
    put("pyproject.toml", "").write_bytes(b'name = "\xe9"\n')
    done = init(*ADOPTED, "--yes")
    assert done.exit_code == 1, done.output
    for name, why in (
        (".pre-commit-config.yaml", "it is a symbolic link that leads out of the repository"),
        (".github/workflows/pat-audit.yml", "it is a symbolic link that leads out of the repository"),
        (".azure-pipelines/pat-audit.yml", "it is a symbolic link that leads out of the repository"),
        ("azure-pipelines.yml", "it is no regular file"),
        (".gitlab-ci.yml", "it is no regular file"),
        ("pyproject.toml", "it is no UTF-8 text"),
    ):
        assert f"{name} is left as it is: {why}." in done.output
    assert files(elsewhere) == {"hooks.yaml": "repos: []\n"}


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links and modes")
def test_links_and_modes_are_kept(top: Path, put: Callable[[str, str], Path]) -> None:
    place = put("ci/hooks.yaml", "repos: []\n")
    place.chmod(0o640)
    (top / ".pre-commit-config.yaml").symlink_to("ci/hooks.yaml")
    assert init("--yes").exit_code == 0
    assert (top / ".pre-commit-config.yaml").is_symlink()
    assert "pat-audit" in place.read_text()
    assert place.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in place.parent.iterdir()] == ["hooks.yaml"]


def test_a_diff_shows_no_secret_and_gives_no_command(top: Path, put: Callable[[str, str], Path]) -> None:
    token = sample("azure-devops-pat")
    put(
        ".gitlab-ci.yml",
        f"a:\n  script:\n    - echo '##vso[task.setvariable variable=x]y'\n    - echo {token} # \u202e\n",
    )
    done = init("--diff")
    assert done.exit_code == 0
    assert "echo ***" in done.output
    assert token not in done.output
    assert "##vso[" not in done.output
    assert "\u202e" not in done.output


def test_a_file_that_changes_meanwhile_is_not_overwritten(
    top: Path, put: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = put("pyproject.toml", USED["pyproject.toml"])

    def slow_answer(prompt: str) -> str:
        place.write_text("[project]\nname = 'new'\n")
        return "y"

    monkeypatch.setattr("builtins.input", slow_answer)
    done = init()
    assert done.exit_code == 2
    assert "pyproject.toml: it was changed meanwhile; run this again" in done.output
    assert place.read_text() == "[project]\nname = 'new'\n"


def test_a_mention_in_a_comment_is_none(top: Path, put: Callable[[str, str], Path]) -> None:
    put(".gitlab-ci.yml", "# pat-audit: later\na: {script: [x]} # pat-audit\n")
    put(".pre-commit-config.yaml", "repos:\n- repo: https://example.com/pat-audit-extra\n  hooks: []\n")
    assert "already" not in init("--diff").output
    put(".gitlab-ci.yml", "a: {script: ['pat-audit check']}\n")
    put(".pre-commit-config.yaml", "repos:\n- repo: x\n  hooks: [{id: pat-audit-fix}]\n")
    assert init("--diff").output.count("already") == 2


def test_a_source_that_is_none(top: Path) -> None:
    done = init("config", source="https://example.com/x")
    assert done.exit_code == 2
    assert "--source: say which revision" in done.output
    assert not files(top)
