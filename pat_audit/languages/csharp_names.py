"""The names, types and texts of C# to IR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages import csharp_text
from pat_audit.languages.csharp_scope import Scope
from pat_audit.languages.syntax_tree import TreeLowering, is_comment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

_KEYWORD_TYPES = {
    "string": "String", "object": "Object", "char": "Char", "byte": "Byte", "int": "Int32", "bool": "Boolean",
}  # fmt: skip
_NUMBERS = {"integer_literal": int, "real_literal": float}
_INNER_OF = (
    "await_expression", "cast_expression", "as_expression", "postfix_unary_expression", "checked_expression",
    "ref_expression", "throw_expression", "argument", "expression_element", "collection_element", "attribute_argument",
    "constant_pattern", "parenthesized_pattern", "nullable_type", "arrow_expression_clause", "interpolation",
)  # fmt: skip


class NameLowering(TreeLowering):
    """Turns the names and literals of one file into IR; `scope` is that of the place which is being lowered."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.scope = Scope()
        self.expressions.update(
            {
                "identifier": self._identifier,
                "generic_name": self._generic,
                "qualified_name": self._qualified,
                "alias_qualified_name": lambda node: self.expression(self.child(node, "name")),
                "predefined_type": self._predefined,
                "this": lambda node: ir.Name(*self.span(node), "this"),
                "base": lambda node: ir.Super(*self.span(node)),
                "string_literal": lambda node: self._text(node, csharp_text.quoted),
                "character_literal": lambda node: self._text(node, csharp_text.quoted),
                "verbatim_string_literal": lambda node: self._text(node, csharp_text.verbatim),
                "raw_string_literal": lambda node: self._text(node, csharp_text.raw),
                "interpolated_string_expression": self._interpolated,
                "null_literal": lambda node: ir.Literal(*self.span(node), None),
                "boolean_literal": lambda node: ir.Literal(*self.span(node), self.text(node) == "true"),
                "integer_literal": self._number,
                "real_literal": self._number,
                "typeof_expression": lambda node: ir.Literal(*self.span(node), None),
                "default_expression": lambda node: ir.Literal(*self.span(node), None),
                "sizeof_expression": lambda node: ir.Literal(*self.span(node), None),
                **dict.fromkeys(_INNER_OF, self._inner),
            }
        )

    # --- names ---

    def _identifier(self, node: Node) -> ir.Expression:
        span = self.span(node)
        name = self.text(node).removeprefix("@")
        return self.held(span, name, self.scope.holder(name)) or self.name(node)

    def held(self, span: tuple[int, int], name: str, holder: str) -> ir.Expression | None:
        """A bare name that is a member of `this` or of a class; None where nothing holds it."""
        return ir.Attribute(*span, ir.Name(*span, holder), name) if holder else None

    def _target_of(self, node: Node) -> ir.Expression:
        """A place that is assigned."""
        if node.type == "identifier":
            name = self.text(node).removeprefix("@")
            return self.held(self.span(node), name, self.scope.assigned(name)) or self.name(node)
        return self.expression(node)

    def _generic(self, node: Node) -> ir.Expression:
        return self.expression(node.named_children[0])

    def _predefined(self, node: Node) -> ir.Expression:
        text = self.text(node)
        return ir.Name(*self.span(node), _KEYWORD_TYPES.get(text, text))

    def _qualified(self, node: Node) -> ir.Expression:
        """A type by its full name: the last two names say enough, and more would be a namespace."""
        last = node.child_by_field_name("name")
        qualifier = node.child_by_field_name("qualifier")
        if last is None or qualifier is None or qualifier.type == "qualified_name":
            return self.type_name(last) or ir.Literal(*self.span(node), None)
        name = self.text(last).partition("<")[0]
        return ir.Attribute(*self.span(node), ir.Name(*self.span(qualifier), self.text(qualifier)), name)

    def type_name(self, node: Node | None) -> ir.Expression | None:
        """A type as the name that it has without what it is made generic by; None for those of no interest."""
        while node is not None and node.type in ("nullable_type", "ref_type", "scoped_type"):
            node = node.child_by_field_name("type") or next(iter(node.named_children), None)
        if node is None or node.type not in ("identifier", "generic_name", "qualified_name", "alias_qualified_name"):
            return None
        if node.type == "generic_name":
            node = node.named_children[0]
        if node.type == "alias_qualified_name":
            return self.type_name(node.child_by_field_name("name"))
        if node.type == "identifier":
            name = self.text(node)
            return None if name == "var" else ir.Name(*self.span(node), name)
        return self._qualified(node)

    # --- texts and numbers ---

    def _text(self, node: Node, read: Callable[[str], str]) -> ir.Expression:
        return self.literal(self.span(node), read(self.text(node)))

    def _number(self, node: Node) -> ir.Expression:
        text = self.text(node).replace("_", "").rstrip("uUlLfFdDmM")
        try:
            return ir.Literal(*self.span(node), _NUMBERS[node.type](text))
        except ValueError:
            return ir.Operation(*self.span(node), node.type, ())

    def _interpolated(self, node: Node) -> ir.Expression:
        children = node.children
        mark = self.text(children[0]) if children else "$"
        start = children[0].end_byte if children else node.start_byte
        is_verbatim = "@" in mark
        is_raw = self.data[start : start + 3] == b'"""'
        parts: list[ir.Expression] = []
        for child in children[1:]:
            if child.type == "interpolation":
                held = next((each for each in child.named_children if not each.type.startswith("interpolation_")), None)
                if held is not None:
                    parts.append(self.expression(held))
            elif child.type in ("string_content", "escape_sequence"):
                text = self.text(child)
                if not is_raw:
                    text = text.replace("{{", "{").replace("}}", "}")
                    text = text.replace('""', '"') if is_verbatim else csharp_text.unescaped(text)
                elif child is children[-2]:
                    text = text.rstrip(" \t").removesuffix("\n")
                elif not parts:
                    text = text.lstrip("\r\n \t")
                if text:
                    parts.append(self.literal(self.span(child), text))
        return self.joined(self.span(node), parts)

    # --- what stands in something else ---

    def _key(self, node: Node | None) -> ir.Expression | None:
        """What an item is asked for by; None for a range."""
        first = next((child for child in (node.named_children if node else ()) if child.type == "argument"), None)
        if first is None or any(child.type == "range_expression" for child in first.named_children):
            return None
        return self._inner(first)

    def _inner(self, node: Node) -> ir.Expression:
        """The one expression in a node that says nothing more; a type beside it is none."""
        named = node.child_by_field_name("name") if node.type in ("argument", "attribute_argument") else None
        kind = node.child_by_field_name("type")
        if node.type == "as_expression":
            kind = node.child_by_field_name("right")
        children = [child for child in node.named_children if not is_comment(child) and child not in (named, kind)]
        children = [child for child in children if not child.type.startswith("interpolation_")]
        if len(children) == 1:
            return self.expression(children[0])
        if not children and node.child_count:  # `this` and `base` have no name in the grammar
            keyword = next((child for child in node.children if child.type in ("this", "base")), None)
            if keyword is not None:
                return self.expression(keyword)
        return ir.Operation(*self.span(node), node.type, tuple([self.expression(child) for child in children]))

    def declare(self, name: Node) -> ir.Expression:
        """A variable, from here on a name of this body."""
        text = self.text(name).removeprefix("@")
        self.scope.names.add(text)
        return ir.Name(*self.span(name), text)
