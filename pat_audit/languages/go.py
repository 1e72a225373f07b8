"""Go to IR: declarations and statements."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.flow.language import Language
from pat_audit.languages.go_expressions import GoExpressions, unescaped
from pat_audit.languages.go_layout import GoLayout, package_names, spoken
from pat_audit.languages.go_types import elements, type_name
from pat_audit.languages.syntax_tree import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tree_sitter import Node

_ASSIGNED = re.compile(rb"^[ \t]*(?:\w[^\n=]*\{[ \t]*)?([A-Za-z_][\w, ]*+)[ \t]*+(:?)(?:\+?=)(?!=)", re.MULTILINE)
_REFERRED = re.compile(rb"&([A-Za-z_]\w*)\b(?!\s*[.{(])")
_WORD = re.compile(rb"[A-Za-z_]\w*")
_CASES = ("expression_case", "type_case", "communication_case", "default_case")


def lower(path: str, data: bytes, place: Callable[[int], int] | None = None) -> ir.Module:
    """The IR of one Go file, or a piece of one.

    `data` is UTF-8; spans in the result are byte offsets in it, or what `place` makes of them. Raises
    `ir.Unreadable` for nesting too deep to hold.
    """
    try:
        return ir.Module(path, _Lowering(data, place).module(parse("tree_sitter_go", data)))
    except RecursionError:
        raise ir.Unreadable("nested too deeply") from None


class _Lowering(GoExpressions):
    """Turns the statements of one file into IR."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self._methods: dict[str, list[Node]] = {}
        self._package_level: set[bytes] = set()
        self.statements_of.update(
            {
                "import_declaration": self._imports,
                "function_declaration": self._function,
                "method_declaration": lambda node: (),  # stands in its type's class
                "type_declaration": self._types,
                "var_declaration": self._variables,
                "const_declaration": self._variables,
                "short_var_declaration": self._assignment,
                "assignment_statement": self._assignment,
                "receive_statement": self._assignment,
                "expression_statement": lambda node: self.statements(node.named_children),
                "inc_statement": lambda node: (),
                "dec_statement": lambda node: (),
                "go_statement": lambda node: self.statements(node.named_children),
                "defer_statement": lambda node: self.statements(node.named_children),
                "return_statement": self._return,
                "if_statement": self._if,
                "for_statement": self._for,
                "expression_switch_statement": self._switch,
                "type_switch_statement": self._switch,
                "select_statement": self._switch,
                "package_clause": lambda node: (),
                "break_statement": lambda node: (),
                "continue_statement": lambda node: (),
                "goto_statement": lambda node: (),
            }
        )

    # --- declarations ---

    def module(self, root: Node) -> tuple[ir.Statement, ...]:
        """A file's statements: its variables last, for what they are made with may stand below them."""
        for node in _everywhere(root, ("method_declaration",)):
            self._methods.setdefault(self._receiver(node), []).append(node)
        for node in _everywhere(root, ("var_spec",)):
            self._package_level.update(self.text(name).encode() for name in node.children_by_field_name("name"))
        first: list[ir.Statement] = []
        last: list[ir.Statement] = []
        for statement in self.statements(root.named_children):
            (last if isinstance(statement, ir.Assign | ir.Evaluate) else first).append(statement)
        for name, methods in self._methods.items():  # of types that another file declares
            node = methods[0]
            body = self._methods_of(methods)
            first.append(ir.Class(*self.span(node), name, (), body, (), True))
        return (*first, *last)

    def _receiver(self, method: Node) -> str:
        declared = next(iter(elements(method.child_by_field_name("receiver"))), None)
        name = type_name(None if declared is None else declared.child_by_field_name("type"))
        return "" if name is None else self.text(name)

    def _methods_of(self, nodes: list[Node]) -> tuple[ir.Statement, ...]:
        methods = []
        for node in nodes:
            name = node.child_by_field_name("name")
            receiver = node.child_by_field_name("receiver")
            methods.append(self.function(node, "" if name is None else self.text(name), node, receiver))
        return tuple(methods)

    def _imports(self, node: Node) -> Iterator[ir.Statement]:
        for spec in _everywhere(node, ("import_spec",)):
            path, name = spec.child_by_field_name("path"), spec.child_by_field_name("name")
            module = "" if path is None else unescaped(self.text(path)[1:-1])
            alias = "" if name is None else self.text(name)
            if alias == ".":
                yield ir.Import(*self.span(spec), module, "*", "", 0)
            elif module and alias != "_":
                yield ir.Import(*self.span(spec), module, "", alias or self._package(module), 0)

    def _package(self, module: str) -> str:
        """The name that a package goes by, which its path only suggests: the first that the file uses."""
        names = package_names(module)
        used = (name for name in names if re.search(rb"\b%s\." % re.escape(name.encode()), self.data))
        return next(used, names[0])

    def _function(self, node: Node) -> Iterable[ir.Statement]:
        name = node.child_by_field_name("name")
        return (self.function(node, "" if name is None else self.text(name), node),)

    def body(self, node: Node | None, results: tuple[ir.Parameter, ...]) -> Callable[[], tuple[ir.Statement, ...]]:
        """A function's statements; what its results are called is what a bare `return` gives."""
        later = self.later(node)
        if not results:
            return later

        @cache
        def lowered() -> tuple[ir.Statement, ...]:
            span = results[0].start, results[-1].end
            names = tuple([ir.Name(each.start, each.end, each.name) for each in results])
            declared = [
                ir.Assign(each.start, each.end, (name,), ir.Literal(*span, None), None)
                for each, name in zip(results, names, strict=True)
            ]
            given = names[0] if len(names) == 1 else ir.Collection(*span, "tuple", names)
            return (*declared, *later(), ir.Return(*span, given))

        return lowered

    def assigned_outside(self, node: Node, parameters: list[ir.Parameter]) -> tuple[str, ...]:
        """The names that a function assigns and does not declare: the file's, or of the function around it."""
        text = self.data[node.start_byte : node.end_byte]
        declared = {parameter.name.encode() for parameter in parameters}
        assigned: set[bytes] = set()
        for match in _ASSIGNED.finditer(text):
            (declared if match[2] else assigned).update(_WORD.findall(match[1]))
        assigned.update(name for name in _REFERRED.findall(text) if name in self._package_level)
        if node.type != "func_literal":
            assigned &= self._package_level
        return tuple(sorted(name.decode() for name in assigned - declared - {b"_", b"var", b"const"}))

    def _types(self, node: Node) -> Iterator[ir.Statement]:
        for spec in _everywhere(node, ("type_spec", "type_alias")):
            named, type_ = spec.child_by_field_name("name"), spec.child_by_field_name("type")
            if named is None or type_ is None:
                continue
            name = self.text(named)
            methods = self._methods_of(self._methods.pop(name, []))
            if type_.type == "struct_type":
                yield self.struct(spec, name, type_, methods)
            elif spec.type == "type_alias" or (type_name(type_) is not None and self.annotation(type_) is not None):
                target = ir.Name(*self.span(named), name)
                if methods:
                    yield ir.Class(*self.span(spec), name, (self.expression(type_),), methods, ())
                else:
                    yield ir.Assign(*self.span(spec), (target,), self.expression(type_), None)
            elif methods:
                yield ir.Class(*self.span(spec), name, (), methods, ())
            elif type_.type != "interface_type":
                yield self._conversion_to(spec, name, type_)

    def _conversion_to(self, spec: Node, name: str, type_: Node) -> ir.Function:
        """A type of text, list, map or function: called with a value it gives the value."""
        span = self.span(spec)
        empty = ir.Mapping(*span, ()) if type_.type == "map_type" else ir.Literal(*span, "")
        parameter = ir.Parameter(*span, "value", empty, None, "", False)
        given = ir.Return(*span, ir.Name(*span, "value"))
        return ir.Function(*span, name, (parameter,), lambda: (given,), ())

    # --- variables ---

    def _variables(self, node: Node) -> Iterator[ir.Statement]:
        for spec in _everywhere(node, ("var_spec", "const_spec")):
            names = spec.children_by_field_name("name")
            targets = [ir.Name(*self.span(each), self.text(each)) for each in names if self.text(each) != ","]
            values = elements(spec.child_by_field_name("value"))
            type_ = spec.child_by_field_name("type")
            annotation = self.annotation(type_)
            if values:
                yield from self._bind(self.span(spec), targets, values, annotation)
                continue
            for target in targets:
                value = self._zero(type_, annotation)
                if value is not None:
                    yield ir.Assign(*self.span(spec), (target,), value, annotation)

    def _zero(self, type_: Node | None, annotation: ir.Expression | None) -> ir.Expression | None:
        """What a variable holds that is only declared: an empty object of a struct, else nothing to speak of."""
        if type_ is None or type_.type == "pointer_type" or annotation is None:
            if type_ is not None and type_.type == "map_type":
                return ir.Mapping(*self.span(type_), ())
            return None
        return ir.Call(*self.span(type_), annotation, ())

    def _bind(
        self,
        span: tuple[int, int],
        targets: list[ir.Expression] | list[ir.Name],
        values: list[Node],
        annotation: ir.Expression | None,
    ) -> Iterator[ir.Statement]:
        if len(values) == len(targets):
            lowered = [self.expression(value) for value in values]
            for target, value in zip(targets, lowered, strict=True):
                where = span if len(targets) == 1 else (target.start, value.end)
                yield ir.Assign(*where, (target,), value, annotation)
        elif targets:
            together = ir.Collection(targets[0].start, targets[-1].end, "results", tuple(targets))
            yield ir.Assign(*span, (together,), self.expression(values[0]), None)

    def _assignment(self, node: Node) -> Iterable[ir.Statement]:
        operator = self._operator(node)
        right = node.child_by_field_name("right")
        values = elements(right) if right is not None and right.type == "expression_list" else [right]
        targets = [self.expression(each) for each in elements(node.child_by_field_name("left"))]
        given = [value for value in values if value is not None]
        span = self.span(node)
        if operator == "+=" and len(targets) == len(given) == 1:
            grown = ir.Join(*span, (targets[0], self.expression(given[0])), False)
            return (ir.Assign(*span, (targets[0],), grown, None),)
        if operator not in ("=", ":=", ""):
            return tuple([ir.Evaluate(*self.span(each), self.expression(each)) for each in given])
        if not given or not targets:
            return tuple([ir.Evaluate(*self.span(each), self.expression(each)) for each in given])
        return tuple(self._bind(span, targets, given, None))

    # --- control flow ---

    def _return(self, node: Node) -> Iterable[ir.Statement]:
        values = elements(next(iter(elements(node)), None))
        if not values:
            return ()
        span = self.span(node)
        lowered = [self.expression(value) for value in values]
        if len(lowered) == 1:
            return (ir.Return(*span, lowered[0]),)
        return (ir.Return(*span, ir.Collection(*span, "tuple", tuple(lowered))),)

    def _if(self, node: Node) -> Iterator[ir.Statement]:
        conditions: list[ir.Expression] = []
        bodies: list[tuple[ir.Statement, ...]] = []
        rest: Node | None = node
        while rest is not None and rest.type == "if_statement":  # chains of thousands do not recurse
            initializer = rest.child_by_field_name("initializer")
            if initializer is not None:
                yield from self.statement(initializer)
            conditions.append(self.expression(rest.child_by_field_name("condition")))
            bodies.append(self.block(rest.child_by_field_name("consequence")))
            rest = rest.child_by_field_name("alternative")
        if rest is not None:
            bodies.append(self.block(rest))
        yield ir.Branch(*self.span(node), tuple(conditions), tuple(bodies), rest is not None)

    def _for(self, node: Node) -> Iterator[ir.Statement]:
        body_node = node.child_by_field_name("body")
        head = next((each for each in elements(node) if body_node is None or each.id != body_node.id), None)
        span = self.span(node)
        if head is not None and head.type == "range_clause":
            targets = [self.expression(each) for each in elements(head.child_by_field_name("left"))]
            iterable = self.expression(head.child_by_field_name("right"))
            first: tuple[ir.Statement, ...] = ()
            if len(targets) == 2:
                anything = ir.Operation(*self.span(head), "range", ())
                item = ir.Index(iterable.start, iterable.end, iterable, anything)
                first = (ir.Assign(targets[1].start, targets[1].end, (targets[1],), item, None),)
            target = targets[0] if targets else None
            yield ir.Loop(*span, target, iterable, (*first, *self.block(body_node)))
            return
        if head is not None and head.type == "for_clause":
            initializer = head.child_by_field_name("initializer")
            if initializer is not None:
                yield from self.statement(initializer)
        yield ir.Loop(*span, None, None, self.block(body_node))

    def _switch(self, node: Node) -> Iterator[ir.Statement]:
        initializer, alias = node.child_by_field_name("initializer"), node.child_by_field_name("alias")
        if initializer is not None:
            yield from self.statement(initializer)
        value = node.child_by_field_name("value")
        conditions = [] if value is None else [self.expression(value)]
        if alias is not None and conditions:
            targets = tuple([self.expression(each) for each in elements(alias)])
            yield ir.Assign(*self.span(alias), targets, conditions[0], None)
        bodies: list[tuple[ir.Statement, ...]] = []
        total = False
        for case in elements(node):
            if case.type not in _CASES:
                continue
            total = total or case.type == "default_case"
            asked = case.child_by_field_name("value")
            conditions.extend(self.expression(each) for each in elements(asked))
            body = [each for each in elements(case) if each.type == "statement_list" or each.type in self.statements_of]
            bodies.append(self.statements(body))
        yield ir.Branch(*self.span(node), tuple(conditions), tuple(bodies), total)


def _everywhere(root: Node, types: tuple[str, ...]) -> Iterator[Node]:
    """The declarations of those types at the top, in groups, and in what the grammar could not read."""
    pending = [root]
    while pending:
        node = pending.pop()
        if node.type in types:
            yield node
        elif node is root or node.type in ("ERROR", "var_declaration", "var_spec_list", "import_spec_list"):
            pending.extend(reversed(node.named_children))


LANGUAGE = Language("go", lower, GoLayout, fields_as_items=True, gateways=("go.mod",), folders=True, spoken=spoken)
