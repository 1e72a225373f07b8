"""The cases of osv-scalibr (veles): tables in the Go tests of its detectors, with an input and what is wanted of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.peer_suites.case import Case
from benchmarks.peer_suites.go_text import GoText, each, root_of, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tree_sitter import Node

_SECRETS = "veles/secrets"
_INPUTS = ("input", "key", "content")
_WANTED = ("want", "wants", "secret", "expected")


def cases(checkout: Path) -> Iterator[Case]:
    """The cases of a checkout; a case's label is the folder of its detector, and the test's name without `_test`."""
    for path in sorted((checkout / _SECRETS).rglob("*detector_test.go")):
        folder = path.parent.relative_to(checkout / _SECRETS)
        label = f"{folder}/{path.stem.removesuffix('_test').removesuffix('detector').rstrip('_')}".rstrip("/")
        root = root_of(path.read_text(encoding="utf-8"))
        file = GoText()
        for declaration in each(root, "const_declaration", "var_declaration"):
            file.follow(declaration)
        for function in each(root, "function_declaration"):
            name, body = (function.child_by_field_name(field) for field in ("name", "body"))
            if name is None or body is None or not written(name).startswith("Test"):
                continue
            go = GoText()
            go.names = dict(file.names)
            go.follow(body)
            for number, row in enumerate(_rows(body)):
                yield from _of_row(row, go, label, f"{path.relative_to(checkout)}:{written(name)}[{number}]")


def _of_row(row: dict[str, Node], go: GoText, label: str, where: str) -> Iterator[Case]:
    given = next((row[field] for field in _INPUTS if field in row), None)
    text = go.value(given)
    if not isinstance(text, str) or not text.strip():
        return
    wanted = [row[field] for field in _WANTED if field in row]
    positive = any(_holds_something(node) for node in wanted) or ("key" in row and not wanted)
    name = go.value(row.get("name"))
    yield Case(label, f"{where} {name}" if isinstance(name, str) else where, positive, text)


def _rows(node: Node) -> Iterator[dict[str, Node]]:
    """The elements of tables: literals with a field that is an input."""
    for child in node.named_children:
        fields = {}
        if child.type == "literal_value":
            elements = [each.named_children for each in child.named_children if each.type == "keyed_element"]
            fields = {written(element[0]): element[-1] for element in elements}
        if any(field in fields for field in _INPUTS):
            yield fields
        else:
            yield from _rows(child)


def _holds_something(node: Node) -> bool:
    """Whether a literal of secrets is not empty."""
    inner = node.named_children[0] if node.type == "literal_element" else node
    if inner.type in ("nil", "identifier"):
        return inner.type == "identifier" and written(inner) != "nil"
    body = inner.child_by_field_name("body")
    return body is None or any(element.type != "comment" for element in body.named_children) or _is_one(inner)


def _is_one(literal: Node) -> bool:
    """Whether a literal is of one secret, not of several."""
    kind = literal.child_by_field_name("type")
    return kind is not None and kind.type not in ("slice_type", "array_type")
