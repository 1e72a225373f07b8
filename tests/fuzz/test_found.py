"""What fuzzing found, each as the smallest input that shows it."""

from __future__ import annotations

import pytest

from pat_audit.flow import ir
from pat_audit.languages import syntax_tree
from pat_audit.languages.kotlin import lower
from pat_audit.tokens.samples import sample

from .targets import all_targets

TARGETS = all_targets()

FOUND = [
    # the end of a call whose bracket was never closed lay behind the text
    ("front-end-java", b"$($("),
    ("front-end-kotlin", b"send(request, HttpR"),
    ("front-end-groovy", b"node {"),
    # half a character of UTF-16 at the end counted as a whole one
    ("source-text", "fro".encode("utf-16-le")[:-1]),
    # a path like a conflict mark was written bare and refused when it was read
    ("baseline-entry", b"<<<<<<<"),
    # the brace around a reference stood behind the end of the file
    ("file-hcl", b'output "pat_name" {\n  value = var.pat_n'),
    # what a key that breaks off is given stood behind the end of the file
    ("file-hcl", b"azdo_personal_access_token ="),
]


@pytest.mark.parametrize(("name", "data"), FOUND, ids=[f"{name}-{number}" for number, (name, _) in enumerate(FOUND)])
def test_it_holds_now(name: str, data: bytes) -> None:
    TARGETS[name].run(data)


def test_a_token_is_masked_also_where_it_runs_into_other_letters() -> None:
    token = sample("github-pat")
    TARGETS["tokens"].run(f"token: {token}\nx={token}b.request\n".encode())


def test_a_token_in_the_place_of_an_address_is_not_shown_as_one() -> None:
    token = sample("azure-devops-pat")
    text = f"import requests\nPAT = '{token}'\nrequests.get('{token}', auth=('', PAT))\n"
    TARGETS["program-python"].run(text.encode())


def test_a_grammar_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of backticks Kotlin's grammar makes names in twice as many ways with each line."""
    monkeypatch.setattr(syntax_tree, "MOST_SECONDS", 0.2)
    text = (
        b'        credentials {\n            username = "contoso"\n'
        b'            password = System.getenv("AZURE_ARTIFACTS_PAT")\n'
        + b'  ``````````````ZURE_ARTIFACTS_PAT")\n'
        * 14
    )
    with pytest.raises(ir.Unreadable, match="time"):
        lower("a.kt", text)
    assert lower("a.kt", b"val x = 1\n").body
