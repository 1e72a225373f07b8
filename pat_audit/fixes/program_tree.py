"""The syntax tree of a program that is edited: where its grammar stumbles, whole statements, blocks, and names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pat_audit.languages import javascript
from pat_audit.languages.syntax_tree import is_comment, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_GRAMMARS = {
    "bash": ("tree_sitter_bash", "language"),
    "csharp": ("tree_sitter_c_sharp", "language"),
    "go": ("tree_sitter_go", "language"),
    "groovy": ("tree_sitter_groovy", "language"),
    "java": ("tree_sitter_java", "language"),
    "kotlin": ("tree_sitter_kotlin", "language"),
}
_BLOCKS = frozenset({
    "block", "statement_block", "program", "compilation_unit", "source_file", "switch_case", "switch_default",
    "switch_section", "switch_body", "expression_case", "default_case", "type_case", "communication_case", "class_body",
    "declaration_list", "constructor_body", "lambda_expression", "arrow_function", "statement_list",
    "switch_block_statement_group", "class_static_block",
})  # fmt: skip
_BLOCK_SCOPED = frozenset({
    "lexical_declaration", "short_var_declaration", "var_declaration", "local_declaration_statement",
    "local_variable_declaration",
})  # fmt: skip
_DECLARATIONS = {
    "variable_declarator": ("lexical_declaration", "variable_declaration", "local_variable_declaration"),
    "variable_declaration": ("local_declaration_statement",),
    "assignment_expression": ("expression_statement",),
    "expression_list": ("short_var_declaration",),
    "var_spec": ("var_declaration",),
}


def tree_of(path: str, language: str, data: bytes) -> Node | None:
    """The tree of a program's text; None for a language without a grammar of this kind."""
    grammar = javascript.grammar_of(path) if language == "javascript" else _GRAMMARS.get(language)
    return None if grammar is None or path.endswith((".vue", ".svelte")) else parse(grammar[0], data, grammar[1])


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the text."""
    pending = [node]
    while pending:
        found = pending.pop()
        yield found
        pending.extend(reversed(found.children))


def stumbles(root: Node | None) -> int:
    """At how many places the grammar could not read the text."""
    if root is None or not root.has_error:
        return 0
    return sum(node.is_error or node.is_missing for node in walk(root))


def is_unreadable(root: Node, start: int, end: int) -> bool:
    """Whether the grammar stumbles in the code at a span, or in the statement around it."""
    node = root.descendant_for_byte_range(start, end) if root.has_error else None
    while node is not None and node.parent is not None:
        if node.is_error:
            return True
        if node.type.endswith(("statement", "declaration")):
            return node.has_error
        node = node.parent
    return False


def written(node: Any) -> str:
    """The text of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def around(node: Node) -> Iterator[Node]:
    """What a node stands in, from the inside out, without itself."""
    outer = node.parent
    while outer is not None:
        yield outer
        outer = outer.parent


def whole_statement(root: Node, start: int, end: int) -> tuple[int, int] | None:
    """The span of the declaration or statement of which this span is all.

    None where others stand in it too, or other files see it.
    """
    node = root.descendant_for_byte_range(start, end)
    if node is None:
        return None
    while node.parent is not None and (node.parent.start_byte, node.parent.end_byte) == (start, end):
        node = node.parent
    while node.parent is not None and node.parent.type in _DECLARATIONS.get(node.type, ()):
        outer: Node = node.parent
        if any(each.type == node.type and each != node for each in outer.named_children):
            return None
        node = outer
    if node.parent is not None and node.parent.type == "export_statement":
        return None
    return node.start_byte, node.end_byte


def end_of_statement(root: Node, start: int, end: int) -> int:
    """Where the statement ends that code at a span stands in, with what closes it."""
    node = root.descendant_for_byte_range(start, end)
    while node is not None and node.parent is not None and node.parent.type not in _BLOCKS:
        node = node.parent
    return end if node is None else node.end_byte


def block_of_declaration(root: Node, start: int, end: int) -> tuple[int, int] | None:
    """The block in which the variable that is declared at this span is known; None where no block bounds it."""
    node = root.descendant_for_byte_range(start, end)
    while node is not None and node.type not in _BLOCK_SCOPED:
        if node.type in _BLOCKS or node.type.endswith(("statement", "assignment_expression")):
            return None
        node = node.parent
    while node is not None and node.type not in _BLOCKS:
        node = node.parent
    return None if node is None else (node.start_byte, node.end_byte)


def named(node: Node) -> list[Node]:
    """The children that are a part of what the program does."""
    return [child for child in node.named_children if not is_comment(child)]
