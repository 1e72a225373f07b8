"""Whether C# code may hold an `await`: in methods, local functions and lambdas that are `async`, and at the top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.fixes.change import CannotChange
from pat_audit.fixes.program_tree import around, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.fixes.change import Replacement
    from pat_audit.fixes.file_text import FileText

_FUNCTIONS = frozenset({
    "method_declaration", "local_function_statement", "lambda_expression", "anonymous_method_expression",
})  # fmt: skip
_NEVER = frozenset({
    "lock_statement", "constructor_declaration", "property_declaration", "accessor_declaration", "field_declaration",
    "operator_declaration", "indexer_declaration", "query_expression", "unsafe_statement", "parameter",
    "constructor_initializer", "destructor_declaration", "attribute", "conversion_operator_declaration",
})  # fmt: skip
_TYPES = frozenset({"class_declaration", "struct_declaration", "record_declaration", "interface_declaration"})


def waits(file: FileText, offset: int, files: Callable[[str], FileText]) -> list[Replacement]:
    """No edits: code waits where it may already. Raises CannotChange where it may not."""
    node = None if file.tree is None else file.tree.descendant_for_byte_range(offset, offset)
    for outer in around(node) if node is not None else ():
        if outer.type in _NEVER or outer.type in _TYPES:
            break
        if outer.type in _FUNCTIONS:
            if any(written(child) == "async" for child in outer.children):
                return []
            break
        if outer.type == "compilation_unit":
            return []  # statements at the top may wait
    raise CannotChange("the method around it is not asynchronous")
