"""Writes RESULTS.md and its pictures from the sections that are kept."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import yaml

from benchmarks.curves import draw
from benchmarks.peers import PEERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from benchmarks.sections import Figure, Section, Table

RED = "**red**"
UNKNOWN = "not looked into yet"


def reasons(file: Path) -> dict[str, str]:
    """Why figures are red: patterns of their names, the first that fits counts."""
    return {str(name): " ".join(str(text).split()) for name, text in (yaml.safe_load(file.read_text()) or {}).items()}


def write(sections: Sequence[Section], why: Mapping[str, str], folder: Path) -> None:
    """Write `folder/RESULTS.md`, and the pictures under `folder/results`."""
    (folder / "results").mkdir(parents=True, exist_ok=True)
    for section in sections:
        for picture in section.pictures:
            (folder / "results" / f"{picture.name}.svg").write_text(draw(picture))
    (folder / "RESULTS.md").write_text(render(sections, why))


def render(sections: Sequence[Section], why: Mapping[str, str]) -> str:
    """The Markdown of a report."""
    lines = [
        "# How fast pat-audit is",
        "",
        "Made by `python -m benchmarks FOLDER --peers VENV`; CONTRIBUTING.md says how. Programs run in turns on the",
        f"same machine: ratios hold where times do not. A figure that misses its aim is {RED}, with the reason.",
        "",
    ]
    lines += _table(
        ["what", "figure", "aim", ""], [_row(each, why) for section in sections for each in section.figures]
    )
    common = sections[0].setting if sections else {}
    lines += ["", *(f"- {key}: {value}" for key, value in common.items())]
    for section in sections:
        lines += ["", f"## {section.title}", "", section.says, ""]
        lines += [f"- {key}: {value}" for key, value in section.setting.items() if common.get(key) != value]
        for picture in section.pictures:
            lines += ["", f"![{picture.title}](results/{picture.name}.svg)"]
        for table in section.tables:
            lines += ["", f"### {table.heading}", "", *_columns(table)]
        lines += ["", "Commands, as run:", ""]
        lines += [f"- {name}: `{command}`" for name, command in section.commands.items()]
    lines += ["", "## The others", ""]
    lines += _table(
        ["program", "from", "said of it"],
        [[peer.name, f"{peer.registry}: {', '.join(peer.packages)}", peer.note] for peer in PEERS],
    )
    return "\n".join(lines) + "\n"


def _row(figure: Figure, why: Mapping[str, str]) -> list[str]:
    value = f"{figure.value:.0f}{figure.unit}" if figure.unit != "×" else f"{figure.value:.2f}×"
    aim = f"≤ {figure.limit:g}{figure.unit}"
    if figure.reached:
        return [figure.what, value, aim, ""]
    reason = next((text for name, text in why.items() if fnmatchcase(figure.name, name)), UNKNOWN)
    return [figure.what, f"{RED} {value}", aim, reason]


def _columns(table: Table) -> list[str]:
    """A table without its last columns where they are empty."""
    width = len(table.columns)
    while width and not table.columns[width - 1]:
        width -= 1
    return _table(table.columns[:width], [row[:width] for row in table.rows], numbers=True)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = False) -> list[str]:
    line = [" --- ", *[" ---: " if numbers else " --- "] * (len(columns) - 1)]
    head = [f"| {' | '.join(columns)} |", f"|{'|'.join(line)}|"]
    return [*head, *(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)]
