"""JavaScript's numbers and texts to IR: all quotes, escapes, and templates with what is filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.syntax_tree import TreeLowering

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_NUMBER = re.compile(r"0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]([0-7]+)")


class TextLowering(TreeLowering):
    """Turns the literals of one file into IR."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.expressions.update({"number": self._number, "string": self._string, "template_string": self._template})

    def _number(self, node: Node) -> ir.Expression:
        written = self.text(node).replace("_", "").rstrip("n")
        match = _NUMBER.fullmatch(written)
        try:
            if match is not None:
                base = 16 if match[1] else 2 if match[2] else 8
                return ir.Literal(*self.span(node), int(match[1] or match[2] or match[3], base))
            return ir.Literal(*self.span(node), int(written) if written.isdigit() else float(written))
        except ValueError:
            return ir.Operation(*self.span(node), "number", ())

    def _string(self, node: Node) -> ir.Expression:
        return self.literal(self.span(node), self._between_quotes(node))

    def written(self, node: Node | None) -> str | None:
        """The text of a node that is a text without anything filled in; None for any other."""
        if node is None or node.type not in ("string", "template_string"):
            return None
        if any(child.type == "template_substitution" for child in node.named_children):
            return None
        return self._between_quotes(node)

    def _between_quotes(self, node: Node) -> str:
        parts = [_escaped(self.text(c)) if c.type == "escape_sequence" else self.text(c) for c in node.named_children]
        return "".join(parts)

    def _template(self, node: Node) -> ir.Expression:
        parts: list[ir.Expression] = []
        pending, start = "", node.start_byte
        for child in node.named_children:
            if child.type == "template_substitution":
                if pending:
                    parts.append(self.literal(self.between(start, child.start_byte), pending))
                parts.append(self.expression(child))
                pending, start = "", child.end_byte
            elif child.type == "escape_sequence":
                pending += _escaped(self.text(child))
            else:
                pending += self.text(child)
        if pending:
            parts.append(self.literal(self.between(start, node.end_byte), pending))
        return self.joined(self.span(node), parts)


def _escaped(sequence: str) -> str:
    """The character that an escape sequence stands for."""
    body = sequence[1:]
    if body[:1] in ("x", "u"):
        digits = body[1:].strip("{}")
        try:
            return chr(int(digits, 16))
        except (ValueError, OverflowError):
            return ""
    if body[:1] in ("\n", "\r", "\u2028", "\u2029"):
        return ""  # the line goes on
    return _ESCAPES.get(body, body)
