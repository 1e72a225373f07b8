"""The prefilter lets pass whatever any rule could find, with hyperscan and without."""

from __future__ import annotations

import base64
import pickle
import random
from pathlib import Path

import pytest

from pat_audit.anchor_search import HyperscanSearch, PlainSearch, compile_anchors, pack_anchors
from pat_audit.anchors import derive
from pat_audit.catalogue import Catalogue, load_catalogue
from pat_audit.example_marks import without_marks
from pat_audit.languages.known import language_of
from pat_audit.prefilter import Prefilter
from pat_audit.rules_check import ExampleCase, cases_of
from pat_audit.tokens.samples import expand, sample
from pat_audit.tokens.scan import TokenScanner
from pat_audit.tokens.urls import find_url_credentials

CATALOGUE = load_catalogue(plugins=False)
PREFILTER = Prefilter(CATALOGUE, cache=False)
SCANNER = TokenScanner(CATALOGUE.credentials)
PLAIN = Prefilter(CATALOGUE, 0, cache=False)


BAD = [case for rule in CATALOGUE.rules for case in cases_of(rule) if case.kind == "bad"]
BAD_TEXTS = [expand(without_marks(text)).encode() for case in BAD for text in case.files.values()]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.id)
@pytest.mark.parametrize("prefilter", [PREFILTER, PLAIN], ids=["hyperscan", "re"])
def test_every_bad_example_passes(case: ExampleCase, prefilter: Prefilter) -> None:
    texts = {name: expand(without_marks(text)).encode() for name, text in case.files.items()}
    verdicts = [
        prefilter.look(text, language_of(name, text), prefilter.formats_of(name)) for name, text in texts.items()
    ]
    assert any(each.tokens or each.urls or each.program for each in verdicts if each is not None)


SHAPES = [
    (kind.id, shape.name)
    for kind in CATALOGUE.credentials
    for shape in kind.shapes
    if shape.unchecked != "silent" or shape.check
]


@pytest.mark.parametrize(("kind", "shape"), SHAPES, ids=[f"{kind}-{shape}" for kind, shape in SHAPES])
@pytest.mark.parametrize("prefilter", [PREFILTER, PLAIN], ids=["hyperscan", "re"])
def test_every_token_passes_written_and_encoded(kind: str, shape: str, prefilter: Prefilter) -> None:
    token = sample(kind, shape)
    (row,) = [row for each in CATALOGUE.credentials if each.id == kind for row in each.shapes if row.name == shape]
    near = f"{row.near[0]} " if row.near else ""
    forms = [f"{near}x = '{token}'\n".encode(), f"{near}{token}".encode()]
    for user in ("", "me:", "jürgen:", ":"):
        for text in (user + token, f"{user}{token}:"):
            for encoded in (base64.b64encode(text.encode()), base64.b64encode(text.encode("utf-16-le"))):
                forms.append(f"{near}header: ".encode() + encoded + b"\n")
    for form in forms:
        verdict = prefilter.look(form)
        assert (verdict is not None and verdict.tokens) or not SCANNER.find(form)


@pytest.mark.parametrize(
    "text",
    [
        "git clone https://user:s3cr3tpassword@dev.azure.com/o/p",
        "url = https://${{ secrets.A / b }}:x@host/",
        "https://user:" + "a1b2" * 700 + "@host.net",
        "postgres://a:b@c",
    ],
)
def test_every_credential_in_a_url_passes(text: str) -> None:
    assert find_url_credentials(text.encode())
    for prefilter in (PREFILTER, PLAIN):
        verdict = prefilter.look(text.encode())
        assert verdict is not None
        assert verdict.urls


@pytest.mark.parametrize(
    "text",
    [
        'requests.get(url, auth=("", token()))',
        "session.auth = creds()",
        'headers = {"Authorization": "Basic " + encode(x)}',
        'header = f"Basic {encode(x)}"',
        "import base64\nraw = base64.b64encode(credentials)",
        'os.environ["ADO_PAT"]',
        "def f(pat): pass",
        "my_pat = load()",
        "adoPat = load()",
        "azdo_token = load()",
        'url = f"https://{user()}@{HOST}/x"',
        'host = user() + "@dev.azure.com"',
        'requests.get("https://dev.azure.com/o/_apis/x", headers=other.make())',
    ],
)
def test_a_file_that_has_its_evidence_elsewhere_passes_by_itself(text: str) -> None:
    assert PREFILTER.possibly_signs_in(text.encode(), "python")
    assert PLAIN.possibly_signs_in(text.encode(), "python")
    assert PREFILTER.possibly_evidence((text + "\n#" + " x" * 5000).encode(), "python")


