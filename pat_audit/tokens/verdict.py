"""What the check of a token can say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Whether a token's own checksum or structure holds; unknown where it has none."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """A verdict, and what else the token tells of itself (`issued 2025-03`). Never any of its text."""

    verdict: Verdict
    detail: str = ""


VALID = Check(Verdict.VALID)
INVALID = Check(Verdict.INVALID)
UNKNOWN = Check(Verdict.UNKNOWN)
