"""How a credential and what is done with it are called in messages: never by the secret itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pat_audit.evidence import Evidence
    from pat_audit.facts import Judgement


def label(evidence: Evidence) -> str | None:
    """The credential as the JSON report names it: `env:ADO_PAT`, `literal`, `option:token`."""
    short = {"environment": "env"}.get(evidence.origin, evidence.origin)
    if evidence.origin == "literal":
        return "literal"
    if evidence.origin == "none":
        return None
    return f"{short}:{evidence.name}" if evidence.name else short


_BORN = {
    "environment": "environment variable {name}",
    "option": "option {name}",
    "config": "configuration key {name}",
    "prompt": "a prompt",
    "keyring": "the keyring",
    "vault": "the vault",
    "secret-store": "the secret store",
    "file": "a file",
    "parameter": "parameter {name}",
    "attribute": "{name}",
    "unknown": "{name}",
    "request": "request field {name}",
    "reference": "{name}",
    "entra": "Microsoft Entra",
}
_BORN_UNDER = {"secret-store": "secret {name}"}  # where the name is known


class _Words(dict[str, str]):
    """Message placeholders; one without a value is left out rather than an error at run time."""

    def __missing__(self, key: str) -> str:
        return ""


def describe(judgement: Judgement) -> _Words:
    """The words that a rule's message may use, none of them a secret."""
    evidence, row, endpoint = judgement.evidence, judgement.scheme, judgement.endpoint
    title = evidence.kind.title if evidence.kind is not None else "credential"
    if evidence.origin == "literal":
        detail = f" ({evidence.detail})" if evidence.detail else ""
        credential = f"{title}{detail}, written down"
    else:
        born = (_BORN_UNDER if evidence.name else _BORN).get(evidence.origin) or _BORN.get(evidence.origin, "{name}")
        born = born.format(name=evidence.name or "a value")
        credential = born if evidence.kind is None else f"{title} from {born}"
    return _Words(
        credential=credential,
        name=evidence.name,
        kind=title,
        detail=f" ({evidence.detail})" if evidence.detail else "",
        service=_service(judgement),
        endpoint=endpoint.name if endpoint is not None else "",
        date=(endpoint.date if endpoint is not None else row.date if row is not None else "") or "",
        why=_said("why", judgement),
        instead=_said("instead", judgement),
        sink=judgement.observation.sink.removeprefix("builtins."),
        broken=evidence.broken,
    )


def _service(judgement: Judgement) -> str:
    """The service's title; where only a habit of its users tells it, so much is said."""
    service = judgement.service
    if service is None:
        return "a service"
    return f"what looks like {service.title}" if judgement.facts["known"] == "idiom" else service.title


def _said(what: str, judgement: Judgement) -> str:
    """What the setting, else the endpoint, else the service says under `why` or `instead`."""
    setting = judgement.observation.setting
    own = getattr(setting, what) if setting is not None else ""
    said = judgement.endpoint or judgement.scheme
    return own or (str(getattr(said, what)) if said is not None else "")
