"""The checks: samples pass, one changed character fails, foreign text is invalid and never raises."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pat_audit.tokens import azure_devops
from pat_audit.tokens.checks import CHECKS, confluent_checksum, crc_base62, decoded, in_base
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


def _packed(content: object) -> str:
    return base64.b64encode(json.dumps(content).encode()).decode().rstrip("=")


def _field(number: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes((size,)) if size < 128 else bytes((size & 127 | 128, size >> 7))
    return bytes((number,)) + length + content


def _macaroon(*fields: bytes, start: bytes = b"\2") -> str:
    return "pypi-" + base64.urlsafe_b64encode(start + b"".join(fields)).decode().rstrip("=")


PLACE, NAME, END = _field(1, b"pypi.org"), _field(2, b"name"), b"\0"
SIGNED = _field(6, bytes(range(32)))
DIGITS, LETTERS_20 = b"000000001000", b":" + bytes(range(20))

CRAFTED = {
    "macaroon": ("pypi-macaroon", _macaroon(PLACE, NAME, END, END, SIGNED), True),
    "macaroon of the test index": ("pypi-macaroon", _macaroon(_field(1, b"test.pypi.org"), NAME, SIGNED), True),
    "macaroon, long caveat": ("pypi-macaroon", _macaroon(PLACE, NAME, END, _field(2, b"x" * 300), SIGNED), True),
    "macaroon, caveat of 128": ("pypi-macaroon", _macaroon(PLACE, NAME, _field(2, b"x" * 128), SIGNED), True),
    "macaroon of nowhere": ("pypi-macaroon", _macaroon(_field(1, b"pypi.org.x"), NAME, SIGNED), False),
    "macaroon, other order": ("pypi-macaroon", _macaroon(NAME, PLACE, SIGNED), False),
    "macaroon, place twice": ("pypi-macaroon", _macaroon(PLACE, PLACE, SIGNED), False),
    "macaroon of another version": ("pypi-macaroon", _macaroon(PLACE, NAME, SIGNED, start=b"\1"), False),
    "macaroon without signature": ("pypi-macaroon", _macaroon(PLACE, NAME, _field(5, bytes(32))), False),
    "macaroon, short signature": ("pypi-macaroon", _macaroon(PLACE, NAME, _field(6, bytes(31))), False),
    "macaroon that goes on": ("pypi-macaroon", _macaroon(PLACE, NAME, SIGNED, b"\0"), False),
    "macaroon cut off": ("pypi-macaroon", _macaroon(PLACE, NAME, _field(6, bytes(32))[:-1]), False),
    "macaroon cut off in a length": ("pypi-macaroon", _macaroon(PLACE, NAME, b"\6\x80"), False),
    "macaroon of endless length": ("pypi-macaroon", _macaroon(PLACE, NAME, b"\6" + b"\x80" * 9), False),
    "macaroon of nothing": ("pypi-macaroon", _macaroon(), False),
    "data center": ("atlassian-data-center", base64.b64encode(DIGITS + LETTERS_20).decode(), True),
    "data center, number": ("atlassian-data-center", base64.b64encode(b"000000000999" + LETTERS_20).decode(), False),
    "data center, letters": ("atlassian-data-center", base64.b64encode(b"00000000100x" + LETTERS_20).decode(), False),
    "data center, no colon": (
        "atlassian-data-center", base64.b64encode(DIGITS + b";" + bytes(range(20))).decode(), False,
    ),
    "data center, size": ("atlassian-data-center", base64.b64encode(DIGITS + LETTERS_20 + b"x").decode(), False),
    "grafana key": ("grafana-key", _packed({"k": "x" * 32, "n": "n", "id": 1}), True),
    "grafana key, more": ("grafana-key", _packed({"k": "x" * 32, "n": "n", "id": 1, "z": 1}), True),
    "grafana key, just that": ("grafana-cloud", "glc_" + _packed({"o": "1", "n": "n", "k": "k", "z": 1}), True),
    "grafana key of no number": ("grafana-key", _packed({"k": "x" * 32, "n": "n"}), False),
    "grafana key without a key": ("grafana-key", _packed({"n": "n", "id": 1}), False),
    "grafana key, short": ("grafana-key", _packed({"k": "x" * 31, "n": "n", "id": 1}), False),
    "grafana key, odd": ("grafana-key", _packed({"k": "x" * 31 + "-", "n": "n", "id": 1}), False),
    "grafana key, a list": ("grafana-key", _packed(["n", "id", "k"]), False),
    "grafana cloud": ("grafana-cloud", "glc_" + _packed({"o": "1", "n": "n", "k": "k"}), True),
    "grafana cloud of no key": ("grafana-cloud", "glc_" + _packed({"o": "1", "n": "n"}), False),
    "sentry": ("sentry-organization", "sntrys_" + _packed({"iat": 0, "url": "x"}) + "_x", True),
    "sentry, region": ("sentry-organization", "sntrys_" + _packed({"iat": 0, "region_url": "x"}) + "_x", True),
    "sentry, a line below": ("sentry-organization", "sntrys_" + _packed({"iat": 0, "url": "x~?>~?>"})
                             .replace("/", "_").replace("+", "-") + "_x", True),
    "sentry of no time": ("sentry-organization", "sntrys_" + _packed({"url": "x"}) + "_x", False),
    "sentry of no place": ("sentry-organization", "sntrys_" + _packed({"iat": 0}) + "_x", False),
    "sentry, words": ("sentry-organization", "sntrys_" + _packed({"iat": "now", "url": "x"}) + "_x", True),
    "web": ("jwt", f"{_packed({'alg': 'x'})}.{_packed({})}.x", True),
    "web, no algorithm": ("jwt", f"{_packed({'typ': 'x'})}.{_packed({})}.x", False),
    "web, no claims": ("jwt", f"{_packed({'alg': 'x'})}.{_packed([1])}.x", False),
    "web, a list": ("jwt", f"{_packed(['alg'])}.{_packed({})}.x", False),
    "web, no signature": ("jwt", f"{_packed({'alg': 'x'})}.{_packed({})}.", False),
    "web, four parts": ("jwt", f"{_packed({'alg': 'x'})}.{_packed({})}.x.y", False),
    "stateless": ("github-stateless", f"ghs_1_{_packed({'alg': 'x'})}.{_packed({})}.x_y", True),
}  # fmt: skip


@pytest.mark.parametrize(("check", "text", "holds"), CRAFTED.values(), ids=CRAFTED)
def test_what_a_token_must_hold(check: str, text: str, holds: bool) -> None:
    found = CHECKS[check](text)
    assert (found.verdict, found.detail) == (Verdict.VALID if holds else Verdict.INVALID, "")


@pytest.mark.parametrize(
    ("issued", "detail"),
    [
        (1_700_000_000, "issued 2023-11"),
        (1_700_000_000.25, "issued 2023-11"),
        (1_400_000_000, ""),
        (1_400_000_001, "issued 2014-05"),
        (3_999_999_999, "issued 2096-10"),
        (4_000_000_000, ""),
    ],
)
def test_when_a_token_says_it_was_issued(issued: float, detail: str) -> None:
    text = "sntrys_" + _packed({"iat": issued, "url": "x"}) + "_x"
    assert CHECKS["sentry-organization"](text) == Check(Verdict.VALID, detail)


@pytest.mark.parametrize("written", ["=", "\\=", "%3D", "%3d"])
def test_padding_may_be_written_in_other_ways(kinds: tuple[CredentialKind, ...], written: str) -> None:
    text = sample("atlassian-api-token", None, kinds)
    assert text.count("=") == 1
    assert CHECKS["atlassian-crc"](text.replace("=", written)) == Check(Verdict.VALID, "")
    assert CHECKS["atlassian-crc"](text.replace("=", "x")).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("YWI", b"ab"), ("YWI=", b"ab"), ("YWJX", b"abW"), ("--__", b"\xfb\xef\xff"), ("YW=I", None), ("=YWI", None),
        ("Y", None), ("\xe9", None), ("Y WI", None), ("YWI= ", None),
    ],
)  # fmt: skip
def test_base64_in_either_alphabet(text: str, content: bytes | None) -> None:
    assert decoded(text) == content
