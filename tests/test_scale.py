"""What a run holds hardly grows with its files: a million of them must fit where a thousand do."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repositories import Repository

from pat_audit import paths as paths_module
from pat_audit import scan as scan_module
from pat_audit import target as target_module
from pat_audit.cache import contents
from pat_audit.cache.contents import Marks
from pat_audit.catalogue import load_catalogue
from pat_audit.config import Config
from pat_audit.paths import Paths, PathsByName
from pat_audit.prefilter import Prefilter
from pat_audit.project_cache import FOLDER
from pat_audit.scan import scan
from pat_audit.target import Target

if TYPE_CHECKING:
    from pathlib import Path

FEW, MANY = 2_000, 12_000
WALKED, LISTED = 40, 200
"""Bytes for each further file: a path alone, held as a string in a list, takes a hundred.

Listed are those of a repository, for which git's own listing is held, a hundred bytes for each.
"""

NAMES = st.lists(st.text("ab/.é\udce9", min_size=1, max_size=4), max_size=50)


@pytest.mark.parametrize(("kind", "most"), [("git", LISTED), ("no git", WALKED)])
def test_a_further_file_takes_next_to_no_memory(
    kind: str, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Repository(tmp_path / "work", tmp_path / "cache", init=kind == "git")
    monkeypatch.chdir(made.folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(scan_module, "_workers", lambda *_: 0)  # what workers hold counts too
    monkeypatch.setattr(contents, "_GRAIN", 0)
    monkeypatch.setattr(paths_module, "_RUN", 1024)  # what is held before it is packed is much for so few
    catalogue = load_catalogue(plugins=False)
    prefilter = Prefilter(catalogue, None)
    monkeypatch.setattr(target_module, "Prefilter", lambda *_, **__: prefilter)
    peaks: list[int] = []
    for first, end in ((0, 300), (300, FEW), (FEW, MANY)):  # the first imports what all need
        for number in range(first, end):
            folder = f"some/folder{number // 200:03}/of/a/repository"
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
            with open(f"{folder}/name{number}.py", "w") as file:  # noqa: PTH123
                file.write("def name():\n    return 1\n")
        if kind == "git":
            made.git("add", ".")
        shutil.rmtree(FOLDER, ignore_errors=True)
        for _ in ("nothing is known of the files", "all is known"):
            gc.collect()
            tracemalloc.start()
            report = scan(Target(["."], Config(), catalogue))
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            assert report.files == end
    for few, many in zip(peaks[2:4], peaks[4:], strict=True):
        assert (many - few) / (MANY - FEW) < most


@given(NAMES, st.integers(1, 3), st.integers(1, 3))
def test_paths_are_a_sorted_set(names: list[str], block: int, run: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths_module, "_BLOCK", block)
        patch.setattr(paths_module, "_RUN", run * block)
        patch.setattr(paths_module, "_KEPT", 2)
        made = Paths(names)
        by_name = PathsByName(made)
        assert list(made) == sorted(set(names))
        assert len(made) == len(set(names))
        for name in (*names, "", "b", "é\x00"):
            assert (name in made) == (name in names)
            assert list(made.starting(name)) == [each for each in sorted(set(names)) if each.startswith(name)]
            last = name.rpartition("/")[2]
            assert by_name.named(last) == tuple(each for each in made if each.rpartition("/")[2] == last)
        again = pickle.loads(pickle.dumps(made))
        assert again == made
        assert all(name in again for name in names)


@given(
    st.dictionaries(st.text("ab", max_size=3), st.integers(0, 2)),
    st.dictionaries(st.text("ab", max_size=3), st.integers(0, 2)),
)
def test_marks_tell_what_came_went_and_changed(before: dict[str, int], after: dict[str, int]) -> None:
    old, new = (
        Marks(Paths(files), b"".join(files[path].to_bytes(8, "little") for path in sorted(files)))
        for files in (before, after)
    )
    expected = [
        (path, path in after, path in before)
        for path in sorted({*before, *after})
        if not (path in after and path in before and before[path] == after[path] != 0)
    ]
    assert list(new.against(old)) == expected
