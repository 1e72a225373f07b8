"""What rules can ask of each act: every fact of it is held to a table, by rules that ask for one fact each."""

from __future__ import annotations

import base64
import datetime
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import pytest

from pat_audit.catalogue import Catalogue, load_catalogue
from pat_audit.facts import FACTS
from pat_audit.flow.combining import concatenate, encode, join
from pat_audit.flow.observation import Act, Observation
from pat_audit.flow.values import Auth, Container, Parameter, Site, Source, Text, Value
from pat_audit.judge import Judge, user_value
from pat_audit.source import Source as File
from pat_audit.tokens.samples import sample
from pat_audit.tokens.scan import TokenScanner
from pat_audit.tokens.urls import find_url_credentials
from pat_audit.tokens.verdict import Verdict
from pat_audit.vocabulary import Case, KnownSetting, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pat_audit.model import Finding

CATALOGUE = load_catalogue(plugins=False)
SCANNER = TokenScanner(CATALOGUE.credentials)
TODAY = datetime.date(2026, 11, 23)
FILES = {
    path: File(path, b"x = 1\n" * 200) for path in ("a.py", "b.py", "README.md", "tests/a.py", "azure-devops/sign.py")
}
HERE, MADE, ACT = Site("a.py", 0, 1), Site("a.py", 6, 8), Site("a.py", 12, 20)
PAT = Source("environment", "ADO_PAT", HERE)
THING = Source("environment", "THING", HERE)


def judge(*rules: Rule) -> Judge:
    """A judge by these rules, with the services and credentials that come with the project."""
    ours = Catalogue(
        rules=rules, credentials=CATALOGUE.credentials, services=CATALOGUE.services, recipes=CATALOGUE.recipes
    )
    return Judge(ours, SCANNER, TODAY, FILES.get)


def rule(name: str, *cases: Case, rank: int = 0, beside: bool = False) -> Rule:
    """A rule that reports what fits one of the cases."""
    return Rule(name, name, "c", "{credential}", "w", "0.1", cases, rank=rank, beside=beside)


def text(*parts: str | Value, site: Site | None = MADE) -> Text:
    """A text of these parts."""
    return concatenate([Text((part,)) if isinstance(part, str) else part for part in parts], site)


def header(*pair: str | Value) -> Text:
    """`Basic` and the pair encoded."""
    return text("Basic ", encode("base64", text(*pair), HERE))


def act(name: Act, value: Value | None, url: str = "", sink: str = "", site: Site = ACT, **more: Any) -> Observation:
    """An act, and the address that it is for."""
    return Observation(name, site, value, 0, text(url) if url else None, sink, **more)


