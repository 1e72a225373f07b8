"""Which variables a JavaScript function sets that the code around it declares, found by two queries of the tree."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Query

_FUNCTIONS = frozenset(
    {
        *("function_declaration", "generator_function_declaration", "function_expression", "generator_function"),
        *("arrow_function", "method_definition"),
    }
)
_QUERY = """
(assignment_expression left: (identifier) @set)
(assignment_expression left: (array_pattern (identifier) @set))
(assignment_expression left: (object_pattern (shorthand_property_identifier_pattern) @set))
(augmented_assignment_expression left: (identifier) @set)
(variable_declarator name: (_) @declared)
(formal_parameters (_) @declared)
"""


def set_outside(package: str, grammar: str, root: Node, data: bytes) -> dict[int, tuple[str, ...]]:
    """The names that each function sets without declaring them, by the byte at which the function starts.

    A name counts for every function between the assignment and the declaration.
    """
    from tree_sitter import QueryCursor

    captures = QueryCursor(_query(package, grammar)).captures(root)
    places = captures.get("set", [])
    if not places:
        return {}
    names = {_text(place, data) for place in places}
    declared: set[tuple[int, str]] = set()
    for node in captures.get("declared", []):
        written = _text(node, data)
        found = {written} & names if written.isidentifier() else {name for name in names if name in written}
        if found:
            scope = next(iter(_around(node)), -1)
            declared.update((scope, name) for name in found)
    outer: dict[int, set[str]] = {}
    for place in places:
        name = _text(place, data)
        for scope in _around(place):
            if (scope, name) in declared:
                break
            outer.setdefault(scope, set()).add(name)
    return {start: tuple(sorted(found)) for start, found in outer.items()}


def _around(node: Node) -> list[int]:
    """Where the functions around a node start, the innermost first."""
    found = []
    parent = node.parent
    while parent is not None:
        if parent.type in _FUNCTIONS:
            found.append(parent.start_byte)
        parent = parent.parent
    return found


def _text(node: Node, data: bytes) -> str:
    return data[node.start_byte : node.end_byte].decode("utf-8", "replace")


@cache
def _query(package: str, grammar: str) -> Query:
    import tree_sitter

    language = tree_sitter.Language(getattr(import_module(package), grammar)())
    return tree_sitter.Query(language, _QUERY)
