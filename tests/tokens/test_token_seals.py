"""What a sample holds, at either end of what chance may put into it: so does a real token."""

from __future__ import annotations

import base64
import json
from random import Random
from typing import Any

import pytest

from pat_audit.tokens import checks
from pat_audit.tokens.seals import SEALS


class Lowest(Random):
    """Chance that always gives the first and the least."""

    def randint(self, a: int, b: int) -> int:
        return a

    def choice(self, seq: Any) -> Any:
        return seq[0]

    def randbytes(self, n: int) -> bytes:
        return bytes(range(n))


class Highest(Lowest):
    """Chance that always gives the last and the most."""

    def randint(self, a: int, b: int) -> int:
        return b

    def choice(self, seq: Any) -> Any:
        return seq[-1]


LOW, HIGH = Lowest(), Highest()
ENDS = pytest.mark.parametrize("chance", [LOW, HIGH], ids=["lowest", "highest"])


def packed(content: dict[str, Any]) -> str:
    """JSON in base64, as tokens carry it."""
    raw = json.dumps(content, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def of(chance: Lowest, low: Any, high: Any) -> Any:
    """One of two, by the end."""
    return low if chance is LOW else high


def letters(chance: Lowest, size: int) -> str:
    """So many letters of chance."""
    return of(chance, "A", "9") * size  # type: ignore[no-any-return]


def jwt(chance: Lowest) -> str:
    """A signed token for the web."""
    claims = {"iat": 1_750_000_000 + of(chance, 0, 10_000_000), "iss": of(chance, 100_000, 10_000_000)}
    head = packed({"typ": "JWT", "alg": "RS256"})
    return f"{head}.{packed(claims)}.{letters(chance, 86)}"


@ENDS
def test_tokens_for_the_web(chance: Lowest) -> None:
    assert SEALS["jwt"]("", chance) == jwt(chance)
    assert SEALS["github-stateless"]("", chance) == f"ghs_{of(chance, 10_000, 9_999_999)}_{jwt(chance)}"


@ENDS
def test_tokens_that_carry_json(chance: Lowest) -> None:
    cloud = {"o": of(chance, "100000", "10000000"), "n": letters(chance, 14), "k": letters(chance, 24)}
    assert SEALS["grafana-cloud"]("", chance) == "glc_" + packed(cloud)
    key = {"k": letters(chance, 32), "n": letters(chance, 9), "id": of(chance, 2, 9)}
    assert SEALS["grafana-key"]("", chance) == packed(key)
    sentry = {
        "iat": 1_700_000_000 + of(chance, 0, 10_000_000) + 0.25,
        "url": "https://sentry.io",
        "region_url": "https://us.sentry.io",
        "org": letters(chance, 9).lower(),
    }
    assert SEALS["sentry-organization"]("", chance) == f"sntrys_{packed(sentry)}_{letters(chance, 43)}"


@ENDS
@pytest.mark.parametrize(("text", "prefix"), [("BBDC-x", "BBDC-"), ("x", "")])
def test_tokens_of_a_data_center(chance: Lowest, text: str, prefix: str) -> None:
    raw = of(chance, b"100000000000", b"999999999999") + b":" + bytes(range(20))
    assert SEALS["atlassian-data-center"](text, chance) == prefix + base64.b64encode(raw).decode()


@ENDS
def test_routable_tokens(chance: Lowest) -> None:
    routing = bytes(range(16)) + of(chance, b"\no:1\nu:1", b"\no:9999\nu:99999")
    payload = base64.urlsafe_b64encode(routing).decode().rstrip("=")
    size = of(chance, "0w", "16")  # of the payload, to the base of 36
    body = f"glpat-{payload}.01.{size}"
    assert len(payload) == int(size, 36)
    assert SEALS["gitlab-routable"]("glpat-x-y", chance) == body + checks.crc_base36(body)


@ENDS
def test_tokens_of_atlassian(chance: Lowest) -> None:
    short = "ATBB" + "x" * 24
    assert SEALS["atlassian-crc"](short + "CHECKSUM", chance) == short + checks.crc_hex(short)
    long = "ATATT3xFfGF0" + letters(chance, 171) + "="
    assert SEALS["atlassian-crc"]("ATATT3xFfGF0" + "y" * 180, chance) == long + checks.crc_hex(long)


@ENDS
@pytest.mark.parametrize(("text", "place"), [("x", b"pypi.org"), ("AgENdGVzdC5", b"test.pypi.org")])
def test_macaroons(chance: Lowest, text: str, place: bytes) -> None:
    name = b"00010203-0001-0001-0001-000102030405"
    caveat = b'[3,"' + bytes(range(18)).hex().encode() + b'"]'
    raw = b"\x02\x01" + bytes((len(place),)) + place + b"\x02" + bytes((len(name),)) + name + b"\0"
    raw += b"\x02" + bytes((len(caveat),)) + caveat + b"\0\0\x06\x20" + bytes(range(32))
    expected = "pypi-" + base64.urlsafe_b64encode(raw).decode().rstrip("=")
    assert SEALS["pypi-macaroon"](text, chance) == expected


@ENDS
def test_tokens_with_a_mark_and_a_month(chance: Lowest) -> None:
    text = "".join(chr(97 + n % 26) for n in range(84))
    made = SEALS["azure-devops-cask"](text, chance)
    month, region = of(chance, "A", "L"), of(chance, "B", "C")
    assert made[:80] == text[:52] + "JQQJ99" + region + month + text[60:80]
    assert len(made) == 84
    assert checks.CHECKS["azure-devops-cask"](made).verdict == "valid"


@pytest.mark.parametrize(
    ("seal", "check", "other"),
    [
        ("azure-devops-legacy", "azure-devops-legacy-user", "azure-devops-legacy-application"),
        ("azure-devops-legacy-user", "azure-devops-legacy-user", "azure-devops-legacy-application"),
        ("azure-devops-legacy-application", "azure-devops-legacy-application", "azure-devops-legacy-user"),
    ],
)
def test_tokens_of_the_old_form(seal: str, check: str, other: str) -> None:
    text = "".join("abcdefghijklmnopqrstuvwxyz234567"[n * 7 % 32] for n in range(52))
    made = SEALS[seal](text, LOW)
    assert (len(made), made) == (52, made.lower())
    assert checks.CHECKS[check](made).verdict == "valid"
    assert checks.CHECKS[other](made).verdict == "invalid"
    before, after = (base64.b32decode(each.upper() + "====") for each in (text, made))
    assert {at for at in range(32) if before[at] != after[at]} <= {2, 7, 8, 22}
