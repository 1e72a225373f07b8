"""Everything that is read out of one value: class, origin, name, place, state, user, and how it is encoded."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.evidence import Evidence, dotted, user_kind
from pat_audit.examiner import Examiner
from pat_audit.flow.combining import NOTHING, concatenate, encode, join
from pat_audit.flow.values import (
    Auth,
    Constant,
    Container,
    External,
    Field,
    Instance,
    Member,
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
KINDS = {kind.id: kind for kind in CATALOGUE.credentials}
HERE = Site("a.py", 0, 1)  # where a value was born
MADE = Site("a.py", 5, 9)  # where it was put into something
PAT = Source("environment", "ADO_PAT", HERE)
WORD = Source("environment", "MY_PASSWORD", HERE)
THING = Source("environment", "THING", HERE)
ENTRA = Source("entra", "token", HERE)
EMPTY = Container("list")
TOKEN = sample("azure-devops-pat")
RANDOM = "kT9vQ2mX7pL4wZ8nB3rD6yF1"

ADO = {"kind_class": "pat", "kind": "azure-devops-pat", "origin": "environment", "name": "ADO_PAT", "site": HERE}
FREE = {**ADO, "kind_class": "", "kind": ""}
NONE = {"kind_class": "", "origin": "unknown", "name": "", "site": MADE}
WRITTEN = {"kind_class": "", "origin": "literal", "name": "", "site": HERE}
SECRET = {
    "kind_class": "pat", "kind": "azure-devops-pat", "origin": "literal", "name": KINDS["azure-devops-pat"].title,
    "state": "valid", "user": "empty",
}  # fmt: skip


def text(*parts: str | Value, site: Site | None = MADE) -> Text:
    """A text of these parts."""
    return concatenate([Text((part,)) if isinstance(part, str) else part for part in parts], site)


def written(content: str) -> Text:
    """A text that is written down."""
    return Text((content,), HERE)


def header(content: str) -> Text:
    """`Basic` and the content encoded, written down."""
    return Text((f"Basic {base64.b64encode(content.encode()).decode()}",), MADE)


def pair(*parts: str | Value) -> Text:
    """`Basic` and what is encoded when the program runs."""
    return text("Basic ", encode("base64", text(*parts), MADE))


def plain(found: Evidence | None) -> dict[str, Any] | None:
    """What is known, by word, without what is not."""
    if found is None:
        return None
    kind = found.kind.id if found.kind is not None else ""
    known = {name: getattr(found, name) for name in Evidence.__slots__} | {"kind": kind}
    if found.state == "valid":
        assert str(known.pop("detail")).startswith("access key, issued ")  # a sample's date is not ours
    always = ("kind_class", "kind", "origin", "name", "site")
    return {name: value for name, value in known.items() if name in always or value not in ("", False)}


LITERAL_PAIR = {**WRITTEN, "kind_class": "password", "site": MADE, "user": "literal", "encoded": True}
SENT = {**SECRET, "site": MADE, "encoded": True}
ENCODED = {**NONE, "encoded": True}

HEADERS: dict[str, tuple[Value, dict[str, Any]]] = {
    "a pair that nobody encoded": (text("Basic :", PAT), {**ADO, "user": "empty"}),
    "nobody and nothing": (text("Basic :", EMPTY), {**NONE, "user": "empty"}),
    "nothing": (text("Basic ", EMPTY), NONE),
    "a credential alone": (text("Basic ", PAT), ADO),
    "an encoding behind a credential": (
        text("Basic x", WORD, encode("base64", text(":", THING), MADE)),
        {**FREE, "name": "THING", "user": "empty", "encoded": True},
    ),
    "an encoding behind a text": (
        text("Basic x", encode("base64", text(":", PAT), MADE)), {**ADO, "user": "empty", "encoded": True},
    ),
    "a written token": (header(TOKEN), SENT),
    "a written token of nobody": (header(f":{TOKEN}"), SENT),
    "a written token of somebody": (header(f"me:{TOKEN}"), {**SENT, "user": "literal", "user_name": "me"}),
    "written without a colon": (header("nothing of it"), {**WRITTEN, "site": MADE, "state": "placeholder"}),
    "not to be decoded": (Text(("Basic é!",), MADE), {**WRITTEN, "site": MADE, "state": "placeholder"}),
    "a written password": (header("me:Winter2024!"), {**LITERAL_PAIR, "state": "plain"}),
    "bytes that are no text": (
        Text((f"Basic {base64.b64encode(b'me:Winter2024!' + bytes([255])).decode()}",), MADE),
        {**LITERAL_PAIR, "state": "plain"},
    ),
    "without its padding": (
        Text((header("me:Winter20245").parts[0].rstrip("="),), MADE),  # type: ignore[union-attr]
        {**LITERAL_PAIR, "state": "plain"},
    ),
    "a random password": (header(f"me:{RANDOM}"), {**LITERAL_PAIR, "state": "random"}),
    "a password with a colon": (header(f"me:<a>:{RANDOM}"), {**LITERAL_PAIR, "state": "random"}),
    "a placeholder": (header("me:<your-pat>"), {**LITERAL_PAIR, "state": "placeholder"}),
    "a password of nobody": (header("nobody:Winter2024!"), {**LITERAL_PAIR, "state": "plain", "user": "nobody"}),
    "a password that ends in a colon": (header("me:Winter2024!:"), {**LITERAL_PAIR, "state": "plain"}),
    "two values that may hold the colon": (pair(THING, PAT), {**ADO, "encoded": True}),
    "one value that may hold the colon": (pair(PAT), {**ADO, "encoded": True}),
    "a value before a text": (pair(Parameter(1, "x", HERE, PAT), "x"), {**ADO, "encoded": True}),
    "a pair of nothing": (
        encode("base64", text("me:", EMPTY), MADE), {**ENCODED, "user": "literal", "user_name": "me"},
    ),
    "a colon that parts no pair": (pair('{"a": "', PAT, '"}'), ENCODED),
    "wrapped, no pair": (
        encode("base64", text('{"a": "', PAT, '"}'), MADE, "is wrapped"), {**ENCODED, "broken": "is wrapped"},
    ),
    "wrapped, nothing": (encode("base64", EMPTY, MADE, "is wrapped"), {**ENCODED, "broken": "is wrapped"}),
    "wrapped": (
        encode("base64", text("me:", PAT), MADE, "is wrapped"),
        {**ADO, "user": "literal", "user_name": "me", "encoded": True, "broken": "is wrapped"},
    ),
    "wrapped, alone": (
        encode("base64", PAT, MADE, "is wrapped"), {**ADO, "encoded": True, "broken": "is wrapped"},
    ),
    "broken before": (
        encode("base64", encode("hex", text("me:", PAT), MADE, "is hex"), MADE),
        {**ADO, "user": "literal", "user_name": "me", "encoded": True, "broken": "is hex"},
    ),
}  # fmt: skip
API = Source("environment", "API_TOKEN", HERE)
API_ALONE = {"kind_class": "api-token", "kind": "api-token", "origin": "environment", "name": "API_TOKEN",
             "site": HERE, "user": "none"}  # fmt: skip
APP = Source("environment", "APP_PASSWORD", HERE)
PAIRS: dict[str, tuple[Value | None, Value | None, dict[str, Any]]] = {
    "no user": (None, PAT, {**ADO, "user": "empty"}),
    "None": (NOTHING, PAT, {**ADO, "user": "empty"}),
    "as the user": (PAT, None, {**ADO, "user": "none"}),
    "as the user of an empty password": (PAT, written(""), {**ADO, "user": "none"}),
    "as the user of a word": (PAT, written("x-oauth-basic"), {**ADO, "user": "none"}),
    "an API token as the user": (API, written("x"), API_ALONE),
    "an app password as the user": (
        APP, written("<x>"),
        {**ADO, "kind_class": "app-password", "kind": "app-password", "name": "APP_PASSWORD", "user": "none"},
    ),
    "a parameter as the user of nothing": (
        Parameter(1, "pat", HERE), written(""),
        {**ADO, "kind": "personal-access-token", "origin": "parameter", "name": "pat", "user": "none"},
    ),
    "a word as the user of nothing": (
        written("Winter2024!"), written(""), {**WRITTEN, "state": "plain", "user": "none"},
    ),
    "a pair of variables, the user's empty": (Source("environment", "", HERE), PAT, {**ADO, "user": "variable"}),
    "a password as the user of a word": (
        WORD, written("<x>"), {**WRITTEN, "state": "placeholder", "user": "variable", "user_name": "MY_PASSWORD"},
    ),
    "a password as the user of nothing": (WORD, None, {**ADO, "kind_class": "password", "kind": "password",
                                                       "name": "MY_PASSWORD", "user": "none"}),
    "a written token as the user": (written(TOKEN), written("x"), {**SECRET, "site": HERE, "user": "none"}),
    "a written token beside a variable": (
        PAT, written(TOKEN), {**SECRET, "site": HERE, "user": "variable", "user_name": "ADO_PAT"},
    ),
    "two credentials": (PAT, WORD, {**ADO, "kind_class": "password", "kind": "password", "name": "MY_PASSWORD",
                                    "user": "variable", "user_name": "ADO_PAT"}),
    "nothing known": (written("me"), EMPTY, {**NONE, "user": "literal", "user_name": "me"}),
    "a computed user": (text("a", THING), PAT, {**ADO, "user": "variable", "user_name": "THING"}),
    "a parameter": (Parameter(1, "user"), PAT, {**ADO, "user": "variable", "user_name": "user"}),
    "a parameter that is empty": (
        Parameter(1, "user", HERE, written("")), PAT, {**ADO, "user": "empty", "user_name": "user"},
    ),
    "a parameter that is somebody": (
        Parameter(1, "user", HERE, written("me")), PAT, {**ADO, "user": "literal", "user_name": "user"},
    ),
    "what has no name": (EMPTY, PAT, {**ADO, "user": "variable"}),
    "a number": (Constant(5), PAT, {**ADO, "user": "literal", "user_name": "5"}),
}  # fmt: skip


def nested(depth: int) -> Value:
    """A credential that stands this deep in lists."""
    value: Value = PAT
    for _ in range(depth):
        value = Container("list", {0: value})
    return value


CONFIG = Member(Member(Parameter(1, "", HERE), "config", HERE), "[ado_pat]", HERE)
NAMED = {**ADO, "kind": "personal-access-token", "name": "pat"}
STRONGEST: dict[str, tuple[Value, dict[str, Any] | None]] = {
    "a number": (Constant(5), None),
    "an empty text": (written(""), None),
    "a template": (written("{token}"), {**WRITTEN, "name": "{token}", "state": "template"}),
    "a text": (written("Winter2024!"), {**WRITTEN, "state": "plain"}),
    "a written token": (written(TOKEN), {**SECRET, "site": HERE}),
    "a parameter": (Parameter(1, "pat", HERE), {**NAMED, "origin": "parameter"}),
    "a parameter's default": (Parameter(1, "x", HERE, PAT), ADO),
    "a parameter's template": (Parameter(1, "x", HERE, written("{x}")), {**FREE, "origin": "parameter", "name": "x"}),
    "a parameter's text": (Parameter(1, "x", HERE, written("Winter2024!")), {**WRITTEN, "state": "plain"}),
    "an attribute": (Field(1, "pat", HERE), {**NAMED, "origin": "attribute"}),
    "an item": (CONFIG, {**ADO, "origin": "attribute", "name": "config.ado_pat"}),
    "a library's": (External("lib.PAT", HERE), {**NAMED, "origin": "unknown", "name": "lib.PAT"}),
    "an instance": (
        Instance(None, name="ado_pat", site=HERE), {**ADO, "origin": "unknown", "name": "ado_pat"},  # type: ignore[arg-type]
    ),
    "an option's text": (
        Source("option", "x", HERE, written("Winter2024!")), {**FREE, "origin": "option", "name": "x"},
    ),
    "an option's default": (Source("option", "x", HERE, PAT), ADO),
    "a part of a stored one": (
        Source("vault", "my.ado-pat.value", HERE), {**ADO, "origin": "vault", "name": "my.ado-pat"},
    ),
    "a file's name": (Source("file", "ado-pat.txt", HERE), {**FREE, "origin": "file", "name": "ado-pat.txt"}),
    "an unknown name": (
        Source("unknown", "ado-pat.value", HERE), {**FREE, "origin": "unknown", "name": "ado-pat.value"},
    ),
    "a name that a caller may say": (
        Source("environment", "x", HERE, None, Parameter(1, "name", HERE, written("ADO_PAT"))), ADO,
    ),
    "a name that only a caller says": (Source("environment", "ADO_PAT", HERE, None, Parameter(1, "name", HERE)), ADO),
    "no name": (Source("environment", "", HERE), {**FREE, "name": ""}),
    "deep": (nested(8), ADO),
    "too deep": (nested(9), None),
    "deep in a text": (text("x", nested(7)), ADO),
    "too deep in a text": (text("x", nested(8)), None),
    "deep in an auth object": (Auth("basic", None, nested(7), None, MADE), ADO),
    "too deep in an auth object": (Auth("basic", None, nested(8), None, MADE), None),
    "deep in an option's default": (Source("option", "", None, nested(7)), ADO),
    "too deep in an option's default": (
        Source("option", "", None, nested(8)), {**FREE, "origin": "option", "name": "", "site": None},
    ),
    "deep in a parameter's default": (Parameter(1, "x", HERE, nested(7)), ADO),
    "too deep in a parameter's default": (
        Parameter(1, "x", HERE, nested(8)), {**FREE, "origin": "parameter", "name": "x"},
    ),
    "a list's default": (Container("list", rest=PAT), ADO),
    "the 32nd item": (Container("list", {n: PAT if n == 31 else THING for n in range(40)}), ADO),
    "the 33rd item": (Container("list", {n: PAT if n == 32 else THING for n in range(40)}), {**FREE, "name": "THING"}),
    "an auth object": (Auth("basic", None, PAT, None, MADE), ADO),
    "an auth object of a token": (Auth("bearer", None, None, PAT, MADE), ADO),
    "in a text": (text("x", THING, PAT), ADO),
    "the first of equals": (join([PAT, Source("environment", "AZDO_PAT", HERE)]) or PAT, ADO),
    "of Entra ID": (ENTRA, {"kind_class": "oauth-token", "kind": "api-token", "origin": "entra", "name": "token",
                            "site": HERE}),
}  # fmt: skip
SETTINGS: list[tuple[Value, str, str, str, dict[str, Any] | None]] = [
    (THING, "ado_pat", "", "unknown", {**ADO, "name": "THING"}),
    (written("Winter2024!"), "ado_pat", "", "unknown",
     {**ADO, "origin": "literal", "name": "ado_pat", "state": "plain"}),
    (written(TOKEN), "github_pat", "", "unknown", {**SECRET, "site": HERE}),
    (Source("environment", "PAT", HERE), "ado_pat", "", "unknown", {**ADO, "name": "PAT"}),
    (Source("environment", "PAT", HERE), "pat", "", "unknown", {**NAMED, "name": "PAT"}),
    (PAT, "github_pat", "", "unknown", ADO),
    (PAT, "pat", "", "unknown", ADO),
    (PAT, "password", "password", "unknown", ADO),
    (THING, "x", "pat", "unknown", {**FREE, "kind_class": "pat", "name": "THING"}),
    (WORD, "x", "pat", "unknown", {**ADO, "kind": "password", "name": "MY_PASSWORD"}),
    (API, "x", "pat", "unknown", {**ADO, "kind": "api-token", "name": "API_TOKEN"}),
    (ENTRA, "ado_pat", "pat", "unknown", {"kind_class": "oauth-token", "kind": "api-token", "origin": "entra",
                                          "name": "token", "site": HERE}),
    (Source("job", "x", HERE), "ado_pat", "pat", "unknown", {**FREE, "kind_class": "job-token", "origin": "job",
                                                             "name": "x"}),
    (Source("environment", "OAUTH_TOKEN", HERE), "ado_pat", "pat", "unknown",
     {"kind_class": "oauth-token", "kind": "oauth-access-token", "origin": "environment", "name": "OAUTH_TOKEN",
      "site": HERE}),
    (text("Basic ", PAT), "x", "", "basic", ADO),
    (EMPTY, "ado_pat", "pat", "unknown", None),
]  # fmt: skip


def expected(known: dict[str, Any] | None) -> dict[str, Any] | None:
    """What a table says of a value, with its kind."""
    return None if known is None else {"kind": ""} | known


@pytest.mark.parametrize(("value", "known"), HEADERS.values(), ids=HEADERS)
def test_a_header(value: Value, known: dict[str, Any]) -> None:
    ((scheme, found, _),) = EXAMINER.signed(value)
    assert (scheme, plain(found)) == ("basic", expected(known))


@pytest.mark.parametrize(("user", "secret", "known"), PAIRS.values(), ids=PAIRS)
def test_a_pair(user: Value | None, secret: Value | None, known: dict[str, Any]) -> None:
    ((scheme, found, _),) = EXAMINER.signed(Auth("ntlm", user, secret, None, MADE))
    assert (scheme, plain(found)) == ("ntlm", expected(known))


@pytest.mark.parametrize(("value", "known"), STRONGEST.values(), ids=STRONGEST)
def test_the_strongest_credential_of_a_value(value: Value, known: dict[str, Any] | None) -> None:
    assert plain(EXAMINER.strongest(value)) == expected(known)


@pytest.mark.parametrize(("value", "key", "kind_class", "scheme", "known"), SETTINGS)
def test_a_setting(value: Value, key: str, kind_class: str, scheme: str, known: dict[str, Any] | None) -> None:
    how, found = EXAMINER.of_setting(value, key, kind_class)
    assert (how, plain(found)) == (scheme, expected(known))


def test_a_value_that_is_shared_is_looked_into_once() -> None:
    shared = Container("list", {0: PAT})
    named: list[Value] = [Source("option", "", HERE, shared), Parameter(1, "", HERE, shared)]
    values: list[Value] = [shared, shared, text("x", shared), Auth("basic", None, shared, None, MADE), *named]
    twice = Container("list", dict(enumerate(values)))
    assert [found.name for found in EXAMINER.each(twice) if found.name] == ["ADO_PAT"]


@pytest.mark.parametrize(
    ("leaf", "name"),
    [
        (CONFIG, "config.ado_pat"),
        (Member(Parameter(1, "self", HERE), "pat", HERE), "self.pat"),
        (Parameter(1, "pat.", HERE), "pat."),
        (EMPTY, ""),
    ],
)
def test_a_reference_is_called_as_its_owner_writes_it(leaf: Value, name: str) -> None:
    assert dotted(leaf) == name


@pytest.mark.parametrize(("user", "kind"), [("", "empty"), ("X-Access-Token", "nobody"), ("me", "literal")])
def test_what_a_written_user_is(user: str, kind: str) -> None:
    assert user_kind(user) == kind


RANKS = [
    ("", "environment", "", 1),
    ("", "unknown", "", 0),
    ("pat", "parameter", "", 9),
    ("pat", "attribute", "", 9),
    ("pat", "environment", "", 10),
    ("password", "environment", "", 4),
    ("nothing of ours", "unknown", "", 0),
    ("pat", "literal", "valid", 30),
    ("pat", "literal", "shape", 20),
    ("", "literal", "random", 7),
    ("", "literal", "plain", 6),
    ("", "literal", "template", 1),
    ("", "literal", "placeholder", 0),
    ("pat", "literal", "", 0),
]


@pytest.mark.parametrize(("kind_class", "origin", "state", "rank"), RANKS)
def test_how_much_a_credential_matters(kind_class: str, origin: str, state: str, rank: int) -> None:
    assert Evidence(kind_class, None, origin, "", None, state).rank == rank


def test_a_token_that_nothing_checks_has_its_shape_only() -> None:
    unchecked = next(
        (kind.id, shape.name)
        for kind in CATALOGUE.credentials
        for shape in kind.shapes
        if not shape.check and not shape.near
    )
    assert EXAMINER.of_literal(sample(*unchecked), HERE).state == "shape"
