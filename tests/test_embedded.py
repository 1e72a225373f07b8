"""Programs inside other files are found where they stand, byte for byte, whatever is broken around them."""

from __future__ import annotations

import json

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.model import Finding, Severity
from pat_audit.scan import scan_files

CATALOGUE = load_catalogue(plugins=False)
CURL = 'curl -u ":$ADO_PAT" https://dev.azure.com/fabrikam/_apis/projects'


def found_in(path: str, text: str | bytes, rule: str = "PAT203") -> list[Finding]:
    data = text.encode() if isinstance(text, str) else text
    report = scan_files({path: data}, CATALOGUE)
    return [finding for finding in report.findings if finding.rule == rule or rule in finding.also]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


PIPELINE = f"""\
steps:
  - bash: |
      # Grüße aus Köln
      echo "$(Build.SourceBranch) – ü"
      {CURL.replace("$ADO_PAT", "$(adoPat)")}
      echo done
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_script_in_a_block_is_found_at_its_bytes(ends: str, mark: str) -> None:
    text = mark + PIPELINE.replace("\n", ends)
    raw = text.encode()
    (finding,) = found_in("azure-pipelines.yml", raw)
    assert finding.location.line == line_of(PIPELINE, "curl")
    span = finding.location.span
    assert b"$(adoPat)" in raw[span.start : span.end]
    assert raw.index(b"curl") <= span.start < span.end <= raw.index(b" https://dev")
    assert finding.credential == "config:adoPat"


TEXTS = {
    "folded": ("azure-pipelines.yml", f"steps:\n  - script: >-\n      {CURL}\n      --silent\n"),
    "in quotes": ("azure-pipelines.yml", f"steps:\n  - bash: '{CURL}'\n"),
    "escaped": ("azure-pipelines.yml", "steps:\n  - bash: " + json.dumps(f"echo \t1\n{CURL}") + "\n"),
    "a template's condition as key": (
        "steps.yml",
        "steps:\n  - ${{ if eq(parameters.x, true) }}:\n      - bash: |\n          " + CURL + "\n",
    ),
    "a task": (
        "azure-pipelines.yml",
        f"steps:\n- task: AzureCLI@2\n  inputs:\n    scriptType: bash\n    inlineScript: |\n      {CURL}\n",
    ),
    "a broken script": ("azure-pipelines.yml", f"steps:\n  - bash: |\n      if [ x; then (\n      {CURL}\n"),
    "helm": (
        "templates/job.yaml",
        f"kind: Job\n{{{{- if .x }}}}\nspec:\n  command: [sh, -c, '{CURL}']\n{{{{- end }}}}\n",
    ),
    "a workflow": (".github/workflows/a.yml", f"on: push\njobs:\n  a:\n    steps:\n      - run: {CURL}\n"),
    "a composite action": (
        "action.yml",
        f"runs:\n  using: composite\n  steps:\n    - run: {CURL}\n      shell: bash\n",
    ),
    "gitlab": (".gitlab-ci.yml", f"a:\n  script:\n    - echo 1\n    - {CURL}\n"),
    "circleci": (".circleci/config.yml", f"jobs:\n  a:\n    steps:\n      - run:\n          command: {CURL}\n"),
    "bitbucket": (
        "bitbucket-pipelines.yml",
        f"pipelines:\n  default:\n    - step:\n        script:\n          - {CURL}\n",
    ),
    "a makefile": ("Makefile", "all:\n\t@" + CURL.replace("$", "$$") + "\n"),
    "a dockerfile": ("Dockerfile", f"FROM x\nRUN set -e && \\\n    {CURL}\n"),
    "cloud-init": ("cloud-init.yml", f"#cloud-config\nruncmd:\n  - echo\n  - {CURL}\n"),
    "markdown": ("README.md", f"1. first\n   ```sh\n   $ {CURL}\n   output\n   ```\n"),
    "markdown in YAML in markdown": ("README.md", f"```yaml\nsteps:\n  - bash: {CURL}\n```\n"),
    "text": ("notes.txt", f"Do this:\n\n    {CURL}\n"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_command_is_found_on_its_line(name: str) -> None:
    path, text = TEXTS[name]
    (finding,) = found_in(path, text)
    assert finding.location.line == line_of(text, "curl") if name != "escaped" else 2
    assert finding.severity is (Severity.NOTE if path.endswith((".md", ".txt")) else Severity.WARNING)


SILENT = {
    "the token of the job": (
        "azure-pipelines.yml",
        f"steps:\n  - bash: {CURL}\n    env:\n      ADO_PAT: $(System.AccessToken)\n",
    ),
    "the token of the job, for all steps": (
        ".github/workflows/a.yml",
        "on: push\nenv:\n  ADO_PAT: ${{ secrets.GITHUB_TOKEN }}\njobs:\n  a:\n    steps:\n      - run: " + CURL + "\n",
    ),
    "a comment": ("azure-pipelines.yml", f"steps:\n  - bash: |\n      # {CURL}\n      echo\n"),
    "no script": ("azure-pipelines.yml", f"steps:\n  - bash: echo\n    displayName: '{CURL}'\n"),
    "what was printed": ("README.md", f"```console\n$ history\n{CURL}\n```\n"),
    "no language of ours": ("README.md", f"```mermaid\n{CURL}\n```\n"),
}


@pytest.mark.parametrize("name", SILENT)
def test_what_is_no_sign_in_is_silent(name: str) -> None:
    assert found_in(*SILENT[name]) == []


def test_the_nearest_environment_counts() -> None:
    text = (
        "variables:\n  ADO_PAT: $(System.AccessToken)\nsteps:\n"
        f"  - bash: {CURL}\n    env:\n      ADO_PAT: $(reader)\n  - bash: {CURL}\n"
    )
    assert [finding.location.line for finding in found_in("azure-pipelines.yml", text)] == [4]


def test_cells_of_a_notebook_are_one_program() -> None:
    cells = [
        {"cell_type": "code", "source": ["%load_ext x\n", "import os, requests\n", "pat = os.environ['ADO_PAT']"]},
        {"cell_type": "code", "source": "requests.get('https://dev.azure.com/o/_apis/projects', auth=('', pat))"},
    ]
    text = json.dumps({"cells": cells, "metadata": {"language_info": {"name": "python"}}}, indent=1)
    (finding,) = found_in("a.ipynb", text, "PAT202")
    assert finding.location.line == line_of(text, "requests.get")


def test_an_option_of_an_unknown_program_is_found_where_its_value_stands() -> None:
    text = "steps:\n  - bash: |\n      ./sync --all \\\n        --branch x \\\n        --azdo-pat '$(reader)'\n"
    (finding,) = found_in("azure-pipelines.yml", text, "PAT401")
    assert finding.location.line == 5
    assert "--azdo-pat" in finding.message


@pytest.mark.parametrize("depth", [500, 5000])
def test_deep_nesting_ends_in_no_crash(depth: int) -> None:
    text = "steps:\n  - bash: |\n      " + "(" * depth + CURL + ")" * depth + "\n  - bash: " + CURL + "\n"
    report = scan_files({"azure-pipelines.yml": text.encode()}, CATALOGUE)
    assert not any(problem.fatal for problem in report.problems)
    assert [finding.location.line for finding in report.findings if finding.rule == "PAT203"][-1:] == [4]
