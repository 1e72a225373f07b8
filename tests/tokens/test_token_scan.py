"""The scanner: finds every sample where it stands, in every encoding, and stays silent about look-alikes."""

from __future__ import annotations

import base64
import hashlib
import json
import marshal
import random
import subprocess
import sys
import urllib.parse
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pat_audit.tokens import engines
from pat_audit.tokens import scan as scanning
from pat_audit.tokens.plan import make_plan
from pat_audit.tokens.samples import expand, sample
from pat_audit.tokens.scan import TokenScanner, classify, find_tokens
from pat_audit.tokens.verdict import Verdict
from pat_audit.vocabulary import CredentialKind, Shape

if TYPE_CHECKING:
    from collections.abc import Callable

Kinds = tuple[CredentialKind, ...]
RELAXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
# What no token holds and nothing decodes: any text may stand before and after it.
NUMBERS = st.integers(0, 999)  # of a shape: more than there are
SURROUNDINGS = st.text(st.sampled_from(" \n\t\"'=:,;()<>xyzé%\\#"), max_size=60).map(str.encode)


def all_shapes(kinds: Kinds) -> list[tuple[CredentialKind, Shape]]:
    return [(kind, shape) for kind in kinds for shape in kind.shapes]


def spans(tokens: list[Any]) -> list[tuple[str, int, int, tuple[str, ...]]]:
    return [(token.kind.id, token.start, token.end, token.encoded) for token in tokens]


def comparable(tokens: list[Any]) -> list[Any]:
    return [(token.kind.id, token.shape.name, token.start, token.end, token.encoded) for token in tokens]


@RELAXED
@given(number=NUMBERS, left=SURROUNDINGS, right=SURROUNDINGS)
def test_a_sample_is_found_at_its_span_in_any_surroundings(
    kinds: Kinds, scanner: TokenScanner, plain_scanner: TokenScanner, number: int, left: bytes, right: bytes
) -> None:
    kind, shape = all_shapes(kinds)[number % len(all_shapes(kinds))]
    text = sample(kind.id, shape.name, kinds).encode()
    before = left + b"\n" + (f"{shape.near[0]} = ".encode() if shape.near else b"") + b'"'
    content = before + text + b'"' + right
    found = scanner.find(content)
    assert [(token.start, token.end, token.encoded) for token in found] == [(len(before), len(before) + len(text), ())]
    assert found[0].secret.reveal().encode() == text
    assert comparable(plain_scanner.find(content)) == comparable(found)


@RELAXED
@given(
    number=NUMBERS,
    left=SURROUNDINGS,
    user=st.sampled_from(["", "a", "ab", "abc", "user.name@host", "josé"]),
)
def test_a_sample_is_found_in_base64_at_every_alignment(
    kinds: Kinds, scanner: TokenScanner, plain_scanner: TokenScanner, number: int, left: bytes, user: str
) -> None:
    kind, shape = all_shapes(kinds)[number % len(all_shapes(kinds))]
    text = sample(kind.id, shape.name, kinds)
    encoded = base64.b64encode(f"{user}:{text}".encode())
    if len(encoded.rstrip(b"=")) < 36:
        return  # shorter than any token that stands alone
    before = left + (f"\n{shape.near[0]}=".encode() if shape.near else b"\n") + b'"Basic '
    content = before + encoded + b'"'
    found = scanner.find(content)
    assert [(token.start, token.end, token.encoded) for token in found] == [
        (len(before), len(before) + len(encoded), ("base64",))
    ]
    assert found[0].secret.reveal() == text
    assert comparable(plain_scanner.find(content)) == comparable(found)


