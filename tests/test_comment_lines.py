"""Which lines a comment speaks for, by lines alone: blocks, statements, cells of a notebook."""

from __future__ import annotations

import pytest

from pat_audit.comments import Comments, without_closers

LONG = "x" * 2_000

LINES: dict[str, tuple[str, int, str, bool, tuple[int, int]]] = {
    "behind code": ("a() # m\nb()", 1, "a() # ", True, (1, 1)),
    "above code": ("# m\n\na()\nb()", 1, "# ", True, (3, 3)),
    "above nothing": ("a()\n# m", 2, "# ", True, (2, 2)),
    "above a statement": ("# m\na(\n  b,\n)\nc", 1, "# ", True, (2, 4)),
    "no comment": ("m\nb()", 1, "", False, (2, 2)),
    "words behind code": ("a m\nb()", 1, "a ", False, (1, 1)),
    "in a block": ("/*\n m\n*/\na()", 2, " ", True, (4, 4)),
    "in a block, by a star": ("/*\n * m\n */\na()", 2, " * ", True, (4, 4)),
    "in a block, behind a letter": ("/*\n X m\n*/\na()", 2, " X ", False, (4, 4)),
    "in a block, behind words": ("/*\n word m\n*/\na()", 2, " word ", False, (4, 4)),
    "behind an empty block": ("/* */ m\nx\n*/\na()", 2, "", False, (4, 4)),
    "behind a block of one line": ("/* */\nm\n*/\na()", 2, "", False, (4, 4)),
    "a mark that ends where it opens": ("/*/\nm\n*/\na()", 2, "", True, (4, 4)),
    "a block that ends on the next line": ("<!--\nm -->\na()", 2, "", True, (3, 3)),
    "a block that never ends": ("<!--\nm\na()", 2, "", False, (3, 3)),
    "a block of 201 lines": ("<!--\n" + "\n" * 199 + "m -->\na()", 201, "", True, (202, 202)),
    "a block of 202 lines": ("<!--\n" + "\n" * 200 + "m -->\na()", 202, "", False, (203, 203)),
    "a block that the text's last line ends": ("a()\n<!--\nm -->", 3, "", True, (3, 3)),
    "in a cell": ('  "# m\\n",\n  "a()\\n",\n  "b()\\n"', 1, '  "# ', True, (2, 2)),
    "in a cell, indented": ('  "  # m\\n",\n  "a()\\n",\n', 1, '  "  # ', True, (2, 2)),
    "in a cell, by quotes": ("  \"  \'\'\' m\\n\",\n  \"a()\\n\",\n", 1, "  \"  \'\'\' ", True, (2, 2)),
    "in a cell, behind code": ('  "a() # m\\n",\n  "b()\\n",\n', 1, '  "a() # ', True, (1, 1)),
    "a long line is no cell": (f'"# m {LONG}\\n",\na()', 1, '"# ', True, (1, 1)),
    "in a cell of just that length": (
        '"# m ' + "x" * (2_000 - len('"# m \\n",')) + '\\n",\na()', 1, '"# ', True, (2, 2),
    ),
    "in a cell of one more": ('"# m ' + "x" * (2_001 - len('"# m \\n",')) + '\\n",\na()', 1, '"# ', True, (1, 1)),
    "a quote before a comment": ('" m\na()', 1, '" ', True, (2, 2)),
}  # fmt: skip


@pytest.mark.parametrize(("text", "number", "before", "is_one", "lines"), LINES.values(), ids=LINES)
def test_which_lines_a_comment_speaks_for(
    text: str, number: int, before: str, is_one: bool, lines: tuple[int, int]
) -> None:
    comments = Comments(text.encode().split(b"\n"))
    assert (comments.is_one(number, before), comments.lines(number, before)) == (is_one, lines)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (" why -->", "why"), (": why */ x", "why"), ("XX why", "XX why"), (' - "why", ', "why"), ("why #}\nx", "why"),
        (';/#why\\n",', "why"), ("it's", "it's"),
    ],
)  # fmt: skip
def test_the_words_without_what_ends_the_comment(said: str, words: str) -> None:
    assert without_closers(said) == words
