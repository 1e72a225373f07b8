"""Hostile and broken files: each is named or read, none holds a run up, none costs another file's findings."""

from __future__ import annotations

import codecs
import os
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.config import Config
from pat_audit.discover import discover
from pat_audit.scan import scan
from pat_audit.source import LARGEST_PROGRAM, LARGEST_TEXT
from pat_audit.target import Target
from pat_audit.tokens.samples import sample

if TYPE_CHECKING:
    from pat_audit.model import Report

CATALOGUE = load_catalogue(plugins=False)
TOKEN = sample("azure-devops-pat")
CODE = f'import requests\nrequests.get("https://dev.azure.com/o/_apis/x", auth=("", "{TOKEN}"))\n'


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with one good file that has a finding."""
    folder = tmp_path / "tree"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path("good.ini").write_text(f"token = {TOKEN}\n")
    return folder


def check(*paths: str, seconds: float = 20) -> Report:
    """Scan; the good file's finding is there whatever else is, and it takes no longer than `seconds`."""
    began = time.monotonic()
    report = scan(Target(paths or ["."], Config(), CATALOGUE))
    assert time.monotonic() - began < seconds
    if not paths:
        assert "good.ini" in found(report)
    assert TOKEN not in repr(report)
    return report


def found(report: Report) -> set[str]:
    return {finding.path for finding in report.findings}


ENCODINGS = {
    "utf-8 with a mark": codecs.BOM_UTF8 + CODE.encode(),
    "utf-16-le": codecs.BOM_UTF16_LE + CODE.encode("utf-16-le"),
    "utf-16-be": codecs.BOM_UTF16_BE + CODE.encode("utf-16-be"),
    "utf-16-le without a mark": CODE.encode("utf-16-le"),
    "utf-32": codecs.BOM_UTF32_LE + CODE.encode("utf-32-le"),
    "latin-1 without a cookie": "# Größe\n".encode("latin-1") + CODE.encode(),
    "a cookie": "# coding: cp1252\n# Größe\n".encode("cp1252") + CODE.encode(),
    "a cookie that lies": "# coding: no-such\n# Größe\n".encode("latin-1") + CODE.encode(),
    "a NUL byte": b"# \0\n" + CODE.encode(),
    "carriage returns": CODE.replace("\n", "\r").encode(),
    "tabs and form feeds": b"\x0c\nif 1:\n\tx = 1\n        y = 2\n\x0c" + CODE.encode(),
    "python 2": b'print "x"\nexec "y"\n' + CODE.encode(),
    "a syntax error": b"def f(:\n" + CODE.encode(),
    "a merge conflict": b"<<<<<<< ours\n" + CODE.encode() + b"=======\n>>>>>>> theirs\n",
    "an unclosed string": CODE.encode() + b'"""\n',
}


@pytest.mark.parametrize("raw", ENCODINGS.values(), ids=ENCODINGS)
def test_text_of_any_make_is_read(raw: bytes) -> None:
    Path("odd.py").write_bytes(raw)
    report = check()
    assert "odd.py" in found(report)
    assert not any(problem.fatal for problem in report.problems)


NOTHING = {
    "empty": b"",
    "one NUL": b"\0",
    "only a mark": codecs.BOM_UTF16_LE,
    "binary": bytes(range(256)) * 100,
    "an image by its name": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "an archive": b"PK\x03\x04" + bytes(100),
    "NULs": bytes(100_000),
    "lone surrogates": codecs.BOM_UTF16_LE + b"\x00\xd8" * 1000,
}


@pytest.mark.parametrize("raw", NOTHING.values(), ids=NOTHING)
@pytest.mark.parametrize("name", ["odd.py", "odd.png", "odd"])
def test_nothing_in_it_is_nothing_to_say(raw: bytes, name: str) -> None:
    Path(name).write_bytes(raw)
    assert found(check()) == {"good.ini"}
    assert found(check(name)) == set()