@RELAXED
@given(
    pieces=st.lists(
        st.one_of(
            st.binary(max_size=80),
            st.sampled_from(
                ["ghp_", "glpat-", "JQQJ99", "AZDO", "sonar_token", "jira", "%3D", "%2B", "\\n", ".atlasv1."]
            ).map(str.encode),
            st.integers(0, 10**6).map(lambda seed: random.Random(seed).randbytes(30).hex().encode()),
            st.integers(0, 10**6).map(lambda seed: base64.b64encode(random.Random(seed).randbytes(60))),
            st.integers(0, 90),
        ),
        max_size=12,
    )
)
def test_both_engines_find_the_same(
    kinds: Kinds, scanner: TokenScanner, plain_scanner: TokenScanner, pieces: list[bytes | int]
) -> None:
    shapes = all_shapes(kinds)
    content = b"".join(
        sample((pair := shapes[piece % len(shapes)])[0].id, pair[1].name, kinds).encode()
        if isinstance(piece, int)
        else piece
        for piece in pieces
    )
    assert comparable(scanner.find(content)) == comparable(plain_scanner.find(content))


@pytest.mark.parametrize("before", ["\\n", "\\t", "%3A", "%20", "\\u003d", "_", "é", ":", "/"])
def test_what_an_escape_puts_before_a_token_is_no_neighbour(kinds: Kinds, scanner: TokenScanner, before: str) -> None:
    for kind in ("azure-devops-pat", "azure-devops-pat-legacy", "github-pat", "npm-token"):
        text = sample(kind, None, kinds)
        found = scanner.find(f'x = "{before}{text}\\n"'.encode())
        assert [token.secret.reveal() for token in found] == [text], kind


@pytest.mark.parametrize("neighbour", ["a", "Z", "7"])
def test_a_token_inside_a_longer_word_is_none(kinds: Kinds, scanner: TokenScanner, neighbour: str) -> None:
    for kind in ("azure-devops-pat", "azure-devops-pat-legacy", "github-pat", "npm-token"):
        text = sample(kind, None, kinds)
        assert not scanner.find(f"{neighbour}{text}".encode())
        assert not scanner.find(f"{text}{neighbour}".encode())


def test_base64_within_base64_and_no_deeper(kinds: Kinds, scanner: TokenScanner) -> None:
    text = sample("azure-devops-pat", None, kinds)
    content = json.dumps({"auths": {"h": {"auth": base64.b64encode(f"u:{text}".encode()).decode()}}})
    twice = base64.b64encode(content.encode())
    assert spans(scanner.find(twice)) == [("azure-devops-pat", 0, len(twice), ("base64", "base64"))]
    assert not scanner.find(base64.b64encode(twice))


def test_two_tokens_in_one_encoded_text_are_both_found(kinds: Kinds, scanner: TokenScanner) -> None:
    both = base64.b64encode(expand("a=<<azure-devops-pat>>\nb=<<github-pat>>", kinds).encode())
    assert {token.kind.id for token in scanner.find(both)} == {"azure-devops-pat", "github-pat"}


def test_wide_text_in_base64_is_read(kinds: Kinds, scanner: TokenScanner) -> None:
    wide = base64.b64encode((":" + sample("azure-devops-pat", None, kinds)).encode("utf-16-le"))
    assert spans(scanner.find(wide)) == [("azure-devops-pat", 0, len(wide), ("base64", "utf-16"))]


@pytest.mark.parametrize(("size", "newline"), [(76, "\n"), (76, "\r\n  "), (64, "\n"), (60, "\n")])
def test_wrapped_base64_is_read(kinds: Kinds, scanner: TokenScanner, size: int, newline: str) -> None:
    whole = base64.b64encode((":" + sample("azure-devops-pat", None, kinds)).encode()).decode()
    wrapped = newline.join(whole[at : at + size] for at in range(0, len(whole), size)).encode()
    assert spans(scanner.find(wrapped)) == [("azure-devops-pat", 0, len(wrapped), ("base64",))]


