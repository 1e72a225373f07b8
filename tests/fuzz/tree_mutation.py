"""Changes programs by the nodes of their tree-sitter trees: parts of the same kind change places, go or come twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.languages.syntax_tree import parse

from .mutation import LARGEST, mutated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from tree_sitter import Node

    from .mutation import Mutator


def mutator_of(package: str, grammar: str = "language") -> Mutator:
    """A mutator for the language whose grammar `package` brings."""

    def change(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
        for _ in range(random.randint(1, 3)):
            nodes = list(_nodes(parse(package, data, grammar)))
            if not nodes:
                return mutated(data, random, others)
            node = random.choice(nodes)
            start, end = node.start_byte, node.end_byte
            how = random.randrange(5)
            if how == 0:
                data = data[:start] + data[end:]
            elif how == 1:
                data = data[:end] + random.choice((b"", b" ", b"\n", b", ")) + data[start:end] + data[end:]
            else:  # what stands there by the grammar may stand there: mostly of the same kind
                there = data if how < 4 or not others else random.choice(others)
                pool = nodes if there is data else list(_nodes(parse(package, there, grammar)))
                alike = [each for each in pool if each.type == node.type] if random.random() < 0.8 else pool
                new = random.choice(alike or pool or [node])
                data = data[:start] + there[new.start_byte : new.end_byte] + data[end:]
        return data[:LARGEST]

    return change


def _nodes(root: Node) -> Iterator[Node]:
    """All nodes with text but the root, at most some thousands."""
    waiting = list(root.children)
    for count, node in enumerate(waiting):
        if count > 4000:
            return
        if node.end_byte > node.start_byte:
            yield node
        waiting.extend(node.children)