PROJECT = "https://dev.azure.com/contoso"
ACCOUNTS = "https://app.vssps.visualstudio.com/_apis/accounts"
BASIC = Auth("basic", text("me"), PAT, None, MADE)
ACTS: dict[str, Observation] = {
    "a client of a known host": act("client", BASIC, PROJECT),
    "a client of an endpoint of its own policy": act("client", BASIC, ACCOUNTS),
    "a client over http": act("client", BASIC, "http://tfs.corp.local/tfs/DefaultCollection"),
    "a client of nobody's host": act("client", Auth("basic", text("me"), THING, None, MADE), "https://example.com/x"),
    "a client of a host without a scheme": act("client", BASIC, "dev.azure.com/contoso"),
    "a client of a host by its port": act("client", BASIC, "dev.azure.com:443/contoso"),
    "a client of a library": act("client", Auth("pat", None, None, THING, MADE, "x", "azure-devops")),
    "a client of an odd scheme": act("client", Auth("digest", None, THING, None, MADE), PROJECT),
    "a header": act("header", header(":", PAT)),
    "a header of a name that tells no provider": act("header", header(":", Source("environment", "PAT", HERE))),
    "a broken header": act("header", text("Basic ", encode("base64-wrapped", text(":", PAT), HERE, "is wrapped"))),
    "a header in a document": act("header", header(":", PAT), site=Site("README.md", 3, 9)),
    "a header in a test": act("header", header(":", PAT), site=Site("tests/a.py", 3, 9)),
    "a header in a file of that name": act("header", header(":", THING), site=Site("azure-devops/sign.py", 3, 9)),
    "a header of nobody": act("header", header(":", THING)),
    "an encoding": act("encode", encode("base64", text(":", PAT), MADE)),
    "a request": act("request", BASIC, PROJECT),
    "a request that nothing signs": act("request", None, PROJECT),
    "a request that a number signs": act("request", Container("list"), ACCOUNTS),
    "a read": act("read", PAT),
    "a read of a written token": act("read", text(sample("azure-devops-pat"))),
    "an export": act("export", text("x"), sink="ADO_PAT"),
    "an export of nothing": act("export", THING, sink="ADO_PAT"),
    "an export of an issued token": act("export", Source("entra", "token", HERE), sink="ADO_PAT"),
    "a file": act("write", PAT),
    "a name": act("named", text("Winter2024!"), sink="ado_pat"),
    "a length": act("length", PAT, sink="52"),
    "an address": act("url", text("https://me:", PAT, "@dev.azure.com/contoso")),
    "an address without a scheme": act("url", text("me:", PAT, "@dev.azure.com/contoso")),
    "a setting": act("setting", text("Winter2024!"), PROJECT, "ado_pat", setting=KnownSetting((), "token")),
    "a setting of a class": act("setting", THING, "", "x", credential="pat",
                                setting=KnownSetting((), "token", means="stored")),
    "a setting of nothing": act("setting", None, "", "x", setting=KnownSetting((), "token", means="off")),
}  # fmt: skip
USUAL = {
    "act": "client",
    "scheme": "basic",
    "class": "pat",
    "origin": "environment",
    "state": "none",
    "user": "none",
    "service": "azure-devops",
    "provider": "azure-devops",
    "known": "name",
    "deployment": "cloud",
    "policy": "migrate",
    "endpoint": "no",
    "transport": "unknown",
    "broken": "no",
    "evidence": "strong",
    "where": "code",
    "encoded": "no",
    "number": "none",
    "named": "yes",
    "means": "none",
}
FACTS_OF: dict[str, dict[str, str]] = {
    "a client of a host by its port": {"user": "literal", "known": "host", "transport": "https"},
    "a client of a known host": {"user": "literal", "known": "host", "transport": "https"},
    "a client of an endpoint of its own policy": {
        "user": "literal",
        "known": "host",
        "policy": "refused",
        "endpoint": "yes",
        "transport": "https",
    },
    "a client over http": {
        "user": "literal",
        "service": "azure-devops-server",
        "known": "path",
        "deployment": "server",
        "transport": "http",
    },
    "a client of nobody's host": {
        "class": "unknown",
        "user": "literal",
        "service": "none",
        "provider": "none",
        "known": "none",
        "deployment": "unknown",
        "policy": "none",
        "transport": "https",
        "evidence": "none",
        "named": "no",
    },
    "a client of a host without a scheme": {"user": "literal", "known": "host"},
    "a client of a library": {
        "scheme": "pat",
        "class": "unknown",
        "user": "empty",
        "known": "library",
        "evidence": "some",
        "named": "no",
    },
    "a client of an odd scheme": {
        "scheme": "digest",
        "class": "unknown",
        "user": "empty",
        "known": "host",
        "transport": "https",
        "evidence": "some",
        "named": "no",
    },
    "a header": {"act": "header", "user": "empty", "encoded": "yes"},
    "a header of a name that tells no provider": {
        "act": "header",
        "user": "empty",
        "known": "idiom",
        "encoded": "yes",
        "named": "no",
    },
    "a broken header": {"act": "header", "user": "empty", "broken": "yes", "encoded": "yes"},
    "a header in a document": {"act": "header", "user": "empty", "where": "text", "encoded": "yes"},
    "a header in a test": {"act": "header", "user": "empty", "where": "test", "encoded": "yes"},
    "a header in a file of that name": {
        "act": "header",
        "class": "unknown",
        "user": "empty",
        "known": "file",
        "evidence": "some",
        "encoded": "yes",
        "named": "no",
    },
    "a header of nobody": {
        "act": "header",
        "class": "unknown",
        "user": "empty",
        "known": "idiom",
        "evidence": "some",
        "encoded": "yes",
        "named": "no",
    },
    "an encoding": {"act": "encode", "user": "empty", "encoded": "yes"},
    "a request": {"act": "request", "user": "literal", "known": "host", "transport": "https"},
    "a request that nothing signs": {
        "act": "request",
        "scheme": "none",
        "class": "unknown",
        "origin": "none",
        "known": "host",
        "policy": "none",
        "transport": "https",
        "evidence": "some",
        "named": "no",
    },
    "a request that a number signs": {
        "act": "request",
        "scheme": "none",
        "class": "unknown",
        "origin": "none",
        "known": "host",
        "policy": "refused",
        "endpoint": "yes",
        "transport": "https",
        "evidence": "some",
        "named": "no",
    },
    "a read": {"act": "read", "scheme": "none", "policy": "none"},
    "a read of a written token": {
        "act": "read",
        "scheme": "none",
        "origin": "literal",
        "state": "valid",
        "user": "empty",
        "policy": "none",
    },
    "an export": {"act": "export", "scheme": "none", "policy": "none"},
    "an export of nothing": {"act": "export", "scheme": "none", "policy": "none"},
    "an export of an issued token": {
        "act": "export",
        "scheme": "none",
        "class": "oauth-token",
        "origin": "entra",
        "service": "none",
        "provider": "none",
        "known": "none",
        "deployment": "unknown",
        "policy": "none",
        "evidence": "none",
        "named": "no",
    },
    "a file": {"act": "write", "scheme": "none", "policy": "none"},
    "a name": {"act": "named", "scheme": "none", "origin": "literal", "state": "plain", "policy": "none"},
    "a length": {"act": "length", "scheme": "none", "policy": "none", "number": "52"},
    "an address": {"act": "url", "scheme": "url", "known": "host", "transport": "https"},
    "an address without a scheme": {"act": "url", "scheme": "url", "known": "host"},
    "a setting": {
        "act": "setting",
        "scheme": "unknown",
        "origin": "literal",
        "state": "plain",
        "known": "host",
        "transport": "https",
    },
    "a setting of a class": {
        "act": "setting",
        "scheme": "unknown",
        "service": "none",
        "provider": "none",
        "known": "none",
        "deployment": "unknown",
        "policy": "none",
        "evidence": "some",
        "named": "no",
        "means": "stored",
    },
    "a setting of nothing": {
        "act": "setting",
        "scheme": "none",
        "class": "unknown",
        "origin": "none",
        "service": "none",
        "provider": "none",
        "known": "none",
        "deployment": "unknown",
        "policy": "none",
        "evidence": "none",
        "named": "no",
        "means": "off",
    },
}
VALUES = {fact: {USUAL[fact], *(row[fact] for row in FACTS_OF.values() if fact in row)} for fact in FACTS}


