"""Which variables a JavaScript function sets that the code around it declares, found by one query of the tree."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Query

MAX_AROUND = 32  # functions around an assignment that are looked at
_QUERY = """
(assignment_expression left: (identifier) @set)
(assignment_expression left: (array_pattern (identifier) @set))
(assignment_expression left: (object_pattern (shorthand_property_identifier_pattern) @set))
(augmented_assignment_expression left: (identifier) @set)
(variable_declarator name: (_) @declared)
(formal_parameters (_) @declared)
(function_declaration) @function
(generator_function_declaration) @function
(function_expression) @function
(generator_function) @function
(arrow_function) @function
(method_definition) @function
"""
_FUNCTIONS = frozenset({
    "function_declaration", "generator_function_declaration", "function_expression", "generator_function",
    "arrow_function", "method_definition",
})  # fmt: skip
_SET_IN = {"array_pattern": "identifier", "object_pattern": "shorthand_property_identifier_pattern"}


def set_outside(package: str, grammar: str, root: Node, data: bytes) -> dict[int, tuple[str, ...]]:
    """The names that each function sets without declaring them, by the byte at which the function starts.

    A name counts for every function between the assignment and the declaration.
    """
    captures = _walked(root) if root.has_error else _queried(package, grammar, root)
    places = [(place.start_byte, _text(place, data)) for place in captures.get("set", [])]
    functions = sorted((node.start_byte, node.end_byte) for node in captures.get("function", []))
    if not places or not functions:
        return {}
    names = {name for _, name in places}
    found: list[tuple[int, str]] = []
    for node in captures.get("declared", []):
        written = _text(node, data)
        matching = {written} & names if written.isidentifier() else {name for name in names if name in written}
        found.extend((node.start_byte, name) for name in matching)
    declared = {(scopes[-1], name) for name, scopes in _scopes(found, functions) if scopes}
    outer: dict[int, set[str]] = {}
    for name, scopes in _scopes(places, functions):
        for scope in reversed(scopes):
            if (scope, name) in declared:
                break
            outer.setdefault(scope, set()).add(name)
    return {start: tuple(sorted(set_)) for start, set_ in outer.items()}


def _queried(package: str, grammar: str, root: Node) -> dict[str, list[Node]]:
    from tree_sitter import QueryCursor

    return QueryCursor(_query(package, grammar)).captures(root)


def _walked(root: Node) -> dict[str, list[Node]]:
    """What the query finds, without it: for each bracket that nothing closes it looks at all that follow."""
    found: dict[str, list[Node]] = {"set": [], "declared": [], "function": []}
    pending = [root]
    while pending:
        node = pending.pop()
        children = node.named_children
        pending.extend(children)
        kind = node.type
        if kind in _FUNCTIONS:
            found["function"].append(node)
        elif kind == "formal_parameters":
            found["declared"] += children
        elif kind == "variable_declarator":
            found["declared"] += node.children_by_field_name("name")
        elif kind in ("assignment_expression", "augmented_assignment_expression"):
            for left in node.children_by_field_name("left"):
                inside = _SET_IN.get(left.type) if kind == "assignment_expression" else None
                if left.type == "identifier":
                    found["set"].append(left)
                elif inside is not None:
                    found["set"] += [each for each in left.named_children if each.type == inside]
    return found


def _scopes(places: list[tuple[int, str]], functions: list[tuple[int, int]]) -> Iterator[tuple[str, list[int]]]:
    """Each name with where the functions around its place start, the outermost first."""
    around: list[tuple[int, int]] = []
    following = 0
    for at, name in sorted(places):
        while following < len(functions) and functions[following][0] <= at:
            _leave(around, functions[following][0])
            around.append(functions[following])
            following += 1
        _leave(around, at)
        yield name, [start for start, _ in around[-MAX_AROUND:]]


def _leave(around: list[tuple[int, int]], at: int) -> None:
    """Take out the functions that have ended at a place."""
    while around and around[-1][1] <= at:
        around.pop()


def _text(node: Node, data: bytes) -> str:
    return data[node.start_byte : node.end_byte].decode("utf-8", "replace")


@cache
def _query(package: str, grammar: str) -> Query:
    import tree_sitter

    language = tree_sitter.Language(getattr(import_module(package), grammar)())
    return tree_sitter.Query(language, _QUERY)
