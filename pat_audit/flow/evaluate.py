"""Evaluates one body, statement by statement, to symbolic values and observations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pat_audit.flow import access, classes, ir, mapping_effects, sending, text_effects
from pat_audit.flow.combining import (
    MAX_ITEMS,
    NOTHING,
    concatenate,
    join,
    literal,
    options,
    text,
    unknown,
)
from pat_audit.flow.composition import is_basic_header, template, user_part
from pat_audit.flow.frame import Argument, Frame, Machine, Pending
from pat_audit.flow.modelled_call import Call
from pat_audit.flow.observation import Observation
from pat_audit.flow.values import (
    Auth,
    BaseView,
    ClassValue,
    Constant,
    Container,
    Encoded,
    External,
    Field,
    FunctionValue,
    Instance,
    Member,
    Nothing,
    Parameter,
    Site,
    Source,
    Text,
    Thing,
    Value,
)
from pat_audit.vocabulary import Effect

if TYPE_CHECKING:
    from collections.abc import Callable

BUILTINS = "builtins."
_SHORTEST, _LONGEST = 16, 400  # characters of a text that may be a credential


class Evaluator:
    """Walks the IR of one body in one frame; everything that outlives the body is in the frame."""

    __slots__ = ("frame", "machine")

    def __init__(self, machine: Machine, frame: Frame) -> None:
        self.machine = machine
        self.frame = frame

    # --- statements ---

    def run(self, body: tuple[ir.Statement, ...]) -> None:
        """Evaluate the statements in order."""
        for statement in body:
            _STATEMENTS[type(statement)](self, statement)

    def _assign(self, statement: ir.Assign) -> None:
        if statement.value is None:
            for target in statement.targets:
                if isinstance(target, ir.Name) and self.frame.is_class and self.frame.owner is not None:
                    self.frame.owner.annotated.append(target.name)
                    base = classes.library_base(self.machine, self.frame.owner)
                    if base is not None and base.item:  # a settings class: the field is read from outside
                        site = self.frame.site(target)
                        self.observe("read", Source(base.item, target.name, site), site)
            return
        value = self.value(statement.value)
        for target in statement.targets:
            if isinstance(target, ir.Name | ir.Attribute):
                self._note_named(target.name, value)
                self._note_received(target.name, value)
            if isinstance(target, ir.Name):
                value = _labelled(value, target.name)
            if isinstance(target, ir.Name) and self.frame.is_class and statement.annotation is not None:
                owner = self.frame.owner
                if owner is not None:
                    owner.annotated.append(target.name)
            self.store(target, value)

    def store(self, target: ir.Expression, value: Value) -> None:
        """Bind a target to a value."""
        frame = self.frame
        if isinstance(target, ir.Name) and target.name in frame.outer:
            names = frame.holder(target.name).names
            names[target.name] = join([names.get(target.name), value]) or value
        elif isinstance(target, ir.Name):
            frame.imports.pop(target.name, None)
            frame.names[target.name] = value
            if frame.is_class and frame.owner is not None:
                frame.owner.members[target.name] = value
        elif isinstance(target, ir.Attribute):
            receiver = self.value(target.value)
            role = access.store_attribute(self.machine, frame, receiver, target.name, value, frame.site(target))
            if role is not None:
                self._set_role(receiver, role, value, target)
        elif isinstance(target, ir.Index):
            receiver = self.value(target.value)
            key = None if target.key is None else self.value(target.key)
            access.store_item(self.machine, frame, receiver, key, value, frame.site(target))
            self._note_entry(key, value, frame.site(target))
        elif isinstance(target, ir.Collection):
            self._unpack(target, value)

    def _unpack(self, target: ir.Collection, value: Value) -> None:
        for index, item in enumerate(target.items):
            if isinstance(item, ir.Argument):
                self.store(item.value, unknown("", self.frame.site(target)))
            else:
                part = access.item(self.machine, self.frame, value, Constant(index), self.frame.site(target))
                self.store(item, part)

    def _set_role(self, receiver: Value, role: str, value: Value, target: ir.Attribute) -> None:
        """An attribute that signs its object in was set: `session.auth = (user, token)`."""
        site = self.frame.site(target)
        name = f"{getattr(receiver, 'maker', '') or target.name}"
        effect = Effect(names=(name,), does="set", roles={}, role=role)
        call = Call(self.machine, self.frame, effect, name, receiver, [], site)
        if role == "auth":
            auth = sending.as_auth(call, value, site)
            if auth is not None and isinstance(receiver, Instance):
                receiver.roles["auth"] = join([auth]) or auth
        elif isinstance(receiver, Instance):
            sending.note_client(call, receiver.roles)

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
            self.frame.imports.setdefault("*" + statement.module, pending)
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
        for name in statement.outer:
            holder = Frame(self.frame.path, self.frame, statement.start).holder(name)
            holder.writers.setdefault(name, []).append(function)
        bound: Value = function
        for decorator in statement.decorators:
            self._decorate(decorator, statement)
        self.store(ir.Name(statement.start, statement.end, statement.name), bound)

    def _decorate(self, decorator: ir.Expression, statement: ir.Function) -> None:
        """A decorator passes its function through; one that declares an option says what a parameter is."""
        value = self.value(decorator)
        for option in options(value):
            if isinstance(option, Source) and option.origin in ("option", "environment", "prompt"):
                self.frame.declared.setdefault(statement.start, []).append(option)

    def _class(self, statement: ir.Class) -> None:
        bases = tuple([self.value(base) for base in statement.bases])
        owner = ClassValue(statement, self.frame, bases)
        for decorator in statement.decorators:
            self.value(decorator)
        frame = Frame(self.frame.path, self.frame, id(statement), owner, True)
        frame.observations = self.frame.observations
        Evaluator(self.machine, frame).run(statement.body)
        self.frame.functions.extend(frame.functions)
        self.machine.classes[owner.identity] = owner
        self.store(ir.Name(statement.start, statement.end, statement.name), owner)

    # --- expressions ---

    def value(self, expression: ir.Expression) -> Value:
        """What an expression comes to."""
        return _EXPRESSIONS[type(expression)](self, expression)

    def _literal(self, expression: ir.Literal) -> Value:
        content = expression.value
        if isinstance(content, str):
            site = self.frame.site(expression)
            made = text(content, site)
            if len(content) > 12 and is_basic_header(content):
                self.observe("header", made, site)
            return made
        return NOTHING if content is None else Constant(content)

    def _name(self, expression: ir.Name) -> Value:
        return self.lookup(expression.name, expression)

    def lookup(self, name: str, node: ir.Expression) -> Value:
        """What a name stands for here, outward through the scopes; else a builtin, else unknown."""
        frame: Frame | None = self.frame
        own = True
        while frame is not None:
            if own or not frame.is_class:
                if frame.deferred is not None:
                    settle_name(self.machine, frame, name)
                found = frame.names.get(name) if own else held(self.machine, frame, name)
                if found is not None:
                    return found
                pending = frame.imports.get(name)
                if pending is not None:
                    return self._imported(frame, name, pending, node)
            if frame.parent is None:
                starred = self._starred(frame, name)
                if starred is not None:
                    return starred
            own = False
            frame = frame.parent
        qualified = BUILTINS + name
        models = self.machine.models
        if qualified in models.functions or qualified in models.types:
            return External(qualified)
        if name in models.packages:  # a snippet that left its import out
            return External(name)
        return unknown(name, self.frame.site(node))

    def _imported(self, frame: Frame, name: str, pending: Pending, node: ir.Expression) -> Value:
        value = self.machine.imported(frame.path, pending)
        if value is None:
            return unknown(name, self.frame.site(node))
        frame.names[name] = value
        return value

    def _starred(self, frame: Frame, name: str) -> Value | None:
        for key, pending in frame.imports.items():
            if key.startswith("*"):
                path = self.machine.locate(pending.module, pending.level, frame.path)
                found = self.machine.member(path, name) if path is not None else None
                if found is not None:
                    return found
        return None

    def _attribute(self, expression: ir.Attribute) -> Value:
        receiver = self.value(expression.value)
        site = self.frame.site(expression)
        got = access.attribute(self.machine, self.frame, receiver, expression.name, site)
        if isinstance(got, Source) and got.origin != "unknown" and got.site == site:
            self.observe("read", got, site)
        return got

    def _index(self, expression: ir.Index) -> Value:
        receiver = self.value(expression.value)
        key = None if expression.key is None else self.value(expression.key)
        site = self.frame.site(expression)
        got = access.item(self.machine, self.frame, receiver, key, site)
        mapping_effects.note_key(self.machine, self.frame, receiver, key, got, site)
        return got

    def _call(self, expression: ir.Call) -> Value:
        callee = self.value(expression.function)
        arguments = self.arguments(expression.arguments)
        site = self.frame.site(expression)
        return self.machine.call(self.frame, callee, arguments, site)

    def _super(self, expression: ir.Super) -> Value:
        frame: Frame | None = self.frame
        while frame is not None and frame.owner is None:
            frame = frame.parent
        if frame is None or frame.owner is None:
            return unknown("super()", self.frame.site(expression))
        return BaseView(classes.myself(frame.owner))

    def arguments(self, given: tuple[ir.Argument, ...]) -> list[Argument]:
        """The arguments evaluated, spread ones of known length opened."""
        evaluated: list[Argument] = []
        for argument in given:
            value = self.value(argument.value)
            site = self.frame.site(argument.value)
            if argument.name == "*" and isinstance(value, Container) and value.rest is None:
                evaluated.extend(
                    Argument(None, value.items[index], site)
                    for index in sorted(key for key in value.items if isinstance(key, int))
                )
            elif argument.name == "**" and isinstance(value, Container):
                evaluated.extend(Argument(_spelled(value, key), item, site) for key, item in value.items.items())
                evaluated.extend(
                    Argument("**", option.base, site) for option in options(value.rest) if isinstance(option, Member)
                )
            else:
                if argument.name is not None:
                    self._note_named(argument.name, value)
                evaluated.append(Argument(argument.name, value, site))
        return evaluated

    def _join(self, expression: ir.Join) -> Value:
        values = [self.value(part) for part in expression.parts]
        site = self.frame.site(expression)
        if not expression.sure:
            if all(isinstance(value, Constant) for value in values):
                return unknown("", site)
            if any(isinstance(value, Container) for value in values):
                return _sequence(values, site)
        return self.composed(concatenate(values, site))

    def composed(self, made: Text) -> Text:
        """A text that was put together: noted when it is a Basic header or a URL with a user part."""
        if made.site is None or not made.parts or len(made.parts) == 1:
            return made
        shape = template(made)
        if is_basic_header(shape):
            self.observe("header", made, made.site)
        elif "@" in shape and user_part(shape) is not None:
            self.observe("url", made, made.site)
        return made

    def _format(self, expression: ir.Format) -> Value:
        pattern = self.value(expression.template)
        values = self.value(expression.values)
        site = self.frame.site(expression)
        if isinstance(pattern, Constant):
            return unknown("", site)
        return self.composed(
            text_effects.as_text(text_effects.percent(self.machine, self.frame, pattern, values, site), site)
        )

    def _operation(self, expression: ir.Operation) -> Value:
        values = [self.value(operand) for operand in expression.operands]
        if expression.operator in ("Eq", "NotEq", "Lt", "LtE", "Gt", "GtE") and len(values) == 2:
            self._compare(expression, values)
        if expression.operator == "BitOr" and any(isinstance(value, Container) for value in values):
            merged = Container("dict", site=self.frame.site(expression))
            for value in values:
                mapping_effects.pour(merged, value)
            return merged
        if expression.operator == "Div" and values and any(isinstance(value, Text) for value in values):
            pieces = [piece for value in values for piece in (text("/"), value)]
            return concatenate(pieces[1:], self.frame.site(expression))
        return unknown("", self.frame.site(expression))

    def _compare(self, expression: ir.Operation, values: list[Value]) -> None:
        lengths = [value for value in values if isinstance(value, Encoded) and value.scheme == "length"]
        numbers = [value for value in values if isinstance(value, Constant)]
        if lengths and numbers:
            site = self.frame.site(expression)
            compared = Observation(
                "length", site, lengths[0].value, self.frame.identity, sink=str(numbers[0].value), at=site
            )
            self.machine.observe(self.frame, compared)

    def _collection(self, expression: ir.Collection) -> Value:
        container = Container(expression.kind, site=self.frame.site(expression))
        index = 0
        for item in expression.items:
            if isinstance(item, ir.Argument):
                spread = self.value(item.value)
                if isinstance(spread, Container) and spread.kind != "dict":
                    for part in list(spread.items.values()):
                        container.items[index] = part
                        index += 1
                else:
                    container.rest = join([container.rest, self.element(spread)])
                continue
            value = self.value(item)
            if index < MAX_ITEMS:
                container.items[index] = value
                index += 1
            else:
                container.rest = join([container.rest, value])
        return container

    def _mapping(self, expression: ir.Mapping) -> Value:
        container = Container("dict", site=self.frame.site(expression))
        for entry in expression.entries:
            value = self.value(entry.value)
            if entry.key is None:
                mapping_effects.pour(container, value)
            else:
                key = self.value(entry.key)
                access.put(container, key, value)
                self._note_entry(key, value, self.frame.site(entry.value))
        return container

    def _note_entry(self, key: Value | None, value: Value, site: Site) -> None:
        """An entry of a mapping: a credential's name with text under it, or a header that carries a token."""
        name = literal(key)
        if name is None:
            return
        self._note_named(name, value)
        service = self.machine.models.headers.get(name.lower())
        if service is not None and not isinstance(value, Nothing):
            auth = Auth("header", None, None, value, site, name, service)
            self.machine.observe(
                self.frame, Observation("client", site, auth, self.frame.identity, None, name, service, at=site)
            )

    def _note_received(self, name: str, value: Value) -> None:
        """A value from outside that has no telling name of its own is bound to a credential's name."""
        for option in options(value):
            if not isinstance(option, Source) or option.origin in ("unknown", "entra", "job"):
                continue
            if not self.machine.is_credential(option.name) and self.machine.is_credential(name):
                named = Source(option.origin, name, option.site, option.default)
                site = option.site or Site(self.frame.path, 0, 0)
                self.machine.observe(self.frame, Observation("read", site, named, self.frame.identity, at=site))

    def _note_named(self, name: str, value: Value) -> None:
        """Text that is written down under a credential's name."""
        if not isinstance(value, Text) or value.site is None or len(value.parts) != 1:
            return
        content = value.parts[0]
        if not isinstance(content, str) or not _SHORTEST <= len(content) <= _LONGEST or " " in content:
            return
        if self.machine.is_credential(name):
            self.machine.observe(self.frame, Observation("named", value.site, value, self.frame.identity, sink=name))

    def _choice(self, expression: ir.Choice) -> Value:
        if expression.condition is not None:
            self.value(expression.condition)
        values = [self.value(option) for option in expression.options]
        if expression.condition is None:
            known = [value for value in values if isinstance(value, Source)]
            if known and values[0] is known[0] and len(values) > 1 and known[0].default is None:
                first = known[0]
                values[0] = Source(first.origin, first.name, first.site, join(values[1:]), first.key)
        return join(values) or NOTHING

    def _bind(self, expression: ir.Bind) -> Value:
        value = self.value(expression.value)
        self.store(expression.target, value)
        return value

    def _each(self, expression: ir.Each) -> Value:
        before = self.frame.names
        self.frame.names = dict(before)
        for target, iterable in expression.bindings:
            self.store(target, self.element(self.value(iterable)))
        for condition in expression.conditions:
            self.value(condition)
        container = Container(
            "dict" if isinstance(expression.element, ir.Entry) else "list", site=self.frame.site(expression)
        )
        if isinstance(expression.element, ir.Entry):
            if expression.element.key is not None:
                key = self.value(expression.element.key)
                access.put(container, key, self.value(expression.element.value))
        else:
            container.rest = self.value(expression.element)
        self.frame.names = before
        return container

    def _lambda(self, expression: ir.Function) -> Value:
        function = FunctionValue(expression, self.frame)
        self.frame.functions.append(function)
        return function

    def element(self, iterable: Value) -> Value:
        """What iterating over a value gives."""
        found: list[Value | None] = []
        for option in options(iterable):
            if isinstance(option, Container):
                if option.kind == "dict":
                    found.extend(option.keys.values())
                else:
                    found.extend([*option.items.values(), option.rest])
            elif isinstance(option, Parameter | Field | Member):
                found.append(Member(option, "[]"))
            elif isinstance(option, Source):
                found.append(option)
        return join(found) or unknown("")

    def observe(self, act: Any, value: Value, site: Any) -> None:
        """Note an act of this body."""
        self.machine.observe(self.frame, Observation(act, site, value, self.frame.identity, at=site))


