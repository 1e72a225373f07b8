"""The checks: samples pass, one changed character fails, foreign text is invalid and never raises."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pat_audit.tokens import azure_devops
from pat_audit.tokens.checks import CHECKS, confluent_checksum, crc_base62, in_base
from pat_audit.tokens.samples import sample
from pat_audit.tokens.verdict import Check, Verdict

if TYPE_CHECKING:
    from pat_audit.vocabulary import CredentialKind

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
# kind, shape, and the characters under the checksum: a change of any one of them must be seen
SUMMED = [
    ("azure-devops-pat", "84 characters", (*range(52), *range(60, 76), *range(80, 84))),
    # the 52nd character of the short form carries four bits that nobody reads
    ("azure-devops-pat", "52 characters", tuple(range(51))),
    ("azure-devops-application-secret", "52 characters", tuple(range(51))),
    ("github-pat", "ghp_", tuple(range(4, 40))),
    ("github-oauth-token", "gho_", tuple(range(4, 40))),
    ("github-refresh-token", "ghr_", tuple(range(4, 80))),
    ("github-fine-grained-pat", "github_pat_", tuple(range(11, 85))),
    ("gitlab-pat", "glpat-, routable", tuple(range(6, 50))),
    ("atlassian-api-token", "ATATT3", tuple(range(12, 100))),
    ("bitbucket-access-token", "ATCTT3", tuple(range(12, 100))),
    ("bitbucket-app-password", "ATBB", tuple(range(4, 36))),
    ("npm-token", "npm_", tuple(range(4, 40))),
    ("grafana-token", "glsa_", tuple(range(5, 46))),
    ("confluent-api-secret", "cflt", tuple(range(4, 64))),
]


def shape_check(kinds: tuple[CredentialKind, ...], kind: str, shape: str) -> str:
    return next(each.check for known in kinds if known.id == kind for each in known.shapes if each.name == shape)


@pytest.mark.parametrize(("kind", "shape", "places"), SUMMED)
def test_one_changed_character_is_seen(
    kinds: tuple[CredentialKind, ...], kind: str, shape: str, places: tuple[int, ...]
) -> None:
    text = sample(kind, shape, kinds)
    check = CHECKS[shape_check(kinds, kind, shape)]
    assert check(text).verdict is Verdict.VALID
    for at in places:
        others = [other for other in ("a3", "A3")[text[at].isupper()] if other != text[at]]
        changed = text[:at] + others[0] + text[at + 1 :]
        assert check(changed).verdict is Verdict.INVALID, at


def test_every_sample_passes_its_check(kinds: tuple[CredentialKind, ...]) -> None:
    for kind in kinds:
        for shape in kind.shapes:
            if shape.check and shape.check != "nuget-case":
                text = sample(kind.id, shape.name, kinds)
                assert CHECKS[shape.check](text).verdict is Verdict.VALID, (kind.id, shape.name)


@given(text=st.text(max_size=120))
@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_takes_any_text(name: str, text: str) -> None:
    assert CHECKS[name](text).verdict is not Verdict.VALID


def test_the_seed_of_the_short_form_tells_users_from_applications(kinds: tuple[CredentialKind, ...]) -> None:
    user = sample("azure-devops-pat-legacy", None, kinds)
    application = sample("azure-devops-application-secret", None, kinds)
    assert azure_devops.check_legacy(user).detail == "user PAT"
    assert azure_devops.check_legacy(application).detail == "application secret"
    assert azure_devops.check_legacy_user(application).verdict is Verdict.INVALID
    assert azure_devops.check_legacy_application(user).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    ("kind", "year", "month", "detail"),
    [
        ("9", "A", "A", "access key, issued 2024-01"),
        ("9", "B", "C", "access key, issued 2025-03"),
        ("D", "C", "L", "derived key, issued 2026-12"),
        ("H", "9", "B", "hash"),
    ],
)
def test_the_long_form_tells_its_kind_and_month(kind: str, year: str, month: str, detail: str) -> None:
    body = LETTERS[:52] + f"JQQJ9{kind}{year}{month}" + "AC" + "A" * 10 + "AAAS" + "AZDO"
    today, left_padded, plain = azure_devops.cask_checksums(body)
    for checksum in (today, left_padded, plain):
        assert azure_devops.check_cask(body + checksum) == Check(Verdict.VALID, detail)
    wrong = azure_devops.check_cask(body + "0000")
    assert (wrong.verdict, wrong.detail) == (Verdict.INVALID, detail)


def test_a_long_form_without_its_mark_is_invalid() -> None:
    assert azure_devops.check_cask("A" * 76 + "AZDOAAAA").verdict is Verdict.INVALID


def test_marvin_gives_the_published_hashes() -> None:
    # dotnet/corefx MarvinTests.cs: seed and hashes of the reference implementation
    seed = 0x004FB61A001BDBCC
    wanted = {
        "": 0x30ED35C100CD3C7D,
        "AF": 0x48E73FC77D75DDC1,
        "E70F": 0xB5F6E1FC485DBFF8,
        "37F495": 0xF0B07C789B8CF7E8,
        "8642DC59": 0x7008F2E87E9CF556,
    }
    for data, both in wanted.items():
        hashed = azure_devops.marvin(bytes.fromhex(data), seed)
        assert hashed == both >> 32 ^ both & 0xFFFFFFFF


def test_numbers_are_padded_on_the_left() -> None:
    assert in_base(0, "0123456789", 3) == "000"
    assert in_base(61, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 2) == "0z"
    assert len(crc_base62("")) == 6


def test_nuget_keys_are_of_one_case() -> None:
    check = CHECKS["nuget-case"]
    body = "k5d2j7xw4q" * 4 + "abc"
    assert check("oy2" + body).verdict is Verdict.UNKNOWN
    assert check("OY2" + body.upper()).verdict is Verdict.UNKNOWN
    assert check("oy2" + body[:-1] + "C").verdict is Verdict.INVALID


def test_a_cut_off_macaroon_is_invalid(kinds: tuple[CredentialKind, ...]) -> None:
    whole = sample("pypi-token", None, kinds)
    check = CHECKS["pypi-macaroon"]
    for cut in (1, 2, 4, 20):
        assert check(whole[:-cut]).verdict is Verdict.INVALID
    assert check(whole + "AAAA").verdict is Verdict.INVALID


def test_a_sentry_token_tells_its_month() -> None:
    content = json.dumps({"iat": 1_700_000_000.5, "url": "https://sentry.io", "region_url": "", "org": "x"})
    text = "sntrys_" + base64.b64encode(content.encode()).decode() + "_" + "q" * 43
    assert CHECKS["sentry-organization"](text).detail == "issued 2023-11"


def test_a_confluent_secret_ends_in_base64_of_its_crc() -> None:
    assert confluent_checksum("A" * 54) == "FZQbVQ"


@pytest.mark.parametrize(("key", "holds"), [("k9" * 16, True), ("k9" * 15, False), ("k-" * 16, False), (9, False)])
def test_a_grafana_key_holds_32_letters(key: object, holds: bool) -> None:
    text = base64.b64encode(json.dumps({"k": key, "n": "name", "id": 1}).encode()).decode()
    assert (CHECKS["grafana-key"](text).verdict is Verdict.VALID) is holds
