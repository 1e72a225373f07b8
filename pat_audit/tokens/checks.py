"""The checksum and structure checks of tokens, by the names that `rules/credentials/` gives them.

Each check takes a token's text and never raises: text of another form is invalid. Each names its source;
`valid` from a structure (JSON, a macaroon) is weaker than from a checksum, and still far from chance.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import TYPE_CHECKING, Any

from pat_audit.tokens import azure_devops
from pat_audit.tokens.verdict import INVALID, UNKNOWN, VALID, Check, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def in_base(number: int, digits: str, width: int) -> str:
    """`number` written with `digits`, padded on the left to `width`."""
    text = ""
    while number:
        number, digit = divmod(number, len(digits))
        text = digits[digit] + text
    return text.rjust(width, digits[0])


def crc_base62(body: str) -> str:
    """The six characters that end GitHub's and npm's tokens: of the text between the prefix and them."""
    return in_base(zlib.crc32(body.encode()), _BASE62, 6)


def crc_base36(body: str) -> str:
    """The seven characters that end a routable GitLab token: of everything before them."""
    return in_base(zlib.crc32(body.encode()), _BASE36, 7)


def crc_hex(body: str) -> str:
    """The eight characters that end an Atlassian token: of everything before them."""
    return f"{zlib.crc32(body.encode()):08X}"


def confluent_checksum(body: str) -> str:
    """The six characters that end a Confluent Cloud secret: of the 54 between `cflt` and them.

    Source: praetorian-inc/titus confluent.yml, on its sample.
    """
    return base64.b64encode(zlib.crc32(body.encode()).to_bytes(4, "little")).decode()[:6]


def fine_grained_checksum(body: str) -> str:
    """Characters 77 to 84 of a fine-grained GitHub token: of the 77 before them.

    Source: mongodb/kingfisher rules/github.yml@2a2b7b5a; GitHub does not document it.
    """
    import hashlib

    return base64.b32encode(hashlib.sha256(body.encode()).digest())[:8].decode()


def grafana_checksum(body: str) -> str:
    """The eight characters that end a Grafana service account token: of the 37 before the last `_`.

    Source: Samsung/CredSweeper value_grafana_service_check.py.
    """
    return zlib.crc32(body.encode()).to_bytes(4, "little").hex()


def _verdict(holds: bool, detail: str = "") -> Check:
    return Check(Verdict.VALID, detail) if holds else INVALID


def check_crc_base62(text: str) -> Check:
    """GitHub's `ghp_`, `gho_`, `ghu_`, `ghs_`, `ghr_` and npm's `npm_` tokens."""
    body = text[4:-6]
    return _verdict(bool(body) and text.isascii() and crc_base62(body) == text[-6:])


def check_fine_grained(text: str) -> Check:
    """GitHub's `github_pat_` tokens."""
    return _verdict(len(text) == 93 and text.isascii() and fine_grained_checksum(text[:77]) == text[77:85])


def check_gitlab_routable(text: str) -> Check:
    """GitLab's routable tokens: `glpat-<payload>.<length><checksum>`, with or without a version."""
    return _verdict(text.isascii() and crc_base36(text[:-7]) == text[-7:])


def check_atlassian(text: str) -> Check:
    """Atlassian's `ATATT3`, `ATCTT3` and `ATBB` tokens; the `=` may be written `\\=` or `%3D`.

    Source: mongodb/kingfisher bitbucket.5, CredSweeper value_atlassian_token_check.py.
    """
    plain = re.sub(r"\\=|%3[Dd]", "=", text)
    return _verdict(plain.isascii() and crc_hex(plain[:-8]) == plain[-8:])


def check_data_center(text: str) -> Check:
    """Jira, Confluence and Bitbucket Data Center tokens: twelve digits, a colon and 20 bytes in base64.

    Source: Samsung/CredSweeper; there is no checksum.
    """
    raw = decoded(text.removeprefix("BBDC-"))
    if raw is None or len(raw) != 33 or raw[12:13] != b":" or not raw[:12].isdigit():
        return INVALID
    return _verdict(int(raw[:12]) >= 1000)


def check_macaroon(text: str) -> Check:
    """PyPI's tokens: a version 2 macaroon with location, identifier, caveats and a 32-byte signature."""
    raw = decoded(text.removeprefix("pypi-"))
    return _verdict(raw is not None and _is_macaroon(raw))


def _is_macaroon(raw: bytes) -> bool:
    if raw[:1] != b"\x02":
        return False
    fields = _macaroon_fields(raw)
    if not fields or fields[-1][0] != 6 or len(fields[-1][1]) != 32:
        return False
    return [number for number, _ in fields[:2]] == [1, 2] and fields[0][1] in (b"pypi.org", b"test.pypi.org")


