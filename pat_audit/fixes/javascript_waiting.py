"""Makes code wait in JavaScript: `await` where a function may, functions that become `async`, and their callers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pat_audit.fixes.change import CannotChange, Replacement
from pat_audit.fixes.program_tree import around, named, walk, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from pat_audit.fixes.file_text import FileText

    Files = Callable[[str], FileText]

_FUNCTIONS = frozenset({
    "function_declaration", "function_expression", "arrow_function", "method_definition",
    "generator_function", "generator_function_declaration",
})  # fmt: skip
_FIELDS = frozenset({"public_field_definition", "field_definition", "class_static_block"})
_TAIL = frozenset({"function_declaration", "class_declaration", "export_statement", "empty_statement", "comment"})
_BEHIND_PROMISES = frozenset({"then", "catch", "finally"})
_PROMISE_MAKERS = ("fetch", "Promise.all", "Promise.allSettled", "Promise.race", "Promise.resolve", "Promise.reject")
_NAMES = frozenset({
    "identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern", "type_identifier",
})  # fmt: skip
_MODULES_ONLY = (".mjs", ".mts")
_SCRIPTS_ONLY = (".cjs", ".cts", ".vue", ".svelte", ".jsx", ".tsx")


def waits(file: FileText, offset: int, files: Files) -> list[Replacement]:
    """The edits with which the code at an offset may hold an `await`. Raises CannotChange where it may not."""
    root = file.tree
    if root is None:
        raise CannotChange("it stands in a component, where nothing can wait")
    node = root.descendant_for_byte_range(offset, offset)
    waiting = _Waiting(file, root, files)
    if node is not None:
        waiting.at(node)
    return sorted(waiting.edits)


class _Waiting:
    def __init__(self, file: FileText, root: Node, files: Files) -> None:
        self.edits: set[Replacement] = set()
        self._file = file
        self._root = root
        self._files = files
        self._made: set[int] = set()

    def at(self, node: Node) -> None:
        """Have the code at a node be in a function that may wait."""
        function = self._function(node)
        if function is None:
            self._module()
        elif not _is_async(function):
            self._make_async(function)

    def _function(self, node: Node) -> Node | None:
        before = node
        for outer in around(node):
            if outer.type in _FIELDS:
                raise CannotChange("the value of a class's field cannot wait")
            if outer.type in _FUNCTIONS:
                if before in (outer.child_by_field_name("parameters"), outer.child_by_field_name("parameter")):
                    raise CannotChange("the default of a parameter cannot wait")
                return outer
            before = outer
        return None

    # --- functions ---

    def _make_async(self, function: Node) -> None:
        if function.id in self._made:
            return
        self._made.add(function.id)
        if function.type.startswith("generator") or any(
            child.type in ("get", "set", "*") for child in function.children
        ):
            raise CannotChange("a generator or accessor cannot wait")
        promise = _gives_promise(function, self._root)
        mentions: list[Node] = []
        if not promise and not _is_behind_promise(function):
            mentions = self._callers(function)
        elif function.type == "method_definition" and written(function.child_by_field_name("name")) == "constructor":
            raise CannotChange("a constructor cannot wait")
        self._insert(_start_of(function), "async ")
        self._return_type(function)
        for call in mentions:
            self._await(call)

    def _return_type(self, function: Node) -> None:
        annotation = function.child_by_field_name("return_type")
        if annotation is None:
            return
        inner = named(annotation)
        if annotation.type != "type_annotation" or len(inner) != 1:
            raise CannotChange("what the function gives says something of its parameters")
        kind = inner[0]
        if written(kind).startswith("Promise<"):
            return
        self._insert(kind.start_byte, "Promise<")
        self._insert(kind.end_byte, ">")

    def _callers(self, function: Node) -> list[Node]:
        """The calls of a function, where all are known: it must be seen in this file alone."""
        if function.type == "method_definition":
            return self._callers_of_method(function)
        name = function.child_by_field_name("name") if function.type == "function_declaration" else None
        holder = function
        if name is None:
            declarator = function.parent
            if declarator is None or declarator.type != "variable_declarator" or declarator.child_by_field_name("type"):
                raise CannotChange("the function around it cannot wait: it is not known who calls it")
            name = declarator.child_by_field_name("name")
            holder = declarator.parent or declarator
        if name is None or name.type != "identifier":
            raise CannotChange("the function around it cannot wait: it has no name")
        if holder.parent is not None and holder.parent.type == "export_statement":
            raise CannotChange(f"{written(name)} is exported: those who call it would have to wait too")
        return [self._call_of(node) for node in walk(self._root) if node != name and _is_name(node, written(name))]

    def _callers_of_method(self, method: Node) -> list[Node]:
        name = method.child_by_field_name("name")
        owner = next((outer for outer in around(method) if outer.type in ("class_declaration", "class")), None)
        if name is None or owner is None or written(name) == "constructor":
            raise CannotChange("a constructor or an object's method cannot wait")
        if any(child.type == "decorator" for child in method.children):
            raise CannotChange(f"{written(name)} is decorated: it is not known who calls it")
        private = name.type == "private_property_identifier" or any(
            child.type == "accessibility_modifier" and written(child) == "private" for child in method.children
        )
        if not private and (_is_exported(owner, self._root) or _extends(owner)):
            raise CannotChange(f"{written(name)} may be called from other files, which would have to wait too")
        found: list[Node] = []
        for node in walk(self._root):
            if node == name or node.type != name.type or node.text != name.text:
                continue
            member = node.parent
            if member is None or member.type != "member_expression":
                raise CannotChange(f"{written(name)} is used in another way than by calling it")
            if written(member.child_by_field_name("object")) != "this" and not private:
                raise CannotChange(f"it is not known whether {written(member)} is the same")
            found.append(self._call_of(member))
        return found

    @staticmethod
    def _call_of(node: Node) -> Node:
        call = node.parent
        if call is None or call.type != "call_expression" or call.child_by_field_name("function") != node:
            raise CannotChange(f"{written(node)} is used in another way than by calling it")
        return call

    def _await(self, call: Node) -> None:
        """A call of what gives a promise now: it waits, and so does what it stands in."""
        outer = call.parent
        if outer is None or outer.type == "await_expression":
            return
        if outer.type == "expression_statement" and _is_last_of_program(outer):
            return  # nothing follows that could go on too early
        self.at(call)
        if outer.type == "return_statement":
            return
        if outer.type in ("member_expression", "subscript_expression", "non_null_expression", "call_expression") and (
            call in (outer.child_by_field_name("object"), outer.child_by_field_name("function"))
            or outer.type == "non_null_expression"
        ):
            self._insert(call.start_byte, "(await ")
            self._insert(call.end_byte, ")")
        else:
            self._insert(call.start_byte, "await ")

    def _insert(self, offset: int, text: str) -> None:
        self.edits.add(Replacement(offset, offset, text))

    # --- modules ---

    def _module(self) -> None:
        """Raise CannotChange where a module may not wait at its top."""
        path = self._file.path
        if path.endswith(_MODULES_ONLY) or _waits_at_top(self._root):
            return
        is_module = any(child.type in ("import_statement", "export_statement") for child in self._root.children)
        if path.endswith(_SCRIPTS_ONLY) or not is_module or self._file.has_word("require"):
            raise CannotChange("a script cannot wait outside of functions")
        if _package_type(path, self._files) not in ("", "module"):
            raise CannotChange("it is not known whether this module may wait outside of functions")


def _is_async(function: Node) -> bool:
    return any(child.type == "async" for child in function.children)


def _start_of(function: Node) -> int:
    """Where `async` goes: behind what else stands before a method's name."""
    if function.type != "method_definition":
        return function.start_byte
    name = function.child_by_field_name("name")
    return function.start_byte if name is None else name.start_byte


