"""What an evaluation costs grows no faster than its program: counted are calls of Python functions, not seconds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.hostile_shapes import SHAPES
from pat_audit.catalogue import load_catalogue
from pat_audit.prefilter import Prefilter
from pat_audit.scan import scan_files

if TYPE_CHECKING:
    from types import FrameType

_SIZE = 60
_MARGIN = 3.5  # times as many calls for twice the program: what is square takes 4
_CATALOGUE = load_catalogue(cache=False)
_PREFILTER = Prefilter(_CATALOGUE)  # one for all: what it takes to make one is no cost of a program


def calls(file: str, text: str) -> int:
    """How many calls of Python functions a scan makes."""
    count = 0

    def on_event(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        if event == "call" and "pat_audit" in frame.f_code.co_filename:
            count += 1

    sys.setprofile(on_event)
    try:
        scan_files({file: text.encode()}, _CATALOGUE, prefilter=_PREFILTER)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_program_is_twice_the_work(shape: str) -> None:
    file, text = SHAPES[shape]
    calls(file, text(2))  # what a first run of a process makes for the next ones
    one, two, four = (calls(file, text(_SIZE * times)) for times in (1, 2, 4))
    assert four < _MARGIN * two, (one, two, four)
    assert two < _MARGIN * one, (one, two, four)


def test_a_file_whose_calls_do_not_end_is_said_to_be_evaluated_in_part() -> None:
    from pat_audit.flow.program import MAX_STEPS

    name = "a.py"
    text = SHAPES["callers"][1](MAX_STEPS + 10)
    report = scan_files({name: text.encode()}, _CATALOGUE)
    assert ["in part only" in problem.message for problem in report.problems] == [True]
    assert not report.problems[0].fatal
