"""What counts as found, as a token that could be real and as a wrong hit; and that no page shows a case's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.peer_suites.__main__ import SUITES
from benchmarks.peer_suites.case import Case
from benchmarks.peer_suites.counting import count
from benchmarks.peer_suites.families import Families, load
from benchmarks.peer_suites.reasons import Looks, looks
from benchmarks.peer_suites.table import document
from pat_audit.catalogue import Catalogue, load_catalogue
from pat_audit.tokens.samples import sample

if TYPE_CHECKING:
    from pathlib import Path

FILLER = "glpat-xxxxxxxxxxxxxxxxxxxx"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(plugins=False)


def forged(token: str) -> str:
    return token[:-3] + "".join("abc"[number] if token[-3 + number] != "abc"[number] else "d" for number in range(3))


def cases() -> list[Case]:
    token, deploy = sample("github-pat"), sample("gitlab-deploy-token")
    return [
        Case("github-pat", "a:1", True, f"t = {token}"),
        Case("github-pat", "a:2", True, f"t = {forged(token)}"),
        Case("github-pat", "a:3", True, f"first\n\n\n\nt = {token}", lines=(1, 1)),
        Case("github-pat", "a:4", False, f"t = {forged(token)}"),
        Case("github-pat", "a:5", False, f"t = {deploy}"),  # a token, of another family
        Case("gitlab-pat", "a:6", True, FILLER),
        Case("gitlab-pat", "a:7", False, f"t = {deploy}"),
        Case("github client id", "a:8", True, "an id"),
        Case("acme", "a:9", True, "t = acme"),
    ]


def test_counts(catalogue: Catalogue) -> None:
    counts, outcomes = count("peer", cases(), load(), catalogue)
    github, gitlab = counts["github"], counts["gitlab"]
    assert (github.cases, github.found, github.real, github.found_of_real) == (3, 2, 2, 1)
    assert dict(github.missed) == {"a gap": 1}
    assert (github.negatives, github.hits, github.notes, github.wrong) == (2, 1, 1, 0)
    assert (gitlab.cases, gitlab.found, gitlab.real, gitlab.negatives, gitlab.wrong) == (1, 0, 0, 1, 1)
    assert [one.case.where for one in outcomes if one.counts] == ["a:3", "a:7"]


def test_a_person_says_why(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "families.yaml"
    path.write_text(
        """
        families:
          - {family: gitlab, labels: [gitlab], providers: [gitlab]}
          - {family: github, labels: [github], providers: [github]}
        judgements:
          - {of: missed, peer: peer, family: github, where: "a:3", why: a reason}
          - {of: hit, peer: other, family: gitlab, why: not this one}
          - {of: hit, peer: peer, family: any, why: another rule's}
        """,
        encoding="utf-8",
    )
    counts, _ = count("peer", cases(), load(path), catalogue)
    assert dict(counts["github"].missed) == {"a reason": 1, "a gap": 1}  # the client id is a case here
    assert counts["github"].real == 2
    assert dict(counts["gitlab"].hit) == {"another rule's": 1}
    assert counts["gitlab"].wrong == 0


def test_a_page_shows_numbers_and_no_text(catalogue: Catalogue) -> None:
    families: Families = load()
    counts, _ = count("peer", cases(), families, catalogue)
    page = document({"peer": counts, "own": {}}, ["own"], {"peer": cases(), "own": cases()}, families, "# Title")
    assert "| github | 3 | 2 | 2 | 1 | 🔴 0.50 | 2 | 1 (1 notes) | 0 | 1 missed: a gap; 1 hit: a note" in page
    assert "| peer | github client id | 1 | a name and no secret |" in page
    assert "| peer | 1 others | 1 |" in page
    assert sample("github-pat") not in page
    assert FILLER not in page


def test_what_a_text_looks_like(catalogue: Catalogue) -> None:
    token = sample("github-pat")
    digits = "9c1b7e02d4f85a6630bd2e7719fa4c58d06b3e12"
    for text, expected in {
        token: Looks.VALID,
        token + "a": Looks.JOINED,
        forged(token): Looks.FORGED,
        f"github_token = {digits}": Looks.PLAUSIBLE,
        f"name = {digits}": Looks.FAR,
        "ghp_" + "0" * 36: Looks.FILLER,
        "nothing": Looks.OTHER,
    }.items():
        kinds = [kind for kind in catalogue.credentials if kind.provider == "github"]
        assert looks(text, kinds) is expected, expected


def test_every_family_is_of_providers_and_rules_that_there_are(catalogue: Catalogue) -> None:
    providers = {kind.provider for kind in catalogue.credentials}
    rules = {rule.id for rule in catalogue.rules}
    families = load()
    names = {family.name for family in families.families} | {"any"}
    for family in families.families:
        assert family.providers <= providers
        assert family.rules <= rules
        assert family.providers or family.rules
    for judgement in families.judgements:
        assert judgement.family in names, judgement.why
        assert any(judgement.peers.search(peer) for peer in SUITES), judgement.why
