"""Draws growth curves as SVG that reads on dark and light pages: both scales are logarithmic, so growth is a slope."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from benchmarks.sections import Picture

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 170, 44, 52
COLOURS = ["#d1495b", "#2e86ab", "#c98a00", "#3a9d5d", "#8a5fbf", "#1a9e96", "#b5651d", "#7a7f87", "#cc5fa5", "#5b7fd1"]
# One style for both: a page that shows an SVG as an image hands the reader's preference on.
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f; } .title { font-weight: 600; font-size: 15px; }
.grid { stroke: #8c959f; stroke-opacity: 0.3; } .axis { stroke: #8c959f; } .back { fill: #ffffff; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .back { fill: #0d1117; } }
"""


def draw(picture: Picture) -> str:
    """The SVG of a picture; a curve of one point is a dot."""
    curves = {name: points for name, points in picture.curves.items() if points}
    across = _Scale([x for points in curves.values() for x, _ in points], LEFT, WIDTH - RIGHT)
    up = _Scale([y for points in curves.values() for _, y in points], HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(picture.title)}</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="back" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
        f'<text class="title" x="{LEFT}" y="24">{escape(picture.title)}</text>',
    ]
    for value in across.marks():
        x = across.at(value)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_short(value)}</text>')
    for value in up.marks():
        y = up.at(value)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_short(value)}</text>')
    parts.append(f'<path class="axis" fill="none" d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle:.0f}" y="{HEIGHT - 14}" text-anchor="middle">{escape(picture.across)}</text>')
    parts.append(f'<text x="{LEFT - 8}" y="{TOP - 8}" text-anchor="end">{escape(picture.up)}</text>')
    ends = {name: up.at(points[-1][1]) for name, points in curves.items()}
    labels = _apart(ends)
    for number, (name, points) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        places = [(across.at(x), up.at(y)) for x, y in points]
        width = 3 if number == 0 else 1.8
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="{width}" points="{line}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        x, y = places[-1]
        edge = WIDTH - RIGHT + 14
        lead = f"M{x + 4:.1f} {y:.1f}L{edge} {labels[name]:.1f}"
        parts.append(f'<path fill="none" stroke="{colour}" stroke-opacity="0.5" d="{lead}"/>')
        parts.append(f'<text x="{edge + 4}" y="{labels[name] + 4:.1f}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


class _Scale:
    """Numbers on a logarithmic scale between two places."""

    def __init__(self, values: list[float], first: float, last: float) -> None:
        above = [value for value in values if value > 0] or [1.0]
        self.low, self.high = math.log10(min(above)), math.log10(max(above))
        if self.high - self.low < 0.3:
            self.low, self.high = self.low - 0.15, self.high + 0.15
        self.first, self.last = first, last

    def at(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low) if value > 0 else 0.0
        return self.first + share * (self.last - self.first)

    def marks(self) -> list[float]:
        """Round numbers within: powers of ten, with 2 and 5 where there are few."""
        powers = range(math.floor(self.low), math.ceil(self.high) + 1)
        for steps in ((1,), (1, 3), (1, 2, 5), (1, 2, 3, 4, 5, 6, 8)):
            marks = [step * 10.0**power for power in powers for step in steps]
            within = [mark for mark in marks if self.low - 1e-9 <= math.log10(mark) <= self.high + 1e-9]
            if len(within) >= 3:
                break
        return within


def _apart(places: dict[str, float]) -> dict[str, float]:
    """The same heights with at least a line between any two, kept within the picture."""
    moved: dict[str, float] = {}
    last = TOP - 16.0
    for name, y in sorted(places.items(), key=lambda pair: pair[1]):
        last = moved[name] = max(y, last + 16)
    below = max(0.0, last - (HEIGHT - 8))
    return {name: y - below for name, y in moved.items()}


def _short(value: float) -> str:
    for size, word in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{word}"
    return f"{value:g}"