def asking(values: dict[str, set[str]]) -> Judge:
    """A judge by one rule for each value of each fact."""
    pairs = [(fact, value) for fact, each in values.items() for value in sorted(each)]
    return judge(*(rule(f"{fact}={value}", Case({fact: (value,)}, "warning"), beside=True) for fact, value in pairs))


ASKING = asking(VALUES)
ANYTHING = judge(rule("any", Case({}, "warning")))
ONLY_CLIENTS = judge(rule("any", Case({"act": ("client", "header", "command")}, "warning")))


def facts_of(found: Iterable[Finding]) -> dict[str, str]:
    """The facts that rules could ask for with success; they must all be of one act."""
    pairs = [finding.rule.split("=") for finding in found]
    assert len(pairs) == len(dict(pairs))
    return dict(pairs)


@pytest.mark.parametrize("name", ACTS)
def test_every_fact_of_an_act(name: str) -> None:
    assert facts_of(ASKING.observations([ACTS[name]])) == USUAL | FACTS_OF[name]


SILENT: dict[str, Observation] = {
    "a run": act("run", BASIC, PROJECT),
    "a text": act("text", header(":", PAT)),
    "a header that nothing tells is one": act("header", text("Basic ", Source("unknown", "x", HERE))),
    "an encoding that nothing tells is one": act("encode", encode("base64", Source("unknown", "x", HERE), MADE)),
    "an address of nobody": act("url", text("https://dev.azure.com/contoso")),
    "a mail address": act("url", text("me:", THING, "@dev.azure.com/contoso")),
    "an account that is public": act("url", text("https://contoso@dev.azure.com/contoso")),
    "an account of random letters": act("url", text("https://kT9vQ2mX7pL4wZ8nB3rD6yF1@dev.azure.com/contoso")),
    "an address that is none": act("url", join([PAT, Container("list")])),
    "a read of nothing": act("read", Container("list")),
    "a setting of nothing known": act("setting", Container("list")),
}


