"""What every front end does with a piece of a program: where it stands in the file, and its text as IR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import holes, ir

if TYPE_CHECKING:
    from collections.abc import Callable


def placed(place: Callable[[int], int] | None, start: int, end: int) -> tuple[int, int]:
    """Where bytes of a program stand in the file; `place` as in `flow.language.Lower`, None: where they are."""
    if place is None:
        return start, end
    return place(start), place(max(end - 1, start)) + (1 if end > start else 0)


def literal(span: tuple[int, int], text: str) -> ir.Expression:
    """Written text; what a template fills in stands in it as values from outside."""
    if not holes.has_marker(text):
        return ir.Literal(*span, text)
    parts: list[ir.Expression] = [
        ir.Literal(*span, piece) if isinstance(piece, str) else ir.Outside(*span, *piece)
        for piece in holes.pieces(text)
    ]
    return parts[0] if len(parts) == 1 else ir.Join(*span, tuple(parts), True)