DEEP = {
    "parentheses": "x = " + "(" * 5000 + "1" + ")" * 5000 + "\n",
    "lists": "x = " + "[" * 5000 + "]" * 5000 + "\n",
    "calls": "x = a" + ".b()" * 5000 + "\n",
    "attributes": "x = a" + ".b" * 5000 + "\n",
    "additions": "x = " + "1 + " * 5000 + "1\n",
    "strings": "x = " + "'a' + " * 5000 + "b\n",
    "blocks": "".join(" " * depth + "if x:\n" for depth in range(99)) + " " * 99 + "pass\n",
    "more blocks": "".join(" " * depth + "if x:\n" for depth in range(2000)) + " " * 2000 + "pass\n",
    "lambdas": "x = " + "lambda: " * 5000 + "1\n",
    "conditions": "x = " + "1 if a else " * 5000 + "2\n",
    "branches": "if x == 0: pass\n" + "elif x == 1: pass\n" * 3000,
    "minus": "x = " + "-" * 5000 + "1\n",
    "not": "x = " + "not " * 5000 + "1\n",
    "subscripts": "x = a" + "[0]" * 5000 + "\n",
    "f-strings": "x = f'" + "{a}" * 5000 + "'\n",
    "decorators": "@a\n" * 3000 + "def f(): pass\n",
    "parameters": "def f(" + ", ".join(f"a{n}=1" for n in range(5000)) + "): pass\n",
    "functions": "".join(f"def f{n}(x): return f{n + 1}(x)\n" for n in range(3000)),
    "classes": "class c0: pass\n" + "".join(f"class c{n + 1}(c{n}): pass\n" for n in range(1500)),
    "assignments": "x = ''\n" + "x = x + x\n" * 3000,
    "itself": "x = [x]\nx.append(x)\nx = {1: x}\ndef f(): return f()\nf()\n",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_deep_nesting_ends_and_hides_no_token(text: str) -> None:
    Path("deep.py").write_text(text + CODE)
    report = check(seconds=45)
    assert "deep.py" in found(report)
    assert not any(problem.fatal for problem in report.problems)


def test_one_line_of_ten_megabytes() -> None:
    Path("min.js").write_text("var a='" + "x" * 5_000_000 + f"';t='{TOKEN}';" + "é" * 2_500_000 + "\n")
    report = check()
    (finding,) = [finding for finding in report.findings if finding.path == "min.js"]
    assert (finding.location.line, finding.location.column) == (1, 5_000_013)


def test_many_tokens_on_one_line() -> None:
    Path("many.txt").write_text(" ".join([TOKEN] * 2000))
    assert "many.txt" in found(check(seconds=30))


def test_a_hundred_megabytes_cost_seconds_and_little_memory() -> None:
    line = b"INSERT INTO t VALUES (1, 'some text that is of no interest to anybody at all');\n"
    with Path("dump.sql").open("wb") as file:
        for _ in range(100):
            file.write(line * (1_048_576 // len(line)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = check(seconds=15)
    assert report.problems == ()
    assert report.files == 2
    with Path("dump.sql").open("ab") as file:
        file.write(f"token = {TOKEN}\n".encode())
    report = check(seconds=15)
    assert [problem.path for problem in report.problems] == ["dump.sql"]
    assert report.problems[0].message == f"has 99 MB, of which only the first {LARGEST_TEXT >> 20} were scanned"
    assert not report.problems[0].fatal
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 120_000  # kilobytes


def test_the_start_of_a_huge_file_is_scanned() -> None:
    with Path("big.txt").open("wb") as file:
        file.write(f"token = {TOKEN}\n".encode())
        file.seek(60_000_000)
        file.write(b"\n")
    Path("big.txt").write_bytes(Path("big.txt").read_bytes().replace(b"\0", b"x"))
    report = check()
    assert "big.txt" in found(report)
    assert len(report.problems) == 1


def test_a_huge_program_is_scanned_as_text_and_named() -> None:
    Path("huge.py").write_text(CODE + "x = 1\n" * (LARGEST_PROGRAM // 6))
    report = check()
    assert "huge.py" in found(report)
    assert [problem.path for problem in report.problems] == ["huge.py"]
    assert "too large to be evaluated" in report.problems[0].message


def test_a_file_that_vanishes_mid_scan_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        Path(f"gone{number}.py").write_text(CODE)

    def list_and_remove(*words: object) -> object:
        listing = discover(*words)  # type: ignore[arg-type]
        Path("gone2.py").unlink()
        return listing

    monkeypatch.setattr("pat_audit.target.discover", list_and_remove)
    report = check()
    assert found(report) == {"good.ini", "gone0.py", "gone1.py", "gone3.py", "gone4.py"}
    assert [(each.path, each.message, each.fatal) for each in report.problems] == [
        ("gone2.py", "vanished before it could be read", False)
    ]


def test_what_takes_a_files_place_mid_scan_is_not_followed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text(CODE)
    for name in ("link.py", "pipe.py", "folder.py"):
        Path(name).write_text("x = 1\n")

    def list_and_swap(*words: object) -> object:
        listing = discover(*words)  # type: ignore[arg-type]
        for name in ("link.py", "pipe.py", "folder.py"):
            Path(name).unlink()
        Path("link.py").symlink_to(outside)
        os.mkfifo("pipe.py")
        Path("folder.py").mkdir()
        return listing

    monkeypatch.setattr("pat_audit.target.discover", list_and_swap)
    assert found(check()) == {"good.ini"}


def test_a_missing_path_is_fatal_and_costs_nothing_else() -> None:
    report = check("gone.py", "good.ini")
    assert found(report) == {"good.ini"}
    assert [(problem.path, problem.fatal) for problem in report.problems] == [("gone.py", True)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named() -> None:
    Path("locked.py").write_text(CODE)
    Path("locked.py").chmod(0)
    report = check()
    assert [(problem.path, problem.fatal) for problem in report.problems] == [("locked.py", True)]


@pytest.mark.parametrize("name", [b"a b.py", b"a\nb.py", b"\xff\xfe.py", b"-x.py", b"%s{}.py", b"##vso[x].py"])
def test_any_path_can_be_scanned(name: bytes) -> None:
    Path(os.fsdecode(name)).write_text(CODE)
    report = check()
    assert len(found(report)) == 2
    for path in found(report):
        assert path.isprintable()
        path.encode("utf-8")


def test_a_given_link_to_a_file_is_followed_and_a_loop_is_named(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_text(CODE)
    Path("link.py").symlink_to(tmp_path / "real.py")
    Path("loop").symlink_to("loop")
    report = check("link.py", "loop")
    assert found(report) == {"link.py"}
    assert [(problem.path, problem.fatal) for problem in report.problems] == [("loop", True)]


def test_imports_in_a_circle_and_out_of_the_tree_end() -> None:
    Path("a.py").write_text("from b import *\nfrom b import x\n" + CODE)
    Path("b.py").write_text("from a import *\nfrom a import x\nfrom . import a\nfrom ..... import b\nimport b\n" + CODE)
    assert {"a.py", "b.py"} <= found(check())
    here = Path.cwd()
    os.chdir("/")
    assert found(check(str(here / "a.py"))) == {str(here / "a.py")[1:]}