def settle_name(machine: Machine, frame: Frame, name: str) -> None:
    """Evaluate what a name of an imported module waits for."""
    if frame.deferred is not None:
        for statement in frame.deferred.of(name):
            Evaluator(machine, frame).run((statement,))


def held(machine: Machine, frame: Frame, name: str) -> Value | None:
    """What a frame holds under a name for those outside it, the functions that bind it there evaluated."""
    if frame.deferred is not None:
        settle_name(machine, frame, name)
    for writer in frame.writers.pop(name, ()):
        machine.summarise(writer)
    return frame.names.get(name)


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


def _labelled(value: Value, name: str) -> Value:
    """An unknown value without a name takes that of the variable that it is first bound to."""
    if isinstance(value, Source) and value.origin == "unknown" and (not value.name or value.name.endswith("()")):
        return Source("unknown", name, value.site, value.default, value.key)
    return value


def _spelled(container: Container, key: str | int) -> str:
    spelled = container.keys.get(key)
    if isinstance(spelled, Text) and len(spelled.parts) == 1 and isinstance(spelled.parts[0], str):
        return spelled.parts[0]
    return str(key)


def _sequence(values: list[Value], site: Any) -> Value:
    container = Container("list", site=site)
    index = 0
    for value in values:
        if isinstance(value, Container):
            for item in value.items.values():
                container.items[index] = item
                index += 1
            container.rest = join([container.rest, value.rest])
        elif not isinstance(value, Nothing | Auth | Thing):
            container.rest = join(
                [container.rest, Member(value, "[]") if isinstance(value, Parameter | Field | Member) else value]
            )
    return container


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
_EXPRESSIONS: dict[type, Callable[[Evaluator, Any], Value]] = {
    ir.Literal: Evaluator._literal,
    ir.Name: Evaluator._name,
    ir.Attribute: Evaluator._attribute,
    ir.Index: Evaluator._index,
    ir.Call: Evaluator._call,
    ir.Join: Evaluator._join,
    ir.Format: Evaluator._format,
    ir.Operation: Evaluator._operation,
    ir.Collection: Evaluator._collection,
    ir.Mapping: Evaluator._mapping,
    ir.Choice: Evaluator._choice,
    ir.Bind: Evaluator._bind,
    ir.Each: Evaluator._each,
    ir.Super: Evaluator._super,
    ir.Function: Evaluator._lambda,
}
