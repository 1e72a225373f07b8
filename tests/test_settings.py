"""Settings of configuration files: recognised by format, matched by path, filled in by templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.flow.values import Source, Text
from pat_audit.formats.readers import READERS, read
from pat_audit.glob_table import GlobTable
from pat_audit.scan import scan_files
from pat_audit.settings.filling import Filling, Written, value_of
from pat_audit.settings.paths import Neighbours, PathTable
from pat_audit.settings.recognise import Formats
from pat_audit.tokens.samples import expand

if TYPE_CHECKING:
    from pat_audit.model import Report

CATALOGUE = load_catalogue(plugins=False)
FORMATS = Formats(CATALOGUE.formats)
TEMPLATES = {template.id: template for template in CATALOGUE.templates}


def scan(path: str, text: str) -> Report:
    return scan_files({path: expand(text).encode()}, CATALOGUE)


def lines(path: str, text: str) -> list[tuple[int, str]]:
    return [(finding.location.line, finding.rule) for finding in scan(path, text).findings]


@pytest.mark.parametrize("format_", CATALOGUE.formats, ids=lambda format_: format_.id)
def test_every_format_has_its_reader(format_: object) -> None:
    assert getattr(format_, "syntax") in READERS  # noqa: B009


@pytest.mark.parametrize(
    ("pattern", "path", "star"),
    [
        ("**/registries/*/password", ("registries", "feed", "password"), "feed"),
        ("**/registries/*/password", ("a", 0, "Registries", "x/y", "PASSWORD"), "x/y"),
        ("a/b", ("a", 3, "b"), ""),
        ("a/**", ("a", "b", "c"), ""),
        ("*:_password", ("//pkgs.dev.azure.com/o/:_password",), "//pkgs.dev.azure.com/o/"),
        ("a/b", ("a", "b", "c"), None),
        ("a/b", ("x", "a", "b"), None),
        ("a/*/c", ("a", "c"), None),
    ],
)
def test_paths(pattern: str, path: tuple[str | int, ...], star: str | None) -> None:
    assert [match.star for match in PathTable([(pattern, 1)]).find(path)] == ([] if star is None else [star])


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("*.yml", "a/B.YML", True),
        ("Dockerfile", "a/dockerfile", True),
        ("dockerfile.*", "dockerfile.dev", True),
        (".github/workflows/*.yml", "x/.github/workflows/a.yml", True),
        (".github/workflows/*.yml", ".github/workflows/x/a.yml", False),
        (".circleci/**/*.yml", ".circleci/config.yml", True),
        (".circleci/**/*.yml", ".circleci/a/b/config.yml", True),
        ("compose.yml", "my-compose.yml", False),
        (".gitlab-ci.yml", "x.gitlab-ci.yml", False),
        ("values.{yml,yaml}", "chart/values.yaml", True),
    ],
)
def test_globs(glob: str, path: str, fits: bool) -> None:
    assert bool(GlobTable([(glob, "one")]).find(path)) is fits


@pytest.mark.parametrize(
    ("path", "text", "id"),
    [
        ("a.yml", "steps:\n- task: x\n", "azure-pipelines"),
        ("a.yml", "kind: Secret\n", "kubernetes"),
        ("a.yml", "x: 1\n", "yaml"),
        (".github/workflows/a.yml", "on: push\njobs: {}\n", "github-actions"),
        ("docker-compose.yml", "services:\n  a:\n    image: x\n", "compose"),
    ],
)
def test_the_most_specific_format_reads_a_file(path: str, text: str, id: str) -> None:
    settings = read("yaml", text.encode())
    assert next(each.id for each in FORMATS.of_name(path) if FORMATS.fits(each, settings)) == id


@pytest.mark.parametrize(
    ("template", "text", "sources"),
    [
        ("azure-pipelines", "$(System.AccessToken)", [("job", "System.AccessToken")]),
        ("azure-pipelines", "a $(ado.pat) ${{ parameters.pat }}", [("config", "ado.pat"), ("option", "pat")]),
        ("azure-pipelines", "$[variables['adoPat']]", [("config", "adoPat")]),
        ("azure-pipelines", "$(ls -l) $env:PAT $($pat)", []),
        (
            "github-actions",
            "${{ secrets.A_PAT || github.token }}",
            [("secret-store", "A_PAT"), ("job", "github.token")],
        ),
        ("github-actions", "${{ secrets.GITHUB_TOKEN }}", [("job", "GITHUB_TOKEN")]),
        ("shell", "${PAT:-x}$CI_JOB_TOKEN", [("environment", "PAT"), ("job", "CI_JOB_TOKEN")]),
        (
            "mustache",
            "{{ lookup('env', 'PAT') }}{{- .Values.pat }}",
            [("environment", "PAT"), ("config", "Values.pat")],
        ),
        ("dollar-brace", "${input:pat}${env:PAT}", [("prompt", "pat"), ("environment", "PAT")]),
        ("placeholders", "{token} <your token> ${TOKEN}", [("unknown", "token"), ("unknown", "your token")]),
    ],
)
def test_what_templates_refer_to(template: str, text: str, sources: list[tuple[str, str]]) -> None:
    found = [source for filled in Filling([TEMPLATES[template]]).find(text) for source in filled.sources]
    assert found == sources


def test_holes_and_markers_stand_where_they_are_written() -> None:
    data = "a: |\n  grüß $(one) x\n  $(two)\n".encode()
    (setting,) = read("yaml", data)
    filling = Filling([TEMPLATES["azure-pipelines"]])
    value, sources = value_of(setting, filling, "a.yml")
    assert isinstance(value, Text)
    assert [data[source.site.start : source.site.end] for source in sources if source.site] == [b"$(one)", b"$(two)"]
    written = Written()
    written.add_filled(setting, filling)
    text = written.data
    assert data[written.place(text.index(b"x")) :].startswith(b"x\n")
    assert data[written.place(text.rindex(b"pathole")) :].startswith(b"$(two)")
    inside = text.index(b"pathole") + 5
    assert data.index(b"$(one)") <= written.place(inside) < data.index(b" x")


def test_neighbours() -> None:
    settings = read("yaml", b"a:\n  Url: u\n  c:\n    - p: 1\n      user: n\n")
    neighbours = Neighbours(settings)
    path = ("a", "c", 0, "p")
    assert getattr(neighbours.beside(path, "user"), "value", None) == "n"
    assert getattr(neighbours.beside(path, "../url"), "value", None) == "u"
    assert getattr(neighbours.around(path, "url"), "value", None) == "u"
    assert neighbours.beside(path, "url") is None


def test_a_name_beside_a_value_is_its_key() -> None:
    text = "kind: Pod\nspec:\n  - env:\n    - value: ${X}\n      name: AZP_TOKEN\n    - name: A\n      value: b\n"
    assert lines("pod.yaml", text) == [(4, "PAT401")]


def test_an_assignment_is_a_setting() -> None:
    text = "services:\n  a:\n    environment:\n      - AZP_TOKEN=${X}\n      - AZP_URL=https://dev.azure.com/x\n"
    (finding,) = scan("compose.yml", text).findings
    assert (finding.location.line, finding.location.column) == (4, 19)


def test_a_key_says_what_its_reference_does_not() -> None:
    (finding,) = scan(".github/workflows/a.yml", "on: push\nenv:\n  PAT: ${{ secrets.READER }}\n").findings
    assert finding.credential == "secret-store:READER"
    assert "secret READER" in finding.message


BROKEN = "steps:\n  - task: NuGetAuthenticate@0\n  - bash: echo\n   env:\n  {{ nonsense\n"


def test_a_broken_file_is_named_and_what_was_read_is_kept() -> None:
    report = scan("azure-pipelines.yml", BROKEN)
    assert [problem.path for problem in report.problems] == ["azure-pipelines.yml"]
    assert not report.problems[0].fatal
    assert [finding.rule for finding in report.findings] == ["PAT402"]


def test_a_broken_file_of_no_format_is_nobody_s_business() -> None:
    assert scan("data.json", '{"personalAccessToken": "${X}", ').problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "steps:\n- bash: echo\n  env:\n    SYSTEM_ACCESSTOKEN: $(System.AccessToken)\n",
        "steps:\n- bash: echo\n  env:\n    AZURE_DEVOPS_EXT_PAT: $(System.AccessToken)\n",
        "steps:\n- bash: echo\n#  env:\n#    AZURE_DEVOPS_EXT_PAT: $(adoPat)\n",
        "steps:\n- bash: ./darc --azdev-pat $(WifAzDoToken)\n",
        "parameters:\n- name: pat\n  type: string\n  default: ''\nsteps:\n- bash: echo\n",
        "properties:\n  authType: PAT\n  personalAccessToken: <token>\n",
    ],
)
def test_look_alikes(text: str) -> None:
    assert lines("azure-pipelines.yml", text) == []


def test_what_is_known_of_a_source() -> None:
    (setting,) = read("yaml", b"a: $(one)\n")
    value, _ = value_of(setting, Filling([TEMPLATES["azure-pipelines"]]), "a.yml")
    assert isinstance(value, Source)
    assert (value.origin, value.name) == ("config", "one")


@pytest.mark.parametrize("text", ["a: " + "[" * 5000, "\x00\x01", "a: &x [*x, *x]\n" * 3, "? {a: b}\n: c\n" * 100, ""])
def test_odd_files_end_in_no_crash(text: str) -> None:
    report = scan("docker-compose.yml", text + "\n# ADO_PAT\n")
    assert not any(problem.fatal for problem in report.problems)
