"""The mutants of a module: mutmut's operators on every function, each with the module's text that it makes."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import libcst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class Mutant(NamedTuple):
    """One change: `key` stays while the function does; `lines` are the ones that a test must run to see it."""

    key: str
    module: str  # path
    function: str  # f or Class.f
    lines: range
    before: str  # what is changed, on one line
    after: str
    text: Callable[[], str]  # of the module


def mutants(module: str, text: str) -> Iterator[Mutant]:
    """All mutants of a module's functions, in the order of the text; equal ones once."""
    wrapper = MetadataWrapper(libcst.parse_module(text))
    visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    places = wrapper.resolve(PositionProvider)
    parents = wrapper.resolve(ParentNodeProvider)
    seen: set[str] = set()
    texts: dict[libcst.FunctionDef, str] = {}
    for mutation in visitor.mutations:
        function = mutation.contained_by_top_level_function
        if not isinstance(function, libcst.FunctionDef):
            continue
        old = texts.get(function) or texts.setdefault(function, wrapper.module.code_for_node(function))
        mutated = function.deep_replace(mutation.original_node, mutation.mutated_node)
        if not isinstance(mutated, libcst.FunctionDef):
            continue
        new = wrapper.module.code_for_node(mutated)
        name = _qualified(function, parents)
        key = hashlib.sha256("\0".join((module, name, old, new)).encode()).hexdigest()[:16]
        if old == new or key in seen:
            continue
        seen.add(key)
        before, after = _change(old, new)
        place = places[mutation.original_node]
        body = places[function.body].start.line
        # a default belongs to every call
        lines = range(place.start.line, place.end.line + 1) if place.start.line >= body else range(body, body + 400)
        yield Mutant(key, module, name, lines, before, after, partial(_whole, wrapper.module, function, mutated))


def _whole(module: libcst.Module, function: libcst.FunctionDef, mutated: libcst.FunctionDef) -> str:
    changed = module.deep_replace(function, mutated)
    assert isinstance(changed, libcst.Module)
    return changed.code


def _qualified(function: libcst.FunctionDef, parents: Mapping[libcst.CSTNode, libcst.CSTNode]) -> str:
    names = [function.name.value]
    node = parents.get(function)
    while node is not None:
        if isinstance(node, libcst.ClassDef):
            names.append(node.name.value)
        node = parents.get(node)
    return ".".join(reversed(names))


def _change(old: str, new: str) -> tuple[str, str]:
    """The lines that differ, on one line each."""
    before, after = old.splitlines(), new.splitlines()
    while before and after and before[0] == after[0]:
        del before[0], after[0]
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
    return " ".join(map(str.strip, before)), " ".join(map(str.strip, after))
