"""Lowers the words of shell programs: quoting, expansions, substitutions, here-documents, arrays, tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.syntax_tree import TreeLowering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

LENGTH, REPLACE = "${#}", "${//}"
"""How the expansions that do something are called in the models of the language."""

ALL = "@"
"""The parameter that stands for all arguments that no other parameter takes."""

_COMPARISONS = {"-eq": "Eq", "==": "Eq", "=": "Eq", "-ne": "NotEq", "!=": "NotEq", "-lt": "Lt", "<": "Lt",
                "-le": "LtE", "<=": "LtE", "-gt": "Gt", ">": "Gt", "-ge": "GtE", ">=": "GtE"}  # fmt: skip
_DEFAULTS = frozenset({":-", "-", ":=", "=", ":?", "?"})
_ESCAPE = re.compile(r"\\(\r?\n|.)", re.DOTALL)
_ESCAPE_IN_QUOTES = re.compile(r'\\(\r?\n|["$`\\])')
_ANSI = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_POSITIONAL = re.compile(r"[1-9][0-9]?\Z")


@dataclass(slots=True)
class Scope:
    """Where a word stands: in which function, behind how many `shift`, in the case of which option.

    `parameters` are the names of a function's parameters by their places; None outside of functions.
    """

    parameters: dict[int, str] | None = None
    shifted: int = 0
    looping: bool = False
    option: str = ""
    letters: str = ""  # the variable that getopts fills in
    target: str = ""  # the variable that is being assigned
    writes: ir.Expression | None = None  # where the commands' output goes
    printing: bool = False  # what a statement prints is what the function gives
    piped: bool = False  # `read` takes what the loop around it is handed


class BashWords(TreeLowering):
    """The part of the lowering that gives expressions."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.scope = Scope()
        self.expressions.update(
            {
                "word": self._word,
                "number": self._word,
                "regex": self._word,
                "extglob_pattern": self._word,
                "brace_expression": self._word,
                "test_operator": self._word,
                "special_variable_name": self._variable,
                "variable_name": self._variable,
                "string": self._string,
                "translated_string": self._string,
                "string_content": self._string_content,
                "heredoc_content": self._string_content,
                "raw_string": self._raw_string,
                "ansi_c_string": self._ansi_string,
                "concatenation": self._concatenation,
                "simple_expansion": self._simple_expansion,
                "expansion": self._expansion,
                "subscript": self._subscript,
                "array": self._array,
                "binary_expression": self._binary,
            }
        )

    # --- words ---

    def argument(self, node: Node) -> ir.Argument:
        """One word of a command; what the shell splits into several is spread."""
        if not _is_split(node, self.data):
            return ir.Argument(None, self.expression(node))
        return ir.Argument("*", self.expression(node.named_children[0] if node.type == "string" else node))

    def _word(self, node: Node) -> ir.Expression:
        text = self.text(node)
        if "\\" in text:
            text = _ESCAPE.sub(lambda match: "" if "\n" in match[1] else match[1], text)
        return self.literal(self.span(node), text)

    def _string_content(self, node: Node) -> ir.Expression:
        return self._quoted(node.start_byte, node.end_byte)

    def _quoted(self, start: int, end: int) -> ir.Expression:
        text = self.data[start:end].decode("utf-8", "replace")
        if "\\" in text:
            text = _ESCAPE_IN_QUOTES.sub(lambda match: "" if "\n" in match[1] else match[1], text)
        return self.literal(self.between(start, end), text)

    def _string(self, node: Node) -> ir.Expression:
        start, end = node.start_byte, node.end_byte
        start = self.data.find(b'"', start, end) + 1 or start
        if end - 1 >= start and self.data[end - 1 : end] == b'"':
            end -= 1
        return self.mixed(self.span(node), start, end, node.children)

    def mixed(
        self, span: tuple[int, int], start: int, end: int, children: Iterable[Node], raw: bool = False
    ) -> ir.Expression:
        """Text from one byte to another with expansions in it; the grammar leaves out some of the text between."""
        parts: list[ir.Expression] = []
        at = start
        for child in children:
            if child.type not in _EXPANDED or raw or child.start_byte < at or child.end_byte > end:
                continue
            if child.start_byte > at:
                parts.append(self._quoted(at, child.start_byte))
            parts.append(self.expression(child))
            at = child.end_byte
        if at < end:
            if raw:
                parts.append(self.literal(self.between(at, end), self.data[at:end].decode("utf-8", "replace")))
            else:
                parts.append(self._quoted(at, end))
        return self.joined(span, parts)

    def _raw_string(self, node: Node) -> ir.Expression:
        return self.literal(self.span(node), self.text(node)[1:-1])

    def _ansi_string(self, node: Node) -> ir.Expression:
        text = _ESCAPE.sub(lambda match: _ANSI.get(match[1], match[1]), self.text(node)[2:-1])
        return self.literal(self.span(node), text)

    def _concatenation(self, node: Node) -> ir.Expression:
        return self.joined(self.span(node), [self.expression(child) for child in node.named_children])

    # --- expansions ---

    def _variable(self, node: Node) -> ir.Expression:
        return self._named(node, self.text(node))

    def _named(self, node: Node, name: str) -> ir.Expression:
        """What `$name` stands for: a variable, an argument of the function, or one of the script."""
        span = self.span(node)
        scope = self.scope
        if scope.option and (name in ("1", "2", "OPTARG")):
            return ir.Outside(*span, "option", self._option_name())
        if name in ("@", "*"):
            if scope.parameters is None:
                return ir.Outside(*span, "option", "")
            return ir.Name(*span, ALL)
        if _POSITIONAL.match(name):
            place = int(name) + scope.shifted
            if scope.parameters is None:
                return ir.Outside(*span, "option", scope.target or str(place))
            return ir.Name(*span, scope.parameters.get(place, str(place)))
        if not name or not (name[0].isalpha() or name[0] == "_"):
            return ir.Operation(*span, "$", ())
        return ir.Name(*span, name)

    def _option_name(self) -> str:
        """What the option is called; a letter says less than the variable that it is kept in."""
        scope = self.scope
        return scope.target if len(scope.option) < 3 and scope.target else scope.option

    def _simple_expansion(self, node: Node) -> ir.Expression:
        inner = node.named_children[0] if node.named_children else None
        return self._named(node, self.text(node)[1:] if inner is None else self.text(inner))

    def _expansion(self, node: Node) -> ir.Expression:
        """`${name…}`: with a default, replaced, measured; what is cut off at an end leaves what it is."""
        span = self.span(node)
        name, operators, operands = self._parts(node)
        if name is None:
            return ir.Operation(*span, "${}", ())
        if operators[:1] == ["#"] and not operands and node.children[1].type == "#":
            return ir.Call(*span, ir.Name(*span, LENGTH), (ir.Argument(None, self.expression(name)),))
        if operators[:1] == ["!"]:
            return ir.Operation(*span, "${!}", (self.expression(name),))
        operator = operators[0] if operators else ""
        if operator.startswith("#") and self.scope.option and "=" in self.text(node):  # `${1#*=}` of `--pat=…`
            return ir.Outside(*span, "option", self._option_name())
        value = self._named(node, self.text(name)) if name.type != "subscript" else self.expression(name)
        if operator in _DEFAULTS:
            if operator.endswith("?") or not operands:
                return value
            default = self.joined(span, [self.expression(operand) for operand in operands])
            made = ir.Choice(*span, None, (value, default))
            if operator.endswith("=") and isinstance(value, ir.Name):
                return ir.Bind(*span, ir.Name(*span, value.name), made)
            return made
        if operator in ("+", ":+"):
            default = self.joined(span, [self.expression(operand) for operand in operands])
            return ir.Choice(*span, value, (default, ir.Literal(*span, "")))
        if operator.startswith("/") and operands:
            new = [self.expression(operand) for operand in operands[1:]]
            replaced = (value, self.expression(operands[0]), self.joined(span, new))
            return ir.Call(*span, ir.Name(*span, REPLACE), tuple([ir.Argument(None, part) for part in replaced]))
        if operator == ":":
            return ir.Index(*span, value, None)
        return value

    def _parts(self, node: Node) -> tuple[Node | None, list[str], list[Node]]:
        name: Node | None = None
        operators: list[str] = []
        operands: list[Node] = []
        for index, child in enumerate(node.children):
            if child.type in ("${", "}"):
                continue
            if node.field_name_for_child(index) == "operator" or not child.is_named:
                operators.append(child.type)
            elif name is None and child.type in ("variable_name", "special_variable_name", "subscript"):
                name = child
            else:
                operands.append(child)
        return name, operators, operands

    def _subscript(self, node: Node) -> ir.Expression:
        span = self.span(node)
        name, index = self.child(node, "name"), self.child(node, "index")
        value = ir.Operation(*span, "[]", ()) if name is None else self._named(name, self.text(name))
        if index is None or self.text(index) in ("@", "*"):
            return value
        key = self.text(index)
        if key.isdigit():
            return ir.Index(*span, value, ir.Literal(*span, int(key)))
        return ir.Index(*span, value, self.expression(index))

    # --- arrays and tests ---

    def _array(self, node: Node) -> ir.Expression:
        """`(a b)`, or `([key]=value)`."""
        span = self.span(node)
        entries: list[ir.Entry] = []
        items: list[ir.Expression | ir.Argument] = []
        for child in node.named_children:
            keyed = self._keyed(child)
            if keyed is not None:
                entries.append(keyed)
            elif not child.is_extra:
                argument = self.argument(child)
                items.append(argument if argument.name else argument.value)
        if entries and not items:
            return ir.Mapping(*span, tuple(entries))
        return ir.Collection(*span, "list", tuple(items))

    def _keyed(self, node: Node) -> ir.Entry | None:
        children = node.children
        if node.type != "concatenation" or not children or self.data[node.start_byte : node.start_byte + 1] != b"[":
            return None
        marks = [index for index, child in enumerate(children) if self.text(child) in ("=", "]=", "+=")]
        if not marks:
            return None
        written = self.data[node.start_byte + 1 : children[marks[0]].start_byte].decode("utf-8", "replace")
        key = ir.Literal(*self.span(node), written.rstrip("]").strip("'\""))
        value = self.joined(self.span(node), [self.expression(child) for child in children[marks[0] + 1 :]])
        return ir.Entry(key, value)

    def _binary(self, node: Node) -> ir.Expression:
        operator = self._operator(node)
        operands = [self.expression(part) for part in self.unrolled(node, operator)]
        name = _COMPARISONS.get(operator, operator)
        if name != operator:
            operands = [_number(operand) for operand in operands]
        return ir.Operation(*self.span(node), name, tuple(operands))


def _number(operand: ir.Expression) -> ir.Expression:
    if isinstance(operand, ir.Literal) and isinstance(operand.value, str) and operand.value.isdigit():
        return ir.Literal(operand.start, operand.end, int(operand.value))
    return operand


def _is_split(node: Node, data: bytes) -> bool:
    """Whether a word may become several: an expansion without quotes, and `"${all[@]}"`."""
    if node.type in ("simple_expansion", "expansion"):
        return True
    if node.type != "string":
        return False
    inner = node.named_children
    if len(inner) != 1 or inner[0].end_byte - inner[0].start_byte != node.end_byte - node.start_byte - 2:
        return False
    written = data[inner[0].start_byte : inner[0].end_byte]
    return written == b"$@" or written.endswith((b"[@]}", b"[*]}", b"{@}"))


_EXPANDED = frozenset(
    {"simple_expansion", "expansion", "command_substitution", "process_substitution", "arithmetic_expansion"}
)
