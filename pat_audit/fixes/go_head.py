"""Where imports and definitions go in a Go file; what a fix has left without a use, which would not compile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.fixes.change import CannotChange
from pat_audit.fixes.program_tree import named, tree_of, walk, written

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tree_sitter import Node

    from pat_audit.fixes.file_text import FileText

Import = tuple[str, str, str]  # path, nothing, what the package is called in the file
_VERSION = re.compile(r"/v\d+\Z")
_LINE_REST = re.compile(rb"[ \t]*(?:\r\n|\n|\Z)")


def insert(file: FileText, text: str, imports: Sequence[Import], definitions: Sequence[tuple[str, str]]) -> str:
    """The file with these imports, in order in their group, and with these definitions at its end."""
    for path, _, name in sorted(imports):
        text = _with_import(file, text, path, name)
    if not definitions:
        return text
    body = "\n\n".join(definition.strip() for _, definition in definitions)
    return text.rstrip() + (f"\n\n{body}\n").replace("\n", file.newline)


def package_name(path: str) -> str:
    """What a package is called by default: the last part of its path that is no version."""
    return _VERSION.sub("", path).rpartition("/")[2]


def _specs(root: Node) -> list[Node]:
    return [node for node in walk(root) if node.type == "import_spec"]


def _path(spec: Node) -> str:
    return written(spec.child_by_field_name("path"))[1:-1]


def _root(file: FileText, text: str) -> Node:
    root = tree_of(file.path, file.language, text.encode())
    assert root is not None
    return root


def _with_import(file: FileText, text: str, path: str, name: str) -> str:
    root = _root(file, text)
    data = text.encode()
    specs = _specs(root)
    if any(_path(spec) == path for spec in specs):
        return text
    newline = file.newline
    line = f'"{path}"' if name == package_name(path) else f'{name} "{path}"'
    listed = [spec for spec in specs if spec.parent is not None and spec.parent.type == "import_spec_list"]
    groups = _groups(listed, data)
    mine = [group for group in groups if all(_is_standard(_path(spec)) == _is_standard(path) for spec in group)]
    if mine:
        group = mine[0] if _is_standard(path) else max(mine, key=len)
        paths = [_path(spec) for spec in group]
        behind = next((spec for spec in group if _path(spec) > path), None) if paths == sorted(paths) else None
        if behind is not None:
            return _put(data, behind.start_byte, f"{line}{newline}\t")
        return _put(data, group[-1].end_byte, f"{newline}\t{line}")
    if groups:
        if _is_standard(path):
            return _put(data, groups[0][0].start_byte, f"{line}{newline}{newline}\t")
        return _put(data, groups[-1][-1].end_byte, f"{newline}{newline}\t{line}")
    declaration = next((node for node in root.children if node.type == "import_declaration"), None)
    if declaration is not None and len(specs) == 1:
        start, end = declaration.start_byte, declaration.end_byte
        block = f"import ({newline}\t{written(specs[0])}{newline})".encode()
        return _with_import(file, (data[:start] + block + data[end:]).decode(), path, name)
    if declaration is not None:
        return _put(data, declaration.end_byte, f"{newline}import {line}")
    package = next((node for node in root.children if node.type == "package_clause"), None)
    if package is None:
        raise CannotChange("the file names no package")
    return _put(data, package.end_byte, f"{newline}{newline}import (\n\t{line}\n)".replace("\n", newline))


def _put(data: bytes, at: int, new: str) -> str:
    return (data[:at] + new.encode() + data[at:]).decode()


def _is_standard(path: str) -> bool:
    return "." not in path.partition("/")[0]


def _groups(specs: Sequence[Node], data: bytes) -> list[list[Node]]:
    """The imports as blank lines part them."""
    groups: list[list[Node]] = []
    for spec in specs:
        if groups and data.count(b"\n", groups[-1][-1].end_byte, spec.start_byte) < 2:
            groups[-1].append(spec)
        else:
            groups.append([spec])
    return groups


def without_unused(file: FileText, text: str, suspects: Collection[str]) -> str:
    """The text without imports that were in use in `file` and are not any more.

    Raises CannotChange for what else would not compile: a variable without a use, or declared twice.
    """
    before = _used_names(_root(file, file.data.decode("utf-8", "replace")))
    while True:
        root = _root(file, text)
        used = _used_names(root)
        gone = next((spec for spec in _specs(root) if _bound(spec) in before and _bound(spec) not in used), None)
        if gone is None:
            _refuse_idle(root, suspects)
            return text
        text = _without(text.encode(), gone)


def _bound(spec: Node) -> str:
    alias = spec.child_by_field_name("name")
    return package_name(_path(spec)) if alias is None else written(alias)


def _used_names(root: Node) -> set[str]:
    """The names before dots: those of packages are among them."""
    found: set[str] = set()
    for node in walk(root):
        if node.type == "selector_expression":
            found.add(written(node.child_by_field_name("operand")))
        elif node.type == "qualified_type":
            found.add(written(node.child_by_field_name("package")))
    return found


def _without(data: bytes, spec: Node) -> str:
    whole = spec if spec.parent is not None and spec.parent.type == "import_spec_list" else spec.parent or spec
    if whole is spec and spec.parent is not None and len(named(spec.parent)) == 1:
        whole = spec.parent.parent or spec
    start = data.rfind(b"\n", 0, whole.start_byte) + 1
    rest = _LINE_REST.match(data, whole.end_byte)
    end = whole.end_byte if rest is None else rest.end()
    before, after = data[:start], data[end:]
    if re.search(rb"(?:\(|\n)[ \t]*\r?\n\Z", before) and re.match(rb"[ \t]*\r?\n", after):
        after = re.sub(rb"\A[ \t]*\r?\n", b"", after)  # a group that is gone leaves one blank line
    elif re.search(rb"\n[ \t]*\r?\n\Z", before) and re.match(rb"[ \t]*\)", after):
        before = re.sub(rb"(?<![ \t])[ \t]*\r?\n\Z", b"", before)
    return (before + after).decode()


def _refuse_idle(root: Node, suspects: Collection[str]) -> None:
    for block in (node for node in walk(root) if node.type == "block"):
        names = [written(node) for node in walk(block) if node.type == "identifier"]
        declared: set[str] = set()
        listed = block.named_children[0] if block.named_child_count else None
        for statement in named(listed) if listed is not None and listed.type == "statement_list" else ():
            left = statement.child_by_field_name("left") if statement.type == "short_var_declaration" else None
            new = [written(each) for each in named(left)] if left is not None else []
            if new and all(name in declared or name == "_" for name in new):
                raise CannotChange(f"{new[0]} would be declared twice")
            declared |= set(new)
            idle = next((name for name in new if name in suspects and names.count(name) == 1), None)
            if idle is not None:
                raise CannotChange(f"the variable {idle} would be left without a use")