@pytest.mark.parametrize("name", SILENT)
def test_an_act_that_no_rule_sees(name: str) -> None:
    assert list(ANYTHING.observations([SILENT[name]])) == []


@pytest.mark.parametrize(
    "url",
    [
        text("https://", PAT, "@github.com/x"),  # whose users are not in its addresses
        text("https://contoso:", PAT, "@dev.azure.com/contoso"),
        text("https://contoso:", THING, "@dev.azure.com/contoso"),
        text("https://", PAT, "@dev.azure.com/contoso"),
        text("me:", PAT, "@host"),
        text("me:", Source("environment", "API_TOKEN", HERE), "@host"),
        text("me:", Source("environment", "APP_PASSWORD", HERE), "@host"),
    ],
)
def test_an_address_with_a_credential(url: Text) -> None:
    (found,) = ANYTHING.observations([act("url", join([Container("list"), url]))])
    assert (found.credential or "").startswith("env:")


def user(*parts: str | Value) -> tuple[str, bool]:
    """What signs in in an address of these parts, as text, and whether it stands where the user does."""
    value, alone = user_value(text(*parts))
    if value is None:
        return "nobody", alone
    parts_ = value.parts if isinstance(value, Text) else (value,)
    return "".join(part if isinstance(part, str) else str(getattr(part, "name", "")) for part in parts_), alone


@pytest.mark.parametrize(
    ("parts", "signs", "alone"),
    [
        (("https://me:", PAT, "@host"), "ADO_PAT", False),
        (("https://me:word@host/x@y",), "word", False),
        (("https://", PAT, "@host"), "ADO_PAT", True),
        (("https://", PAT, ":@host"), "ADO_PAT", True),
        (("https://", PAT, ":x-oauth-basic@host"), "ADO_PAT", True),
        (("https://", PAT, ":x@host"), "x", False),
        (("x", PAT, "http://a://me:word@host"), "word", False),
        (("https://", THING, "/", PAT, "@host"), "nobody", True),
        (("https://host/a?b=c@d",), "nobody", True),
        (("https://host?b=c@d",), "nobody", True),
        (("https://host#c@d",), "nobody", True),
        (("https://a", THING, "b:c", PAT, "d@host:x"), "cADO_PATd", False),
        ((THING, "https://me:", PAT, "@host"), "ADO_PAT", False),
        (("me:x", THING, "https://me:", PAT, "@host"), "ADO_PAT", False),
    ],
)
def test_what_signs_in_before_the_at_sign(parts: tuple[str | Value, ...], signs: str, alone: bool) -> None:
    assert user(*parts) == (signs, alone)


def test_each_request_that_sends_a_sign_in_is_an_act_of_its_own() -> None:
    made = act("client", BASIC, site=MADE)
    requests = [act("request", BASIC, url, site=Site("a.py", 30, 40)) for url in (PROJECT, ACCOUNTS)]
    requests.append(Observation("request", Site("a.py", 50, 60), BASIC, 0))  # who knows where to
    found = list(ONLY_CLIENTS.observations([made, *requests]))
    assert [(finding.url, finding.location.span.start) for finding in found] == [(PROJECT, 6), (ACCOUNTS, 6)]


def test_what_says_where_it_goes_by_itself_is_an_act_beside_its_requests() -> None:
    made = act("client", BASIC, "https://tfs.corp/tfs", site=MADE)
    found = ONLY_CLIENTS.observations([made, act("request", BASIC, PROJECT)])
    assert [finding.url for finding in found] == ["https://tfs.corp/tfs", PROJECT]


