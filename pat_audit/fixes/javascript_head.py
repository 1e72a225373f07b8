"""Where imports and definitions go in a JavaScript or TypeScript module, in its own kind of modules and its style."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.fixes.change import CannotChange
from pat_audit.fixes.layout import indentation_unit, reindented
from pat_audit.fixes.program_tree import named, tree_of, walk, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from pat_audit.fixes.file_text import FileText

Import = tuple[str, str, str]  # module, name (nothing: the module), what it is called in the file
_SOURCE = re.compile(rb"""(?:\bfrom|\bimport|\brequire\s*\()\s*(["'])""")
_STATEMENT = re.compile(rb"(?m)^[ \t]*(?:import|const|let|var|return)\b.*[\w\)\]'\"`](;?)[ \t]*\r?$")
_COMPONENTS = (".vue", ".svelte", ".jsx", ".tsx")
_MODULES = (".mjs", ".mts", ".ts")
_NODE = re.compile(rb"(?<![\w.])(?:process\.(?:env|argv|exit)|Buffer\.from|__dirname|module\.exports|exports\.)")


def insert(file: FileText, text: str, imports: Sequence[Import], definitions: Sequence[tuple[str, str]]) -> str:
    """The module with these imports and definitions in it.

    A name joins an import of its module; a new import stands behind those of other packages, before those of the
    module's own files. Raises CannotChange for code that runs in a browser, and where nothing says how the script
    brings modules in.
    """
    if file.path.endswith(_COMPONENTS):
        raise CannotChange("it runs in a browser, where only a person can sign in")
    style = _Style(file)
    for module in dict.fromkeys(module for module, _, _ in imports):
        names = sorted([(name, alias) for each, name, alias in imports if each == module], key=_without_case)
        text = _with_imports(file.path, text, module, names, style)
    if not definitions:
        return text
    data = text.encode()
    head = _head(_root(file.path, data))
    at = head[-1].end_byte if head else _comments_end(data)
    line = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)").match(data, at)
    at = line.end() if line is not None and head else at
    before, after = data[:at].decode(), data[at:].decode()
    newline = style.newline
    if before and not before.endswith(("\n", "\r")):
        before += newline
    body = (newline * 2).join(style.spelled(definition) for _, definition in definitions)
    gap = newline if before.strip() and head else ""
    return before + gap + body + newline + (newline if after.strip() else "") + re.sub(r"\A(?:[ \t]*\r?\n)+", "", after)


def _without_case(name: tuple[str, str]) -> str:
    return name[0].lower()


class _Style:
    """How the file writes: quotes, semicolons, indentation, line ends, and what kind of module it is."""

    def __init__(self, file: FileText) -> None:
        self.newline = file.newline
        match = _SOURCE.search(file.data)
        self.single = match[1] == b"'" if match is not None else file.prefers_single_quotes
        ends = [found[1] for found in _STATEMENT.finditer(file.data)]
        self.bare = bool(ends) and not any(ends)
        self._unit = indentation_unit(file.data, "  ")
        self.requires = _requires(file)

    def spelled(self, text: str) -> str:
        text = text.strip()
        if self.single and "'" not in text:
            text = text.replace('"', "'")
        if self.bare:
            text = re.sub(r"(?m);$", "", text)
        return reindented(text, "  ", self._unit).replace("\n", self.newline)


def _requires(file: FileText) -> bool:
    """Whether the file brings modules in with `require`. Raises CannotChange where nothing says."""
    root = _root(file.path, file.data)
    if any(child.type in ("import_statement", "export_statement") for child in root.children):
        return False
    if file.has_word("require") or file.path.endswith((".cjs", ".cts")):
        return True
    if file.path.endswith(_MODULES) or any(_waits_at_top(child) for child in root.children):
        return False
    if _NODE.search(file.data):
        return True
    raise CannotChange("nothing says how this script brings modules in")


def _waits_at_top(statement: Node) -> bool:
    return statement.type in ("expression_statement", "lexical_declaration") and any(
        node.type == "await_expression" for node in walk(statement)
    )


def _root(path: str, data: bytes) -> Node:
    root = tree_of(path, "javascript", data)
    assert root is not None
    return root


def _head(root: Node) -> list[Node]:
    """The imports that the module starts with, and what may stand before and between them."""
    found: list[Node] = []
    for child in named(root):
        if child.type == "import_statement" or required(child) is not None:
            found.append(child)
        elif not _is_directive(child):
            break
        elif not found:
            found.append(child)
    return found


def _is_directive(node: Node) -> bool:
    return node.type == "hash_bang_line" or (
        node.type == "expression_statement" and node.named_child_count == 1 and node.named_children[0].type == "string"
    )


def required(statement: Node) -> tuple[str, Node] | None:
    """The module that `const … = require("…")` brings in, and what it is bound to."""
    if statement.type not in ("lexical_declaration", "variable_declaration") or statement.named_child_count != 1:
        return None
    declarator = statement.named_children[0]
    value, target = declarator.child_by_field_name("value"), declarator.child_by_field_name("name")
    if value is None or target is None or value.type != "call_expression":
        return None
    arguments = value.child_by_field_name("arguments")
    if written(value.child_by_field_name("function")) != "require" or arguments is None:
        return None
    source = named(arguments)
    return (written(source[0])[1:-1], target) if len(source) == 1 and source[0].type == "string" else None


def imported(statement: Node) -> tuple[str, Node | None] | None:
    """The module of an `import` statement, and its names in braces, if it has such."""
    source = statement.child_by_field_name("source")
    if statement.type != "import_statement" or source is None:
        return None
    if any(child.type in ("type", "typeof") for child in statement.children):
        return written(source)[1:-1], None
    clause = next((child for child in statement.named_children if child.type == "import_clause"), None)
    names = next((child for child in clause.named_children if child.type == "named_imports"), None) if clause else None
    return written(source)[1:-1], names


def _module_of(statement: Node) -> str:
    told = imported(statement) or required(statement)
    return "" if told is None else told[0]


def _with_imports(path: str, text: str, module: str, names: Sequence[tuple[str, str]], style: _Style) -> str:
    data = text.encode()
    root = _root(path, data)
    between = ": " if style.requires else " as "
    spelled = [name if name == alias else f"{name}{between}{alias}" for name, alias in names if name]
    for statement in root.children:
        told = imported(statement) if not style.requires else required(statement)
        if (
            told is None
            or told[0] != module
            or told[1] is None
            or told[1].type not in ("named_imports", "object_pattern")
        ):
            continue
        return _joined(data, told[1], spelled, style)
    if not spelled:
        raise CannotChange(f"{module} is not imported")
    inner = ", ".join(spelled)
    line = f'const {{ {inner} }} = require("{module}");' if style.requires else f'import {{ {inner} }} from "{module}";'
    line = style.spelled(line)
    head = [statement for statement in _head(root) if _module_of(statement)]
    outside = [statement for statement in head if not _module_of(statement).startswith((".", "/", "@/", "~"))]
    if outside:
        at = outside[-1].end_byte
        if outside[-1].end_byte and data[at : at + 1] == b";":
            at += 1
        return (data[:at] + (style.newline + line).encode() + data[at:]).decode()
    if head:
        at = head[0].start_byte
        return (data[:at] + (line + style.newline).encode() + data[at:]).decode()
    directives = [child for child in _head(root) if _is_directive(child)]
    if directives:
        at = directives[-1].end_byte
        return (data[:at] + (style.newline * 2 + line).encode() + data[at:]).decode()
    at = _comments_end(data)
    before = data[:at].decode()
    after = data[at:].decode()
    return before + line + style.newline + (style.newline if after.strip() else "") + after


def _comments_end(data: bytes) -> int:
    """Where a head comment ends that a blank line parts from what follows: shebang, licence."""
    match = re.match(
        rb"(?:#![^\n]*\n)?(?:(?:[ \t]*//[^\n]*\n)+(?=\s*\n)|[ \t]*/\*.*?\*/[ \t]*\r?\n(?=\s*\n))?", data, re.DOTALL
    )
    if match is None or not match.end():
        return 0
    blank = re.compile(rb"(?:[ \t]*\r?\n)*").match(data, match.end())
    return match.end() if blank is None else blank.end()


def _joined(data: bytes, names: Node, spelled: Sequence[str], style: _Style) -> str:
    """The text with more names in the braces of an import."""
    there = named(names)
    written_there = {written(each) for each in there}
    new = [name for name in spelled if name not in written_there]
    if not new:
        return data.decode()
    if not there:
        return (data[: names.start_byte] + f"{{ {', '.join(new)} }}".encode() + data[names.end_byte :]).decode()
    last = there[-1]
    if b"\n" in data[names.start_byte : last.start_byte]:
        start = data.rfind(b"\n", 0, last.start_byte) + 1
        indent = data[start : last.start_byte].decode()
        if not indent.strip():
            added = "".join(f",{style.newline}{indent}{name}" for name in new)
            return (data[: last.end_byte] + added.encode() + data[last.end_byte :]).decode()
    return (data[: last.end_byte] + "".join(f", {name}" for name in new).encode() + data[last.end_byte :]).decode()
