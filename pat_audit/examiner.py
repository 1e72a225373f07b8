"""Reads out of a symbolic value what is known of the credential in it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from pat_audit.flow.combining import literal, options
from pat_audit.flow.composition import BASIC, HOLE, is_pair, template
from pat_audit.flow.sending import split_pair
from pat_audit.flow.url_parts import cut
from pat_audit.flow.values import (
    Auth,
    Constant,
    Container,
    Encoded,
    External,
    Field,
    Instance,
    Member,
    Nothing,
    Parameter,
    Site,
    Source,
    Text,
    Thing,
    Value,
)
from pat_audit.tokens.placeholders import is_placeholder, is_template
from pat_audit.tokens.scan import Token
from pat_audit.tokens.urls import looks_random

if TYPE_CHECKING:
    from pat_audit.naming import Names

from pat_audit.evidence import Evidence, dotted, user_kind

Classify = Callable[[str], Token | None]


_MOST_ITEMS = 32  # items of a container that are looked into for a credential


_ISSUED = ("oauth-token", "job-token")  # made for the moment
_ORIGINS_OF_TOKENS = {"entra": "oauth-token", "job": "job-token"}


class Examiner:
    """Reads evidence out of values."""

    def __init__(self, names: Names, classify: Classify) -> None:
        self._names = names
        self._classify = classify

    def signed(self, value: Value | None) -> Iterator[tuple[str, Evidence, Value]]:
        """Each way a header, auth object or pair may sign in: the scheme, its evidence, and the value itself."""
        for option in options(value):
            if isinstance(option, Auth):
                secret = option.password if option.password is not None else option.token
                yield option.scheme, self._of_pair(option.user, secret, option.site), option
            elif isinstance(option, Text):
                match = BASIC.match(template(option))
                if match is not None:
                    yield "basic", self.of_header(option, match.end()), option
            elif isinstance(option, Encoded):
                yield "basic", self.of_encoded(option), option
            elif isinstance(option, Source | Parameter | Field | Member):
                found = self.strongest(option)
                if found is not None:
                    yield "unknown", found, option

    def of_header(self, header: Text, start: int) -> Evidence:
        """The evidence in `Basic …`; `start` is where the encoded part begins in the template."""
        rest = cut(header, start, site=header.site)
        if template(rest).startswith(":"):
            return self._of_pair(*split_pair(rest), header.site)
        content = literal(rest)
        if content is not None:
            return self._of_literal_header(content, header.site)
        for part in rest.parts:
            for option in options(part) if not isinstance(part, str) else ():
                if isinstance(option, Encoded):
                    return self.of_encoded(option)
        found = self.strongest(rest)
        return found if found is not None else _nothing(header.site)

    def _of_literal_header(self, content: str, site: Site | None) -> Evidence:
        token = self._classify(content.strip())
        decoded = _decoded(content)
        user, colon, password = decoded.partition(":")
        if token is not None:
            return self._of_token(token, site, user if colon else "")
        if not colon:
            return Evidence("", None, "literal", "", site, "placeholder")
        state = "placeholder" if is_placeholder(password) else "random" if looks_random(password) else "plain"
        return Evidence("password", None, "literal", "", site, state, user=user_kind(user), encoded=True)

    def _of_token(self, token: Token, site: Site | None, user: str) -> Evidence:
        state = "valid" if str(token.verdict) == "valid" else "shape"
        kind = token.kind
        return Evidence(
            kind.kind,
            kind,
            "literal",
            kind.title,
            site,
            state,
            token.detail,
            user_kind(user),
            user,
            bool(token.encoded),
        )

    def of_encoded(self, value: Encoded) -> Evidence:
        """The evidence in an encoded `user:password`."""
        nothing = _encoded(_nothing(value.site), value.broken)
        for option in options(value.value):
            shape = template(option) if isinstance(option, Text) else ""
            # several unknown pieces may hold the colon; a single one is the credential alone
            if ":" in shape and not is_pair(shape):
                return nothing
            if isinstance(option, Text) and (":" in shape or shape.count(HOLE) > 1):
                user, password = split_pair(option)
                found = self._of_pair(user, password, value.site)
                if ":" not in shape:
                    found = replace(found, user="", user_name="")
                return _encoded(found, value.broken)
        strongest = self.strongest(value.value)
        return nothing if strongest is None else _encoded(strongest, value.broken)

    def _of_pair(self, user: Value | None, secret: Value | None, site: Site | None) -> Evidence:
        found = self.strongest(secret)
        kind, name = self._user(user)
        owner = self.strongest(user)
        bare = secret is None or literal(secret) == ""
        if owner is not None and (bare or _looks_like_token_user(owner, found)):
            # `token:` and `token:x-oauth-basic` put the credential where the user stands
            found, kind, name = owner, "none", ""
        return replace(_nothing(site) if found is None else found, user=kind, user_name=name)

    def _user(self, user: Value | None) -> tuple[str, str]:
        if user is None or isinstance(user, Nothing):
            return "empty", ""
        for option in options(user):
            content = literal(option)
            if content is not None:
                return user_kind(content), content
            if isinstance(option, Parameter) and (default := literal(option.default)) is not None:
                return user_kind(default), option.name
        leaf = next((leaf for option in options(user) for leaf in _leaves(option)), None)
        return "variable", str(getattr(leaf, "name", ""))

    def of_setting(self, value: Value, key: str, kind_class: str) -> tuple[str, Evidence | None]:
        """How a setting's value signs in, and its evidence: its own, or what its key and its format say of it."""
        scheme, found, _ = next(iter(self.signed(value)), ("unknown", self.strongest(value), value))
        if found is None or found.origin in _ORIGINS_OF_TOKENS or found.kind_class in _ISSUED:
            return scheme, found
        named = self.of_name(key, found.origin, found.site)
        if named.kind is not None and _says_more(named, found):
            found = replace(found, kind=named.kind, kind_class=named.kind_class, name=found.name or key)
        if kind_class and found.kind_class in ("", "password", "api-token"):
            found = replace(found, kind_class=kind_class)
        return scheme, found

    def strongest(self, value: Value | None) -> Evidence | None:
        """The credential that matters most of those that the value may be."""
        best: Evidence | None = None
        for found in self.each(value):
            if best is None or found.rank > best.rank:
                best = found
        return best

    def each(self, value: Value | None, depth: int = 0, seen: set[int] | None = None) -> Iterator[Evidence]:
        """Every credential that the value may be or contain.

        Values that share what they are made of are looked into once: `seen` are those that were.
        """
        seen = set() if seen is None else seen
        if depth > 8 or id(value) in seen:
            return
        seen.add(id(value))
        for option in options(value):
            content = literal(option)
            if content is not None:
                if content and not isinstance(option, Constant):
                    yield self.of_literal(content, getattr(option, "site", None))
            elif isinstance(option, Text):
                for part in option.parts:
                    if not isinstance(part, str):
                        yield from self.each(part, depth + 1, seen)
            elif isinstance(option, Encoded):
                yield self.of_encoded(option)
            elif isinstance(option, Auth):
                yield from self.each(option.password or option.token, depth + 1, seen)
            else:
                yield from self._of_leaf(option, depth, seen)

    def _of_leaf(self, leaf: Value, depth: int, seen: set[int]) -> Iterator[Evidence]:
        if isinstance(leaf, Source):
            name = _name_of(leaf)
            whole = name.rpartition(".")[0] if leaf.origin not in ("unknown", "file") else ""
            if self._names.kind(whole) is not None and self._names.kind(name) is None:
                name = whole  # a part of it that says nothing more: `.value`
            yield self.of_name(name, leaf.origin, leaf.site)
            if leaf.default is not None:
                yield from (found for found in self.each(leaf.default, depth + 1, seen) if found.origin != "literal")
        elif isinstance(leaf, Parameter):
            yield self.of_name(leaf.name, "parameter", leaf.site)
            if leaf.default is not None:
                yield from (found for found in self.each(leaf.default, depth + 1, seen) if found.rank > 1)
        elif isinstance(leaf, Field | Member):
            yield self.of_name(dotted(leaf), "attribute", leaf.site)
        elif isinstance(leaf, Instance):
            yield self.of_name(leaf.name, "unknown", leaf.site)
        elif isinstance(leaf, Thing):
            yield self.of_name(leaf.owner.tree.name, "unknown", leaf.site)
        elif isinstance(leaf, External):
            yield self.of_name(leaf.name, "unknown", leaf.site)
        elif isinstance(leaf, Container):
            for item in [*list(leaf.items.values())[:_MOST_ITEMS], leaf.rest]:
                yield from self.each(item, depth + 1, seen)

    def of_name(self, name: str, origin: str, site: Site | None) -> Evidence:
        """What a name and an origin tell."""
        kind = self._names.kind(name) if name else None
        kind_class = _ORIGINS_OF_TOKENS.get(origin) or (kind.kind if kind is not None else "")
        return Evidence(kind_class, kind, origin, name, site)

    def of_literal(self, content: str, site: Site | None) -> Evidence:
        """What written-down text is."""
        token = self._classify(content)
        if token is not None:
            return self._of_token(token, site, "")
        if is_template(content):
            return Evidence("", None, "literal", content, site, "template")
        state = "placeholder" if is_placeholder(content) else "random" if looks_random(content) else "plain"
        return Evidence("", None, "literal", "", site, state)