def test_what_tells_nothing_is_a_sign_in_once_a_request_sends_it() -> None:
    value = Auth("header", None, None, Source("unknown", "x", HERE), MADE)
    made = act("header", text("Basic ", Source("unknown", "x", HERE), site=MADE), site=MADE)
    assert list(ONLY_CLIENTS.observations([made])) == []
    sent = act("request", made.value, PROJECT)
    assert [finding.url for finding in ONLY_CLIENTS.observations([made, sent])] == [PROJECT]
    assert value.site == MADE


@pytest.mark.parametrize(("number", "judged"), [(16, 16), (17, 1)])
def test_of_many_requests_those_of_the_same_caller_count(number: int, judged: int) -> None:
    callers = [Site("a.py", 100 + n, 101 + n) for n in range(number)]
    between = (Site("a.py", 60, 61), Site("a.py", 64, 65))
    made = Observation("command", MADE, BASIC, 0, calls=(*between, callers[3]))
    requests = [
        act("request", BASIC, f"{PROJECT}{n}", calls=(Site("a.py", 70, 71), Site("a.py", 72, 73), caller))
        for n, caller in enumerate(callers)
    ]
    found = [finding.url for finding in ONLY_CLIENTS.observations([made, *requests])]
    assert found[0] == (f"{PROJECT}0" if judged == 16 else f"{PROJECT}3")
    assert len(set(found)) == judged


ELSEWHERE = Site("b.py", 6, 8)
"""Where another file makes what a request of this one sends."""


@pytest.mark.parametrize(
    ("value", "act_"),
    [
        (Auth("basic", text("me"), PAT, None, ELSEWHERE), "client"),
        (text("Basic ", encode("base64", text(":", PAT), HERE), site=ELSEWHERE), "header"),
    ],
)
def test_what_another_file_makes_is_judged_where_it_is_sent(value: Value, act_: Act) -> None:
    request = act("request", join([Container("list"), BASIC, value]), ACCOUNTS, sink="requests.get")
    others = [act("header", header(":", PAT)), act("client", BASIC, PROJECT)]
    found = [each for each in ONLY_CLIENTS.observations([*others, request]) if each.path == "b.py"]
    assert [(each.url, each.location.span.start) for each in found] == [(ACCOUNTS, 6)]
    said = {each.rule for each in ASKING.observations([*others, request]) if each.path == "b.py"}
    assert {f"act={act_}", "scheme=basic", "endpoint=yes", "policy=refused", "known=host"} <= said


@pytest.mark.parametrize(
    "value",
    [
        Auth("basic", text("me"), PAT, None, Site("a.py", 6, 8)),  # the same file: its own act says it
        Auth("basic", text("me"), PAT, None, None),
        Auth("basic", text("me"), Parameter(1, "pat", HERE), None, ELSEWHERE),  # a caller knows
    ],
)
def test_what_this_file_makes_or_a_caller_fills_in_is_not_judged_again(value: Value) -> None:
    assert list(ONLY_CLIENTS.observations([act("request", value, ACCOUNTS)])) == []


def test_what_is_seen_being_made_is_not_judged_again() -> None:
    value = Auth("basic", text("me"), PAT, None, ELSEWHERE)
    found = list(ONLY_CLIENTS.observations([act("client", value, site=ELSEWHERE), act("request", value, PROJECT)]))
    assert [finding.url for finding in found] == [PROJECT]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ((rule("a", Case({}, "error")), rule("b", Case({}, "error"))), ["a error"]),
        ((rule("a", Case({}, "error")), rule("b", Case({}, "error"), rank=1)), ["b error"]),
        ((rule("a", Case({}, "error")), rule("b", Case({}, "note"), beside=True)), ["a error", "b note"]),
        ((rule("a", Case({}, "error"), beside=True), rule("b", Case({}, "note"))), ["a error", "b note"]),
        ((rule("a", Case({}, "none")), rule("b", Case({}, "error"), beside=True)), []),
        ((rule("a", Case({}, "none"), beside=True), rule("b", Case({}, "error"))), ["b error"]),
        ((rule("a", Case({"act": ("read",)}, "none")), rule("b", Case({}, "error"))), ["b error"]),
        ((rule("a", Case({}, "note"), Case({}, "error"), beside=True),), ["a note"]),
        ((rule("a", Case({}, "none"), Case({}, "error"), beside=True),), []),
        ((rule("a", Case({"act": ("read", "client")}, "error")),), ["a error"]),
        ((rule("a", Case({"act": ("client",), "user": ("empty",)}, "error"), Case({}, "note")),), ["a note"]),
    ],
)
def test_which_rule_speaks(rules: tuple[Rule, ...], said: list[str]) -> None:
    found = judge(*rules).observations([act("client", BASIC, PROJECT)])
    assert [f"{finding.rule} {finding.severity}" for finding in found] == said


