"""Checks both written forms of Azure DevOps tokens offline, by the checksums that they carry."""

from __future__ import annotations

import base64
import binascii
import re
import zlib

from pat_audit.tokens.verdict import INVALID, Check, Verdict

# microsoft/security-utilities SEC101_102_AdoPat.cs, IdentifiableMetadata.cs: the seed tells who issued it.
USER_SEED = 0xE0B9692D
APPLICATION_SEED = 0x1019F92E
_LEGACY = re.compile(r"[A-Za-z2-7]{52}")

# microsoft/security-utilities LegacyCommonAnnotatedSecurityKey.cs, IdentifiableSecrets.cs.
_CASK_SEED = int.from_bytes(b"Default0", "big")
_CASK = re.compile(r"[A-Za-z0-9]{52}JQQJ9([9DH])([A-Za-z0-9])([A-L])[A-Za-z0-9+/]{16}[A-Za-z]{4}[A-Za-z0-9+/]{4}")
_CASK_KINDS = {"9": "access key", "D": "derived key", "H": "hash"}
_YEARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WORD = 0xFFFFFFFF


def legacy_checksum(payload: bytes, seed: int) -> int:
    """The checksum of a 52-character token: of its 28 payload bytes, under a seed."""
    return zlib.crc32(payload) ^ seed


def check_legacy(text: str) -> Check:
    """Check a 52-character token under both seeds; the detail says which of the two it is."""
    seed = _seed(text)
    if seed == USER_SEED:
        return Check(Verdict.VALID, "user PAT")
    return Check(Verdict.VALID, "application secret") if seed == APPLICATION_SEED else INVALID


def check_legacy_user(text: str) -> Check:
    """Check that a 52-character token is a user's PAT."""
    return check_legacy(text) if _seed(text) == USER_SEED else INVALID


def check_legacy_application(text: str) -> Check:
    """Check that a 52-character token is the secret of an Azure DevOps OAuth application."""
    return check_legacy(text) if _seed(text) == APPLICATION_SEED else INVALID


def _seed(text: str) -> int | None:
    """The seed under which the checksum holds."""
    if not _LEGACY.fullmatch(text):
        return None
    raw = base64.b32decode(text.upper() + "====")  # 260 bits: 32 bytes, and 4 bits that say nothing
    stored = raw[22] | raw[8] << 8 | raw[7] << 16 | raw[2] << 24
    return zlib.crc32(raw[0:2] + raw[3:7] + raw[9:22] + raw[23:32]) ^ stored


def check_cask(text: str) -> Check:
    """Check an 84-character token (or its 88-character long form).

    The detail tells its kind and the month of issue, whether or not the checksum holds.
    """
    found = _CASK.match(text)
    if not found:
        return INVALID
    kind, year, month = found.groups()
    detail = _CASK_KINDS[kind]
    if year in _YEARS:
        detail += f", issued {2024 + _YEARS.index(year)}-{ord(month) - ord('A') + 1:02}"
    holds = text[80:84] in cask_checksums(text[:80])
    return Check(Verdict.VALID if holds else Verdict.INVALID, detail)


def cask_checksums(body: str) -> tuple[str, ...]:
    """The checksums that the first 80 characters of a token may carry, today's form first.

    Today's is base62 padded on the right. No published token tells that from padding on the left, and older
    keys hold plain base64: all three are accepted.
    """
    hashed = marvin(base64.b64decode(body), _CASK_SEED).to_bytes(4, "little")
    digits = _base62(hashed)
    return (
        _normal(digits.ljust(6, "0"))[:4],
        _normal(digits.rjust(6, "0"))[:4],
        base64.b64encode(hashed[:3]).decode(),
    )


def _base62(data: bytes) -> str:
    number = int.from_bytes(data, "big")
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return "0" * (len(data) - len(data.lstrip(b"\0"))) + digits


def _normal(text: str) -> str:
    """`text` through base64 and back: the last of six characters carries bits that are dropped."""
    return base64.b64encode(binascii.a2b_base64(text[:6] + "==")).decode()


def marvin(data: bytes, seed: int) -> int:
    """The Marvin32 hash of `data` under a 64-bit `seed`: 32 bits.

    Source: microsoft/security-utilities Marvin.Net5.cs, marvin.ts.
    """
    low, high = seed & _WORD, seed >> 32
    whole = len(data) & ~3
    for at in range(0, whole, 4):
        low, high = _block((low + int.from_bytes(data[at : at + 4], "little")) & _WORD, high)
    low, high = _block((low + int.from_bytes(data[whole:] + b"\x80", "little")) & _WORD, high)
    low, high = _block(low, high)
    return low ^ high


def _block(low: int, high: int) -> tuple[int, int]:
    high ^= low
    low = (_rotated(low, 20) + high) & _WORD
    high = _rotated(high, 9) ^ low
    low = (_rotated(low, 27) + high) & _WORD
    high = _rotated(high, 19)
    return low, high


def _rotated(word: int, by: int) -> int:
    return (word << by | word >> (32 - by)) & _WORD