def test_percent_encoding_is_read_where_it_stands(kinds: Kinds, scanner: TokenScanner) -> None:
    text = sample("atlassian-data-center-token", "BBDC-", kinds)
    quoted = urllib.parse.quote(text, safe="")
    if quoted == text:
        pytest.skip("this sample holds nothing to encode")
    content = f"https://x/?jira%20a={quoted}&b=1".encode()
    assert spans(scanner.find(content)) == [
        ("atlassian-data-center-token", content.index(quoted.encode()), content.index(b"&b"), ("percent",))
    ]


def test_a_header_in_a_url_is_read(kinds: Kinds, scanner: TokenScanner) -> None:
    content = expand("auth=Basic%20<<base64(user:azure-devops-pat-legacy)>>", kinds)
    found = scanner.find(content.encode())
    assert [token.kind.id for token in found] == ["azure-devops-pat"]


def test_a_broken_checksum_is_told_by_the_verdict(kinds: Kinds, scanner: TokenScanner) -> None:
    text = sample("azure-devops-pat", None, kinds)
    changed = text[:10] + ("a" if text[10] != "a" else "b") + text[11:]
    (found,) = scanner.find(changed.encode())
    assert (found.verdict, found.shape.unchecked) == (Verdict.INVALID, "report")
    legacy = sample("azure-devops-pat-legacy", None, kinds)
    changed = legacy[:10] + ("a" if legacy[10] != "a" else "b") + legacy[11:]
    assert not scanner.find(f"x = '{changed}'".encode())
    (found,) = scanner.find(f"azure devops: '{changed}'".encode())
    assert (found.verdict, found.shape.unchecked) == (Verdict.INVALID, "low")


def look_alikes() -> list[str]:
    rng = random.Random(7)
    image = base64.b64encode(b"\x89PNG\r\n\x1a\n" + rng.randbytes(30_000)).decode()
    hashes = [hashlib.new(name, b"x").hexdigest() for name in ("md5", "sha1", "sha256", "sha512")]
    integrity = base64.b64encode(hashlib.sha512(b"y").digest()).decode()
    bases = [base64.b32encode(rng.randbytes(size)).decode().lower().rstrip("=") for size in (20, 32, 40)]
    return [
        *hashes,
        *bases,
        "\n".join(f"  commit {rng.randbytes(20).hex()}" for _ in range(300)),
        "\n".join(f"    --hash=sha256:{rng.randbytes(32).hex()} \\" for _ in range(300)),
        str(uuid.UUID(bytes=rng.randbytes(16))),
        f'"integrity": "sha512-{integrity}"',
        f"github.com/x/y v1.0.0 h1:{base64.b64encode(rng.randbytes(32)).decode()}",
        "github.com/x/y v1.0.0 h1:abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst",
        f'src="data:image/png;base64,{image}"',
        "https://github.com/octocat/Hello-World/commit/" + hashes[1],
        "ssh-ed25519 " + base64.b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0 " + rng.randbytes(32)).decode(),
        "@octokit/auth-token/README.md npm_config_registry ghp_token glpat-token-name",
        'TOKEN = "' + "x" * 52 + '"',
        "glpat-" + "x" * 20 + " glpat-PROJECT-SPECIFIC-TOK ghp_" + "x" * 36 + " ghp_" + "0" * 36,
        "export PAT=" + "a" * 84,
        "A" * 52 + "JQQJ99BAAAAAAAAAAAAAAAAAAZDO" + "AAAA",
        "hf_" + "a" * 34 + " npm_" + "0" * 36 + " dapi" + "0123456789abcdef" * 2,
    ]


@pytest.mark.parametrize("text", look_alikes(), ids=lambda text: text[:24])
def test_look_alikes_are_silent(scanner: TokenScanner, plain_scanner: TokenScanner, text: str) -> None:
    for each in (text, f'"{text}"', base64.b64encode(text.encode()).decode()):
        assert not scanner.find(each.encode())
    assert not plain_scanner.find(text.encode())