def written(content: str) -> File:
    """A file that assigns a text on its second line."""
    return File("a.py", f'x = 1\na = "{content}"\n'.encode())


def asking_for(facts: dict[str, str]) -> Judge:
    """A judge by one rule that asks for all of these facts together."""
    assert facts.keys() == FACTS.keys()
    return judge(rule("all", Case({fact: (value,) for fact, value in facts.items()}, "warning")))


TOKEN = sample("azure-devops-pat")
WRITTEN: dict[str, tuple[str, dict[str, str]]] = {
    "a token": (TOKEN, {"state": "valid"}),
    "an encoded one": (base64.b64encode(f":{TOKEN}".encode()).decode(), {"state": "valid", "encoded": "yes"}),
}


@pytest.mark.parametrize(("content", "facts"), WRITTEN.values(), ids=WRITTEN)
def test_every_fact_of_a_written_token(content: str, facts: dict[str, str]) -> None:
    file = written(content)
    usual = USUAL | {"act": "written", "scheme": "none", "origin": "literal", "policy": "none"}
    assert len(list(asking_for(usual | facts).tokens(file, SCANNER.find(file.data)))) == 1


def test_a_written_token_is_found_where_it_stands_and_named_by_its_kind() -> None:
    file = written(TOKEN)
    (found,) = ANYTHING.tokens(file, SCANNER.find(file.data))
    assert found.message.startswith("Azure DevOps personal access token (access key, issued ")
    assert TOKEN not in repr(found)
    assert (found.location.span.start, found.location.span.end) == (11, 11 + len(TOKEN))
    assert (found.credential, found.provider, found.service) == ("literal", "azure-devops", "azure-devops")
    assert found.trail == ()


ADDRESSES: dict[str, tuple[str, dict[str, str]]] = {
    "a password": (
        "https://me:kT9vQ2mX7pL4wZ8nB3rD6yF1@dev.azure.com/x",
        {"origin": "literal", "state": "random", "class": "unknown", "named": "no", "evidence": "some"},
    ),
    "a variable": ("https://me:${ADO_PAT}@dev.azure.com/x", {"origin": "reference"}),
    "a name in percent signs": ("http://me:%ADO_PAT%@dev.azure.com/x", {"origin": "reference", "transport": "http"}),
}


@pytest.mark.parametrize(("url", "facts"), ADDRESSES.values(), ids=ADDRESSES)
def test_every_fact_of_a_written_address(url: str, facts: dict[str, str]) -> None:
    file = written(url)
    usual = USUAL | {"act": "url", "scheme": "url", "known": "host", "transport": "https"}
    assert len(list(asking_for(usual | facts).urls(file, find_url_credentials(file.data)))) == 1


def test_written_addresses_that_tell_no_credential_are_passed_over() -> None:
    lines = (
        "https://me:changeme@dev.azure.com/x",
        "https://contoso@dev.azure.com/x",
        "https://kT9vQ2mX7pL4wZ8nB3rD6yF1@dev.azure.com/x",  # an account's name, though it looks random
        "https://me:${ADO_PAT}@dev.azure.com/x",
    )
    file = File("a.py", "\n".join(lines).encode())
    found = list(ANYTHING.urls(file, find_url_credentials(file.data)))
    assert [(finding.credential, finding.url) for finding in found] == [("reference:ADO_PAT", "https://dev.azure.com/")]
    assert found[0].location.span.start >= file.data.rindex(b"https")


