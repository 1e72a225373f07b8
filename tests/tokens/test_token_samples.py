"""Samples and the placeholders that expand to them; and the patterns that they are drawn from."""

from __future__ import annotations

import base64
import random
import re
import urllib.parse
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pat_audit.naming import Names
from pat_audit.tokens import patterns
from pat_audit.tokens.samples import expand, sample
from pat_audit.vocabulary import CredentialKind

if TYPE_CHECKING:
    from pat_audit.tokens.scan import TokenScanner

Kinds = tuple[CredentialKind, ...]


def test_samples_are_the_same_each_time_and_differ(kinds: Kinds) -> None:
    all_samples = [sample(kind.id, shape.name, kinds) for kind in kinds for shape in kind.shapes]
    assert all_samples == [sample(kind.id, shape.name, kinds) for kind in kinds for shape in kind.shapes]
    assert len(set(all_samples)) == len(all_samples)


def test_the_names_of_the_two_azure_devops_forms(kinds: Kinds) -> None:
    assert len(sample("azure-devops-pat", None, kinds)) in (84, 88)
    assert len(sample("azure-devops-pat-legacy", None, kinds)) == 52


def test_unknown_kinds_and_shapes_are_named(kinds: Kinds) -> None:
    with pytest.raises(KeyError, match="nonsense"):
        sample("nonsense", None, kinds)
    with pytest.raises(KeyError, match="nonsense"):
        sample("github-pat", "nonsense", kinds)
    with pytest.raises(ValueError, match="no shape"):
        sample("password", None, kinds)
    with pytest.raises(KeyError, match="no-such-kind"):
        expand("<<no-such-kind>>", kinds)


def test_placeholders_expand(kinds: Kinds) -> None:
    text = sample("azure-devops-pat", None, kinds)
    assert expand("a <<azure-devops-pat>> b", kinds) == f"a {text} b"
    assert expand("<<github-app-token/ghu_>>", kinds) == sample("github-app-token", "ghu_", kinds)
    for user in ("", ":", "user:", "a.b@c:"):
        expanded = expand(f"<<base64({user}azure-devops-pat)>>", kinds)
        assert base64.b64decode(expanded).decode() == user + text
    assert urllib.parse.unquote(expand("<<percent(u:atlassian-api-token)>>", kinds)).startswith("u:ATATT3")


@pytest.mark.parametrize("text", ["cat <<EOF", "x << y >> z", "cout <<endl>>", "<<eof>>", "1 <<2>> 3"])
def test_other_angle_brackets_stay(kinds: Kinds, text: str) -> None:
    assert expand(text, kinds) == text


def test_no_token_is_written_down_in_this_repository(scanner: TokenScanner) -> None:
    root = Path(__file__).parents[2]
    for folder in ("rules/credentials", "pat_audit/tokens", "tests/tokens"):
        for path in (root / folder).rglob("*"):
            if path.suffix in (".py", ".yaml"):
                assert [token.kind.id for token in scanner.find(path.read_bytes())] == [], path


@pytest.mark.parametrize(
    ("pattern", "low", "high"),
    [("a", 1, 1), ("a{3}b?", 3, 4), ("(?:ab|cde){2}", 4, 6), ("[a-z]{2,9}x", 3, 10), ("(?i:ab)c", 3, 3)],
)
def test_widths_and_samples_of_patterns(pattern: str, low: int, high: int) -> None:
    tree = patterns.read(pattern)
    assert patterns.width(tree) == (low, high)
    drawn = {patterns.draw(tree, random.Random(seed)) for seed in range(40)}
    assert all(re.fullmatch(pattern, text) for text in drawn)
    assert all(re.fullmatch(patterns.expression(tree), text) for text in drawn)
    assert all(re.match(patterns.expression(patterns.shortened(tree)), text) for text in drawn)


@pytest.mark.parametrize("pattern", ["a+", "a*", "a{3,}", "(?=a)b", r"(a)\1", "a+?b", "a.b", "^a", "é", "(", "a{5000}"])
def test_patterns_that_cannot_be_searched_for_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        patterns.read(pattern)


NAMES = {
    "AZURE_DEVOPS_EXT_PAT": "azure-devops-pat",
    "ADO_PAT": "azure-devops-pat",
    "adoPat": "azure-devops-pat",
    "AZDO_PERSONAL_ACCESS_TOKEN": "azure-devops-pat",
    "AZP_TOKEN": "azure-devops-pat",
    "VSTS_TOKEN": "azure-devops-pat",
    "azureDevOpsToken": "azure-devops-pat",
    "my-azdo-pat": "azure-devops-pat",
    "SYSTEM_ACCESSTOKEN": "azure-devops-job-token",
    "GH_TOKEN": "github-pat",
    "GITHUB_PAT": "github-pat",
    "githubToken": "github-pat",
    "GITHUB_TOKEN": "github-job-token",
    "GITLAB_TOKEN": "gitlab-pat",
    "private_token": "gitlab-pat",
    "CI_JOB_TOKEN": "gitlab-job-token",
    "NPM_TOKEN": "npm-token",
    "JIRA_API_TOKEN": "atlassian-api-token",
    "CONFLUENCE_API_TOKEN": "atlassian-api-token",
    "BITBUCKET_APP_PASSWORD": "bitbucket-app-password",
    "personalAccessToken": "personal-access-token",
    "pat": "personal-access-token",
    "my_pat": "personal-access-token",
    "api_token": "api-token",
    "apiToken": "api-token",
    "password": "password",
    "dbPassword": "password",
    "access_token": "oauth-access-token",
    "AZURE_CLIENT_SECRET": "oauth-client-secret",
    "aadToken": "entra-access-token",
    "token": "api-token",
    "TWINE_PASSWORD": "pypi-token",
    "SONAR_TOKEN": "sonar-token",
    "HF_TOKEN": "hugging-face-token",
}
NO_NAMES = [
    "path", "pattern", "patch", "compat", "pat_file", "patUrl", "cancellationToken", "continuation_token",
    "next_token", "csrf_token", "max_tokens", "token_type", "tokenUrl", "password_length", "passwordHash",
    "organization", "spatial", "dispatch", "bypass",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_mean_their_kind(kinds: Kinds, name: str) -> None:
    found = Names(kinds, ()).kind(name)
    assert found is not None
    assert found.id == NAMES[name]


@pytest.mark.parametrize("name", NO_NAMES)
def test_names_of_something_else_mean_nothing(kinds: Kinds, name: str) -> None:
    found = Names(kinds, ()).kind(name)
    assert found is None or found.id == name
