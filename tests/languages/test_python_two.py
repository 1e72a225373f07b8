"""Python 2 is read: each thing that Python 3 has no more, its place, and what it does."""

from __future__ import annotations

import ast

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.flow import ir
from pat_audit.languages.python import lower
from pat_audit.languages.python_two import readable, replacements, with_blanks
from pat_audit.scan import scan_files

CATALOGUE = load_catalogue(())
SCRIPT = """\
import base64, os, sys, urllib2

def fetch((name, place), mode=0644):
\ttry:
\t\tpat = os.environ["ADO_PAT"]
                request = urllib2.Request("https://dev.azure.com/fabrikam/_apis/projects")
\t\trequest.add_header("Authorization", "Basic %s" % base64.b64encode(":" + pat))
\t\tprint >>sys.stderr, "asking", name
\t\treturn urllib2.urlopen(request)
\texcept (IOError, urllib2.URLError), error:
\t\traise ValueError, "no answer: %s" % error

print fetch(("a", "b")).read()
"""


@pytest.mark.parametrize(
    "text",
    [
        'print "a", b',
        "print",
        'print"a"',
        'print >>out, "a" % b,',
        "if a: print b; print -1",
        "print \\\n  a",
        'exec "a = 1" in scope',
        'raise Failure, "why"',
        "raise kind[0], kind[1], trace",
        "try:\n  a()\nexcept Failure, e:\n  pass",
        "try:\n  a()\nexcept (One,\n  Two), (number, text):\n  pass",
        "a = `b` + `c`",
        "if a <> b: pass",
        "mode = 0755; big = 10L; hexadecimal = 0xFFL; zero = 0L; small = 1E-05",
        'a = ur"\\d" + u"\\u00e9"',
        'a = "\\U is no letter" + "\\Name"',
        "def f(a, (b, c), d=(1, 2)): return b",
        "f = lambda (a, b): a",
        "call(async=True)",
        '# print nothing\ns = \'print nothing\' + """\nprint nothing, <> `\n"""; print s',
    ],
)
def test_what_only_python_2_has_becomes_something_of_its_size(text: str) -> None:
    made = readable(text)
    assert made is not None
    assert len(made) == len(text)
    assert [len(line) for line in made.split("\n")] == [len(line) for line in text.split("\n")]
    ast.parse(made)


def test_what_stands_in_strings_and_comments_stays() -> None:
    text = "a = 'print x <> y'  # except A, b: 0777\n'''\nraise A, b\n'''\nprint a\n"
    assert readable(text) == text.replace("print a\n", "prin= a\n")


def test_tabs_and_blanks_are_told_apart_and_every_byte_keeps_its_place() -> None:
    data = b"if a:\n    if b:\n\tc()\n        d()\n  \te()\n"
    made, place = with_blanks(data)
    ast.parse(made)
    for word in (b"if a", b"if b", b"c()", b"d()", b"e()"):
        assert place(made.index(word)) == data.index(word)
    assert place(len(made)) == len(data)


def test_a_script_is_evaluated_at_its_own_places() -> None:
    report = scan_files({"ask.py": SCRIPT.encode()}, CATALOGUE)
    assert not report.problems
    (header,) = [finding for finding in report.findings if finding.rule == "PAT201"]
    span = header.location.span
    assert SCRIPT.encode()[span.start : span.end].startswith((b'"Basic', b'"Authorization'))
    assert header.location.line == 7


def test_what_is_no_python_at_all_says_what_python_3_says() -> None:
    with pytest.raises(ir.Unreadable, match="line 1"):
        lower("a.py", b"print print print (\n")


def test_hostile_text_is_gone_through_once() -> None:
    for piece in ("lambda (a, ", "def f((a, ", "raise a ", "except (a ", "`", "print ", "00 ", "(("):
        text = piece * 4_000
        assert sum(len(replacement) for _, replacement in replacements(text)) <= 2 * len(text)
