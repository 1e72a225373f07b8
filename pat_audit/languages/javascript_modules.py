"""What a JavaScript module brings in and gives away, to IR: both kinds of modules, and compiled ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.javascript_functions import FunctionLowering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node


class ModuleLowering(FunctionLowering):
    """Turns imports and exports into IR."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        super().__init__(data, place)
        self.statements_of.update({"import_statement": self._import, "export_statement": self._export})

    def _import(self, node: Node) -> Iterable[ir.Statement]:
        source = self.child(node, "source")
        for clause in node.named_children:
            if clause.type == "import_require_clause":  # `import x = require("y")`
                module = self.written(self.child(clause, "source"))
                if module is not None and clause.named_children:
                    yield self.import_of(node, module, "", self.text(clause.named_children[0]))
            elif clause.type == "import_clause":
                module = self.written(source)
                for part in clause.named_children if module is not None else ():
                    yield from self._imported(part, module or "")

    def _imported(self, part: Node, module: str) -> Iterable[ir.Statement]:
        if part.type == "identifier":
            yield self.import_of(part, module, ir.DEFAULT, self.text(part))
        elif part.type == "namespace_import" and part.named_children:
            yield self.import_of(part, module, "", self.text(part.named_children[-1]))
        elif part.type == "named_imports":
            for each in part.named_children:
                name, alias = self.child(each, "name"), self.child(each, "alias")
                if name is not None:
                    written = self.written(name) or self.text(name)
                    yield self.import_of(each, module, written, written if alias is None else self.text(alias))

    def _export(self, node: Node) -> Iterable[ir.Statement]:
        declaration, value = self.child(node, "declaration"), self.child(node, "value")
        is_default = any(child.type == "default" for child in node.children)
        span = self.span(node)
        default = ir.Name(*span, ir.DEFAULT)
        if declaration is not None:
            lowered = tuple(self.statement(declaration))
            yield from lowered
            if is_default and lowered and isinstance(lowered[-1], ir.Function | ir.Class):
                yield ir.Assign(*span, (default,), ir.Name(*span, lowered[-1].name), None)
            return
        if value is not None:
            yield ir.Assign(*span, (default,), self.expression(value), None)
            return
        module = self.written(self.child(node, "source"))
        for part in node.named_children:
            if part.type == "export_clause":
                yield from self._exported(part, module)
            elif part.type == "namespace_export" and module is not None and part.named_children:
                yield self.import_of(part, module, "", self.text(part.named_children[-1]))
            elif any(child.type == "=" for child in node.children):  # `export = x`
                yield ir.Assign(*span, (default,), self.expression(part), None)
        if module is not None and any(child.type == "*" for child in node.children):
            yield self.import_of(node, module, "*", "")

    def _exported(self, clause: Node, module: str | None) -> Iterable[ir.Statement]:
        for each in clause.named_children:
            name, alias = self.child(each, "name"), self.child(each, "alias")
            if name is None:
                continue
            local = self.written(name) or self.text(name)
            given = local if alias is None else self.written(alias) or self.text(alias)
            span = self.span(each)
            if module is not None:
                yield self.import_of(each, module, local, ir.DEFAULT if given == "default" else given)
            elif given != local:
                target = ir.Name(*span, ir.DEFAULT if given == "default" else given)
                yield ir.Assign(*span, (target,), ir.Name(*span, local), None)

    def required_by(self, declarator: Node) -> tuple[ir.Statement, ...] | None:
        """The imports that `const x = require("y")` comes to, so that the module is read when it is used."""
        target, value = self.child(declarator, "name"), self.child(declarator, "value")
        name = ""
        if value is not None and value.type == "member_expression":
            property_ = self.child(value, "property")
            name = "" if property_ is None else self.text(property_)
            value = self.child(value, "object")
        module = self.brought_in(value)
        if module is None or target is None:
            return None
        if target.type == "identifier":
            return (self.import_of(declarator, module, name, self.text(target)),)
        if target.type != "object_pattern" or name:
            return None
        imports: list[ir.Statement] = []
        for child in target.named_children:
            key, local = self.child(child, "key"), self.child(child, "value")
            if child.type == "shorthand_property_identifier_pattern":
                imports.append(self.import_of(child, module, self.text(child), self.text(child)))
            elif child.type == "pair_pattern" and key is not None and local is not None and local.type == "identifier":
                imports.append(self.import_of(child, module, self.text(key), self.text(local)))
            else:
                return None
        return tuple(imports)
