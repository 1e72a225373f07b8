"""The cases of gitleaks: its rules are Go functions that say what each must find and must not.

Tokens are drawn from regular expressions when its configuration is generated; here a seed draws the same ones each
time. The forms that a token is written in (`GenerateSampleSecrets`) and the expressions behind `utils.Hex` and the
like are read from its own files.
"""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

from benchmarks.peer_suites.case import Case
from benchmarks.peer_suites.go_text import GoText, Value, each, root_of, written
from pat_audit.tokens import patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tree_sitter import Node

_UTILITIES = "cmd/generate/config/utils"
_RULES = "cmd/generate/config/rules"
_OPEN = re.compile(r"\\.|\{(\d+),\}")
_OPEN_SIGN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\+")  # what is escaped or in brackets is no sign


def cases(checkout: Path) -> Iterator[Case]:
    """The cases of a checkout."""
    calls = _calls(checkout / _UTILITIES)
    for path in sorted((checkout / _RULES).glob("*.go")):
        root = root_of(path.read_text(encoding="utf-8"))
        for function in each(root, "function_declaration"):
            name = function.child_by_field_name("name")
            where = f"{path.relative_to(checkout)}:{written(name) if name else ''}"
            yield from _of_rule(function, where, calls)


def notations(checkout: Path) -> Callable[[str, str], list[str]]:
    """Writes a token down in each way that gitleaks does: gets what the name beside it starts with, and the token."""
    written = _calls(checkout / _UTILITIES).get("utils.GenerateSampleSecrets")
    return written or (lambda identifier, secret: [])


def _of_rule(function: Node, where: str, calls: dict[str, Callable[..., Value]]) -> Iterator[Case]:
    """The cases of one rule: what is handed to `utils.Validate`, or with paths to `utils.ValidateWithPaths`."""
    random = Random(where)
    go = GoText({**calls, "secrets.NewSecret": lambda regex: new_secret(regex, random)})
    body = function.child_by_field_name("body")
    if body is None:
        return
    go.follow(body)
    label = next((_quoted(element) for element in each(body, "keyed_element") if _key(element) == "RuleID"), "")
    label = label or next((found for found in map(_rule_id, _elements(body)) if found), "")
    for call in _validations(body):
        arguments = call.child_by_field_name("arguments")
        values = [go.value(argument) for argument in arguments.named_children] if arguments else []
        for positive, given in zip((True, False), values[1:3], strict=False):
            named = given.items() if isinstance(given, dict) else [("case.txt", text) for text in given or ()]
            for number, (name, text) in enumerate(named):
                yield Case(label, f"{where}:{'tps' if positive else 'fps'}[{number}]", positive, text, name)


def new_secret(regex: str, random: Random) -> str | None:
    """A text that matches, as `secrets.NewSecret` makes one: open repeats as short as they can be."""
    closed = _OPEN.sub(lambda found: found[0] if found[1] is None else f"{{{found[1]}}}", regex)
    closed = _OPEN_SIGN.sub(lambda found: "" if found[0] in ("+", r"\b") else found[0], closed)
    try:
        return patterns.draw(patterns.read(closed), random)
    except ValueError:
        return None


def _validations(node: Node) -> Iterator[Node]:
    for child in node.named_children:
        function = child.child_by_field_name("function") if child.type == "call_expression" else None
        if function is not None and written(function) in ("utils.Validate", "utils.ValidateWithPaths"):
            yield child
        else:
            yield from _validations(child)


def _elements(node: Node) -> Iterator[Node]:
    for child in node.named_children:
        if child.type == "keyed_element":
            yield child
        yield from _elements(child)


def _key(element: Node) -> str:
    return written(element.named_children[0])


def _quoted(element: Node) -> str:
    return written(element.named_children[-1]).strip('"`')


def _rule_id(element: Node) -> str:
    return _quoted(element) if _key(element) == "RuleID" else ""


def _calls(folder: Path) -> dict[str, Callable[..., Value]]:
    """Its functions that return one expression, and those that write a token down."""
    calls: dict[str, Callable[..., Value]] = {}
    for path in sorted(folder.glob("*.go")):
        for function in each(root_of(path.read_text(encoding="utf-8")), "function_declaration"):
            name, body = (function.child_by_field_name(field) for field in ("name", "body"))
            if name is None or body is None:
                continue
            if written(name) == "GenerateSampleSecrets":
                calls["utils.GenerateSampleSecrets"] = _forms(body)
            elif returned := _returned(body):
                calls[f"utils.{written(name)}"] = _function(_parameters(function), returned)
    return calls


def _parameters(function: Node) -> list[str]:
    declared = function.child_by_field_name("parameters")
    return [
        written(name)
        for declaration in (declared.named_children if declared else ())
        for name in declaration.children_by_field_name("name")
    ]


def _returned(body: Node) -> Node | None:
    """The expression of a function that is nothing but a return."""
    statements = [node for block in body.named_children for node in _statements(block) if node.type != "comment"]
    if len(statements) != 1 or statements[0].type != "return_statement" or not statements[0].named_children:
        return None
    returned = statements[0].named_children[0]
    return returned.named_children[0] if returned.type == "expression_list" else returned


def _statements(block: Node) -> list[Node]:
    return block.named_children if block.type == "statement_list" else [block]


def _function(parameters: list[str], returned: Node) -> Callable[..., Value]:
    def call(*arguments: Value) -> Value:
        go = GoText()
        go.names = dict(zip(parameters, arguments, strict=False))
        return go.value(returned)

    return call


def _forms(body: Node) -> Callable[..., Value]:
    go = GoText()
    go.follow(body)
    forms = go.names.get("samples") or {}

    def call(identifier: str, secret: str) -> list[str]:
        filled = {"{i}": identifier, "{I}": identifier.upper(), "{s}": secret}
        return [re.sub(r"\{[iIs]\}", lambda found: filled[found[0]], form) for _, form in sorted(forms.items())]

    return call
