"""What a value tells of the credential in it: its class, origin and name, the user beside it, how it is written."""

from __future__ import annotations

import base64

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.examiner import Examiner
from pat_audit.flow.combining import NOTHING, concatenate, encode, join
from pat_audit.flow.values import (
    Auth,
    Parameter,
    Site,
    Source,
    Text,
    Value,
)
from pat_audit.naming import Names
from pat_audit.tokens.samples import sample
from pat_audit.tokens.scan import TokenScanner

CATALOGUE = load_catalogue(plugins=False)
EXAMINER = Examiner(Names(CATALOGUE.credentials, CATALOGUE.services), TokenScanner(CATALOGUE.credentials).classify)
SITE = Site("a.py", 0, 1)
PAT = Source("environment", "ADO_PAT", SITE)
NAME = Source("environment", "USER_NAME", SITE)


def text(*parts: str | Value) -> Text:
    """A text of these parts."""
    return concatenate([Text((part,)) if isinstance(part, str) else part for part in parts], SITE)


def header(*pair: str | Value) -> Text:
    """`Basic` and the pair encoded."""
    return text("Basic ", encode("base64", text(*pair), SITE))


@pytest.mark.parametrize(
    ("value", "scheme"),
    [
        (header(":", PAT), "basic"),
        (encode("base64", text(":", PAT), SITE), "basic"),
        (Auth("pat", None, None, PAT, SITE), "pat"),
        (Auth("bearer", None, None, PAT, SITE), "bearer"),
        (PAT, "unknown"),
    ],
    ids=["header", "encoding", "helper", "bearer", "bare"],
)
def test_every_way_to_sign_in_leads_to_the_credential(value: Value, scheme: str) -> None:
    ((found, evidence, _),) = EXAMINER.signed(value)
    assert found == scheme
    assert (evidence.kind_class, evidence.origin, evidence.name) == ("pat", "environment", "ADO_PAT")


@pytest.mark.parametrize("value", [None, NOTHING, text("Bearer ", PAT), text("Basic instructions")])
def test_what_is_no_way_to_sign_in(value: Value | None) -> None:
    assert [each for each in EXAMINER.signed(value) if each[1].kind_class] == []


@pytest.mark.parametrize(
    ("pair", "user"),
    [
        ((":", PAT), "empty"),
        (("nobody:", PAT), "nobody"),
        (("PAT:", PAT), "nobody"),
        (("x-access-token:", PAT), "nobody"),
        (("me@contoso.com:", PAT), "literal"),
        ((NAME, ":", PAT), "variable"),
    ],
)
def test_the_user_beside_it(pair: tuple[str | Value, ...], user: str) -> None:
    ((_, evidence, _),) = EXAMINER.signed(header(*pair))
    assert evidence.user == user
    assert evidence.name == "ADO_PAT"


@pytest.mark.parametrize("pair", [(PAT, ":"), (PAT, ":x-oauth-basic"), (PAT, ":x")])
def test_a_token_may_stand_where_the_user_does(pair: tuple[str | Value, ...]) -> None:
    ((_, evidence, _),) = EXAMINER.signed(header(*pair))
    assert (evidence.kind_class, evidence.name) == ("pat", "ADO_PAT")


def test_the_strongest_of_several_counts() -> None:
    value = join([Source("environment", "PASSWORD", SITE), PAT, Source("environment", "X", SITE)])
    found = EXAMINER.strongest(value)
    assert found is not None
    assert found.name == "ADO_PAT"


def test_one_from_outside_counts_more_than_one_that_is_handed_in() -> None:
    found = EXAMINER.strongest(join([Parameter(1, "pat", SITE), PAT]))
    assert found is not None
    assert found.origin == "environment"


def test_a_default_counts_as_well() -> None:
    found = EXAMINER.strongest(Source("option", "secret", SITE, PAT))
    assert found is not None
    assert found.name == "ADO_PAT"


@pytest.mark.parametrize(
    ("origin", "kind_class"), [("entra", "oauth-token"), ("job", "job-token"), ("environment", "pat")]
)
def test_the_origin_says_more_than_the_name(origin: str, kind_class: str) -> None:
    assert EXAMINER.of_name("pat", origin, SITE).kind_class == kind_class


def test_a_part_of_a_stored_credential_is_called_by_its_whole() -> None:
    found = EXAMINER.strongest(Source("vault", "ado-pat.value", SITE))
    assert found is not None
    assert (found.kind_class, found.name) == ("pat", "ado-pat")


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (sample("azure-devops-pat"), "valid"),
        ("<your-pat>", "placeholder"),
        ("{token}", "template"),
        ("changeme", "placeholder"),
        ("Winter2024!", "plain"),
        ("kT9vQ2mX7pL4wZ8nB3rD6yF1", "random"),
    ],
    ids=["valid", "brackets", "braces", "dummy", "plain", "random"],
)
def test_written_down_text(content: str, state: str) -> None:
    found = EXAMINER.of_literal(content, SITE)
    assert (found.origin, found.state) == ("literal", state)
    assert content not in repr(found) or state in ("template",)


def test_a_literal_header_is_decoded() -> None:
    pair = base64.b64encode(f":{sample('azure-devops-pat')}".encode()).decode()
    ((scheme, evidence, _),) = EXAMINER.signed(Text((f"Basic {pair}",), SITE))
    assert (scheme, evidence.kind_class, evidence.state) == ("basic", "pat", "valid")


def test_what_breaks_the_encoding_is_kept() -> None:
    broken = encode("base64-wrapped", text(":", PAT), SITE, "is wrapped")
    ((_, evidence, _),) = EXAMINER.signed(text("Basic ", broken))
    assert (evidence.encoded, evidence.broken) == (True, "is wrapped")
