"""Changes Python programs by their syntax trees: what comes out is a program again, with exact places."""

from __future__ import annotations

import ast
import copy
import warnings
from typing import TYPE_CHECKING, Any

from .mutation import LARGEST, mutated

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_WRAPPERS = (
    "({}).encode()", "f'{{{}}}:x'", "(lambda: {})()", "[{}][0]", "({} if flag else None)", "str({})", "'' + {}",
    "dict(a={})['a']", "'%s' % {}", "[x for x in [{}]]", "(held := {})", "{{**{{'a': {}}}}}", "-({})", "await_({})",
)  # fmt: skip
_SHELLS = (
    "if flag:\n    pass", "for item in items:\n    pass", "def made(first, *rest, **others):\n    pass",
    "class Made(Base):\n    pass", "with opened() as held:\n    pass",
    "try:\n    pass\nexcept Exception as e:\n    raise",
    "while True:\n    pass", "async def later():\n    pass", "match subject:\n    case [first, *rest]:\n        pass",
)  # fmt: skip


def mutated_python(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """The program with some of its statements or expressions moved, wrapped, taken out or borrowed from another one.

    What is no Python is changed by bytes.
    """
    tree = _parsed(data)
    if tree is None:
        return mutated(data, random, others)
    try:
        for _ in range(random.randint(1, 4)):
            if random.random() < 0.5:
                _change_statement(tree, random, others)
            else:
                _change_expression(tree, random, others)
        return ast.unparse(ast.fix_missing_locations(tree)).encode("utf-8", "replace")[:LARGEST]
    except (RecursionError, ValueError, TypeError, AttributeError):  # to copy and to `unparse` have limits of their own
        return mutated(data, random, others)


def _parsed(data: bytes) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _change_statement(tree: ast.Module, random: Random, others: Sequence[bytes]) -> None:
    held: list[Any] = [getattr(node, "body", None) for node in ast.walk(tree)]
    bodies: list[list[Any]] = [body for body in held if isinstance(body, list) and body]
    if not bodies:
        return
    body = random.choice(bodies)
    at = random.randrange(len(body))
    how = random.randrange(5)
    if how == 0 and len(body) > 1:
        del body[at]
    elif how == 1:
        body.insert(random.randint(0, len(body)), copy.deepcopy(body[at]))
    elif how == 2:
        other = random.choice(bodies)
        there = random.randrange(len(other))
        body[at], other[there] = copy.deepcopy(other[there]), copy.deepcopy(body[at])
    elif how == 3:
        shell: Any = ast.parse(random.choice(_SHELLS)).body[0]
        inner = shell.cases[0].body if isinstance(shell, ast.Match) else shell.body
        inner[:] = [body[at]]
        body[at] = shell
    else:
        borrowed = _parsed(random.choice(others)) if others else None
        if borrowed is not None and borrowed.body:
            body.insert(at, random.choice(borrowed.body))


def _change_expression(tree: ast.Module, random: Random, others: Sequence[bytes]) -> None:
    places = list(_expressions(tree))
    if not places:
        return
    owner, name, index, old = random.choice(places)
    if random.random() < 0.5:
        _, _, _, new = random.choice(places)
        new = copy.deepcopy(new)
    else:
        new = ast.parse(random.choice(_WRAPPERS).format("HELD"), mode="eval").body
        for inner, field, at, value in list(_expressions(new)):
            if isinstance(value, ast.Name) and value.id == "HELD":
                _set(inner, field, at, old)
    _set(owner, name, index, new)


def _expressions(tree: ast.AST) -> list[tuple[ast.AST, str, int | None, ast.expr]]:
    found: list[tuple[ast.AST, str, int | None, ast.expr]] = []
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if name in ("target", "targets", "optional_vars", "format_spec"):
                continue
            if isinstance(value, ast.expr):
                found.append((node, name, None, value))
            elif isinstance(value, list) and not isinstance(node, ast.JoinedStr):
                found += [(node, name, at, each) for at, each in enumerate(value) if isinstance(each, ast.expr)]
    return found


def _set(owner: ast.AST, name: str, index: int | None, new: ast.expr) -> None:
    if index is None:
        setattr(owner, name, new)
    else:
        getattr(owner, name)[index] = new
