"""Makes tokens that satisfy their own checks, for examples and tests: none may be written down."""

from __future__ import annotations

import base64
import re
import urllib.parse
from functools import lru_cache
from typing import TYPE_CHECKING

from pat_audit.tokens import patterns
from pat_audit.tokens.checks import CHECKS
from pat_audit.tokens.entropy import entropy
from pat_audit.tokens.placeholders import is_placeholder
from pat_audit.tokens.seals import SEALS
from pat_audit.tokens.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pat_audit.vocabulary import CredentialKind, Shape

ALIASES = {
    "azure-devops-pat-legacy": ("azure-devops-pat", "52 characters"),
    "azure-devops-pat-cask": ("azure-devops-pat", "84 characters"),
}
_PLACE = re.compile(r"<<(?:(base64|percent)\(([^()<>]*)\)|([a-z][a-z0-9-]*)(?:/([^<>]+))?)>>")
_TRIES = 50


def sample(kind_id: str, shape: str | None = None, kinds: Sequence[CredentialKind] | None = None) -> str:
    """A token of a kind, always the same one, that satisfies the kind's own check and is no placeholder.

    `kind_id` is a kind's id or an alias; `shape` the name of one of its shapes, by default the first. `kinds`
    are those of the built-in catalogue unless given. Raises KeyError for an unknown kind or shape, ValueError
    for a kind without shapes or a shape that no sample can be made of.
    """
    if kind_id in ALIASES and shape is None:
        kind_id, shape = ALIASES[kind_id]
    kind = next((each for each in _kinds(kinds) if each.id == kind_id), None)
    if kind is None:
        raise KeyError(f"there is no credential kind {kind_id!r}")
    if not kind.shapes:
        raise ValueError(f"{kind_id!r} has no shape to make a sample of")
    chosen = next((each for each in kind.shapes if shape in (None, each.name)), None)
    if chosen is None:
        raise KeyError(f"{kind_id!r} has no shape {shape!r}")
    return _sample(kind_id, chosen)


def expand(text: str, kinds: Sequence[CredentialKind] | None = None) -> str:
    """`text` with its placeholders for tokens replaced by samples.

    `<<azure-devops-pat>>`, `<<kind/shape name>>`, `<<base64(user:kind)>>`, `<<base64(kind)>>`,
    `<<percent(kind)>>`. Raises KeyError for a kind that there is not.
    """
    known = frozenset(kind.id for kind in _kinds(kinds)) | frozenset(ALIASES) if "<<" in text else frozenset()

    def replaced(found: re.Match[str]) -> str:
        encoding, inner, kind_id, shape = found.groups()
        if kind_id is not None:
            # a shell's here-document (`<<eof`) is closed by no `>>`, but a C++ stream might be
            return sample(kind_id, shape, kinds) if kind_id in known or "-" in kind_id else found[0]
        user, colon, kind_id = inner.rpartition(":")
        content = user + colon + sample(kind_id, None, kinds)
        if encoding == "base64":
            return base64.b64encode(content.encode()).decode()
        return urllib.parse.quote(content, safe="")

    return _PLACE.sub(replaced, text)


def _kinds(kinds: Sequence[CredentialKind] | None) -> Sequence[CredentialKind]:
    return _builtin() if kinds is None else kinds


@lru_cache(maxsize=1)
def _builtin() -> Sequence[CredentialKind]:
    from pat_audit.catalogue import load_catalogue

    return load_catalogue(plugins=False).credentials


@lru_cache(maxsize=1024)
def _sample(kind_id: str, shape: Shape) -> str:
    from random import Random

    tree = patterns.read(shape.pattern)
    whole = re.compile(shape.pattern)
    # The random numbers of a seed are the same in every Python, and so are the samples.
    random = Random(f"{kind_id}/{shape.name}")
    for _ in range(_TRIES):
        text = patterns.draw(tree, random)
        if shape.check in SEALS:
            text = SEALS[shape.check](text, random)
        check = CHECKS[shape.check](text) if shape.check else None
        if check and check.verdict is Verdict.INVALID:
            continue
        if not whole.fullmatch(text) or is_placeholder(text) or entropy(text) < max(shape.minimum_entropy, 2.8):
            continue
        return text
    raise ValueError(f"no sample of {kind_id!r}, shape {shape.name!r}, could be made: has its check a seal?")
