"""The lines that a fix changes: applied to the file they give what the edits give, and they hold no secret."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from pat_audit.model import Edit, Fix, Location, Safety, Span
from pat_audit.report.hunks import Hunk, hunks
from pat_audit.report.masking import secret_places
from pat_audit.report.options import Options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pat_audit.model import Finding

LINES = st.lists(st.sampled_from(["a", "b", "  c", "def", ""]), max_size=8)
TEXT = st.sampled_from(["", "x", "x\n", "\n", "x\ny", "\nx\n", "x\ny\nz\n"])


def made(raw: bytes, edits: Sequence[Edit]) -> tuple[Hunk, ...]:
    fix = Fix("t", Safety.SAFE, tuple(edits))
    return hunks(fix, Options(read_bytes=lambda path: raw if path == "a.py" else None), {})


@given(LINES, st.booleans(), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6), TEXT), max_size=4))
def test_hunks_say_what_the_edits_do(lines: list[str], ended: bool, wanted: list[tuple[int, int, str]]) -> None:
    raw = ("\n".join(lines) + ("\n" if ended else "")).encode()
    edits: list[Edit] = []
    for start, length, text in sorted(wanted):
        if start + length <= len(raw) and (not edits or start >= edits[-1].span.end):
            edits.append(Edit("a.py", Span(start, start + length), text))
    expected = raw.decode()
    for edit in reversed(edits):
        expected = expected[: edit.span.start] + edit.text + expected[edit.span.end :]
    shown = raw.decode().splitlines()
    for hunk in reversed(made(raw, edits)):
        at = hunk.line - 1
        assert tuple(shown[at : at + len(hunk.old)]) == hunk.old
        shown[at : at + len(hunk.old)] = hunk.new
    assert shown == expected.splitlines()


def test_unchanged_lines_around_an_insertion_are_left_out() -> None:
    assert made(b"one\ntwo\nthree\n", [Edit("a.py", Span(4, 4), "new\n")]) == (Hunk("a.py", 2, (), ("new",)),)
    assert made(b"one\ntwo\n", [Edit("a.py", Span(0, 4), "")]) == (Hunk("a.py", 1, ("one",), ()),)


def test_what_cannot_be_shown_is_not() -> None:
    assert made(b"one\n", [Edit("b.py", Span(0, 1), "x")]) == ()
    assert made(b"one\n", [Edit("a.py", Span(0, 99), "x")]) == ()
    assert made(b"one\n", [Edit("a.py", Span(0, 1), "x\n" * 500)]) == ()


def test_a_written_secret_is_masked_in_the_line_that_goes(finding: Finding) -> None:
    raw = b'a = 1\npat = "hunter2abc"\n'
    where = Location("a.py", 2, 7, 2, 19)
    written = replace(finding, rule="PAT101", category="hardcoded-pat", location=where, trail=())
    fix = Fix("t", Safety.UNSAFE, (Edit("a.py", Span(12, 24), 'os.environ["PAT"]'),))
    options = Options(read_bytes=lambda path: raw, mask=lambda text: text.replace("PAT", "##[x]"))
    (hunk,) = hunks(fix, options, secret_places([written]))
    assert hunk.old == ('pat = "***"',)
    assert hunk.new == ('pat = os.environ["#\u200b#[x]"]',)
