"""Lowers what the shell does itself: `read`, `source`, `shift`, `getopts`, and its variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.bash_commands import READ_FROM, BashCommands
from pat_audit.languages.bash_layout import script_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

_READ_VALUED = frozenset("adinNptu")  # options of `read` with a value


class BashBuiltins(BashCommands):
    """The part of the lowering that stands for the shell's own commands."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.built_in = {
            "read": self._read,
            "source": self._source,
            ".": self._source,
            "shift": self._shift,
            "mapfile": self._read,
            "readarray": self._read,
            "getopts": self._getopts,
            "printf": self._printf,
        }

    # --- what the shell does itself ---

    def _words(self, node: Node) -> list[Node]:
        return [child for child in node.children_by_field_name("argument") if not child.is_extra]

    def _read(self, node: Node, given: ir.Expression | None) -> Iterable[ir.Statement]:
        """`read -s NAME`: asked for at a prompt, or taken from what is piped in."""
        words = self._words(node)
        names: list[Node] = []
        index = 0
        while index < len(words):
            text = self.text(words[index])
            index += 1
            if text.startswith("-") and len(text) > 1:
                index += text[-1] in _READ_VALUED
            elif text.isidentifier():
                names.append(words[index - 1])
        herestring = next((child for child in node.children if child.type == "herestring_redirect"), None)
        if herestring is not None:
            given = self._last(herestring)
        if given is None and self.scope.piped:
            given = ir.Name(*self.span(node), READ_FROM)
        made: list[ir.Statement] = []
        for name in names:
            span = self.span(name)
            value = given or ir.Outside(*self.span(node), "prompt", self.text(name))
            made.append(ir.Assign(*self.span(node), (ir.Name(*span, self.text(name)),), value, None))
        return made

    def _source(self, node: Node, given: ir.Expression | None) -> Iterable[ir.Statement]:
        words = self._words(node)
        module = script_named(self.text(words[0])) if words else ""
        return (ir.Import(*self.span(node), module, "*", "", 0),) if module else ()

    def _shift(self, node: Node, given: ir.Expression | None) -> Iterable[ir.Statement]:
        words = self._words(node)
        count = self.text(words[0]) if words else "1"
        if not self.scope.looping and count.isdigit():
            self.scope.shifted += int(count)
        return ()

    def _getopts(self, node: Node, given: ir.Expression | None) -> Iterable[ir.Statement]:
        words = self._words(node)
        if len(words) > 1:
            self.scope.letters = self.text(words[1])
        return ()

    def _printf(self, node: Node, given: ir.Expression | None) -> Iterable[ir.Statement] | None:
        """`printf -v NAME …` assigns what it would print."""
        words = self._words(node)
        if len(words) < 3 or self.text(words[0]) != "-v":
            return None
        command = self.command(node)
        command = command._replace(arguments=command.arguments[2:])
        target = ir.Name(*self.span(words[1]), self.text(words[1]))
        return (ir.Assign(*self.span(node), (target,), command, None),)

    # --- variables ---

    def assignment(self, node: Node) -> Iterable[ir.Statement]:
        name, value = self.child(node, "name"), self.child(node, "value")
        if name is None:
            return ()
        span = self.span(node)
        target: ir.Expression = (
            self.expression(name) if name.type == "subscript" else ir.Name(*self.span(name), self.text(name))
        )
        before, self.scope.target = self.scope.target, self.text(name).partition("[")[0]
        given = ir.Literal(*span, "") if value is None else self.expression(value)
        self.scope.target = before
        if any(child.type == "+=" for child in node.children):
            given = ir.Join(*span, (target, given), not isinstance(given, ir.Collection | ir.Mapping))
        return (ir.Assign(*span, (target,), given, None),)

    def declaration(self, node: Node) -> Iterable[ir.Statement]:
        """`local`, `readonly`, `declare`, and `export`, which hands the variables to the programs that are run."""
        words = [child for child in node.children if child.is_named or child.type == "export"]
        exports = self.text(node.children[0]) == "export"
        made: ir.Expression | None = None
        lowered: list[ir.Statement] = []
        for child in words:
            if child.type == "word" and self.text(child).startswith("-"):
                exports = exports or "x" in self.text(child)
                if "n" in self.text(child):
                    exports = False
                if "A" in self.text(child):
                    made = ir.Mapping(*self.span(child), ())
                elif "a" in self.text(child):
                    made = ir.Collection(*self.span(child), "list", ())
                continue
            if child.type == "variable_name" and made is not None:
                lowered.append(ir.Assign(*self.span(child), (self._variable(child),), made, None))
            if child.type == "variable_assignment":
                lowered += self.assignment(child)
            name = self.child(child, "name") if child.type == "variable_assignment" else child
            if exports and name is not None and name.type == "variable_name":
                span = self.span(child)
                handed = ir.Argument(self.text(name), ir.Name(*span, self.text(name)))
                command = ir.Command(*span, ir.Literal(*span, "export"), (handed,))
                lowered.append(ir.Evaluate(*span, command))
        return lowered