def test_near_words_count_on_the_line_and_two_above(kinds: Kinds, scanner: TokenScanner) -> None:
    text = sample("sonar-token", "40 hexadecimal digits", kinds)
    assert scanner.find(f"sonar_token:\n\n{text}".encode())
    assert not scanner.find(f"sonar_token:\n\n\n{text}".encode())
    assert not scanner.find(f"sonar_token: {' ' * 100}{text}".encode())
    assert not scanner.find(f"{text} # sonar_token".encode())


def test_classify_wants_the_whole_text(kinds: Kinds) -> None:
    text = sample("azure-devops-pat", None, kinds)
    encoded = base64.b64encode(f"user:{text}".encode()).decode()
    for whole in (
        text,
        f" {text}\n",
        f":{text}",
        f"user:{text}",
        encoded,
        f"Basic {encoded}",
        encoded.rstrip("="),
    ):
        found = classify(whole, kinds)
        assert found is not None
        assert found.kind.id == "azure-devops-pat"
        assert found.secret.reveal() == text
    for part in (f"my {text}", f"{text} is it", f"https://{text}@dev.azure.com/", "", "user:", "Basic "):
        assert classify(part, kinds) is None


def test_classify_reads_percent_encoding(kinds: Kinds) -> None:
    text = sample("azure-devops-pat", None, kinds)
    found = classify("user%3A" + text, kinds)
    assert found is not None
    assert found.secret.reveal() == text


def test_a_kept_scanner_finds_the_same(kinds: Kinds, scanner: TokenScanner) -> None:
    content = expand("a <<azure-devops-pat>> b <<base64(u:npm-token)>>", kinds).encode()
    kept = TokenScanner.deserialize(kinds, scanner.serialize())
    assert comparable(kept.find(content)) == comparable(scanner.find(content)) != []


@pytest.mark.parametrize("junk", [b"", b"junk", b"\0" * 40])
def test_a_spoiled_scanner_is_made_anew(kinds: Kinds, junk: bytes) -> None:
    text = sample("github-pat", None, kinds).encode()
    assert TokenScanner.deserialize(kinds, junk).find(text)


def test_a_scanner_kept_for_other_kinds_is_made_anew(kinds: Kinds, scanner: TokenScanner) -> None:
    others = tuple(kind for kind in kinds if kind.id != "github-pat")
    other = TokenScanner.deserialize(others, scanner.serialize())
    assert not other.find(sample("github-pat", None, kinds).encode())
    assert other.find(sample("npm-token", None, kinds).encode())


def test_a_wrong_check_or_pattern_is_named() -> None:
    def kind(**changes: Any) -> list[CredentialKind]:
        shape = Shape(**{"name": "s", "pattern": "abc[0-9]{9}", "keywords": ("abc",), **changes})
        return [CredentialKind("k", "K", "any", "pat", shapes=(shape,))]

    with pytest.raises(ValueError, match="no check 'nonsense'"):
        TokenScanner(kind(check="nonsense"))
    with pytest.raises(ValueError, match="upper bound"):
        TokenScanner(kind(pattern="abc[0-9]+"))
    assert TokenScanner(kind()).find(b"abc502938471")


def test_a_shape_without_any_tell_is_found_too() -> None:
    shape = Shape("s", "[0-9]{4}-[a-z]{12}", keywords=("",))
    kinds = (CredentialKind("k", "K", "any", "pat", shapes=(shape,)),)
    content = b"x " * 50 + b"4829-qkzvwtrbnmxp " + b"y" * 100
    for engine in ("hyperscan", "re"):
        found = TokenScanner(kinds, engine=engine).find(content)
        assert [(token.start, token.end) for token in found] == [(100, 117)]