def _macaroon_fields(raw: bytes) -> list[tuple[int, bytes]] | None:
    """The fields of a macaroon without section ends; None where it is cut off or goes on too long."""
    fields: list[tuple[int, bytes]] = []
    at = 1
    while at < len(raw):
        number = raw[at]
        at += 1
        if number == 0:
            continue
        length, at = _varint(raw, at)
        if at + length > len(raw):
            return None
        fields.append((number, raw[at : at + length]))
        at += length
        if number == 6:
            break
    return fields if at == len(raw) else None


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while at < len(raw) and shift < 28:
        byte = raw[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7
    return 1 << 30, at  # longer than any token


def check_confluent(text: str) -> Check:
    """Confluent Cloud's `cflt` secrets."""
    return _verdict(len(text) == 64 and text.isascii() and confluent_checksum(text[4:58]) == text[58:])


def check_grafana(text: str) -> Check:
    """Grafana's `glsa_` tokens."""
    holds = len(text) == 46 and text.isascii() and grafana_checksum(text[:37]) == text[-8:]
    return _verdict(holds and text[37] == "_")


def check_grafana_cloud(text: str) -> Check:
    """Grafana Cloud's `glc_` tokens: JSON with organization, name and key."""
    content = _json(text.removeprefix("glc_"))
    return _verdict(isinstance(content, dict) and {"o", "n", "k"} <= content.keys())


def check_grafana_key(text: str) -> Check:
    """Grafana's API keys of before service accounts: JSON with key, name and organization number."""
    content = _json(text)
    if not isinstance(content, dict) or not {"n", "id"} <= content.keys():
        return INVALID
    key = content.get("k")
    return _verdict(isinstance(key, str) and len(key) == 32 and key.isalnum())


def check_sentry(text: str) -> Check:
    """Sentry's `sntrys_` tokens: JSON with the time of issue and an address, then 43 characters."""
    content = _json(text.removeprefix("sntrys_").rpartition("_")[0])
    if not isinstance(content, dict) or "iat" not in content or not {"url", "region_url"} & content.keys():
        return INVALID
    issued = content["iat"]
    if isinstance(issued, (int, float)) and 1_400_000_000 < issued < 4_000_000_000:
        import time

        return Check(Verdict.VALID, time.strftime("issued %Y-%m", time.gmtime(issued)))
    return VALID


def check_one_case(text: str) -> Check:
    """NuGet's keys: base32 in one case; mixed case is something else (SEC101_031_NuGetApiKey.cs)."""
    return UNKNOWN if text in (text.lower(), text.upper()) else INVALID


def check_github_stateless(text: str) -> Check:
    """GitHub's `ghs_<application>_<JWT>` installation tokens."""
    return check_jwt(text.removeprefix("ghs_").partition("_")[2])


def check_jwt(text: str) -> Check:
    """A signed JSON web token: a header that names an algorithm, claims, a signature."""
    parts = text.split(".")
    if len(parts) != 3 or not parts[2]:
        return INVALID
    header, claims = _json(parts[0]), _json(parts[1])
    return _verdict(isinstance(header, dict) and "alg" in header and isinstance(claims, dict))


def decoded(text: str) -> bytes | None:
    """What base64 text in either alphabet, padded or not, stands for; None where it is no base64."""
    stripped = text.rstrip("=")
    try:
        raw = stripped.encode("ascii").translate(bytes.maketrans(b"-_", b"+/"))
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4), strict_mode=True)
    except (ValueError, binascii.Error):
        return None


def _json(text: str) -> Any:
    import json

    raw = decoded(text)
    try:
        return json.loads(raw) if raw else None
    except (ValueError, RecursionError):
        return None


CHECKS: dict[str, Callable[[str], Check]] = {
    "azure-devops-cask": azure_devops.check_cask,
    "azure-devops-legacy": azure_devops.check_legacy,
    "azure-devops-legacy-user": azure_devops.check_legacy_user,
    "azure-devops-legacy-application": azure_devops.check_legacy_application,
    "crc-base62": check_crc_base62,
    "github-fine-grained": check_fine_grained,
    "github-stateless": check_github_stateless,
    "gitlab-routable": check_gitlab_routable,
    "atlassian-crc": check_atlassian,
    "confluent-crc": check_confluent,
    "atlassian-data-center": check_data_center,
    "pypi-macaroon": check_macaroon,
    "nuget-case": check_one_case,
    "grafana-service-account": check_grafana,
    "grafana-cloud": check_grafana_cloud,
    "grafana-key": check_grafana_key,
    "sentry-organization": check_sentry,
    "jwt": check_jwt,
}
