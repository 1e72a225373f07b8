"""Finds credentials in the user part of URLs, in any text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

from pat_audit.model import Secret
from pat_audit.tokens.entropy import entropy
from pat_audit.tokens.placeholders import is_placeholder, is_template

if TYPE_CHECKING:
    from collections.abc import Callable

# What may stand in the part of a URL before its host: plain characters, and references to values, which may
# hold any others. Possessive throughout: nothing is read twice, whatever the text.
_REFERENCE = (
    rb"\$\{\{[^{}\r\n]{0,200}+\}\}|\{\{[^{}\r\n]{0,200}+\}\}|[$#]?\{[^{}\r\n]{0,200}+\}"
    rb"|\$\((?:[^()\r\n]|\([^()\r\n]{0,200}+\)){0,200}+\)|<[^<>\r\n]{1,80}+>"
    rb"|%[A-Za-z_]\w{1,60}+%"
)
_PLAIN = rb"[^\s\"'`<>/?#\\@{}|^\x00-\x1f]"
_AUTHORITY = re.compile(
    rb"://((?:(?>" + _REFERENCE + rb")|" + _PLAIN + rb")++@(?:(?>" + _REFERENCE + rb")|" + _PLAIN + rb"|@)*+)"
)
_SCHEME_BACKWARDS = re.compile(rb"[A-Za-z0-9+.\-]{0,30}[A-Za-z]")
_LONGEST = 4096  # bytes before the host; no token is longer, and binary data has no better use
_HOST = re.compile(r"\[[0-9A-Fa-f:.]+\](?::\d*)?|[^\s:,;)\]]*(?::\d*)?")
_FIXED_USERS = frozenset({"git", "hg", "svn", "vsssessiontoken", "oauth2", "x-access-token", "x-token-auth", "pat"})
# GitHub takes a token as the user with one of these as the password.
_FIXED_PASSWORDS = frozenset({"", "x-oauth-basic", "x-access-token", "x"})
_EXAMPLE_HOSTS = re.compile(
    r"(?i)(?:.*\.)?(?:example\.(?:com|org|net|edu)|example|test|invalid|localhost|local|domain\.com)"
    r"|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host(?:name)?|(?:your|my)[-_.]?\w*|\.\.\.|<.*>"
)
_BRACKETED = re.compile(r"<[^<>]*>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class UrlCredential:
    """A credential in a URL. `start` and `end` are the byte offsets of what stands between `://` and `@`.

    `user` is safe to print: it is empty where the user part is itself the secret. `secret` is what signs in
    (the password, or the user part without one), percent-decoded, None for a template; `reference` is its
    text then (`${PAT}`). `start_of_secret` and `end_of_secret` are the offsets of that part alone.
    """

    start: int
    end: int
    scheme: str
    user: str
    secret: Secret | None
    host: str
    kind: Literal["literal", "template", "placeholder"]
    reference: str = ""
    start_of_secret: int = 0
    end_of_secret: int = 0


def looks_random(text: str) -> bool:
    """Whether a user part is more likely a token than a name: long, mixed and without the dots of a name."""
    return (
        len(text) >= 20
        and "." not in text
        and any(character.isdigit() for character in text)
        and any(character.isalpha() for character in text)
        and entropy(text) >= 3.2
        and not is_placeholder(text)
    )


def find_url_credentials(data: bytes, is_token: Callable[[str], bool] = looks_random) -> list[UrlCredential]:
    """The credentials in the URLs of `data`, in order. Time grows linearly with its size.

    `is_token` says of a user part that stands alone whether it is a token: with `https://org@dev.azure.com/`
    an organization, elsewhere a name, is no credential. Templates and placeholders are given too, so that the
    caller can follow the first and drop the second.
    """
    found: list[UrlCredential] = []
    for match in _AUTHORITY.finditer(data):
        before = _SCHEME_BACKWARDS.match(data[max(0, match.start() - 31) : match.start()][::-1])
        if before is None or len(match[1]) > _LONGEST:
            continue
        credential = _read(match[1], match.start(1), before[0][::-1].decode(), is_token)
        if credential:
            found.append(credential)
    return found


def _read(authority: bytes, start: int, scheme: str, is_token: Callable[[str], bool]) -> UrlCredential | None:
    userinfo, _, rest = authority.rpartition(b"@")
    end = start + len(userinfo)
    matched_host = _HOST.match(rest.decode("utf-8", "replace"))
    host = matched_host[0] if matched_host else ""
    colon = _colon(userinfo)
    user_text = userinfo[:colon].decode("utf-8", "replace")
    password_text = userinfo[colon + 1 :].decode("utf-8", "replace") if colon < len(userinfo) else ""
    alone = password_text.lower() in _FIXED_PASSWORDS
    if alone:
        first, last, text, user = start, start + colon, user_text, ""
        if not (is_template(text) or _BRACKETED.fullmatch(text)) and (
            text.lower() in _FIXED_USERS or not is_token(unquote(text))
        ):
            return None
    else:
        first, last, text, user = start + colon + 1, end, password_text, unquote(user_text)
        if is_token(user):
            user = ""
    kind = _kind(text, user, host)
    return UrlCredential(
        start=start,
        end=end,
        scheme=scheme,
        user=user,
        secret=None if kind == "template" else Secret(unquote(text)),
        host=host,
        kind=kind,
        reference=text if kind == "template" else "",
        start_of_secret=first,
        end_of_secret=last,
    )


def _colon(userinfo: bytes) -> int:
    """Where the colon between user and password is, none inside a template counting; else the end."""
    at = 0
    reference = re.compile(_REFERENCE)
    while at < len(userinfo):
        inside = reference.match(userinfo, at)
        if inside:
            at = inside.end()
        elif userinfo[at] == 0x3A:
            return at
        else:
            at += 1
    return at


def _kind(text: str, user: str, host: str) -> Literal["literal", "template", "placeholder"]:
    if is_template(text) or _BRACKETED.fullmatch(text):
        return "template"
    plain = unquote(text)
    if plain == user or not plain.strip("*x.X-_") or is_placeholder(plain, shortest=4):
        return "placeholder"
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return "placeholder" if _EXAMPLE_HOSTS.fullmatch(name.rstrip(":")) else "literal"
