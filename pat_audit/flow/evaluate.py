"""Evaluates one body, statement by statement, to symbolic values and observations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pat_audit.flow import classes, ir
from pat_audit.flow.combining import (
    join,
    options,
)
from pat_audit.flow.frame import Frame, Pending
from pat_audit.flow.values import (
    ClassValue,
    External,
    FunctionValue,
    Instance,
    ModuleValue,
    Source,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

from pat_audit.flow.expressions import Expressions
from pat_audit.flow.storing import labelled


class Evaluator(Expressions):
    """Walks the IR of one body in one frame; everything that outlives the body is in the frame."""

    __slots__ = ()

    def run(self, body: tuple[ir.Statement, ...]) -> None:
        """Evaluate the statements in order."""
        for statement in body:
            _STATEMENTS[type(statement)](self, statement)

    def _assign(self, statement: ir.Assign) -> None:
        if statement.value is None:
            for target in statement.targets:
                if isinstance(target, ir.Name) and self.frame.is_class and self.frame.owner is not None:
                    self.frame.owner.annotated.append(target.name)
                    if statement.annotation is not None:
                        self.frame.owner.declared[target.name] = statement.annotation
                        said = self.said(statement.annotation)
                        if said is not None:
                            self._note_received(target, said)
                            self.store(target, said)
                    base = classes.library_base(self.machine, self.frame.owner)
                    if base is not None and base.item:  # a settings class: the field is read from outside
                        site = self.frame.site(target)
                        self.observe("read", Source(base.item, target.name, site), site)
            return
        value = self.value(statement.value)
        if self._is_only_declared(statement, value):
            self._assign(statement._replace(value=None))
            return
        if statement.annotation is not None and isinstance(value, Source) and value.origin == "unknown":
            value = self._declared(statement.annotation, value)
        for target in statement.targets:
            if isinstance(target, ir.Name | ir.Attribute):
                self._note_named(target.name, value)
                self._note_received(target, value)
            if isinstance(target, ir.Name):
                value = labelled(value, target.name)
            if isinstance(target, ir.Name) and self.frame.is_class and statement.annotation is not None:
                owner = self.frame.owner
                if owner is not None:
                    owner.annotated.append(target.name)
                    value = join([value, self.said(statement.annotation)]) or value
            self.store(target, value)

    def said(self, annotation: ir.Expression | None) -> Value | None:
        """What an annotation says that the name is given: `Annotated[str, Option("--pat")]`."""
        inner = annotation.key if isinstance(annotation, ir.Index) else None
        items = inner.items if isinstance(inner, ir.Collection) else ()
        said = [self.value(item) for item in items if isinstance(item, ir.Call)]
        return join([value for value in said if isinstance(value, Source) and value.origin != "unknown"])

    def _is_only_declared(self, statement: ir.Assign, value: Value) -> bool:
        """Whether a field's declaration says nothing of what the field holds."""
        if not self.frame.is_class or statement.annotation is None:
            return False
        return isinstance(value, Source) and value.origin == "unknown" and isinstance(statement.value, ir.Call)

    def _declared(self, annotation: ir.Expression, value: Source) -> Value:
        """A value of which only its declared type is known, as an object of that type if it is modelled."""
        kind = self.machine.kind(self.frame, annotation)
        if isinstance(kind, External):
            return Instance(self.machine.models.types[kind.name], {}, value.site, kind.name, value.name)
        return value

    def _evaluate(self, statement: ir.Evaluate) -> None:
        self.value(statement.value)

    def _return(self, statement: ir.Return) -> None:
        self.frame.returns.append(self.value(statement.value))

    def _branch(self, statement: ir.Branch) -> None:
        for condition in statement.conditions:
            self.value(condition)
        before, imports = self.frame.names, self.frame.imports
        ends = [] if statement.total else [(dict(before), imports)]
        for body in statement.bodies:
            self.frame.names, self.frame.imports = dict(before), dict(imports)
            self.run(body)
            ends.append((self.frame.names, self.frame.imports))
        bound = {name for names, _ in ends for name in names}
        for names, pending in ends:
            for name in bound.intersection(pending):  # imported here, bound there
                value = self.machine.imported(self.frame.path, pending[name])
                if value is not None:
                    names[name] = value
        self.frame.imports = {
            name: pending for _, made in reversed(ends) for name, pending in made.items() if name not in bound
        }
        self.frame.names = _merged(before, [names for names, _ in ends])

    def _loop(self, statement: ir.Loop) -> None:
        before = dict(self.frame.names)
        if statement.iterable is not None:
            iterable = self.value(statement.iterable)
            if statement.target is not None:
                self.store(statement.target, self.element(iterable))
        self.run(statement.body)
        self.frame.names = _merged(before, [before, self.frame.names])

    def _import(self, statement: ir.Import) -> None:
        pending = Pending(statement.module, statement.name, statement.level)
        if statement.name == "*":
            self.frame.stars.setdefault(statement.module, pending)
            return
        if statement.name:
            local = statement.alias or statement.name
        elif statement.alias:
            local = statement.alias
        else:  # `import a.b` binds `a`
            local = statement.module.partition(".")[0]
            pending = Pending(local, "", statement.level)
        self.frame.names.pop(local, None)
        self.frame.imports[local] = pending

    def _function(self, statement: ir.Function) -> None:
        function = FunctionValue(statement, self.frame, self.frame.owner if self.frame.is_class else None)
        self.frame.functions.append(function)
        if self.frame.is_class and self.frame.owner is not None:
            chosen = self._among_others(self.frame.owner, function)
            if chosen is None:
                return
            function = chosen
        self.note_writer(function)
        bound: Value = function
        for decorator in statement.decorators:
            self._decorate(decorator, statement)
        self.store(ir.Name(statement.start, statement.end, statement.name), bound)

    def _among_others(self, owner: ClassValue, function: FunctionValue) -> FunctionValue | None:
        """A method beside others of its name; None where its plain name is a field's."""
        language, name = self.machine.language, function.tree.name
        apart = name + classes.CALLED
        before = owner.members.get(apart if language.methods_apart else name)
        if language.overloads and isinstance(before, FunctionValue):
            alone = FunctionValue(before.tree, before.scope, owner)
            function = FunctionValue(function.tree, function.scope, owner, others=(*before.others, alone))
        if not language.methods_apart or name == ir.CONSTRUCTOR:
            return function
        owner.members[apart] = function
        taken = name in owner.annotated or not isinstance(owner.members.get(name, function), FunctionValue)
        return None if taken else function

    def _decorate(self, decorator: ir.Expression, statement: ir.Function) -> None:
        """A decorator passes its function through; one that declares an option says what a parameter is."""
        value = self.value(decorator)
        for option in options(value):
            if isinstance(option, Source) and option.origin in ("option", "environment", "prompt"):
                self.frame.declared.setdefault(statement.start, []).append(option)

    def _base(self, value: Value) -> Value:
        """A base class; a module stands for what it gives."""
        whole = self.machine.member(value.path, ir.DEFAULT) if isinstance(value, ModuleValue) else None
        return value if whole is None else whole

    def _class(self, statement: ir.Class) -> None:
        whole = self.machine.implied(statement.name, self.frame.path) if statement.added else None
        bases = tuple([self._base(self.value(base)) for base in statement.bases])
        owner = whole if isinstance(whole, ClassValue) else ClassValue(statement, self.frame, bases)
        for decorator in statement.decorators:
            self.value(decorator)
        frame = Frame(self.frame.path, self.frame, id(statement), owner, True)
        frame.observations = self.frame.observations
        Evaluator(self.machine, frame).run(statement.body)
        self.frame.functions.extend(frame.functions)
        self.machine.classes[owner.identity] = owner
        self.store(ir.Name(statement.start, statement.end, statement.name), owner)


def _merged(before: dict[str, Value], ends: list[dict[str, Value]]) -> dict[str, Value]:
    """The names after bodies that run alternatively: what differs is joined."""
    if len(ends) == 1:
        return ends[0]
    merged = dict(before)
    changed = {name for end in ends for name, value in end.items() if before.get(name) is not value}
    for name in changed:
        value = join([end.get(name) for end in ends])
        if value is not None:
            merged[name] = value
    return merged


_STATEMENTS: dict[type, Callable[[Evaluator, Any], None]] = {
    ir.Assign: Evaluator._assign,
    ir.Evaluate: Evaluator._evaluate,
    ir.Return: Evaluator._return,
    ir.Branch: Evaluator._branch,
    ir.Loop: Evaluator._loop,
    ir.Import: Evaluator._import,
    ir.Function: Evaluator._function,
    ir.Class: Evaluator._class,
}