def _is_name(node: Node, name: str) -> bool:
    return node.type in _NAMES and written(node) == name


def _is_exported(owner: Node, root: Node) -> bool:
    if owner.parent is not None and owner.parent.type == "export_statement":
        return True
    name = owner.child_by_field_name("name")
    exports = [node for node in walk(root) if node.type == "export_specifier" or _is_module_exports(node)]
    return name is None or any(_is_name(inner, written(name)) for node in exports for inner in walk(node))


def _is_module_exports(node: Node) -> bool:
    if node.type != "assignment_expression":
        return False
    left = written(node.child_by_field_name("left"))
    return left.startswith(("module.exports", "exports."))


def _extends(owner: Node) -> bool:
    return any(child.type == "class_heritage" for child in owner.children)


def _gives_promise(function: Node, root: Node) -> bool:
    """Whether whoever calls a function has a promise already."""
    annotation = function.child_by_field_name("return_type")
    if annotation is not None:
        return written(annotation).lstrip(": ").startswith("Promise<")
    body = function.child_by_field_name("body")
    if body is None:
        return False
    if body.type != "statement_block":
        return _is_promise(body, root)
    returned = [
        node
        for node in walk(body)
        if node.type == "return_statement"
        and next((outer for outer in around(node) if outer.type in _FUNCTIONS), None) == function
    ]
    values = [named(node) for node in returned]
    return bool(values) and all(len(value) == 1 and _is_promise(value[0], root) for value in values)


