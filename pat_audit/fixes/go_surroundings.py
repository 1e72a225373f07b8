"""What stands around Go code that gets a token: the function's context, what it does upon an error, free names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.fixes.change import CannotChange
from pat_audit.fixes.program_tree import around, named, walk, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from pat_audit.fixes.file_text import FileText

_FUNCTIONS = frozenset({"function_declaration", "method_declaration", "func_literal"})
_NIL = frozenset({"pointer_type", "slice_type", "map_type", "channel_type", "function_type", "interface_type"})
_ZERO = {
    "string": '""', "bool": "false", "error": "nil", "any": "nil",
    **dict.fromkeys(("int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "byte",
                     "rune", "float32", "float64", "uintptr"), "0"),
}  # fmt: skip
_TESTS = ("*testing.T", "*testing.B", "*testing.F", "testing.TB")
_NAMES_TRIED = 20


def surroundings(file: FileText, start: int, end: int) -> tuple[int, Mapping[str, str]]:
    """Where statements go that stand before the one at a span, and the words for a template's holes.

    `context` is a context that is at hand, `fail` what the function does upon the error named by `error`, and
    `token` a free name. Raises CannotChange outside of functions, and in those that can report no error.
    """
    root = file.tree
    node = None if root is None else root.descendant_for_byte_range(start, end)
    statement = node
    while statement is not None and (statement.parent is None or statement.parent.type != "statement_list"):
        if statement.type in _FUNCTIONS or statement.type in ("for_clause", "range_clause"):
            statement = None
            break
        statement = statement.parent
    function = None if node is None else next((each for each in around(node) if each.type in _FUNCTIONS), None)
    if root is None or statement is None or function is None or statement.type == "for_statement":
        raise CannotChange("it does not stand in a statement of a function")
    error = _error_name(statement, function)
    holes = {
        "context": _context(function, statement),
        "error": error,
        "fail": _fail(function, error, file),
        "token": _free(function, "token"),
    }
    return statement.start_byte, holes


def _free(function: Node, name: str) -> str:
    whole = next((each for each in reversed(list(around(function))) if each.type in _FUNCTIONS), function)
    taken = {written(node) for node in walk(whole) if node.type == "identifier"}
    for number in range(1, _NAMES_TRIED):
        wanted = name if number == 1 else f"{name}{number}"
        if wanted not in taken:
            return wanted
    raise CannotChange(f"every name like {name} is taken in this function")


def _context(function: Node, statement: Node) -> str:
    for name, kind in _parameters(function):
        if kind == "context.Context" and name != "_":
            return name
        if kind == "*http.Request" and name != "_":
            return f"{name}.Context()"
    for declared in walk(function):
        if declared.start_byte >= statement.start_byte:
            break
        if declared.type == "short_var_declaration" and _is_before(declared, statement):
            left, right = declared.child_by_field_name("left"), declared.child_by_field_name("right")
            if written(right).startswith("context.") and left is not None and left.named_children:
                return written(left.named_children[0])
    return "«context».Background()"


def _is_before(declaration: Node, statement: Node) -> bool:
    """Whether a declaration is one of the block that a statement stands in, or of one around that."""
    return declaration.parent is not None and declaration.parent in list(around(statement))


def _parameters(function: Node) -> Iterator[tuple[str, str]]:
    listed = function.child_by_field_name("parameters")
    for each in named(listed) if listed is not None else ():
        kind = each.child_by_field_name("type")
        for name in each.children_by_field_name("name"):
            yield written(name), written(kind)


def _error_name(statement: Node, function: Node) -> str:
    """`err`, unless what follows in the block declares it with nothing else that is new."""
    following = statement.next_named_sibling
    while following is not None:
        if following.type == "short_var_declaration":
            left = following.child_by_field_name("left")
            names = {written(each) for each in named(left)} if left is not None else set()
            if "err" in names and names <= {"err", "_", *_declared_before(following, function)}:
                return "tokenErr"
        following = following.next_named_sibling
    return "err"


def _declared_before(statement: Node, function: Node) -> set[str]:
    """Names that a block declares before one of its statements, or a function's head if it is its block."""
    names: set[str] = set()
    before = statement.prev_named_sibling
    while before is not None:
        left = before.child_by_field_name("left") if before.type == "short_var_declaration" else None
        names |= {written(each) for each in named(left)} if left is not None else set()
        before = before.prev_named_sibling
    body = function.child_by_field_name("body")
    if statement.parent is not None and statement.parent.parent == body:
        names |= {name for name, _ in _parameters(function)}
    return names


def _fail(function: Node, error: str, file: FileText) -> str:
    """What the function does with an error: gives it back, ends a test, or ends the program where it does so."""
    result = function.child_by_field_name("result")
    kinds: list[Node | None] = []
    if result is not None and result.type == "parameter_list":
        for each in named(result):
            count = max(1, len(each.children_by_field_name("name")))
            kinds += [each.child_by_field_name("type")] * count
    elif result is not None:
        kinds = [result]
    if kinds and written(kinds[-1]) == "error":
        return "return " + ", ".join([*(_zero(kind) for kind in kinds[:-1]), error])
    test = next((name for name, kind in _parameters(function) if kind in _TESTS), None)
    if test is not None:
        return f"{test}.Fatal({error})"
    body = written(function.child_by_field_name("body"))
    name = written(function.child_by_field_name("name")) if function.type == "function_declaration" else ""
    if "log.Fatal" in body or (name == "main" and '"log"' in file.text(0, len(file.data))):
        return f"log.Fatal({error})"
    if "panic(" in body or name in ("main", "init"):
        return f"panic({error})"
    raise CannotChange("the function has no way to report that there is no token")


def _zero(kind: Node | None) -> str:
    if kind is None or kind.type in _NIL:
        return "nil"
    return _ZERO.get(written(kind), f"*new({written(kind)})")
