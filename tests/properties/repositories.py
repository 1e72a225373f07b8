"""Draws small repositories: files of several examples, in folders, with lines moved, doubled and left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fuzz.seeds import examples
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from pat_audit.languages.known import language_of

if TYPE_CHECKING:
    from collections.abc import Callable

_NOISE = ("", "   ", "x = 1", "# a comment", "// a comment", "}", "{", "'", '"', "é ü 漢 😀", "return", "\t- a: b")


@st.composite
def repositories(draw: Callable[[st.SearchStrategy[object]], object], most: int = 3) -> dict[str, bytes]:
    """Files by path. Whole lines are changed and never parts of one: what is a token stays one."""
    chosen = draw(st.lists(st.sampled_from(examples()), min_size=1, max_size=most, unique_by=lambda each: each.id))
    assert isinstance(chosen, list)
    files: dict[str, bytes] = {}
    for number, example in enumerate(chosen):
        for name, text in example.files.items():
            files[f"part{number}/{name}"] = _changed(draw, text)
    extra = draw(st.sampled_from(examples()))
    joined = next((path for path in files if language_of(path, b"")), None)
    if joined is not None and draw(st.booleans()):  # two programs of one language as one file
        same = [t for n, t in extra.files.items() if language_of(n, b"") == language_of(joined, b"")]  # type: ignore[attr-defined]
        files[joined] += b"\n" + b"\n".join(same)
    return files


def _changed(draw: Callable[[st.SearchStrategy[object]], object], text: bytes) -> bytes:
    lines = text.split(b"\n")
    for how in draw(st.lists(st.sampled_from(("drop", "double", "swap", "noise")), max_size=3)):  # type: ignore[attr-defined]
        at = draw(st.integers(0, len(lines) - 1))
        assert isinstance(at, int)
        if how == "drop" and len(lines) > 1:
            del lines[at]
        elif how == "double":
            lines.insert(at, lines[at])
        elif how == "swap":
            lines[at], lines[-1] = lines[-1], lines[at]
        else:
            lines.insert(at, str(draw(st.sampled_from(_NOISE))).encode())
    return b"\n".join(lines)


def few(examples: int) -> settings:
    """So many examples, the same in every run: the time that properties take is part of every change's wait."""
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
    )  # fmt: skip
