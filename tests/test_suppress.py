"""Inline suppression: which comments count, which lines they speak for, what is said of the useless ones."""

from __future__ import annotations

import time
from textwrap import dedent

import pytest

from pat_audit.model import Confidence, Finding, Location, Severity
from pat_audit.suppress import apply

NAMES = {
    "PAT101": "hardcoded-pat",
    "PAT201": "hand-built-basic-header",
    "PAT501": "pat-env-usage",
    "PAT902": "unused-suppression",
}


def found(line: int, rule: str = "PAT201", end_line: int = 0, path: str = "a.py", end_column: int = 9) -> Finding:
    """A finding of `rule` on these lines."""
    where = Location(path, line, 5, end_line or line, end_column)
    return Finding(rule, NAMES[rule], "basic-header", Severity.WARNING, Confidence.HIGH, "m", where)


def run(text: str, *findings: Finding, enabled: set[str] | None = None) -> tuple[list[str | None], list[str]]:
    """The `suppressed` of each finding, and the messages about useless markers."""
    done = apply(findings, {"a.py": dedent(text).lstrip("\n").encode()}, NAMES, enabled=enabled)
    mine = [finding.suppressed for finding in done if finding.rule != "PAT902"]
    return mine, [finding.message for finding in done if finding.rule == "PAT902"]


@pytest.mark.parametrize(
    "comment",
    [
        "# pat-audit: ignore[PAT201] old server",
        "// pat-audit: ignore[PAT201] old server",
        "-- pat-audit: ignore[PAT201] old server",
        "; pat-audit: ignore[PAT201]: old server",
        "<!-- pat-audit: ignore[PAT201] old server -->",
        "/* pat-audit: ignore[PAT201] old server */",
        "REM pat-audit: ignore[PAT201] old server",
        "% pat-audit: ignore[PAT201] old server",
        ":: pat-audit:ignore[PAT201] old server",
        "' pat-audit: ignore [ PAT201 ] old server",
        "# pat-audit: ignore[hand-built-basic-header] old server",
        "# pat-audit: ignore[pat201, PAT101] old server",
        "# noqa: S105  pat-audit: ignore[PAT201] - old server",
    ],
)
def test_any_comment_syntax_behind_code_or_above_it(comment: str) -> None:
    assert run(f"x = call()  {comment}\ny = 2\n", found(1))[0] == ["old server"]
    assert run(f"\nx\n  {comment}\n\n# more\n  x = call()\ny = call()", found(5), found(6))[0] == [
        "old server",
        None,
    ]


def test_a_marker_speaks_for_its_rules_and_lines_only() -> None:
    text = "a()  # pat-audit: ignore[PAT101] reason\nb()\n"
    suppressed, notes = run(text, found(1), found(1, "PAT101"), found(2, "PAT101"))
    assert suppressed == [None, "reason", None]
    assert notes == []
    assert run("a()  # pat-audit: ignore[PAT201]\n", found(1))[0] == ["no reason given"]


def test_each_marker_on_a_line_has_its_own_reason() -> None:
    text = "a()  # pat-audit: ignore[PAT101] one pat-audit: ignore[PAT201] two\n"
    assert run(text, found(1), found(1, "PAT101")) == (["two", "one"], [])


def test_prose_about_a_marker_hides_no_later_one() -> None:
    text = (
        "write pat-audit: ignore[PAT101]\n# write `pat-audit: ignore[PAT101] why`\na()  # pat-audit: ignore[PAT201] r\n"
    )
    assert run(text, found(3)) == (["r"], [])


def test_the_words_in_plain_text_are_no_marker() -> None:
    assert run("write pat-audit: ignore[PAT201] to silence it\n", found(1)) == ([None], [])
    assert run("# my-pat-audit-ignore\n# pat-audit: ignored\n# pat-audit: ignore-files[PAT201]\n") == ([], [])


STATEMENT = """
requests.get(  {first}
    url,
    headers={{"Authorization": basic}},  {inside}
    timeout=3,
)  {last}
other()
"""
MARK = "# pat-audit: ignore[PAT201] r"


@pytest.mark.parametrize("place", ["first", "inside", "last"])
def test_a_statement_over_several_lines(place: str) -> None:
    text = STATEMENT.format(**{"first": "", "inside": "", "last": "", place: MARK})
    assert run(text, found(3))[0] == ["r"]
    assert run(text, found(6))[0] == [None]
    assert run(text, found(1, end_line=5))[0] == ["r"]


def test_the_line_on_which_a_finding_only_ends_is_not_its_own() -> None:
    text = f"a(\n  b)\nc()  {MARK}\n"
    for column, reason in ((1, None), (2, "r")):
        assert run(text, found(1, end_line=3, end_column=column))[0] == [reason]


def test_the_last_line_that_a_finding_fills_is_its_own() -> None:
    assert run(f"a(\nb  {MARK}\nc", found(1, end_line=3, end_column=1))[0] == ["r"]


