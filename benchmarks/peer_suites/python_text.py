"""Evaluates the expressions that Python tests write their texts with: literals, `+`, `*`, `.format`, names."""

from __future__ import annotations

import ast
from typing import Any

Value = Any  # str, int, bool, list, None: not known


def value(node: ast.expr | None, names: dict[str, Value]) -> Value:
    """What an expression comes to; None where that is not known. A tuple comes to a list."""
    match node:
        case ast.Constant(value=content) if isinstance(content, (str, int)):
            return content
        case ast.Name(id=name):
            return names.get(name)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return [value(element, names) for element in elements]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _together(value(left, names), value(right, names))
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            text, times = value(left, names), value(right, names)
            return text * times if isinstance(text, str) and isinstance(times, int) else None
        case ast.Call(func=ast.Attribute(value=form, attr="format"), args=arguments, keywords=keywords):
            filled = [value(argument, names) for argument in arguments]
            named = {keyword.arg or "": value(keyword.value, names) for keyword in keywords}
            return _formatted(value(form, names), filled, named)
    return None


def names_of(tree: ast.Module) -> dict[str, Value]:
    """The constants of a file."""
    names: dict[str, Value] = {}
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=content):
                names[name] = value(content, names)
    return names


def _formatted(form: Value, filled: list[Value], named: dict[str, Value]) -> Value:
    if not isinstance(form, str) or None in filled or None in named.values():
        return None
    try:
        return form.format(*filled, **named)
    except (IndexError, KeyError, ValueError):
        return None


def _together(left: Value, right: Value) -> Value:
    both_texts = isinstance(left, str) and isinstance(right, str)
    both_lists = isinstance(left, list) and isinstance(right, list)
    return left + right if both_texts or both_lists else None
