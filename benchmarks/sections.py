"""What a part of the benchmarks comes to, and how it is kept between runs: one JSON file for each part."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from benchmarks.turns import Measured

COLUMNS = ["program", "wall, median (s)", "spread (s)", "turns", "processor (s)", "peak (MB)", "× pat-audit", "found"]


class Figure(NamedTuple):
    """A number that has an aim: `value` should be at most `limit`."""

    name: str
    """By which `reasons.yaml` knows it: `trees/arcade`."""

    what: str
    value: float
    limit: float
    unit: str = "×"

    @property
    def reached(self) -> bool:
        """Whether the aim is reached, to the two places that are shown."""
        return round(self.value, 2) <= self.limit


class Table(NamedTuple):
    """A table of text; cells are Markdown."""

    heading: str
    columns: list[str]
    rows: list[list[str]]
    note: str = ""


class Picture(NamedTuple):
    """Growth curves: for each program its points."""

    name: str
    title: str
    across: str
    up: str
    curves: dict[str, list[tuple[float, float]]]


@dataclass(slots=True)
class Section:
    """One part's results."""

    part: str
    title: str
    says: str
    setting: dict[str, str] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    commands: dict[str, str] = field(default_factory=dict)


def keep(section: Section, folder: Path) -> None:
    """Write a section where the next rendering finds it."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(section), indent=1, ensure_ascii=False)
    (folder / f"{section.part}.json").write_text(text + "\n")


def kept(folder: Path, parts: Iterable[str]) -> list[Section]:
    """The sections that were kept, in the order of `parts`."""
    return [_section(json.loads(file.read_text())) for part in parts if (file := folder / f"{part}.json").exists()]


def _section(data: dict[str, Any]) -> Section:
    for key, kind in {"tables": Table, "figures": Figure, "pictures": Picture}.items():
        data[key] = [kind(*each) for each in data[key]]
    return Section(**data)


def rows_of(
    measured: Mapping[str, Measured],
    against: str,
    found: Mapping[str, str] | None = None,
    rivals: Iterable[str] = (),
) -> list[list[str]]:
    """The rows under COLUMNS, fastest first; red where a rival takes less than `against`."""
    rows = []
    for name, one in sorted(measured.items(), key=lambda pair: pair[1].median):
        times = one.median / measured[against].median
        ratio = f"{times:.2f}" if not one.over else f"> {times:.1f}"
        if name in rivals and times < 1 and not one.over:
            ratio = f"**red** {ratio}"
        wall = f"> {one.over:.0f}" if one.over else f"{one.median:.3f}"
        cpu = f"{statistics.median(one.cpu):.2f}" if one.cpu and not one.over else ""
        shown = f"**{name}**" if name == against else name
        said = (found or {}).get(name, "")
        rows.append([shown, wall, one.spread, str(len(one.wall)), cpu, f"{one.memory:.0f}", ratio, said])
    return rows