def _is_promise(node: Node, root: Node) -> bool:
    while node.type == "parenthesized_expression" and node.named_child_count == 1:
        node = node.named_children[0]
    if node.type == "new_expression":
        return written(node.child_by_field_name("constructor")) == "Promise"
    if node.type != "call_expression":
        return False
    called = node.child_by_field_name("function")
    if called is None:
        return False
    name = called.child_by_field_name("property") if called.type == "member_expression" else None
    if name is not None and written(name) in _BEHIND_PROMISES:
        return True
    return written(called) in _PROMISE_MAKERS or any(_is_awaited(each, called) for each in walk(root))


def _is_awaited(node: Node, called: Node) -> bool:
    """Whether a node is a call of the same, and what it gives is waited for."""
    if node.type != "call_expression" or node.child_by_field_name("function") == called:
        return False
    function = node.child_by_field_name("function")
    if function is None or function.text != called.text or node.parent is None:
        return False
    property_ = node.parent.child_by_field_name("property") if node.parent.type == "member_expression" else None
    return node.parent.type == "await_expression" or (property_ is not None and written(property_) in _BEHIND_PROMISES)


def _is_behind_promise(function: Node) -> bool:
    """Whether it is a function that a promise calls, and waits for: `….then(() => …)`."""
    call = function.parent.parent if function.parent is not None and function.parent.type == "arguments" else None
    called = None if call is None else call.child_by_field_name("function")
    if called is None or called.type != "member_expression":
        return False
    return written(called.child_by_field_name("property")) in _BEHIND_PROMISES


def _is_last_of_program(statement: Node) -> bool:
    if statement.parent is None or statement.parent.type != "program":
        return False
    following = statement.next_named_sibling
    while following is not None:
        if following.type not in _TAIL:
            return False
        following = following.next_named_sibling
    return True


def _waits_at_top(root: Node) -> bool:
    return any(
        node.type == "await_expression" and all(outer.type not in _FUNCTIONS for outer in around(node))
        for node in walk(root)
    )


def _package_type(path: str, files: Files) -> str:
    """What the nearest package.json says of the kind of its modules; nothing where there is none."""
    folder = path.rpartition("/")[0]
    while True:
        try:
            told = json.loads(files(f"{folder}/package.json" if folder else "package.json").data)
        except OSError:
            if not folder:
                return ""
            folder = folder.rpartition("/")[0]
            continue
        except ValueError:
            return "commonjs"
        return str(told.get("type", "commonjs")) if isinstance(told, dict) else "commonjs"
