"""Every pattern that a scan runs: those of the rules, and those of the program, with the way in which they are used."""

from __future__ import annotations

import ast
import importlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pat_audit
from pat_audit.pattern_growth import MANY
from pat_audit.tokens.patterns import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.pattern_growth import Use

_ANYWHERE = {"search", "finditer", "findall", "sub", "subn", "split"}
_FROM_ONE_PLACE = {"match", "fullmatch", "scanner"}
_READ_BY = {"take", "match"}  # a reader's own methods that match what they are handed where the reader stands
_NOT_RUN = {"pattern", "flags", "groupindex", "groups"}
_CALLS = {"compile", *_ANYWHERE, *_FROM_ONE_PLACE}
_STANDS_IN = "name"  # for a part that is only known while a scan runs: `re.escape(name)`


@dataclass(frozen=True, slots=True)
class Known:
    """A pattern: `place` says where it stands (`module.py:12`, `rules/templates/x.yaml: expressions[0]`)."""

    place: str
    pattern: str | bytes
    flags: int
    use: Use
    many: int = MANY  # a repeat that may vary by more is open-ended


def of_rules(catalogue: Catalogue) -> Iterator[Known]:
    """The patterns of the rules: token shapes and templates, and the names and keys that have stars in them."""
    from pat_audit.settings.paths import wildcard

    for kind in catalogue.credentials:
        for number, shape in enumerate(kind.shapes):
            behind = f"(?![{shape.bounded}])" if shape.bounded else ""
            place = f"rules/credentials/{kind.id}.yaml: shapes[{number}].pattern"
            yield Known(place, f"(?:{shape.pattern}){behind}".encode(), 0, "search", LONGEST)
    for template in catalogue.templates:
        file = f"rules/templates/{template.id}.yaml"
        for number, expression in enumerate(template.expressions):
            behind = f"(?<![{re.escape(template.not_behind)}])" if template.not_behind else ""
            yield Known(f"{file}: expressions[{number}]", f"{behind}(?:{expression})", 0, "search")
        for number, reference in enumerate(template.references):
            yield Known(f"{file}: references[{number}].pattern", reference.pattern, re.IGNORECASE, "search")
            for name in reference.others:
                compiled = wildcard(name)
                yield Known(f"{file}: references[{number}].others", compiled.pattern, compiled.flags, "fullmatch")


def of_program() -> Iterator[Known]:
    """The patterns in the package's own code, those that it compiles as well as those that it hands to `re`."""
    package = Path(pat_audit.__file__).parent
    trees = {file: ast.parse(file.read_text()) for file in sorted(package.rglob("*.py"))}
    everywhere = _uses(list(trees.values()))
    for file, tree in trees.items():
        relative = file.relative_to(package.parent)
        module = importlib.import_module(".".join(relative.with_suffix("").parts)) if file.stem != "__main__" else None
        named, own = _named(tree), _uses([tree])
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = _called(node)
            if called is None or module is None:
                continue
            text, flags = _spelled(node.args[0], module), _flags(node, module)
            if text is None:
                continue
            name = named.get(id(node), "")
            place = f"{relative}: {name}" if name else f"{relative}:{node.lineno}"
            uses = everywhere if not name.startswith("_") else own
            yield Known(place, text, flags, _use(called, uses.get(name, set()), named=bool(name)))


def _called(node: ast.Call) -> str | None:
    """The name of the function of `re` that a call with a pattern calls, None for anything else."""
    if isinstance(node.func, ast.Attribute) and node.args:
        function = node.func
        if isinstance(function.value, ast.Name) and function.value.id == "re" and function.attr in _CALLS:
            return function.attr if function.attr != "compile" else _at_once(node)
    return None


def _at_once(node: ast.Call) -> str:
    return str(getattr(node, "used_at_once", "compile"))


def _uses(trees: list[ast.Module]) -> dict[str, set[str]]:
    """What is done with each name anywhere: the methods called on it, `?` where it is handed on."""
    found: dict[str, set[str]] = {}
    for tree in trees:
        methods: set[int] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                inner: ast.expr = node.value
                if isinstance(inner, ast.Subscript):
                    inner = inner.value
                if isinstance(inner, ast.Name):
                    found.setdefault(inner.id, set()).add(node.attr)
                    methods.add(id(inner))
                if isinstance(inner, ast.Call):
                    inner.used_at_once = node.attr  # type: ignore[attr-defined]
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _READ_BY:
                handed = [argument for argument in node.args if isinstance(argument, ast.Name)]
                methods.update(map(id, handed))
                for name in handed:
                    found.setdefault(name.id, set()).add("match")
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in methods:
                found.setdefault(node.id, set()).add("?")
    return found


def _named(tree: ast.Module) -> dict[int, str]:
    """The module's name that each call is assigned to, or stands in the value of."""
    return {
        id(inner): target.id
        for statement in tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        if isinstance(target, ast.Name)
        for inner in ast.walk(statement.value)
    }


def _use(called: str, methods: set[str], *, named: bool) -> Use:
    methods = methods - _NOT_RUN if called == "compile" and named else {called}
    if methods == {"fullmatch"}:
        return "fullmatch"
    return "match" if methods and methods <= _FROM_ONE_PLACE else "search"


def _spelled(node: ast.expr, module: Any) -> Any:
    """The text of an expression, with a word for what is only known while a scan runs; None: nothing is known."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        known = getattr(module, node.id, None)
        return known if isinstance(known, str | bytes) else None
    if isinstance(node, ast.JoinedStr):
        parts = [_spelled(each.value if isinstance(each, ast.FormattedValue) else each, module) for each in node.values]
        return "".join(part if isinstance(part, str) else _STANDS_IN for part in parts)
    if isinstance(node, ast.BinOp):
        left, right = _spelled(node.left, module), _spelled(node.right, module)
        if isinstance(node.op, ast.Mod):
            holes = left.count(b"%") if isinstance(left, bytes) else 0
            return left % ((77,) * holes if b"%d" in left else (_STANDS_IN.encode(),) * holes) if holes else None
        other = left if left is not None else right
        word: Any = _STANDS_IN.encode() if isinstance(other, bytes) else _STANDS_IN
        return None if other is None else (word if left is None else left) + (word if right is None else right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "encode":
        text = _spelled(node.func.value, module)
        return text.encode() if isinstance(text, str) else None
    return None


def _flags(node: Any, module: Any) -> int:
    words = [
        inner.attr
        for argument in (*node.args[1:], *(k.value for k in node.keywords))
        for inner in ast.walk(argument)
        if isinstance(inner, ast.Attribute)
    ]
    flags = 0
    for word in words:
        value = getattr(re, word, None)
        if isinstance(value, re.RegexFlag):
            flags |= value
    return int(flags)
