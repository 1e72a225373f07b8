"""Makes random text of a token's shape pass its check, by writing the checksum or the content into it."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from pat_audit.tokens import checks
from pat_audit.tokens.azure_devops import APPLICATION_SEED, USER_SEED, cask_checksums, legacy_checksum

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def _letters(random: Random, size: int) -> str:
    return "".join(random.choice(_LETTERS) for _ in range(size))


def _legacy(text: str, seed: int) -> str:
    raw = bytearray(base64.b32decode(text.upper() + "===="))
    payload = bytes(raw[0:2] + raw[3:7] + raw[9:22] + raw[23:])
    stored = legacy_checksum(payload, seed).to_bytes(4, "little")
    raw[22], raw[8], raw[7], raw[2] = stored
    return base64.b32encode(raw).decode().lower()[:52]


def _legacy_user(text: str, random: Random) -> str:
    return _legacy(text, USER_SEED)


def _legacy_application(text: str, random: Random) -> str:
    return _legacy(text, APPLICATION_SEED)


def _cask(text: str, random: Random) -> str:
    body = text[:52] + "JQQJ99" + random.choice("BC") + text[59:80]
    return body + cask_checksums(body)[0]


def _cask_fixed(text: str, random: Random) -> str:
    # the loose shape has random letters where the tight one has its mark and its month
    return _cask(text[:59] + random.choice("ABCDEFGHIJKL") + text[60:], random)


def _crc_base62(text: str, random: Random) -> str:
    return text[:-6] + checks.crc_base62(text[4:-6])


def _fine_grained(text: str, random: Random) -> str:
    body = text[:11] + "11" + text[13:77]
    return body + checks.fine_grained_checksum(body) + text[85:]


def _stateless(text: str, random: Random) -> str:
    return f"ghs_{random.randint(10_000, 9_999_999)}_{_jwt(text, random)}"


def _jwt(text: str, random: Random) -> str:
    header = _packed({"typ": "JWT", "alg": "RS256"})
    claims = _packed({"iat": 1_750_000_000 + random.randint(0, 10**7), "iss": random.randint(10**5, 10**7)})
    return f"{header}.{claims}.{_letters(random, 86)}"


def _confluent(text: str, random: Random) -> str:
    return text[:58] + checks.confluent_checksum(text[4:58])


def _gitlab(text: str, random: Random) -> str:
    prefix = text.partition("-")[0] + "-"
    routing = random.randbytes(16) + f"\no:{random.randint(1, 9999)}\nu:{random.randint(1, 99999)}".encode()
    payload = base64.urlsafe_b64encode(routing).decode().rstrip("=")
    body = f"{prefix}{payload}.01.{checks.in_base(len(payload), '0123456789abcdefghijklmnopqrstuvwxyz', 2)}"
    return body + checks.crc_base36(body)


def _atlassian(text: str, random: Random) -> str:
    body = text[:-8] if text.startswith("ATBB") else text[:12] + _letters(random, 171) + "="
    return body + checks.crc_hex(body)


def _data_center(text: str, random: Random) -> str:
    prefix = "BBDC-" if text.startswith("BBDC-") else ""
    raw = f"{random.randint(10**11, 10**12 - 1)}:".encode() + random.randbytes(20)
    return prefix + base64.b64encode(raw).decode()


def _macaroon(text: str, random: Random) -> str:
    place = b"test.pypi.org" if "AgENdGVzdC5" in text else b"pypi.org"
    name = b"-".join(random.randbytes(size).hex().encode() for size in (4, 2, 2, 2, 6))
    caveat = b'[3,"' + random.randbytes(18).hex().encode() + b'"]'
    raw = b"\x02" + _field(1, place) + _field(2, name) + b"\0"
    raw += _field(2, caveat) + b"\0\0" + _field(6, random.randbytes(32))
    return "pypi-" + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _field(number: int, content: bytes) -> bytes:
    return bytes((number, len(content))) + content


def _grafana(text: str, random: Random) -> str:
    return text[:38] + checks.grafana_checksum(text[:37])


def _grafana_cloud(text: str, random: Random) -> str:
    content = {"o": str(random.randint(10**5, 10**7)), "n": _letters(random, 14), "k": _letters(random, 24)}
    return "glc_" + _packed(content)


def _grafana_key(text: str, random: Random) -> str:
    return _packed({"k": _letters(random, 32), "n": _letters(random, 9), "id": random.randint(2, 9)})


def _sentry(text: str, random: Random) -> str:
    content = {
        "iat": 1_700_000_000 + random.randint(0, 10**7) + 0.25,
        "url": "https://sentry.io",
        "region_url": "https://us.sentry.io",
        "org": _letters(random, 9).lower(),
    }
    return f"sntrys_{_packed(content)}_{_letters(random, 43)}"


def _packed(content: dict[str, Any]) -> str:
    """JSON of letters and digits in base64, which is the same in both alphabets."""
    return base64.b64encode(json.dumps(content, separators=(",", ":")).encode()).decode().rstrip("=")


SEALS: dict[str, Callable[[str, Random], str]] = {
    "azure-devops-cask": _cask_fixed,
    "azure-devops-legacy": _legacy_user,
    "azure-devops-legacy-user": _legacy_user,
    "azure-devops-legacy-application": _legacy_application,
    "crc-base62": _crc_base62,
    "github-fine-grained": _fine_grained,
    "github-stateless": _stateless,
    "gitlab-routable": _gitlab,
    "atlassian-crc": _atlassian,
    "confluent-crc": _confluent,
    "atlassian-data-center": _data_center,
    "pypi-macaroon": _macaroon,
    "grafana-service-account": _grafana,
    "grafana-cloud": _grafana_cloud,
    "grafana-key": _grafana_key,
    "sentry-organization": _sentry,
    "jwt": _jwt,
}
