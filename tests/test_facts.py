"""What the facts of an act come to: how an address is spoken to, how much is known, how sure and how loud."""

from __future__ import annotations

from typing import cast

import pytest

from pat_audit.evidence import Evidence
from pat_audit.facts import Judgement, confidence, kind_of_file, severity, signs_in, strength, transport
from pat_audit.flow.observation import Observation
from pat_audit.flow.values import Site
from pat_audit.vocabulary import Case, Service

SITE = Site("a.py", 0, 1)
SERVICE = cast("Service", object())  # only whether there is one counts here


def known(kind_class: str = "", origin: str = "environment", state: str = "", user: str = "") -> Evidence:
    """Evidence of a credential."""
    return Evidence(kind_class, None, origin, "X", SITE, state, user=user)


def judged(**facts: str) -> Judgement:
    """A judgement of these facts alone."""
    return Judgement(facts, known(), None, None, None, None, Observation("client", SITE, None, 0), None)


@pytest.mark.parametrize(
    ("url", "spoken"),
    [
        (None, "unknown"),
        ("", "unknown"),
        ("dev.azure.com/contoso", "unknown"),
        ("{}://dev.azure.com", "unknown"),
        ("https://dev.azure.com/a?next=http://localhost", "https"),
        ("http://tfs.corp/tfs", "http"),
        ("ssh://git@host/x", "ssh"),
        ("git+https://host/x", "https"),
        ("git+http://host/x", "http"),
        ("postgres://db/x", "other"),
        ("http://localhost:8080/x", "loopback"),
        ("http://127.0.0.1", "loopback"),
        ("http://[::1]/x", "loopback"),
        ("http://me:word@localhost/x/y", "loopback"),
        ("http://me:w@rd@127.0.0.1", "loopback"),
        ("https://host/localhost", "https"),
        ("https://host/a@localhost", "https"),
    ],
)
def test_how_an_address_is_spoken_to(url: str | None, spoken: str) -> None:
    assert transport(url) == spoken


@pytest.mark.parametrize(
    ("act", "evidence", "signs"),
    [
        ("encode", known(user="empty"), True),
        ("encode", known("pat"), True),
        ("encode", known("app-password"), True),
        ("encode", known("password"), False),
        ("encode", known("", "literal"), False),
        ("header", known(), False),
        ("header", known("password"), True),
        ("header", known("", "literal"), True),
        ("header", Evidence("", None, "unknown", "", SITE, encoded=True), True),
        ("client", known(), True),
    ],
)
def test_what_looks_like_a_sign_in_by_itself(act: str, evidence: Evidence, signs: bool) -> None:
    assert signs_in(act, evidence) is signs


@pytest.mark.parametrize(
    ("evidence", "place", "scheme", "service", "come_to"),
    [
        (known("pat"), "host", "basic", True, "strong"),
        (known("pat"), "file", "basic", True, "strong"),
        (known("pat"), "host", "basic", False, "some"),
        (known("pat"), "idiom", "bearer", True, "some"),
        (known("api-token"), "none", "bearer", False, "some"),
        (known("key"), "none", "bearer", False, "weak"),
        (known("key", user="empty"), "none", "basic", False, "some"),
        (known("key"), "file", "bearer", True, "some"),
        (known(), "none", "bearer", False, "none"),
        (known(), "file", "bearer", True, "weak"),
        (known("password"), "path", "basic", True, "some"),
        (known("password", user="empty"), "none", "basic", False, "none"),
        (known(user="empty"), "none", "basic", False, "some"),
        (known(user="nobody"), "none", "basic", False, "weak"),
        (known(user="literal"), "none", "basic", False, "none"),
        (known("api-token", user="empty"), "none", "bearer", False, "some"),
        (known("api-token", user="empty"), "none", "basic", False, "strong"),
        (known("api-token", user="nobody"), "none", "basic", False, "some"),
        (known("pat", "literal", "placeholder"), "host", "basic", True, "none"),
        (known("pat", "literal", "template"), "host", "basic", True, "none"),
        (known("pat", "literal", "valid"), "host", "basic", True, "strong"),
        (known("pat", "option", "placeholder"), "host", "basic", True, "strong"),
    ],
)
def test_how_much_is_known_together(evidence: Evidence, place: str, scheme: str, service: bool, come_to: str) -> None:
    assert strength(evidence.kind_class, place, evidence, scheme, SERVICE if service else None) == come_to


@pytest.mark.parametrize(
    ("facts", "sure"),
    [
        ({"state": "valid", "known": "none", "evidence": "none"}, "high"),
        ({"state": "none", "known": "host", "evidence": "strong"}, "high"),
        ({"state": "none", "known": "library", "evidence": "strong"}, "high"),
        ({"state": "none", "known": "name", "evidence": "strong"}, "medium"),
        ({"state": "none", "known": "idiom", "evidence": "strong"}, "low"),
        ({"state": "none", "known": "host", "evidence": "some"}, "low"),
        ({"state": "shape", "known": "name", "evidence": "weak"}, "low"),
    ],
)
def test_how_sure_a_finding_is(facts: dict[str, str], sure: str) -> None:
    assert confidence(Case({}, "warning"), judged(**facts)) == sure
    assert confidence(Case({}, "warning", "medium"), judged(**facts)) == "medium"


@pytest.mark.parametrize(
    ("where", "state", "loud"),
    [
        ("text", "none", "note"),
        ("text", "placeholder", "note"),
        ("text", "template", "note"),
        ("text", "valid", "error"),
        ("text", "plain", "error"),
        ("code", "none", "error"),
        ("config", "template", "error"),
    ],
)
def test_what_a_document_shows_is_a_note_unless_a_secret_is_written_in_it(where: str, state: str, loud: str) -> None:
    assert severity(Case({}, "error"), judged(where=where, state=state)) == loud


KINDS = {
    "test": (
        "tests/a.py", "src/Test/a.cs", "e2e/deep/down/a.js", "a/test-data/x.json", "src/Contoso.Tests/Sign.cs",
        "src/Contoso.Test/a.yml", "src/Contoso.UnitTests/a.cs", "tests/azure.yml", "test_sign_in.py", "a/test_x.txt",
        "sign_in_test.go", "sign-in-tests.ps1", "a.b/sign.spec.ts", "sign.unit.js", "sign.e2e.ts", "a.d/SIGN.TEST.JS",
        "src/SignInTests.cs", "src/SignInTest.java", "src/V2TestCase.php", "SignInSpec.scala", "conftest.py",
        "a/conftest.py",
    ),
    "config": (
        "azure-pipelines-test.yml", "src/SignInTests.yaml", "a.json", "Dockerfile", "a.md.json", "test", "a/b.toml",
        "src/sign-in-test.YML",
    ),
    "code": (
        "a.py", "src/latest.py", "src/contest.go", "src/Tests.cs", "a/b.SH", "src/TestServer.cs", "src/tests_of.py",
        "a/b.ipynb", "src/my_conftest.py", "a_test.d/b.cs",
    ),
    "text": ("README.md", "docs/a.RST", "run.log", "a.html"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "kind"), [(path, kind) for kind, paths in KINDS.items() for path in paths])
def test_what_kind_of_file_a_path_names(path: str, kind: str) -> None:
    assert kind_of_file(path) == kind