def _nothing(site: Site | None) -> Evidence:
    """What is known where no credential can be told."""
    return Evidence("", None, "unknown", "", site)


def _says_more(named: Evidence, found: Evidence) -> bool:
    """Whether a key says more of a credential than is known of what stands under it."""
    if found.origin == "literal":
        return found.kind is None
    if named.rank == found.rank and named.kind is not None and found.kind is not None:
        return found.kind.provider == "any" != named.kind.provider
    return named.rank > found.rank


def _name_of(source: Source) -> str:
    """The source's name; one that a caller could say is what the code says by default."""
    for option in options(source.key):
        default = literal(option.default) if isinstance(option, Parameter) else None
        if default:
            return default
    return source.name


def _leaves(value: Value) -> Iterator[Value]:
    if isinstance(value, Text):
        for part in value.parts:
            if not isinstance(part, str):
                yield from _leaves(part)
    else:
        yield value


def _looks_like_token_user(owner: Evidence, password: Evidence | None) -> bool:
    weaker = password is None or password.rank < owner.rank
    return (
        weaker
        and owner.kind_class in ("pat", "api-token", "app-password")
        and (password is None or password.origin == "literal")
    )


def _encoded(found: Evidence, broken: str) -> Evidence:
    return replace(found, encoded=True, broken=broken or found.broken)


def _decoded(content: str) -> str:
    try:
        return base64.b64decode(content.strip().encode() + b"==").decode("utf-8", "replace")
    except ValueError:
        return ""
