"""The Bearer tokens that were issued: for which resource, and until when by a clock that can be put forward."""

from __future__ import annotations

import secrets
import threading
import time
from typing import Literal, NamedTuple

AZURE_DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798"
Verdict = Literal["good", "expired", "other resource", "unknown"]


class Issued(NamedTuple):
    """A token and its end, in seconds since the epoch on the clock of the one who asked for it."""

    token: str
    expires_on: int


class Issuer:
    """Issues tokens that live `life` seconds, and says later what one is worth."""

    def __init__(self, life: float = 60) -> None:
        # Libraries ask anew for a token that ends within five minutes: with so short a life each asks every time,
        # and what keeps a token in a variable is told apart from what keeps the library.
        self.life = life
        self._forward = 0.0
        self._tokens: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def issue(self, resource: str) -> Issued:
        """A new token for a resource."""
        token = f"issued-{secrets.token_hex(24)}"
        now = time.time()
        with self._lock:
            self._tokens[token] = (resource.removesuffix("/.default"), now + self._forward + self.life)
        return Issued(token, int(now + self.life))

    def judge(self, token: str) -> Verdict:
        """What a token is worth to Azure DevOps at this moment."""
        with self._lock:
            resource, end = self._tokens.get(token, ("", 0.0))
            now = time.time() + self._forward
        if not resource:
            return "unknown"
        if resource != AZURE_DEVOPS:
            return "other resource"
        return "good" if now < end else "expired"

    def put_forward(self) -> None:
        """Let an hour pass: every token that is out has ended, what is issued from now on has not."""
        with self._lock:
            self._forward += 3600