def test_a_marker_far_below_where_a_finding_begins_is_not_asked() -> None:
    for number, reason in ((61, "r"), (62, None)):
        assert run("y\n" * (number - 1) + f"x  {MARK}\n", found(1, end_line=500))[0] == [reason]


def test_inside_a_statement_a_marker_speaks_for_its_own_line() -> None:
    text = f"x = [\n  one(),  {MARK}\n  two(),\n]\n"
    assert run(text, found(2), found(3))[0] == ["r", None]
    above = f"x = [\n  {MARK}\n  one(),\n  two(),\n]\n"
    assert run(above, found(3), found(4))[0] == ["r", None]


def test_above_a_statement_a_marker_speaks_for_all_of_it() -> None:
    assert run(f"{MARK}\nx = call(\n  a,\n  b)\ny = call()", found(4), found(5))[0] == ["r", None]
    assert run(f"{MARK}\ncurl \\\n  --user x \\\n  --header y # z\ncurl", found(4), found(5))[0] == [
        "r",
        None,
    ]


def test_an_option_is_no_comment() -> None:
    assert run(f"curl \\\n  --user x {MARK}\n  y\n", found(2), found(3))[0] == ["r", None]


def test_a_whole_file() -> None:
    suppressed, notes = run(
        "# pat-audit: ignore-file[PAT201, PAT501] vendored\na\nb", found(2), found(3), found(2, "PAT101")
    )
    assert suppressed == ["vendored", "vendored", None]
    assert notes == ["there is no PAT501 here to ignore: remove it from the comment"]


def test_unused_blanket_and_unknown_markers_are_told() -> None:
    _, notes = run("a()  # pat-audit: ignore[PAT201] x\n")
    assert notes == ["there is no PAT201 here to ignore: remove it from the comment"]
    suppressed, notes = run("a()  # pat-audit: ignore\nb()  # pat-audit: ignore[]\n", found(1), found(2))
    assert suppressed == [None, None]
    assert notes == ["this suppresses nothing: name the rules, as in `pat-audit: ignore[PAT101] reason`"] * 2
    _, notes = run("a()  # pat-audit: ignore[PAT210] x\n", found(1))
    assert notes == ["there is no rule 'PAT210' to ignore; did you mean 'PAT201'?"]


def test_a_rule_that_did_not_run_is_not_called_unused() -> None:
    text = "a()  # pat-audit: ignore[PAT501] x\n"
    assert run(text, enabled={"PAT201", "PAT902"}) == ([], [])
    assert run(text, enabled={"PAT501"}) == ([], [])
    assert len(run(text, enabled={"PAT501", "PAT902"})[1]) == 1


def test_where_the_note_stands() -> None:
    (note,) = apply([], {"a.py": "é = 1  # pat-audit: ignore[PAT201] x".encode()}, NAMES)
    where = note.location
    assert (where.path, where.line, where.column, where.end_line, where.end_column) == ("a.py", 1, 10, 1, 35)
    assert (note.severity, note.name, note.category) == (Severity.NOTE, "unused-suppression", "run")


def test_all_that_a_note_of_a_useless_marker_says() -> None:
    (note,) = apply([], {"a.py": b"x = 1  # pat-audit: ignore[PAT201] x"}, NAMES)
    message = "there is no PAT201 here to ignore: remove it from the comment"
    where = Location("a.py", 1, 10, 1, 35)
    assert note == Finding("PAT902", "unused-suppression", "run", Severity.NOTE, Confidence.HIGH, message, where)
    (own,) = apply([], {"a.py": b"x = 1  # pat-audit: ignore[PAT201] x"}, NAMES | {"PAT902": "idle-marker"})
    assert own.name == "idle-marker"
    (nothing,) = apply([], {"a.py": b"x = 1  # pat-audit: ignore-file x"}, {})
    assert (nothing.name, nothing.message) == (
        "unused-suppression",
        "this suppresses nothing: name the rules, as in `pat-audit: ignore-file[PAT101] reason`",
    )


def test_a_rule_that_is_named_twice_is_called_unused_once() -> None:
    assert run("a()  # pat-audit: ignore[PAT201, hand-built-basic-header] x\n")[1] == [
        "there is no PAT201 here to ignore: remove it from the comment"
    ]


def test_a_marker_for_the_file_speaks_for_no_line_of_its_own() -> None:
    text = "a()  # pat-audit: ignore-file[PAT201] all\nb()  # pat-audit: ignore[PAT201] r\n"
    suppressed, notes = run(text, found(1), found(2))
    assert (suppressed, notes) == (["all", "all"], [])
    both = "a()  # pat-audit: ignore-file[PAT201] all pat-audit: ignore[PAT201] r\n"
    assert run(both, found(1)) == (["all"], [])


def test_a_marker_of_three_on_a_line_has_its_own_reason() -> None:
    text = "a()  # pat-audit: ignore[PAT101] one pat-audit: ignore[PAT201] two pat-audit: ignore[PAT501] three\n"
    assert run(text, found(1, "PAT501"), found(1), found(1, "PAT101")) == (["three", "two", "one"], [])


