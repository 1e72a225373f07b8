"""The benchmarks on a tree of three files: tables, aims, pictures, and what is said of a peer that is not there."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.curves import draw
from benchmarks.peers import PEERS
from benchmarks.report import render
from benchmarks.sections import Figure, Picture, Section, keep, kept
from benchmarks.turns import take_turns

ROOT = Path(__file__).parents[1]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """The command with some words."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "benchmarks", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_run_on_a_tiny_tree(tmp_path: Path) -> None:
    """A table for the tree with the programs that are here; those that are not are said to be missing."""
    tree = tmp_path / "checkouts" / "tiny"
    tree.mkdir(parents=True)
    for number in range(3):
        (tree / f"file_{number}.py").write_text("x = 1\n")
    (tmp_path / "peers" / "bin").mkdir(parents=True)
    program = tmp_path / "peers" / "bin" / "bandit"
    answers = """case "$1" in --version) echo bandit 9.8.7 ;; *) echo '{"results": [1, 2]}' ;; esac"""
    program.write_text(f"#!/bin/sh\n{answers}\n")
    program.chmod(0o755)
    words = [str(tmp_path / "checkouts"), "--peers", str(tmp_path / "peers"), "--into", str(tmp_path), "--quick"]
    done = run(*words, "--only", "trees")
    text = (tmp_path / "RESULTS.md").read_text()
    assert done.returncode == 1, done.stderr  # a shell script is faster than we are
    assert "### tiny: 3 files" in text
    assert "bandit 9.8.7" in text
    before = text.partition("## The others")[0]
    rows = {line.split("|")[1].strip(): line for line in before.splitlines() if line.startswith("| ")}
    assert rows["**pat-audit**"].endswith("| 1.00 | 0 |")
    assert "**red**" in rows["bandit"]
    assert rows["bandit"].endswith("| 2 |")
    assert "not installed" in rows["gitleaks"]
    assert "**red**" in rows["tiny: beside the fastest of those that read Python alone, bandit"]
    assert "bandit -r . -q -t B105,B106,B107 -f json --exit-zero`" in text
    assert str(tmp_path) not in text
    assert run(*words, "--only", "growth").returncode in (0, 1)
    text = (tmp_path / "RESULTS.md").read_text()
    assert "### 1×: 3 files of tiny" in text
    assert "### 2×: 6 files of tiny" in text
    assert "### tiny: 3 files" in text
    assert (tmp_path / "results" / "growth-time.svg").exists()
    # A part that cannot be measured takes nothing from what there is.
    assert run(*words, "--only", "history").returncode == 1
    assert (tmp_path / "RESULTS.md").read_text() == text


def test_a_missed_aim_is_red_with_its_reason_and_sections_are_kept(tmp_path: Path) -> None:
    """Reached, missed with a reason that fits by pattern, missed without one; the same after a round trip."""
    section = Section("growth", "Growth", "Says.")
    section.figures = [
        Figure("growth/2", "double", 2.104, 2.1),
        Figure("growth/4", "fourfold", 2.11, 2.1),
        Figure("files/1", "peak", 301.0, 300, " MB"),
    ]
    section.pictures = [Picture("p", "Time", "files", "s", {"a": [(1.0, 2.0)]})]
    keep(section, tmp_path)
    again = kept(tmp_path, ["trees", "growth"])
    assert [each.figures for each in again] == [section.figures]
    text = render(again, {"growth/*": "eight copies do not fit the cache"})
    assert "| double | 2.10× | ≤ 2.1× |  |" in text
    assert "| fourfold | **red** 2.11× | ≤ 2.1× | eight copies do not fit the cache |" in text
    assert "| peak | **red** 301 MB | ≤ 300 MB | not looked into yet |" in text


@pytest.mark.parametrize(
    "curves",
    [{"a & b": [(10.0, 0.1), (100.0, 1.0), (1e6, 20.0)], "c": [(10.0, 0.1), (20.0, 0.1)]}, {"one": [(5.0, 0.0)]}, {}],
)
def test_a_picture_is_svg_whose_curves_stay_within_it(curves: dict[str, list[tuple[float, float]]]) -> None:
    """Well-formed, a point for each value, labels apart and inside."""
    root = ElementTree.fromstring(draw(Picture("p", "Time <s>", "files", "s", curves)))
    name = "{http://www.w3.org/2000/svg}"
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    points = [(float(each.attrib["cx"]), float(each.attrib["cy"])) for each in root.iter(f"{name}circle")]
    assert len(points) == sum(map(len, curves.values()))
    texts = [each for each in root.iter(f"{name}text") if each.text in curves]
    places = sorted(float(each.attrib["y"]) for each in texts)
    assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
    assert all(0 < place < height for place in places)
    assert all(high - low >= 16 for low, high in pairwise(places))
    assert "prefers-color-scheme: dark" in draw(Picture("p", "", "", "", curves))


def test_memory_of_children_counts_and_a_run_ends_at_its_limit() -> None:
    """Two children that hold 60 MB make their parent's peak; what sleeps too long is ended with its children."""
    child = "held = bytearray(60_000_000); print(flush=True); input()"
    parent = f"""
import subprocess, sys, time
both = [subprocess.Popen([sys.executable, "-c", {child!r}], stdin=-1, stdout=-1) for _ in "12"]
[each.stdout.readline() for each in both]
time.sleep(0.3)
[each.communicate(b"\\n") for each in both]
"""
    commands = {"parent": [sys.executable, "-c", parent], "sleeper": ["sh", "-c", "sleep 60; true"]}
    measured = take_turns(commands, 1, limits={"sleeper": 1.5})
    assert measured["parent"].exit == 0
    assert measured["parent"].memory > (120 if sys.platform == "linux" else 60)
    assert not measured["parent"].over
    assert measured["sleeper"].over == 1.5


def test_peers_are_named_once_and_no_command_lacks_its_file() -> None:
    """The table of peers is whole."""
    assert len({peer.name for peer in PEERS}) == len(PEERS) == 9
    assert all("FILE" in peer.file for peer in PEERS)
    assert [peer.name for peer in PEERS if "REPORT" in peer.history] == ["gitleaks"]
