"""The files for pipelines are right by every checker that can be installed, and call what there is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from ci_schemas import mistakes, scripts_in

from pat_audit.adopt.parts import template
from pat_audit.adopt.provenance import from_words
from pat_audit.cli import check
from pat_audit.config import OUTPUT_FORMATS

CHECKOUT = Path(__file__).parents[2]
ACTION = CHECKOUT / ".github/actions/check"
COMMIT = "c" * 40
SOURCES = ("pat-audit==1.0.0", f"https://github.com/acme/pat-audit@{COMMIT}", f"git@example.com:acme/x.git@{COMMIT}")
TEMPLATES = {
    "github-workflow.yml": "github-workflows",
    "github-workflow-action.yml": "github-workflows",
    "azure-steps.yml": "azure-pipelines",
    "gitlab-job.yml": "gitlab-ci",
}
SCRIPTS = Path(sys.executable).parent


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_fit_their_schema(name: str, source: str) -> None:
    text = template(name, from_words(source))
    assert not mistakes(TEMPLATES[name], text)
    assert "NAME/" not in text or source != SOURCES[1]
    if name == "github-workflow-action.yml":
        assert (f"uses: acme/pat-audit/.github/actions/check@{COMMIT}" in text) == (source == SOURCES[1])
    else:
        assert json.dumps(from_words(source).requirement) in text


def test_the_schemas_would_say_what_is_wrong() -> None:
    for name, schema in TEMPLATES.items():
        wrong = re.sub(
            r"^(\s+(?:- )?)(steps|script|task|runs-on):",
            r"\1spets:",
            template(name, from_words(SOURCES[1])),
            flags=re.M,
        )
        assert mistakes(schema, wrong), name
    action = (ACTION / "action.yml").read_text()
    assert not mistakes("github-actions", action)
    assert mistakes("github-actions", action.replace("using: composite", "using: magic"))


@pytest.fixture
def action_files(tmp_path: Path) -> list[str]:
    """The action and the workflows that `init` writes, as files."""
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    for number, (name, source) in enumerate(
        (("github-workflow.yml", SOURCES[0]), ("github-workflow-action.yml", SOURCES[1]))
    ):
        (folder / f"{number}.yml").write_text(template(name, from_words(source)))
    return [str(ACTION / "action.yml"), *map(str, sorted(folder.iterdir()))]


def test_zizmor_has_nothing_to_say(action_files: list[str]) -> None:
    done = subprocess.run(
        [SCRIPTS / "zizmor", "--offline", "--no-config", "--persona=pedantic", "--no-progress", *action_files],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_has_nothing_to_say(action_files: list[str]) -> None:
    actionlint = shutil.which("actionlint")
    if actionlint is None:
        pytest.skip("actionlint is not installed here; no package of it is built from PyPI alone")
    done = subprocess.run([actionlint, "-shellcheck=", *action_files[1:]], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def all_scripts() -> list[str]:
    texts = [template(name, from_words(SOURCES[0])) for name in TEMPLATES]
    texts.append((ACTION / "action.yml").read_text())
    found = [script for text in texts for script in scripts_in(yaml.safe_load(text))]
    return [*found, (ACTION / "check.sh").read_text()]


def test_shellcheck_has_nothing_to_say() -> None:
    scripts = all_scripts()
    assert len(scripts) == 6
    for script in scripts:
        done = subprocess.run(
            [SCRIPTS / "shellcheck", "--shell=bash", "--severity=style", "-"],
            input=script,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_scripts_take_no_expression_and_call_what_there_is() -> None:
    options = {name for parameter in check.params for name in parameter.opts}
    for script in all_scripts():
        assert "${{" not in script
        assert "$(Build" not in script
        assert "python -m" not in script  # that would run a pip.py of the sources
        for line in script.replace("\\\n", " ").splitlines():
            if 'pat-audit" check' in line or line.strip().startswith("pat-audit check"):
                assert set(re.findall(r"(?<=\s)--[a-z-]+", line)) <= options
                used = re.findall(r"(?:--output-format |--also \"?)([a-z-]+)", line)
                assert used
                assert set(used) <= set(OUTPUT_FORMATS)


def test_actions_are_pinned_alike() -> None:
    texts = [(ACTION / "action.yml").read_text(), *(template(name, from_words(SOURCES[0])) for name in TEMPLATES)]
    pins = set(re.findall(r"uses: ([\w./-]+)@([0-9a-f]{40}) # (v[\d.]+)$", "\n".join(texts), re.M))
    assert {name for name, _, _ in pins} == {
        "actions/checkout",
        "actions/setup-python",
        "github/codeql-action/upload-sarif",
    }
    assert len(pins) == 3
