"""What is known of one credential: its class, its name, where it was born, how sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pat_audit.flow.values import (
    Member,
    Site,
    Value,
)

if TYPE_CHECKING:
    from pat_audit.vocabulary import CredentialKind


# users that stand for nobody: the service looks at the password only
_NOBODY = frozenset(
    [
        "nobody",
        "pat",
        "user",
        "username",
        "unused",
        "anything",
        "any",
        "x",
        "oauth",
        "oauth2",
        "x-access-token",
        "x-token-auth",
        "token",
        "__token__",
        "build",
        "placeholderuser",
        "placeholder",
        "dummy",
        "none",
        "git",
        "gitlab-ci-token",
        "personalaccesstoken",
        "personal_access_token",
        "basic",
        "vsts",
        "azdo",
        "azuredevops",
        "ado",
        "vssessiontoken",
        "vsssessiontoken",
    ]
)
_RANK = {
    "pat": 9, "app-password": 8, "api-token": 7, "key": 5, "oauth-token": 4, "job-token": 4, "password": 3, "": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """One credential that a value carries.

    `kind_class` is a `CredentialClass` or empty where nothing tells; `origin` as in `values.Source`, or
    `literal`, `parameter`, `attribute`. `state` of a literal: valid, shape, plain, placeholder or template.
    """

    kind_class: str
    kind: CredentialKind | None
    origin: str
    name: str
    site: Site | None
    state: str = ""
    detail: str = ""
    user: str = ""  # empty, nobody, literal, variable or none
    user_name: str = ""
    encoded: bool = False
    broken: str = ""

    @property
    def rank(self) -> int:
        """How much it matters: larger is worse."""
        if self.origin == "literal":
            return {"valid": 30, "shape": 20, "random": 7, "plain": 6, "template": 1, "placeholder": 0}.get(
                self.state, 0
            )
        return _RANK.get(self.kind_class, 0) + (self.origin not in ("unknown", "parameter", "attribute"))


def dotted(leaf: Value) -> str:
    """The name of a reference as its owner would write it."""
    if isinstance(leaf, Member):
        return f"{dotted(leaf.base)}.{leaf.name.strip('[]')}".lstrip(". ")
    return str(getattr(leaf, "name", ""))


def user_kind(user: str) -> str:
    """What a written user is: empty, nobody in particular, or somebody."""
    if user == "":
        return "empty"
    return "nobody" if user.lower() in _NOBODY else "literal"
