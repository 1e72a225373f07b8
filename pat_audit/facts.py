"""The facts that the judge computes of an act and that the rules' `when` cases ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pat_audit.model import Confidence, Severity

if TYPE_CHECKING:
    from pat_audit.evidence import Evidence
    from pat_audit.flow.observation import Observation
    from pat_audit.flow.values import Value
    from pat_audit.vocabulary import Case, Endpoint, Scheme, Service

FACTS = {
    "act": "one of observation.Act, or written (a token in the text)",
    "scheme": "basic, pat, bearer, header, token, ropc, … as the observation has it",
    "class": "the credential's class (vocabulary.CredentialClass), or unknown",
    "origin": "literal, environment, option, config, prompt, keyring, vault, parameter, attribute, entra, job, …",
    "state": "of a literal: valid, shape, random, plain, placeholder, template; else none",
    "user": "of a pair: empty, nobody, literal, variable, none",
    "service": "the service's id, or none",
    "provider": "the provider, or none",
    "known": "how the service is known: host, library, path, name, file, idiom, none",
    "deployment": "cloud, server or unknown",
    "policy": "what the service makes of it: refused, retired, retiring, migrate, inventory, right, none",
    "endpoint": "yes where an endpoint of the service has a policy of its own, else no",
    "transport": "https, http, ssh, loopback (this machine), other (a database, say) or unknown",
    "broken": "yes where the encoding breaks the credential, else no",
    "evidence": "strong, some, weak or none: all that is known of it together",
    "where": "code, config, text or test: what kind of file it stands in",
    "encoded": "yes for a written token that is encoded, else no",
    "number": "what a length is compared with, else none",
    "named": "yes where the name says which provider's credential it is, else no",
    "means": "of a setting: the word that its format says it means, else none",
}

_POINTS_OF_CLASS = {"pat": 3, "app-password": 3, "api-token": 2, "key": 1}
_POINTS_OF_KNOWN = {"host": 3, "library": 3, "path": 2, "name": 2, "file": 1, "idiom": 0, "none": 0}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the facts of one observation came to."""

    facts: dict[str, str]
    evidence: Evidence
    service: Service | None
    endpoint: Endpoint | None
    scheme: Scheme | None
    url: str | None
    observation: Observation
    value: Value | None


def signs_in(act: str, evidence: Evidence) -> bool:
    """Whether what was built looks like a sign-in by itself: base64 is of many things, and so is `Basic …`."""
    if act == "encode":
        return bool(evidence.user) or evidence.kind_class in ("pat", "app-password")
    return act != "header" or evidence.encoded or bool(evidence.kind_class) or evidence.origin == "literal"


_LOOPBACK = ("localhost", "127.", "[::1]")


def transport(url: str | None) -> str:
    """How an address is spoken to: https, http, ssh, other or unknown."""
    scheme, mark, rest = (url or "").partition("://")
    if not mark or "{}" in scheme:
        return "unknown"
    host = rest.partition("/")[0].rpartition("@")[2]
    if host.startswith(_LOOPBACK):
        return "loopback"
    return {"git+https": "https", "git+http": "http"}.get(
        scheme, scheme if scheme in ("http", "https", "ssh") else "other"
    )


def strength(kind_class: str, known: str, evidence: Evidence, scheme: str, service: Service | None) -> str:
    """All that is known of a credential together: its class, the service and the user beside it."""
    if evidence.origin == "literal" and evidence.state in ("placeholder", "template"):
        return "none"
    points = _POINTS_OF_CLASS.get(kind_class, 0) + (_POINTS_OF_KNOWN[known] if service is not None else 0)
    if scheme == "basic" and kind_class != "password":
        points += {"empty": 2, "nobody": 1}.get(evidence.user, 0)
    return "strong" if points >= 4 else "some" if points >= 2 else "weak" if points else "none"


def confidence(case: Case, judgement: Judgement) -> Confidence:
    """How sure a finding is."""
    if case.confidence != "as-found":
        return Confidence(case.confidence)
    known, evidence = judgement.facts["known"], judgement.facts["evidence"]
    if judgement.facts["state"] == "valid" or (known in ("host", "library") and evidence == "strong"):
        return Confidence.HIGH
    return Confidence.MEDIUM if evidence == "strong" and known != "idiom" else Confidence.LOW


def severity(case: Case, judgement: Judgement) -> Severity:
    """How loud a finding is: what a document shows is a note, unless a secret is written in it."""
    facts = judgement.facts
    shown = facts["where"] == "text" and facts["state"] in ("none", "placeholder", "template")
    return Severity.NOTE if shown else Severity(case.severity)


_CODE = (".py", ".pyi", ".pyw", ".cs", ".ps1", ".psm1", ".sh", ".bash", ".ts", ".js", ".tsx", ".jsx", ".mjs", ".cjs",
         ".java", ".go", ".rb", ".rs", ".php", ".kt", ".groovy", ".vb", ".fs", ".scala", ".swift", ".c", ".cpp",
         ".h", ".ipynb")  # fmt: skip
_TEXT = (".md", ".rst", ".txt", ".adoc", ".html", ".htm", ".org", ".log")


_TEST_FOLDERS = frozenset(
    ("test", "tests", "testing", "spec", "specs", "fixtures", "testdata", "test_data", "__tests__", "__mocks__", "e2e")
)
_TEST_ENDS = ("_test", "_tests", ".test", ".tests", ".spec", ".unit", ".e2e")
_TEST_CLASS = re.compile(r"[a-z0-9](?:Test|Tests|TestCase|Spec)$")  # `SignInTests.cs`, `SignInTest.java`


def kind_of_file(path: str) -> str:
    """What kind of file a path names: test, code, text (prose) or config (all the rest)."""
    lower = path.lower()
    parts = lower.replace("-", "_").split("/")
    name = parts[-1]
    if any(part in _TEST_FOLDERS or part.endswith((".tests", ".test", ".unittests")) for part in parts[:-1]):
        return "test"
    stem = path.rpartition("/")[2].rpartition(".")[0]
    if lower.endswith((".yml", ".yaml")):
        return "config"  # a pipeline that runs tests is none
    if name.startswith("test_") or stem.lower().replace("-", "_").endswith(_TEST_ENDS) or _TEST_CLASS.search(stem):
        return "test"
    if name == "conftest.py":
        return "test"
    if lower.endswith(_CODE):
        return "code"
    return "text" if lower.endswith(_TEXT) else "config"
