"""Credentials in URLs: which user parts are one, of which kind, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pat_audit.tokens.samples import expand, sample
from pat_audit.tokens.urls import find_url_credentials, looks_random

if TYPE_CHECKING:
    from pat_audit.vocabulary import CredentialKind

SILENT = [
    "https://org@dev.azure.com/org/project/_git/repo",
    "https://VssSessionToken@pkgs.dev.azure.com/org/_packaging/f/pypi/simple/",
    "http://x:3001/@scope/pkg",
    "https://url:8000 @something",
    "http://localhost:5000/<%= @variable %>",
    "https://x.com/?user=a@b.com",
    "https://cdn.jsdelivr.net/npm/pkg@1.2.3/index.js",
    "git+ssh://git@github.com/o/r.git",
    "https://oauth2@gitlab.com/o/r.git",
    "<a href=https://x.com>foo@bar.com</a>",
    "https://example.com<br>foo@bar.com",
    '"https://" + user + ":" + pat + "@dev.azure.com"',
    "ssh://deploy.user@host.example.org:22/x",
    "://user:secret9x8y7z@nowhere",
]
TEMPLATES = {
    "https://$PAT@dev.azure.com/o": ("", "$PAT"),
    "https://user:${PAT}@dev.azure.com": ("user", "${PAT}"),
    "https://<pat>@dev.azure.com": ("", "<pat>"),
    "https://u:%PAT%@dev.azure.com": ("u", "%PAT%"),
    "https://$(System.AccessToken)@dev.azure.com": ("", "$(System.AccessToken)"),
    'f"https://{pat}@dev.azure.com"': ("", "{pat}"),
    "f'https://x:{os.environ[\"PAT\"]}@h'": ("x", '{os.environ["PAT"]}'),
    "https://x-access-token:${{ secrets.X }}@github.com": ("x-access-token", "${{ secrets.X }}"),
    "https://oauth2:{{ token }}@gitlab.com": ("oauth2", "{{ token }}"),
    "https://user:$($env:PAT)@dev.azure.com": ("user", "$($env:PAT)"),
    "https://%s:%s@h.io": ("%s", "%s"),
    "https://{0}:{1}@h.io": ("{0}", "{1}"),
    "https://$user:$token@h.io": ("$user", "$token"),
    "https://${PAT:-none}@h.io": ("", "${PAT:-none}"),
}
PLACEHOLDERS = [
    "https://user:pass@host",
    "https://username:password@github.com",
    "https://a:****@h.io",
    "https://u:%2A%2A@h.io",
    "https://me:S3cretly9x@example.com/",
    "http://me:S3cretly9x@localhost:8080/",
    "http://me:S3cretly9x@127.0.0.1/",
    "postgres://root:root@db.prod/x",
    "https://me:xxxxxxxx@h.io",
    "https://me:X.x-X_x*Xx@h.io",
    "https://Zk3-9sPqR7w:Zk3-9sPqR7w@h.io",
    "http://me:S3cretly9x@[::1]:8080/",
    "http://me:S3cretly9x@localhost:/",
]
LITERALS = {
    "https://user:Zk3-9sPqR7w@git.corp.io/x": ("user", "Zk3-9sPqR7w", "git.corp.io"),
    "https://u:p@ss9Word1@h.io/p": ("u", "p@ss9Word1", "h.io"),
    "https://:Zk3-9sPqR7w@git.corp.io:8443/x": ("", "Zk3-9sPqR7w", "git.corp.io:8443"),
    "https://u:q7Lw@h.io": ("u", "q7Lw", "h.io"),
    "https://u:Zk3-9sPqR7w@": ("u", "Zk3-9sPqR7w", ""),
    "jdbc:mysql://root:Zk3%2D9sPqR7w@db.prod/x": ("root", "Zk3-9sPqR7w", "db.prod"),
}


@pytest.mark.parametrize("text", SILENT)
def test_these_are_no_credentials(text: str) -> None:
    assert find_url_credentials(text.encode()) == []


@pytest.mark.parametrize("text", TEMPLATES)
def test_templates_give_their_reference(text: str) -> None:
    (found,) = find_url_credentials(text.encode())
    assert (found.kind, found.user, found.reference) == ("template", *TEMPLATES[text])
    assert found.secret is None
    assert text.encode()[found.start_of_secret : found.end_of_secret].decode() == found.reference


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_placeholders_are_told(text: str) -> None:
    assert [found.kind for found in find_url_credentials(text.encode())] == ["placeholder"]


@pytest.mark.parametrize("text", LITERALS)
def test_literals_are_read(text: str) -> None:
    (found,) = find_url_credentials(f"remote = {text}\n".encode())
    assert found.kind == "literal"
    assert found.secret is not None
    assert (found.user, found.secret.reveal(), found.host) == LITERALS[text]
    assert (found.scheme, found.reference) == (text.partition("://")[0].rpartition(":")[2], "")


@pytest.mark.parametrize(
    ("text", "random"),
    [
        ("kT9vQ2mX7pL4wZ8nB3rD", True),
        ("kT9vQ2mX7pL4wZ8nB3r", False),
        ("kT9vQ2mX7p.L4wZ8nB3rD", False),
        ("kTavQbmXcpLdwZenBfrDhs", False),
        ("58203948571620394857", False),
        ("q7q7w3q7w3w3q7w3q7q7w3", False),
        ("your-token-here-changeme-1", False),
    ],
)
def test_what_looks_random(text: str, random: bool) -> None:
    assert looks_random(text) is random


def test_a_scheme_is_read_from_where_it_begins() -> None:
    for before, scheme in (("", "x"), ("1+", "x"), ("", "a" * 31), ("a", "a" * 31), (" ", "git+ssh")):
        (found,) = find_url_credentials(f"{before}{scheme}://u:Zk3-9sPqR7w@h.io".encode())
        assert found.scheme == scheme


def test_what_is_too_long_hides_no_other() -> None:
    other = b" https://u:Zk3-9sPqR7w@h.io"
    for size, number in ((4096, 2), (4097, 1)):
        authority = b"u:" + b"Zk3-9sPqR7w"[:5] * 900
        authority = authority[: size - 5] + b"@h.io"
        assert len(find_url_credentials(b"https://" + authority + other)) == number
    assert len(find_url_credentials(b"://u:Zk3-9sPqR7w@h.io" + other)) == 1


def test_bytes_that_are_no_text_stand_in_the_way_of_nothing() -> None:
    (found,) = find_url_credentials(b"https://m\xff:Zk3-9\xffsPqR7w@h\xff.io")
    assert found.secret is not None
    assert (found.user, found.secret.reveal(), found.host) == ("m\ufffd", "Zk3-9\ufffdsPqR7w", "h\ufffd.io")


def test_a_fixed_user_is_no_token_and_a_token_is_no_user() -> None:
    assert find_url_credentials(b"https://Git@h.io", lambda _: True) == []
    (found,) = find_url_credentials(b"https://somebody:Zk3-9sPqR7w@h.io", lambda _: True)
    assert found.user == ""


@pytest.mark.parametrize(
    ("url", "user"),
    [
        ("https://<<{}>>@dev.azure.com/o/_git/r", ""),
        ("https://any:<<{}>>@dev.azure.com/o/_git/r", "any"),
        ("https://<<{}>>:x-oauth-basic@github.com/o/r", ""),
        ("https://<<{}>>:@o.visualstudio.com/_git/r", ""),
    ],
)
@pytest.mark.parametrize("kind", ["azure-devops-pat", "azure-devops-pat-legacy", "github-pat", "gitlab-pat"])
def test_a_token_in_either_part_is_the_secret(
    kinds: tuple[CredentialKind, ...], kind: str, url: str, user: str
) -> None:
    content = expand(url.format(kind), kinds).encode()
    (found,) = find_url_credentials(content)
    text = sample(kind, None, kinds)
    assert found.secret is not None
    assert (found.kind, found.user, found.secret.reveal()) == ("literal", user, text)
    assert content[found.start_of_secret : found.end_of_secret].decode() == text
    assert content[found.start - 3 : found.start] == b"://"
    assert content[found.end : found.end + 1] == b"@"
    assert text not in repr(found)


@given(st.lists(st.sampled_from(["://", "@", ":", "${", "}", "$(", ")", "{", "<", ">", "%", "a", "/", " ", "é"])))
def test_any_text_has_an_answer(parts: list[str]) -> None:
    content = "".join(parts).encode()
    for found in find_url_credentials(content):
        assert b"@" in content[found.end :]
        assert found.start <= found.start_of_secret <= found.end_of_secret <= found.end


@pytest.mark.parametrize(
    "unit", ["https://", "://", "${", "$(", "$((", "%A", "a@", "://a@", "{", "a", "<b", "=", "$(a)"]
)
def test_nothing_is_read_twice(unit: str) -> None:
    """A pattern that backtracks without bound would not come back from these at all."""
    for start in ("", "://", "x://a:"):
        assert len(find_url_credentials(start.encode() + unit.encode() * 100_000)) < 2