@pytest.mark.parametrize(
    "text",
    [
        "import os\npath = os.path.join(pattern, patch)\nCOMPAT = 1\n",
        "# basic usage: see https://example.org/basics\n",
        "def token(self): return self.tokens[self.position]\n",
        "digest = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'\n",
        "integrity: sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==\n",
    ],
)
def test_a_file_without_evidence_costs_no_more_than_the_look(text: str) -> None:
    assert PREFILTER.look(text.encode(), "python") is None
    assert PLAIN.look(text.encode(), "python") is None


def test_what_encodes_only_somebody_elses_value_is_evidence_alone() -> None:
    text = "import base64\ndef packed(pair): return base64.b64encode(pair)\n#" + " x" * 5000
    for prefilter in (PREFILTER, PLAIN):
        assert not prefilter.possibly_signs_in(text.encode(), "python")
        assert prefilter.possibly_evidence(text.encode(), "python")


def test_an_option_counts_below_its_subcommand() -> None:
    assert PREFILTER.possibly_signs_in(b"dotnet nuget add source $url -p $x", "bash")
    assert PREFILTER.possibly_signs_in(b"set -- dotnet nuget\nset -- $@ add source -p $x", "bash")
    assert not PREFILTER.possibly_signs_in(b"dotnet build -property:X=$x && nuget restore", "bash")


def test_what_is_no_program_is_searched_for_less() -> None:
    assert PREFILTER.look(b'auth=("", pat)') is None
    token = sample("azure-devops-pat").encode()
    for text in (token, b"https://me:secret@host", b"# pat-audit: ignore[PAT101] x"):
        whole = PREFILTER.look(text, "python")
        assert whole is not None
        assert PREFILTER.look(text) == whole._replace(program=False)
        assert PLAIN.look(text) == whole._replace(program=False)


def test_a_comment_that_suppresses_is_seen() -> None:
    verdict = PREFILTER.look(b"x = 1  # Pat-Audit: ignore[PAT101] why\n")
    assert verdict is not None
    assert verdict.markers


def test_both_engines_agree_on_everything() -> None:
    anchors = derive(CATALOGUE)
    chance = random.Random(7)
    pieces = list(BAD_TEXTS)
    pieces += [path.read_bytes() for path in sorted(Path(__file__).parent.parent.rglob("*.py"))][:80]
    words = [word for text in pieces for word in text.split()]
    for _ in range(200):
        pieces.append(b" ".join(chance.choices(words, k=40)))
        pieces.append(bytes(chance.choices(range(256), k=400)))
    for table in (anchors.cheap, anchors.exact):
        quick = HyperscanSearch(compile_anchors(table))
        slow = PlainSearch(pack_anchors(table))
        for piece in pieces:
            assert quick.hits(piece) == slow.hits(piece)


def test_needles_stand_in_every_match() -> None:
    import re

    for table in (derive(CATALOGUE).cheap, derive(CATALOGUE).exact):
        for anchor in table:
            pattern = re.compile(anchor.pattern.encode(), re.IGNORECASE if anchor.caseless else 0)
            for text in BAD_TEXTS:
                for match in pattern.finditer(text):
                    found = match.group().lower()
                    assert not anchor.needles or any(needle.encode() in found for needle in anchor.needles)


def test_a_second_run_reads_what_the_first_one_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = Prefilter(CATALOGUE)
    (kept,) = tmp_path.glob("pat-audit/prefilter-hyperscan-*")
    assert kept.is_file()
    monkeypatch.setattr("pat_audit.anchors.derive", None)
    second = Prefilter(CATALOGUE)
    text = b'auth=("", pat)'
    assert first.look(text, "python") == second.look(text, "python")


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"\x00" * 100])
def test_a_damaged_cache_is_made_anew(damage: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    Prefilter(CATALOGUE)
    (kept,) = tmp_path.glob("pat-audit/prefilter-hyperscan-*")
    kept.write_bytes(damage + kept.read_bytes()[len(damage) : len(damage) * 2])
    assert Prefilter(CATALOGUE).possibly_signs_in(b'auth=("", pat)', "python")


def test_another_catalogue_has_other_anchors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    Prefilter(CATALOGUE)
    assert not Prefilter(Catalogue()).possibly_signs_in(b"azdo_pat = 1", "python")


def test_without_hyperscan_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pat_audit.prefilter.hyperscan_version", lambda: "")
    assert Prefilter(CATALOGUE, cache=False).possibly_signs_in(b'auth=("", pat)', "python")


@pytest.mark.parametrize("prefilter", [PREFILTER, PLAIN], ids=["hyperscan", "re"])
def test_it_travels_to_a_worker_that_is_started_afresh(prefilter: Prefilter) -> None:
    other = pickle.loads(pickle.dumps(prefilter))
    for text in BAD_TEXTS[:50]:
        assert other.look(text, "python") == prefilter.look(text, "python")