STATES = asking({"state": {"valid", "shape", "invalid-low", "invalid-report", "invalid-silent"}})


@pytest.mark.parametrize(
    ("verdict", "unchecked", "state"),
    [
        (Verdict.VALID, "low", "valid"),
        (Verdict.UNKNOWN, "low", "shape"),
        (Verdict.INVALID, "low", "invalid-low"),
        (Verdict.INVALID, "report", "invalid-report"),
        (Verdict.INVALID, "silent", "invalid-silent"),
    ],
)
def test_what_a_token_is_worth_that_its_check_refuses(
    verdict: Verdict, unchecked: Literal["low", "report", "silent"], state: str
) -> None:
    file = written(TOKEN)
    (token,) = SCANNER.find(file.data)
    token = replace(token, verdict=verdict, shape=replace(token.shape, unchecked=unchecked))
    assert [found.rule for found in STATES.tokens(file, [token])] == [f"state={state}"]
    (found,) = ANYTHING.urls(file, find_url_credentials(b"x https://me:${X_ADO_PAT}@dev.azure.com/x"))
    assert found.credential == "reference:X_ADO_PAT"


MAKES: dict[str, tuple[Observation, int]] = {
    "a client": (act("client", BASIC, PROJECT), 6),
    "a header": (act("header", header(":", PAT)), 6),
    "an address": (act("url", text("https://me:", PAT, "@dev.azure.com/contoso")), 6),
    "a setting": (act("setting", text("Winter2024!"), "", "ado_pat"), 6),
    "a file": (act("write", PAT), 0),
    "a name": (act("named", text("Winter2024!"), sink="ado_pat"), 6),
    "a read": (act("read", PAT), 12),  # the read itself, whatever is read
    "an export": (act("export", PAT, sink="ADO_PAT"), 12),  # wherever its value was read
    "nothing": (act("request", None, PROJECT), 12),
    "a request": (act("request", BASIC, PROJECT), 6),
}


@pytest.mark.parametrize(("observation", "start"), MAKES.values(), ids=MAKES)
def test_what_a_fix_would_replace(observation: Observation, start: int) -> None:
    (found,) = ANYTHING.observations([observation])
    assert found.use is not None
    assert found.use.made.span.start == start


@pytest.mark.parametrize(
    ("value", "said"),
    [(BASIC, "client"), (header(":", PAT), "header"), (None, "header")],
)
def test_a_request_is_mended_as_what_signs_it(value: Value | None, said: str) -> None:
    at = Site("a.py", 40, 44)
    (found,) = ANYTHING.observations([act("request", value, PROJECT, at=at, signs=True)])
    assert found.use is not None
    assert (found.location.span.start, found.use.act) == (40, said)
    assert [(send.location.span.start, send.keeps, send.signs) for send in found.use.sends] == [(40, False, True)]
    (kept,) = ANYTHING.observations([act("request", value, PROJECT, at=at, holder=MADE)])
    assert kept.use is not None
    assert [(send.location.span.start, send.keeps, send.signs) for send in kept.use.sends] == [(6, True, False)]


CALLER = Site("a.py", 60, 64)
OPEN = Parameter(1, "url", HERE)


@pytest.mark.parametrize(
    ("root", "url", "calls", "at", "start"),
    [
        (OPEN, ACCOUNTS, (CALLER,), None, 60),
        (OPEN, ACCOUNTS, (Site("a.py", 50, 54), CALLER), None, 60),
        (OPEN, ACCOUNTS, (), None, 12),
        (OPEN, PROJECT, (CALLER,), None, 12),  # no endpoint of its own policy
        (text(ACCOUNTS), ACCOUNTS, (CALLER,), Site("a.py", 40, 44), 40),  # the helper says it itself
        (text("https://dev.azure.com"), ACCOUNTS, (CALLER,), None, 12),
        (text(ACCOUNTS, OPEN), "", (CALLER,), None, 12),
        (None, ACCOUNTS, (CALLER,), None, 12),
    ],
)
def test_where_a_request_stands(
    root: Value | None, url: str, calls: tuple[Site, ...], at: Site | None, start: int
) -> None:
    before = Observation("request", ACT, BASIC, 0, url=root)
    filled = Observation("request", ACT, BASIC, 0, url=text(url) if url else root, calls=calls, at=at, root=before)
    (found,) = judge(rule("a", Case({"act": ("request",)}, "warning"))).observations([filled])
    assert found.location.span.start == start


