"""C# to IR, from the tree of its tree-sitter grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.flow.language import Language
from pat_audit.languages.csharp_layout import CSharpLayout
from pat_audit.languages.csharp_types import TypeLowering
from pat_audit.languages.syntax_tree import parse

if TYPE_CHECKING:
    from collections.abc import Callable


def lower(path: str, data: bytes, place: Callable[[int], int] | None = None) -> ir.Module:
    """The IR of one C# program, or of a part of one: statements and members may stand outside any class.

    `data` is UTF-8; spans in the result are byte offsets in it, or what `place` makes of them. Raises
    `ir.Unreadable` for nesting too deep to hold.
    """
    root = parse("tree_sitter_c_sharp", data)
    lowering = TypeLowering(data, place)
    return ir.Module(path, lowering.within_bounds(lambda: lowering.statements(root.children)))


LANGUAGE = Language(
    "csharp",
    lower,
    CSharpLayout,
    own_members=True,
    namespaces=True,
    fields_as_items=True,
    overloads=True,
    extensions=True,
)
