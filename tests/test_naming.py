"""Names: how they split into words, which credential and which service they speak of, and which they do not."""

from __future__ import annotations

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.naming import Names, contains, words

CATALOGUE = load_catalogue(plugins=False)
NAMES = Names(CATALOGUE.credentials, CATALOGUE.services)


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("ADO_PAT", ("ado", "pat")),
        ("adoPAT", ("ado", "pat")),
        ("--ado-pat", ("ado", "pat")),
        ("AdoPat", ("ado", "pat")),
        ("PATValue", ("pat", "value")),
        ("PATs", ("pats",)),
        ("userPATs", ("user", "pats")),
        ("pat2", ("pat", "2")),
        ("settings.ado.pat", ("settings", "ado", "pat")),
        ("personalAccessToken", ("personal", "access", "token")),
        ("PERSONAL_ACCESS_TOKEN", ("personal", "access", "token")),
        ("", ()),
        ("__", ()),
    ],
)
def test_names_split_into_words(name: str, split: tuple[str, ...]) -> None:
    assert words(name) == split


def test_a_name_of_any_length_costs_little() -> None:
    assert len(words("a_" * 100_000)) <= 160


def test_words_stand_next_to_each_other() -> None:
    assert contains(("a", "b"), ("x", "a", "b"))
    assert not contains(("a", "b"), ("a", "x", "b"))
    assert not contains(("a", "b"), ("b", "a"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pat", "pat"),
        ("pats", "pat"),
        ("PATs", "pat"),
        ("ado_pats", "pat"),
        ("ADO_PAT", "pat"),
        ("--ado-pat", "pat"),
        ("AZURE_DEVOPS_EXT_PAT", "pat"),
        ("personalAccessTokens", "pat"),
        ("settings.ado.pat", "pat"),
        ("config[pat]", "pat"),
        ("load_pat()", "pat"),
        ("GH_TOKEN", "pat"),
        ("SYSTEM_ACCESSTOKEN", "job-token"),
        ("JIRA_API_TOKEN", "api-token"),
        ("app_password", "app-password"),
        ("password", "password"),
    ],
)
def test_names_of_credentials(name: str, kind: str) -> None:
    found = NAMES.kind(name)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "name",
    [
        *("PATH", "path", "pattern", "patch", "PATCH", "patient", "expat", "spat", "compatible"),
        *("path_to_pat", "pat_match", "PAT_ID", "pat_expiry", "pat_name"),
        *("csrf_token", "next_page_token", "", "x"),
    ],
)
def test_names_of_other_things(name: str) -> None:
    assert NAMES.kind(name) is None


def test_the_longest_run_of_words_says_most() -> None:
    general, special = NAMES.kind("pat"), NAMES.kind("azure_devops_pat")
    assert general is not None
    assert special is not None
    assert (general.provider, special.provider) == ("any", "azure-devops")


def test_only_the_last_part_of_a_dotted_name_counts() -> None:
    assert NAMES.kind("pat.count") is None
    assert NAMES.kind("self.pat") is not None


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("ADO_PAT", "azure-devops"),
        ("azure_devops_token", "azure-devops"),
        ("gh_token", "github"),
        ("github_auth", "github"),
        ("github_enterprise_auth", "github-enterprise-server"),
        ("x", None),
    ],
)
def test_services_in_names(name: str, service: str | None) -> None:
    found = NAMES.service_beside(name)
    assert (found.id if found else None) == service
