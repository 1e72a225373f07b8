"""The one line of source that is shown: what is masked in it, where it is cut, what is underlined."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pat_audit.model import Location, Step
from pat_audit.report.masking import masked_line, secret_places, token_mask
from pat_audit.report.options import Options
from pat_audit.report.source_frame import frame
from pat_audit.report.source_lines import line_reader
from pat_audit.tokens.scan import scanner_for

if TYPE_CHECKING:
    from pathlib import Path

    from pat_audit.model import Finding


def framed(line: str, start: int, end: int, *, secret: bool = False, width: int = 60) -> tuple[str, str]:
    """The line as it is shown, and what of it is underlined."""
    where = Location("a", 1, start + 1, 1, end + 1)
    ranges = [(start, end, True)] if secret else []
    shown = frame(where, ranges, Options(read_line=lambda path, number: line, width=width))
    assert shown is not None
    return shown.text, shown.text[shown.start : shown.start + shown.width]


def test_what_is_found_is_underlined() -> None:
    assert framed("    call(a, b)\n", 9, 10) == ("call(a, b)", "a")
    assert framed("\tx = é + wert", 9, 13) == ("x = é + wert", "wert")
    assert framed("x\x1b[2J = call()", 8, 14) == ("x\\x1b[2J = call()", "call()")


@pytest.mark.parametrize(
    ("line", "start", "end", "shown", "underlined"),
    [
        ('pat = "hunter2abc"  # mine', 6, 18, 'pat = "***"  # mine', '"***"'),
        ('pat = "hunter2abc"  # mine', 0, 18, 'pat = "***"  # mine', 'pat = "***"'),
        ("ADO_PAT=hunter2abc", 8, 18, "ADO_PAT=***", "***"),
        ("url = 'https://u:pw@h/p?token=x'", 6, 32, "url = 'https://***@h/p?***'", "'https://***@h/p?***'"),
        ("x = b'ab\\'cd' + e", 4, 17, "x = b'***' + e", "b'***' + e"),
        ("x = 'open ended", 4, 15, "x = '***", "'***"),
        ("send(os.environ, y)", 5, 15, "send(os.environ, y)", "os.environ"),
    ],
)
def test_a_written_secret_is_masked_where_it_stands(
    line: str, start: int, end: int, shown: str, underlined: str
) -> None:
    assert framed(line, start, end, secret=True) == (shown, underlined)


def test_long_lines_are_cut_around_the_finding() -> None:
    text, mark = framed("a, " * 10_000 + "HERE" + ", b" * 10_000, 30_000, 30_004)
    assert mark == "HERE"
    assert len(text) <= 62
    assert text.startswith("…")
    assert text.endswith("…")


def test_a_token_cut_off_by_the_window_is_not_shown_in_part() -> None:
    text, _ = framed("z" * 9_000 + " HERE " + "y" * 9_000, 9_001, 9_005, width=20_000)
    assert text == "… HERE …"


def test_lines_that_cannot_be_had() -> None:
    where = Location("a", 1, 1, 1, 2)
    assert frame(where, [], Options(read_line=lambda path, line: None)) is None
    assert frame(where, [], Options(read_line=lambda path, line: "   ")) is None
    beyond = Location("a", 1, 50, 1, 60)
    assert frame(beyond, [], Options(read_line=lambda path, line: "short")) is not None


def test_the_steps_to_a_literal_are_masked_in_quotes_only(finding: Finding) -> None:
    step = Step(Location("a.py", 3, 1, 3, 20), "written here")
    places = secret_places([replace(finding, credential="literal", trail=(step,))])
    assert masked_line("token = 'hunter2abc'", places["a.py", 3], str) == "token = '***'"
    assert secret_places([finding]) == {}
    written = replace(finding, category="hardcoded-pat", location=Location("a.py", 1, 5, 3, 2))
    assert places | secret_places([written]) == {
        **places,
        ("a.py", 1): [(4, -1, True)],
        ("a.py", 2): [(0, -1, True)],
        ("a.py", 3): [(0, 1, True)],
        ("tools/ado.py", 4): [(6, 27, False)],
    }


def test_passwords_in_urls_are_masked_and_templates_are_not() -> None:
    mask = token_mask(lambda: scanner_for(()))
    assert mask("git clone https://user:hunter2@host/x") == "git clone https://user:***@host/x"
    assert mask("git clone https://user:${TOKEN}@host/x") == "git clone https://user:${TOKEN}@host/x"


def test_lines_are_read_in_any_encoding_and_only_from_regular_files(tmp_path: Path) -> None:
    (tmp_path / "wide.ps1").write_bytes("a\r\n$é = 1\r\n".encode("utf-16"))
    (tmp_path / "bom.py").write_bytes(b"\xef\xbb\xbfx = 1\n")
    (tmp_path / "folder").mkdir()
    read = line_reader(str(tmp_path), {"-": b"from stdin"})
    assert read("wide.ps1", 2) == "$é = 1"
    assert read("bom.py", 1) == "x = 1"
    assert [read("bom.py", 9), read("folder", 1), read("none", 1), read("a\0b", 1)] == [None] * 4
    assert read("-", 1) == "from stdin"