@pytest.mark.parametrize(
    ("written", "path"), [("a.py", "a.py"), ("b.py", "b.py"), ("tests/a.py", "a.py"), ("README.md", "README.md")]
)
def test_of_callers_the_one_whose_file_writes_the_address_down(written: str, path: str) -> None:
    calls = (Site("README.md", 50, 54), Site("b.py", 50, 54), CALLER)
    before = Observation("request", ACT, BASIC, 0, url=OPEN)
    url = join([Container("list"), text(ACCOUNTS, site=Site(written, 1, 2))])
    filled = Observation("request", ACT, BASIC, 0, url=url, calls=calls, root=before)
    (found,) = judge(rule("a", Case({"act": ("request",)}, "warning"))).observations([filled])
    assert found.path == path


def test_what_belongs_to_nobody_says_so() -> None:
    (found,) = ANYTHING.observations([ACTS["a client of nobody's host"]])
    assert (found.provider, found.service, found.url) == (None, None, "https://example.com/x")


def test_a_file_that_cannot_be_read_has_no_findings() -> None:
    gone = Site("gone.py", 1, 2)
    value = Auth("basic", text("me"), Source("environment", "ADO_PAT", gone), None, MADE)
    (found,) = ANYTHING.observations([act("client", value, PROJECT)])
    assert all(step.location.path == "a.py" for step in found.trail)
    assert list(ANYTHING.observations([act("read", PAT, site=gone)])) == []


def test_a_request_says_by_which_library_it_goes() -> None:
    value = Auth("basic", text("me"), THING, None, MADE)
    sent = act("request", value, service="azure-devops")
    sent = replace(sent, url=text("https://", Parameter(1, "host", HERE)))
    (found,) = ONLY_CLIENTS.observations([act("client", value, site=MADE), sent])
    assert found.service == "azure-devops"


def test_a_name_that_a_text_is_written_under_is_said() -> None:
    named = Rule("a", "a", "c", "{name} {kind}", "w", "0.1", (Case({}, "warning"),))
    (found,) = judge(named).observations([act("named", text("Winter2024!"), sink="ado_pat")])
    assert found.message == "ado_pat Azure DevOps personal access token"


def test_what_tells_nothing_hides_no_other_possibility() -> None:
    unsure = text("Basic ", Source("unknown", "x", HERE))
    assert len(list(ANYTHING.observations([act("header", join([unsure, header(":", PAT)]))]))) == 1
    urls = [text("https://contoso@dev.azure.com/x"), text("https://me:", PAT, "@dev.azure.com/x")]
    assert len(list(ANYTHING.observations([act("url", join(urls))]))) == 1
    lone = [text("https://annmiller@nowhere.dev/x"), urls[1]]
    assert len(list(ANYTHING.observations([act("url", join(lone))]))) == 1


def test_recipes_are_in_order_of_what_asks_for_them() -> None:
    setting = KnownSetting((), "token", recipes=("keyring",))
    ours = Rule("a", "a", "c", "m", "w", "0.1", (Case({}, "warning"),), recipes=("environment-variable",))
    chosen = {}
    for name, secret, url in (
        ("named", THING, PROJECT),
        ("random", text("kT9vQ2mX7pL4wZ8nB3rD6yF1"), PROJECT),
        ("http", THING, "http://tfs.corp.local/tfs/DefaultCollection"),
    ):
        (found,) = judge(ours).observations([act("setting", secret, url, "x", setting=setting)])
        assert found.use is not None
        chosen[name] = found.use.recipes
    assert chosen["http"] == ("environment-variable",)
    assert chosen["random"][:2] == ("environment-variable", "keyring")
    assert chosen["named"][0] == "keyring"
    assert chosen["named"][-1] == "environment-variable"