def test_work_grows_no_faster_than_the_text(scanner: TokenScanner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts the bytes that the engine is given: for twice the text about twice as many."""
    read = 0
    engine: Any = scanner._started()
    first_run, places = engine._first_run, engine.places

    def counted_run(piece: bytes) -> Any:
        nonlocal read
        read += len(piece)
        return first_run(piece)

    def counted_places(data: bytes) -> Any:
        nonlocal read
        read += len(data)
        return places(data)

    monkeypatch.setattr(engine, "_first_run", counted_run)
    monkeypatch.setattr(engine, "places", counted_places)
    rng = random.Random(3)
    lines: dict[str, Callable[[], str]] = {
        "hashes": lambda: rng.randbytes(32).hex() + "\n",
        "letters": lambda: "a" * 100,
        "padding": lambda: "=" * 100,
        "urls": lambda: "https://",
        "escapes": lambda: "A%3D ",
        "wrapped": lambda: "QUJD" * 19 + "\n",
        "base64": lambda: base64.b64encode(rng.randbytes(75)).decode(),
    }
    for name, line in lines.items():
        sizes = []
        for count in (500, 2000):
            read = 0
            scanner.find("".join(line() for _ in range(count)).encode())
            sizes.append(read)
        assert sizes[1] < sizes[0] * 5 + 100_000, name


def test_importing_is_cheap() -> None:
    code = "import sys, pat_audit.tokens.scan; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    for heavy in ("hyperscan", "yaml", "json", "hashlib", "base64", "random"):
        assert heavy not in loaded


def test_without_hyperscan_the_standard_library_searches(kinds: Kinds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "hyperscan_version", lambda: "")
    text = sample("github-pat", None, kinds)
    fresh = TokenScanner(kinds)
    assert [token.secret.reveal() for token in fresh.find(text.encode())] == [text]
    assert TokenScanner.deserialize(kinds, fresh.serialize()).find(text.encode())
    with pytest.raises(RuntimeError):
        TokenScanner(kinds, engine="hyperscan").find(b"")


def test_no_secret_is_in_the_text_of_a_token(kinds: Kinds) -> None:
    text = sample("azure-devops-pat", None, kinds)
    (found,) = find_tokens(text.encode(), kinds)
    assert text not in repr(found)
    assert text[:12] not in str(found)


def test_a_kept_scanner_makes_nothing_anew(kinds: Kinds, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = TokenScanner(kinds).serialize()
    handed: list[object] = []

    class Engine(engines.HyperscanEngine):
        def __init__(self, lookups: Any, blobs: Any = None) -> None:
            handed.append(blobs)
            super().__init__(lookups, blobs)

    def never(kinds: object) -> Any:
        raise AssertionError("a plan is made")

    monkeypatch.setattr(engines, "HyperscanEngine", Engine)
    monkeypatch.setattr("pat_audit.tokens.scan.make_plan", never)
    again = TokenScanner.deserialize(kinds, kept)
    assert [token.kind.id for token in again.find(sample("github-pat", None, kinds).encode())] == ["github-pat"]
    (blobs,) = handed
    assert blobs == marshal.loads(kept)[4] != None  # noqa: E711 - both are there
    monkeypatch.setattr(engines, "hyperscan_version", lambda: "another")
    TokenScanner.deserialize(kinds, kept).find(b"x")
    assert handed == [blobs, None]


@pytest.mark.parametrize("place", [0, 2])
def test_a_scanner_that_was_kept_otherwise_is_made_anew(
    kinds: Kinds, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    made: list[object] = []

    def counted(kinds: Any) -> Any:
        made.append(kinds)
        return make_plan(kinds)

    kept = list(marshal.loads(TokenScanner(kinds).serialize()))
    kept[place] = [*kept[place][1:]] if place else kept[place] + 1
    monkeypatch.setattr("pat_audit.tokens.scan.make_plan", counted)
    text = sample("github-pat", None, kinds)
    found = TokenScanner.deserialize(kinds, marshal.dumps(tuple(kept))).classify(text)
    assert made == [kinds]
    assert found is not None
    assert found.kind.id == "github-pat"


def test_a_scanner_without_hyperscan_is_kept_as_well(kinds: Kinds) -> None:
    kept = TokenScanner(kinds, engine="re").serialize()
    assert marshal.loads(kept)[1::3] == ("", None)
    found = TokenScanner.deserialize(kinds, kept).classify(sample("github-pat", None, kinds))
    assert found is not None


def test_what_a_whole_text_says(kinds: Kinds) -> None:
    scanner = TokenScanner(kinds)
    text = sample("azure-devops-pat", None, kinds)
    once = base64.b64encode(f":{text}".encode()).decode()
    twice = base64.b64encode(once.encode()).decode()
    percent = "".join(f"%{ord(letter):02X}" for letter in f"me:{text}")
    for whole, encoded in (
        (text, ()),
        (f"me:{text}", ()),
        (f"{text}:", ()),
        (f"  {text}\n", ()),
        (once, ("base64",)),
        (f"Basic  {once}", ("base64",)),
        (f"bASIC {once}", ("base64",)),
        (twice, ("base64", "base64")),
        (percent, ("percent",)),
    ):
        found = scanner.classify(whole)
        assert found is not None
        data = whole.strip()
        data = data[6:].strip() if data.lower().startswith("basic") else data
        assert (found.encoded, found.secret.reveal()) == (encoded, text)
        assert (found.start, found.end) == (
            (0, len(data)) if encoded else (data.index(text), len(text) + data.index(text))
        )
    deeper = base64.b64encode(twice.encode()).decode()
    for none in (deeper, f"a:b:{text}", f"x{text}:", f"{text}:x", f"me {text}", "\ud800", "", f"me-{text}"):
        assert scanner.classify(none) is None


def test_a_scanner_is_made_once_for_the_same_kinds(kinds: Kinds) -> None:
    assert scanning.scanner_for(kinds) is scanning.scanner_for(kinds)
    others = (*kinds,)[:-1]
    assert scanning.scanner_for(others) is not scanning.scanner_for(kinds)


RANDOM, COUNTING = "wqq7Lw3k9mR2xVt9pZ4s", "wqq7Lwabcdefgh9pZ4s8"
OF_TWO: dict[str, tuple[dict[str, Any], str]] = {
    "no word near": ({"near": ("password",)}, RANDOM),
    "a name that it must not have": ({"unless": ("other",)}, RANDOM),
    "a check that fails": ({"check": "jwt", "unchecked": "silent"}, RANDOM),
    "too little chance": ({"minimum_entropy": 4.5}, RANDOM),
    "made by hand": ({"unchecked": "low"}, COUNTING),
}


@pytest.mark.parametrize("wanted", OF_TWO)
def test_a_shape_that_does_not_fit_hides_no_other_of_the_same_pattern(wanted: str) -> None:
    changes, letters = OF_TWO[wanted]
    pattern = {"name": "s", "pattern": "zz_[A-Za-z0-9]{20}", "keywords": ("zz_",)}
    kinds = [
        CredentialKind("k", "K", "any", "pat", shapes=(Shape(**{**pattern, **changes}),)),
        CredentialKind("l", "L", "any", "pat", shapes=(Shape(**pattern, unchecked="report"),)),  # type: ignore[arg-type]
    ]
    text = f"other = zz_{letters}".encode()
    assert [token.kind.id for token in TokenScanner(kinds).find(text)] == ["l"]
    assert TokenScanner(kinds[:1]).find(text) == []


def test_what_a_check_says_is_kept(scanner: TokenScanner, kinds: Kinds) -> None:
    (token,) = scanner.find(sample("azure-devops-pat", None, kinds).encode())
    assert token.detail.startswith("access key, issued ")


def test_a_missing_engine_is_named(kinds: Kinds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "hyperscan_version", lambda: "")
    with pytest.raises(RuntimeError, match=r"^hyperscan is not installed$"):
        TokenScanner(kinds, engine="hyperscan").find(b"x")
