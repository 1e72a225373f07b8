"""Whether a helper, its caller or the encoding is the place to mend, by acts and what was judged of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from pat_audit.evidence import Evidence
from pat_audit.facts import Judgement
from pat_audit.flow.combining import concatenate, join
from pat_audit.flow.observation import Act, Observation
from pat_audit.flow.values import Auth, Container, Encoded, Parameter, Site, Source, Text, Value
from pat_audit.mending import FEW, MOST_WAYS, Mending, Users, encodings, in_order
from pat_audit.model import Confidence, Finding, Location, Severity

if TYPE_CHECKING:
    from pat_audit.vocabulary import Service

HELPER, CALL, OUTER, INNER = Site("lib.py", 10, 20), Site("a.py", 30, 40), Site("a.py", 50, 60), Site("lib.py", 12, 14)
PAT = Source("environment", "ADO_PAT", Site("a.py", 0, 1))
SEVERITIES = {"e": Severity.ERROR, "w": Severity.WARNING, "n": Severity.NOTE}


def known(origin: str = "environment", name: str = "ADO_PAT", site: Site | None = None) -> Evidence:
    """A credential of this origin."""
    return Evidence("pat", None, origin, name, site)


def of(act: Observation, evidence: Evidence | None = None, url: str | None = None, service: str = "") -> Judgement:
    """What was judged of an act."""
    named = cast("Service", Named(service)) if service else None
    return Judgement({}, evidence or known(), named, None, None, url, act, act.value)


class Named:
    """A service of which only the id counts."""

    def __init__(self, name: str) -> None:
        self.id = name


def act(name: Act = "client", calls: tuple[Site, ...] = (), value: Value | None = None, **more: Any) -> Observation:
    """An act in a helper."""
    return Observation(name, more.pop("site", HELPER), value, more.pop("scope", 0), calls=calls, **more)


def found(severity: str = "w", line: int = 1, confidence: Confidence = Confidence.HIGH) -> Finding:
    """A finding in the helper."""
    return Finding("AB101", "x", "c", SEVERITIES[severity], confidence, "m", Location("lib.py", line, 1, line, 2))


def nothing_alone(_: Observation) -> list[tuple[Judgement, Finding | None]]:
    """A helper that gives nothing to report by itself."""
    return []


def locate(site: Site) -> Location | None:
    """A line for each byte; files called `gone` are gone."""
    return None if "gone" in site.path else Location(site.path, site.start, 1, site.start, 2)


def handed(mending: Mending) -> list[str]:
    """The findings that callers answer for: file, line and severity."""
    return [f"{each.path}:{each.location.line} {each.severity}" for each in mending.handed_over(locate)]


def header(encoded: Value) -> Text:
    """`Basic` and what is encoded."""
    return concatenate([Text(("Basic ",)), encoded], HELPER)


@pytest.mark.parametrize("name", ["url", "header", "encode", "client"])
def test_what_a_caller_hands_to_a_helper_is_reported_at_the_caller(name: Act) -> None:
    mending = Mending()
    one = act(name, (CALL,), PAT)
    assert not mending.is_here(one, of(one), found(), nothing_alone)
    assert handed(mending) == ["lib.py:1 note", "a.py:30 warning"]


@pytest.mark.parametrize("name", ["read", "request", "command"])
def test_what_makes_nothing_stays_where_it_is(name: Act) -> None:
    mending = Mending()
    one = act(name, (CALL,))
    assert mending.is_here(one, of(one), found(), nothing_alone)
    assert handed(mending) == []


def test_what_no_caller_fills_in_stays_and_quiets_callers_that_make_it_no_worse() -> None:
    mending = Mending()
    alone, same, worse = act(), act(calls=(CALL,)), act(calls=(OUTER,))
    assert mending.is_here(alone, of(alone), found("w"), nothing_alone)
    assert mending.is_here(same, of(same), found("w"), nothing_alone)
    assert not mending.is_here(worse, of(worse), found("e"), nothing_alone)
    assert handed(mending) == ["lib.py:1 note", "a.py:50 error"]


@pytest.mark.parametrize("other", [{"name": "url"}, {"site": Site("lib.py", 99, 100)}])
def test_another_act_or_place_quiets_no_caller(other: dict[str, Any]) -> None:
    mending = Mending()
    alone, one = act(**other), act(calls=(CALL,))
    assert mending.is_here(alone, of(alone), found("e"), nothing_alone)
    assert not mending.is_here(one, of(one), found("n"), nothing_alone)


@pytest.mark.parametrize(
    ("before", "judged", "here"),
    [
        ([], known(), False),
        ([(known(), None)], known(), True),  # the helper's own credential
        ([(known("parameter"), None)], known("parameter"), True),
        ([(known("attribute"), None)], known("attribute"), False),
        ([(known("unknown"), None)], known("unknown"), False),
        ([(known(name="OTHER"), None)], known(), False),
        ([(known(site=CALL), None)], known(), False),
        ([(known("option"), None)], known(), False),
        ([(known(name="OTHER"), None), (known(), None)], known(), True),
        ([(known(name="OTHER"), found("n"))], known(), False),
        ([(known(name="OTHER"), found("n")), (known("parameter"), found("w"))], known(), True),
    ],
)
def test_what_a_helper_is_by_itself_counts(
    before: list[tuple[Evidence, Finding | None]], judged: Evidence, here: bool
) -> None:
    mending = Mending()
    asked: list[Observation] = []
    root = act()

    def alone(observation: Observation) -> list[tuple[Judgement, Finding | None]]:
        asked.append(observation)
        return [(of(root, evidence), finding) for evidence, finding in before]

    for call in (CALL, OUTER):
        one = act(calls=(call,), root=root)
        assert mending.is_here(one, of(one, judged), found("w"), alone) is here
    assert asked == [root]  # its callers share it


def test_a_note_is_the_callers_where_the_helper_gives_nothing() -> None:
    mending = Mending()
    for one in (act(calls=(CALL,), root=act()), act("url", (CALL,))):
        assert not mending.is_here(one, of(one), found("n"), nothing_alone)


@pytest.mark.parametrize(("reported", "here"), [(True, True), (False, False)])
def test_what_was_noted_of_the_helper_before_stays(reported: bool, here: bool) -> None:
    mending = Mending()
    root = act()
    if reported:
        assert mending.is_here(root, of(root), found("w"), nothing_alone)
    one = act(calls=(CALL,), root=root)
    assert mending.is_here(one, of(one), found("w"), nothing_alone) is here


def test_each_helper_is_asked_for_itself() -> None:
    mending = Mending()
    own, other = act(), act(site=Site("lib.py", 70, 80))
    for root, here in ((own, True), (other, False)):
        one = act(calls=(CALL,), root=root, site=root.site)
        before = [(of(root), None)] if root is own else []
        assert mending.is_here(one, of(one), found(), lambda _, before=before: before) is here  # type: ignore[misc]


def test_a_caller_of_a_caller_is_quiet_where_the_one_between_was_reported() -> None:
    mending = Mending()
    inner, outer, beside = act(calls=(CALL,)), act(calls=(CALL, OUTER)), act("url", (CALL, OUTER))
    assert not mending.is_here(inner, of(inner), found("w"), nothing_alone)
    assert not mending.is_here(outer, of(outer), found("w"), nothing_alone)
    assert not mending.is_here(beside, of(beside), found("w"), nothing_alone)
    assert handed(mending) == ["lib.py:1 note", "a.py:30 warning", "lib.py:1 note", "a.py:50 warning"]


def test_a_caller_of_a_caller_that_makes_it_worse_is_reported() -> None:
    mending = Mending()
    inner, outer = act(calls=(CALL,)), act(calls=(CALL, OUTER))
    assert not mending.is_here(inner, of(inner), found("w"), nothing_alone)
    assert not mending.is_here(outer, of(outer), found("e"), nothing_alone)
    assert handed(mending) == ["lib.py:1 note", "a.py:30 warning", "a.py:50 error"]


def test_of_several_calls_the_last_answers_unless_one_between_did() -> None:
    mending = Mending()
    middle = act(calls=(INNER, CALL))
    assert not mending.is_here(middle, of(middle), found("w"), nothing_alone)
    outer = act(calls=(INNER, CALL, OUTER))
    assert not mending.is_here(outer, of(outer), found("w"), nothing_alone)
    assert handed(mending) == ["lib.py:1 note", "a.py:30 warning"]


def test_a_call_that_hands_over_to_two_helpers_is_told_of_both() -> None:
    mending = Mending()
    for site in (HELPER, INNER):
        one = act(calls=(CALL,), site=site)
        assert not mending.is_here(one, of(one), found("w"), nothing_alone)
    assert handed(mending) == ["lib.py:1 note", "a.py:30 warning"] * 2


def test_the_worst_that_was_noted_of_a_place_counts() -> None:
    mending = Mending()
    for severity in ("e", "n"):
        alone = act()
        assert mending.is_here(alone, of(alone), found(severity), nothing_alone)
    one = act(calls=(CALL,))
    assert mending.is_here(one, of(one), found("w"), nothing_alone)


def test_a_client_of_what_a_header_encodes_is_still_its_callers() -> None:
    mending = Mending()
    client, around = act("client", (CALL,), ENCODED), act("header", value=header(ENCODED), site=OUTER)
    assert not mending.is_here(client, of(client), found("w"), nothing_alone)
    assert mending.is_here(around, of(around), found("w"), nothing_alone)
    assert handed(mending) == ["lib.py:1 note", "a.py:30 warning"]


def test_one_caller_says_the_same_act_once() -> None:
    mending = Mending()
    for severity in ("w", "e"):
        one = act(calls=(CALL,))
        assert not mending.is_here(one, of(one), found(severity), nothing_alone)
    assert handed(mending) == ["lib.py:1 note", "a.py:30 warning"]


@pytest.mark.parametrize(("callers", "lines"), [(FEW, FEW + 1), (FEW + 1, 1)])
def test_many_callers_are_reported_at_the_helper(callers: int, lines: int) -> None:
    mending = Mending()
    for number in range(callers):
        one = act(calls=(Site("a.py", 100 + number, 200),))
        assert not mending.is_here(one, of(one), found("w"), nothing_alone)
    few = act("url", (CALL,))
    assert not mending.is_here(few, of(few), found("e"), nothing_alone)
    said = handed(mending)
    assert len(said) == lines + 2  # another helper's callers are counted for themselves
    assert said[0] == ("lib.py:1 note" if callers == FEW else "lib.py:1 warning")
    assert said[-1] == "a.py:30 error"


@pytest.mark.parametrize(
    ("call", "confidence", "said"),
    [
        (Site("tests/test_a.py", 3, 4), Confidence.HIGH, ["lib.py:1 note", "tests/test_a.py:3 note"]),
        (CALL, Confidence.LOW, ["lib.py:1 note", "a.py:30 note"]),
        (CALL, Confidence.MEDIUM, ["lib.py:1 note", "a.py:30 error"]),
        (Site("gone.py", 3, 4), Confidence.HIGH, ["lib.py:1 note"]),
    ],
)
def test_what_a_test_or_a_guess_hands_over_is_a_note(call: Site, confidence: Confidence, said: list[str]) -> None:
    mending = Mending()
    one = act(calls=(call,))
    assert not mending.is_here(one, of(one), found("e", confidence=confidence), nothing_alone)
    assert handed(mending) == said


ENCODED = Encoded("base64", PAT, INNER)


@pytest.mark.parametrize(("inner", "outer", "here"), [("w", "w", True), ("w", "e", False), ("e", "w", True)])
def test_a_header_is_quiet_where_what_it_encodes_was_reported(inner: str, outer: str, here: bool) -> None:
    mending = Mending()
    encoding, one = act("encode", value=ENCODED, site=INNER), act("header", (CALL,), header(ENCODED))
    assert mending.is_here(encoding, of(encoding), found(inner), nothing_alone)
    assert mending.is_here(one, of(one), found(outer), nothing_alone) is here


def test_another_act_at_the_place_of_the_encoding_quiets_no_header() -> None:
    mending = Mending()
    other, one = act("client", site=INNER), act("header", (CALL,), header(ENCODED))
    assert mending.is_here(other, of(other), found("e"), nothing_alone)
    assert not mending.is_here(one, of(one), found("w"), nothing_alone)


@pytest.mark.parametrize(("headed", "said"), [(True, ["lib.py:1 note"]), (False, ["lib.py:1 note", "a.py:30 warning"])])
def test_an_encoding_that_its_caller_puts_into_a_header_is_said_by_the_header(headed: bool, said: list[str]) -> None:
    mending = Mending()
    one = act("encode", (CALL,), ENCODED, site=INNER)
    assert not mending.is_here(one, of(one), found(), nothing_alone)
    around = act("header" if headed else "client", value=header(ENCODED), site=OUTER)
    assert mending.is_here(around, of(around), found(), nothing_alone)
    assert handed(mending) == said


def test_a_header_of_something_else_leaves_the_encoding_to_its_caller() -> None:
    mending = Mending()
    one = act("encode", (CALL,), ENCODED, site=INNER)
    assert not mending.is_here(one, of(one), found(), nothing_alone)
    around = act("header", value=header(Encoded("base64", PAT, OUTER)), site=OUTER)
    assert mending.is_here(around, of(around), found(), nothing_alone)
    client = act("client", (CALL,), ENCODED)
    assert not mending.is_here(client, of(client), found("e"), nothing_alone)
    assert handed(mending) == ["lib.py:1 note", "a.py:30 warning", "lib.py:1 note", "a.py:30 error"]


APART = [
    ("encode", CALL, "environment", ["a.py:30 note"]),
    ("encode", Site("lib.py", 30, 40), "environment", []),  # the same file
    ("encode", CALL, "parameter", []),
    ("encode", CALL, "attribute", []),
    ("encode", CALL, "unknown", []),
    ("encode", Site("gone.py", 30, 40), "environment", []),
    ("client", CALL, "environment", []),
]


@pytest.mark.parametrize(("name", "call", "origin", "said"), APART)
def test_a_caller_in_another_file_that_has_its_own_credential_encoded(
    name: Act, call: Site, origin: str, said: list[str]
) -> None:
    mending = Mending()
    alone, one = act(name, value=ENCODED), act(name, (OUTER, call), ENCODED)
    assert mending.is_here(alone, of(alone), found("w"), nothing_alone)
    assert mending.is_here(one, of(one, known(origin)), found("w"), nothing_alone)
    assert handed(mending) == said


@pytest.mark.parametrize(("callers", "notes"), [(FEW, FEW), (FEW + 1, 0)])
def test_many_such_callers_are_not_each_named(callers: int, notes: int) -> None:
    mending = Mending()
    for site in (HELPER, OUTER):  # two helpers, each with callers of its own
        alone = act("encode", value=ENCODED, site=site)
        assert mending.is_here(alone, of(alone), found("w"), nothing_alone)
        for number in range(callers if site is HELPER else 1):
            one = act("encode", (Site("b.py", number, number + 1),), ENCODED, site=site)
            assert mending.is_here(one, of(one), found("w"), nothing_alone)
    assert handed(mending) == [f"b.py:{number} note" for number in range(notes)] + ["b.py:0 note"]


# --- services ---

MADE, OTHER_MADE = Site("a.py", 5, 9), Site("a.py", 25, 29)
REQUEST = Site("a.py", 70, 80)


def auth(site: Site | None = MADE) -> Auth:
    """What signs in."""
    return Auth("basic", None, PAT, None, site)


def text(*parts: str | Value) -> Text:
    """A text of these parts."""
    return concatenate([Text((part,)) if isinstance(part, str) else part for part in parts], None)


def shared(*judged: Judgement) -> list[Site]:
    """The expressions that sign in to more than one."""
    users = Users()
    for each in judged:
        users.note(each)
    return list(users.shared())


def sign(service: str = "", url: str | None = None, name: Act = "client", calls: tuple[Site, ...] = (CALL,),
         site: Site | None = MADE) -> Judgement:  # fmt: skip
    """A sign-in that a caller filled in."""
    return of(act(name, calls, auth(site)), url=url, service=service)


@pytest.mark.parametrize(
    ("judged", "at"),
    [
        ([sign("one"), sign("two")], [MADE]),
        ([sign("one"), sign("one")], []),
        ([sign("one"), sign("two", site=OTHER_MADE)], []),
        ([sign("one"), sign("two", calls=())], []),  # no caller and no request: it is its own
        ([sign("one", name="request", calls=()), sign("two", name="request", calls=())], [MADE]),
        ([sign("one", site=None), sign("two", site=None)], []),
        ([sign(url="https://a.example/x"), sign(url="https://b.example/x")], [MADE]),
        ([sign(url="https://a.example/x"), sign(url="https://a.example/y")], []),
        ([sign(url="https://a.example/x/1"), sign(url="https://a.example/y/1")], []),
        ([sign(url="https://a.example/x"), sign(url="https://a.example/?to=http://b.example/")], []),
        ([sign(url="https://a.example/x"), sign(url="https://{}.example/x")], []),
        ([sign(url="https://a.example/x"), sign(url="a.example")], []),
        ([sign(url="https://a.example/x"), sign()], []),
        ([sign("one", "https://a.example/x"), sign("one", "https://b.example/x")], []),
    ],
)
def test_expressions_that_sign_in_to_several_services(judged: list[Judgement], at: list[Site]) -> None:
    assert shared(*judged) == at


def request(made: Site, host: str, address: Value | None, site: Site = REQUEST) -> Judgement:
    """A request and what signs it in."""
    one = Observation("request", site, auth(made), 0, url=address)
    return of(one, url=f"https://{host}/x" if host else None)


PLACE, OTHER_PLACE = text("https://", Parameter(1, "a")), text("https://", Parameter(1, "b"))


@pytest.mark.parametrize(
    ("judged", "at"),
    [
        ([request(MADE, "{}", PLACE), request(OTHER_MADE, "{}", OTHER_PLACE)], [MADE, OTHER_MADE]),
        ([request(MADE, "", PLACE), request(OTHER_MADE, "", OTHER_PLACE)], [MADE, OTHER_MADE]),
        ([request(MADE, "{}", PLACE), request(OTHER_MADE, "{}", PLACE)], []),
        ([request(MADE, "{}", PLACE), request(MADE, "{}", OTHER_PLACE)], []),
        ([request(MADE, "a.example", PLACE), request(OTHER_MADE, "a.example", OTHER_PLACE)], []),
        ([request(MADE, "{}", None), request(OTHER_MADE, "{}", PLACE)], []),
        ([request(MADE, "{}", PLACE), request(OTHER_MADE, "{}", OTHER_PLACE, OUTER)], []),
        (
            [
                request(MADE, "{}", PLACE), request(MADE, "{}", OTHER_PLACE), request(OTHER_MADE, "{}", PLACE),
                request(OTHER_MADE, "{}", OTHER_PLACE),
            ],
            [],
        ),
    ],
)  # fmt: skip
def test_expressions_that_share_a_request_to_who_knows_where(judged: list[Judgement], at: list[Site]) -> None:
    assert shared(*judged) == at


# --- order ---


def test_an_encoding_in_a_header_of_the_same_function_is_a_part_of_it() -> None:
    encoding = act("encode", value=ENCODED, site=INNER, scope=1)
    apart = act("encode", value=ENCODED, site=OUTER, scope=1)
    around = act("header", value=header(ENCODED), scope=1)
    client = act("client", value=header(Encoded("base64", PAT, OUTER)), scope=1)
    elsewhere = act("header", value=header(ENCODED), scope=2)
    assert in_order([around, encoding, apart, client]) == [apart, around, client]
    assert in_order([elsewhere, encoding]) == [encoding, elsewhere]


def test_what_callers_make_of_it_comes_last() -> None:
    far, near, alone = act(calls=(CALL, OUTER)), act("encode", (CALL,), ENCODED, site=INNER), act()
    assert in_order([far, near, alone]) == [alone, near, far]


def ways(number: int, value: Value = PAT, **more: Any) -> list[Observation]:
    """The same act by several ways."""
    return [act("read", (Site("a.py", place, place + 1),), value, **more) for place in range(number)]


@pytest.mark.parametrize(
    ("more", "left"),
    [
        ([], MOST_WAYS),
        ([act()], MOST_WAYS + 1),
        (ways(2, Source("environment", "B")), MOST_WAYS + 2),
        (ways(2, url=text("https://b")), MOST_WAYS + 2),
        (ways(2, site=OUTER), MOST_WAYS + 2),
    ],
)
def test_of_many_ways_to_one_act_only_some_are_judged(more: list[Observation], left: int) -> None:
    assert len(in_order(ways(MOST_WAYS))) == MOST_WAYS
    kept = in_order([*ways(MOST_WAYS + 5), *more])
    assert len(kept) == left
    assert all(each in kept for each in more)


def test_acts_without_callers_are_all_judged() -> None:
    assert len(in_order([act("read", value=PAT) for _ in range(MOST_WAYS + 5)])) == MOST_WAYS + 5


def test_encodings_in_a_header() -> None:
    other = Encoded("base64", PAT, OUTER)
    either = join([Container("list"), ENCODED, other])
    assert either is not None
    assert list(encodings(join([Container("list"), header(either), header(PAT)]))) == [ENCODED, other]
    assert list(encodings(None)) == []
