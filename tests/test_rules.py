"""Every example of every rule gives the findings that it marks and no other."""

from __future__ import annotations

from string import Formatter

import pytest

from pat_audit.catalogue import Catalogue, load_catalogue
from pat_audit.example_marks import marks, without_marks
from pat_audit.model import Confidence, Finding, Location, Report, Severity
from pat_audit.rules_check import ExampleCase, cases_of, faults
from pat_audit.scan import scan_files
from pat_audit.tokens.samples import expand, sample
from pat_audit.vocabulary import Example, Rule

CATALOGUE = load_catalogue(plugins=False)
CASES = [case for rule in CATALOGUE.rules for case in cases_of(rule, f"rules/checks/{rule.id}-{rule.name}.yaml")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_example(case: ExampleCase) -> None:
    wrong = faults(case, CATALOGUE, scan_files)
    assert not wrong, "\n".join([f"edit {case.file}, {case.key}:", *wrong])


# What judge.describe gives a message, and what a written token has.
WORDS = frozenset(
    ("credential", "name", "kind", "detail", "service", "endpoint", "date", "why", "instead", "sink", "broken")
)
# The ways to sign in that Python code must be followed through (issue 2), as they stand in an example.
CLIENTS = (
    "requests.get(", "requests.Session(", "HTTPBasicAuth(", "AuthBase)", "httpx.get(", "httpx.Client(",
    "httpx.AsyncClient(", "aiohttp.BasicAuth(", "urllib.request.Request(", "HTTPSConnection(", "make_headers(",
    "pycurl.Curl(", "AsyncHTTPClient(", "BasicAuthentication(", "ADOBasicAuth(", "Github(", "gitlab.Gitlab(",
    "Confluence(", "JIRA(", "Repo.clone_from(", "subprocess.run(", "os.system(", '"git"', "curl ", '"az"', '"twine"',
    '"pip"',
)  # fmt: skip
REPORTING = [rule for rule in CATALOGUE.rules if rule.when]


@pytest.mark.parametrize("rule", CATALOGUE.rules, ids=lambda rule: rule.id)
def test_messages_use_words_that_there_are(rule: Rule) -> None:
    for message in [rule.message, *(case.message for case in rule.when)]:
        used = {name for _, name, _, _ in Formatter().parse(message) if name is not None}
        assert used <= WORDS, message
        assert not message.endswith(".")
        assert "\n" not in message


@pytest.mark.parametrize("rule", REPORTING, ids=lambda rule: rule.id)
def test_look_alikes_are_as_many_as_hits(rule: Rule) -> None:
    bad = sum(bool(example.bad) for example in rule.examples)
    assert 1 < bad <= sum(bool(example.good) for example in rule.examples)


@pytest.mark.parametrize("case", [case for case in CASES if case.kind == "bad"], ids=lambda case: case.id)
def test_messages_read_well_and_keep_the_secret(case: ExampleCase) -> None:
    files = {name: expand(without_marks(text)).encode() for name, text in case.files.items()}
    secrets = [sample(kind.id) for kind in CATALOGUE.credentials if kind.shapes]
    for finding in scan_files(files, CATALOGUE).findings:
        message = finding.message
        assert message == message.strip()
        assert "  " not in message
        assert not {"{", "}", "None"} & set(message.replace("{}", "").split()), message
        assert not message.endswith((":", ",", "for", "to"))
        assert not any(secret in message for secret in secrets)


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_is_in_an_example(client: str) -> None:
    assert any(client in text and marks(text) for case in CASES for text in case.files.values())


def test_no_token_is_written_in_a_rule() -> None:
    from pat_audit.tokens.kept import token_scanner

    scanner = token_scanner(CATALOGUE)
    for case in CASES:
        for text in case.files.values():
            assert [token.kind.id for token in scanner.find(text.encode()) if token.verdict == "valid"] == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("x = 1  # <-- AB101", "x = 1"),
        ("x = 1  // <-- AB101", "x = 1"),
        ("<a/> <!-- <-- AB101 -->", "<a/>"),
        ("select 1 -- <-- AB101", "select 1"),
        ("x = 1  /* <-- AB101 */", "x = 1"),
        ('{"a": 1} <-- AB101', '{"a": 1}'),
        ("x = 1  # why  # <-- AB101", "x = 1  # why"),
    ],
)
def test_marks_are_read_and_removed_in_any_comment(line: str, code: str) -> None:
    assert marks(f"a\n{line}\nb") == {2: {"AB101"}}
    assert without_marks(f"a\n{line}\nb") == f"a\n{code}\nb"


def test_several_marks_on_one_line() -> None:
    assert marks("x  # <-- AB101, AB201") == {1: {"AB101", "AB201"}}
    assert marks("x <- AB101\n# <-- ab101\n-->") == {}


def rule(*, bad: str = "", good: str = "") -> Rule:
    made = Example("python", bad=bad, good=good)
    return Rule("AB101", "a", "c", "m", "w", "0.1", examples=(made,))


def finding(line: int, severity: Severity = Severity.WARNING) -> Finding:
    where = Location("sign_in.py", line, 1, line, 2)
    return Finding("AB101", "a", "c", severity, Confidence.HIGH, "m", where)


@pytest.mark.parametrize(
    ("example", "found", "said"),
    [
        ({"bad": "x # <-- AB101\ny"}, [finding(1)], []),
        ({"bad": "x # <-- AB101\ny"}, [], ["line 1 of sign_in.py: AB101 is marked and not found"]),
        (
            {"bad": "x # <-- AB101\ny"},
            [finding(2)],
            [
                "line 1 of sign_in.py: AB101 is marked and not found; AB101 is found on line 2",
                "line 2 of sign_in.py: AB101 is found and not marked",
            ],
        ),
        ({"bad": "x # <-- AB101\ny"}, [finding(1), finding(2, Severity.NOTE)], []),
        ({"bad": "x"}, [], ["mark the line that is found: end it with a comment `<-- AB101`"]),
        ({"bad": "x # <-- AB110"}, [], ["there is no rule 'AB110' to mark; did you mean 'AB101'?"]),
        ({"bad": "<<no-such-token>> # <-- AB101"}, [], ["a placeholder cannot be filled: "]),
        ({"good": "x"}, [], []),
        ({"good": "x"}, [finding(1, Severity.NOTE)], ["line 1 of sign_in.py: AB101 is found and not marked"]),
        ({"good": "x # <-- AB101"}, [finding(1, Severity.NOTE)], []),
    ],
)
def test_what_is_said_of_an_example(example: dict[str, str], found: list[Finding], said: list[str]) -> None:
    mine = rule(**example)
    (case,) = cases_of(mine)
    wrong = faults(case, Catalogue(rules=[mine]), lambda files, catalogue: Report(tuple(found), (), 1))
    assert len(wrong) == len(said)
    assert all(line.startswith(start) for line, start in zip(wrong, said, strict=True)), wrong
