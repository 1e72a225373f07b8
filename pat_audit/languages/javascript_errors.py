"""What still stands in JavaScript that is broken off: calls without their end, and pairs of objects without theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.javascript_modules import ModuleLowering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

_CALLED = ("identifier", "member_expression")


class ErrorLowering(ModuleLowering):
    """Turns what the grammar could not put together into the statements that it was to become."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.statements_of.update({"ERROR": self._broken, "pair": self._pair})

    def _pair(self, node: Node) -> Iterable[ir.Statement]:
        """A pair that stands alone: of an object whose start was not understood."""
        made = ir.Mapping(*self.span(node), tuple(self._entry(node)))
        yield ir.Evaluate(made.start, made.end, made)

    def _entry(self, node: Node) -> Iterable[ir.Entry]:
        key, value = self.child(node, "key"), self.child(node, "value")
        if key is not None and value is not None:
            yield ir.Entry(self.key(key), self.expression(value))

    def _broken(self, node: Node) -> Iterable[ir.Statement]:
        """The last call that is broken off, with the arguments that stand there, behind what stands before it."""
        children = node.children
        opened = [
            index
            for index, child in enumerate(children[:-1])
            if child.type in _CALLED and children[index + 1].type == "("
        ]
        at = opened[-1] if opened else len(children)
        yield from self.statements([child for child in children[:at] if child.is_named])
        if opened:
            arguments = self._arguments_of(children[at + 2 :])
            span = self.between(children[at].start_byte, node.end_byte)
            yield ir.Evaluate(*span, ir.Call(*span, self.expression(children[at]), arguments))
            inner = [child for child in children[at + 2 :] if child.type in self.statements_of]
            yield from self.statements([child for child in inner if child.type != "pair"])

    def _arguments_of(self, children: list[Node]) -> tuple[ir.Argument, ...]:
        """The arguments of a call without an end; the objects in them are open, one in the other."""
        arguments: list[ir.Argument] = []
        objects: list[tuple[ir.Expression | None, list[ir.Entry]]] = []
        for index, child in enumerate(children):
            following = [each.type for each in children[index + 1 : index + 3]]
            if child.type == "{":
                objects.append((None, [])) if not objects else None
            elif child.type == "}" and len(objects) > 1:
                _close(objects)
            elif child.type == "pair" and objects:
                objects[-1][1].extend(self._entry(child))
            elif following == [":", "{"] and objects:
                objects.append((self.key(child), []))
            elif child.is_named and not objects and not child.is_extra and child.type not in self.statements_of:
                arguments.append(ir.Argument(None, self.expression(child)))
        while len(objects) > 1:
            _close(objects)
        if objects and children:
            span = self.between(children[0].start_byte, children[-1].end_byte)
            arguments.append(ir.Argument(None, ir.Mapping(*span, tuple(objects[0][1]))))
        return tuple(arguments)


def _close(objects: list[tuple[ir.Expression | None, list[ir.Entry]]]) -> None:
    """Put the innermost open object under its key in the one around it."""
    key, entries = objects.pop()
    start, end = (key.start, key.end) if key is not None else (0, 0)
    objects[-1][1].append(ir.Entry(key, ir.Mapping(start, end, tuple(entries))))