def test_of_very_many_markers_on_a_line_the_first_hundred_count() -> None:
    marks = "".join(" pat-audit: ignore[PAT101]" for _ in range(100))
    assert run(f"a()  #{marks[: -len(' pat-audit: ignore[PAT101]')]} {MARK[2:]}\n", found(1))[0] == ["r"]
    assert run(f"a()  #{marks} {MARK[2:]}\n", found(1))[0] == [None]


def test_other_tools_markers_beside_ours_leave_our_reason() -> None:
    data = {"a.py": f"x = 1  # gitleaks:allow  pat-audit: ignore[PAT101] ours\nb = 1  {MARK}\n".encode()}
    done = apply([found(1, "PAT101"), found(2), found(2, "PAT101")], data, NAMES, foreign=True)
    assert [finding.suppressed for finding in done if finding.rule != "PAT902"] == ["marked gitleaks:allow", "r", None]


MARKED = [
    ("# pragma:  allowlist   secret", "marked pragma: allowlist secret"),
    ("# pragma: whitelist secret", "marked pragma: whitelist secret"),
    ("# NOSEC B105", "marked NOSEC B105"),
    ("# nosec B101, B106", "marked nosec B101, B106"),
    ("# nosec hardcoded_password_string", "marked nosec hardcoded_password_string"),
    ("# nosec B101", None),
    ("# nosec assert_used", None),
    ("# nosec B101  trufflehog:ignore", "marked trufflehog:ignore"),
    ("# noqa: E501, S105", "marked noqa: E501, S105"),
    ("# noqa: \xff S105", "marked noqa: \ufffd S105"),
    ("# noqa: E501", None),
]


@pytest.mark.parametrize(("marker", "reason"), MARKED)
def test_what_each_marker_of_another_tool_says(marker: str, reason: str | None) -> None:
    (done,) = apply([found(1, "PAT101")], {"a.py": f"x = 1  {marker}\n".encode("latin-1")}, NAMES, foreign=True)
    assert done.suppressed == reason


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("# pragma: allowlist nextline secret\nx\ny", [None, "marked", None]),
        ("x\n# ruff: noqa: S105\ny", ["marked"] * 3),
        ("x\ny  # gitleaks:allow\nz", [None, "marked", None]),
        ("allow\nx\nz", [None] * 3),
    ],
)
def test_which_lines_a_marker_of_another_tool_speaks_for(text: str, reasons: list[str | None]) -> None:
    done = apply([found(line, "PAT101") for line in (1, 2, 3)], {"a.py": text.encode()}, NAMES, foreign=True)
    assert [finding.suppressed and "marked" for finding in done] == reasons


def test_findings_that_are_of_no_secret_are_left_alone() -> None:
    data = {"a.py": b"x  # gitleaks:allow\ny\n"}
    for findings in ([found(1), found(2)], [found(1), found(2, "PAT101")], [found(2, "PAT101")]):
        assert apply(findings, data, NAMES, foreign=True) == findings


def test_lines_end_as_in_the_rest_of_the_product() -> None:
    for end in ("\n", "\r\n", "\r"):
        text = end.join(["a\x0b\x0c\x1c\u2028b", f"x = 1  {MARK}", "y"])
        done = apply([found(2), found(3)], {"a.py": text.encode()}, NAMES)
        assert [finding.suppressed for finding in done] == ["r", None]


def test_other_files_pass_and_bad_bytes_do_no_harm() -> None:
    done = apply([found(1, path="b.py"), found(1)], {"a.py": b"\xff\x00 # pat-audit: ignore[PAT201] \xff"}, NAMES)
    assert [finding.suppressed is None for finding in done] == [True, False]


@pytest.mark.parametrize("marker", ["# gitleaks:allow", "# pragma: allowlist secret", "# nosec", "# noqa: E501, S105"])
def test_markers_of_other_tools_count_only_on_request(marker: str) -> None:
    data = {"a.py": f"x = 1  {marker}".encode()}
    findings = [found(1, "PAT101"), found(1)]
    assert [f.suppressed for f in apply(findings, data, NAMES)] == [None, None]
    first, second = apply(findings, data, NAMES, foreign=True)
    assert (first.suppressed or "").startswith("marked ")
    assert second.suppressed is None


@pytest.mark.parametrize(
    "text",
    [
        "# pat-audit:ignore[" * 60_000,
        "# pat-audit: ignore" + " " * 1_000_000 + "[x]",
        MARK + "\n" + '"\\' * 500_000,
        MARK + "\n" + "([" * 500_000,
        (MARK + "\n") * 30_000,
        "x = 1 # pat-audit: ignore[PAT201] " + " -" * 500_000,
    ],
)
def test_hostile_lines_cost_no_more_than_their_length(text: str) -> None:
    start = time.perf_counter()
    apply([found(1)], {"a.py": text.encode()}, NAMES)
    assert time.perf_counter() - start < 5
