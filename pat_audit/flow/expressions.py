"""Evaluates expressions to symbolic values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pat_audit.flow import access, classes, ir, mapping_effects, shell_calls, text_effects
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
from pat_audit.flow.composition import is_basic_header
from pat_audit.flow.frame import Argument, Frame
from pat_audit.flow.names import from_environment
from pat_audit.flow.observation import Observation
from pat_audit.flow.printing import stripped
from pat_audit.flow.values import (
    Auth,
    BaseView,
    ClassValue,
    Constant,
    Container,
    Encoded,
    Field,
    FunctionValue,
    Member,
    Nothing,
    Parameter,
    Source,
    Text,
    Thing,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

from pat_audit.flow.storing import Storing

_FILES = ("file", "config")  # where what is read is a mapping, its keys the names of settings


class Expressions(Storing):
    """The part of a body's evaluation that gives values."""

    __slots__ = ()

    def value(self, expression: ir.Expression) -> Value:
        """What an expression comes to."""
        return _EXPRESSIONS[type(expression)](self, expression)

    def _literal(self, expression: ir.Literal) -> Value:
        content = expression.value
        if isinstance(content, str):
            site = self.frame.site(expression)
            made = text(content, site)
            if len(content) > 12:
                if is_basic_header(content):
                    self.observe("header", made, site)
                self.note_settings(made, content)
            return made
        return NOTHING if content is None else Constant(content)

    def _name(self, expression: ir.Name) -> Value:
        return self.lookup(expression.name, expression)

    def _attribute(self, expression: ir.Attribute) -> Value:
        receiver = self.value(expression.value)
        site = self.frame.site(expression)
        got = access.attribute(self.machine, self.frame, receiver, expression.name, site)
        if isinstance(got, Source) and got.origin != "unknown" and got.site == site:
            self.observe("read", got, site)
        elif isinstance(receiver, Source) and receiver.origin in _FILES and self.machine.language.fields_as_items:
            mapping_effects.note_key(self.machine, self.frame, receiver, text(expression.name), got, site)
        return got

    def _index(self, expression: ir.Index) -> Value:
        receiver = self.value(expression.value)
        key = None if expression.key is None else self.value(expression.key)
        site = self.frame.site(expression)
        got = access.item(self.machine, self.frame, receiver, key, site)
        mapping_effects.note_key(self.machine, self.frame, receiver, key, got, site)
        return got

    def _call(self, expression: ir.Call) -> Value:
        callee = self._callee(expression.function)
        arguments = self.arguments(expression.arguments)
        site = self.frame.site(expression)
        given = self.machine.call(self.frame, callee, arguments, site)
        if not isinstance(callee, FunctionValue | ClassValue):
            self._fill(expression.arguments, given)
        return given

    def _fill(self, arguments: tuple[ir.Argument, ...], given: Value) -> None:
        """What a library reads from outside is stored in the places that it is handed for it."""
        if not isinstance(given, Source) or given.origin == "unknown":
            return
        for argument in arguments:
            if isinstance(argument.value, ir.Reference):
                target = argument.value.target
                if not isinstance(self.value(target), Thing):  # an object is filled by its fields' names
                    self._note_received(target, given)
                    self.store(target, given)

    def _callee(self, function: ir.Expression) -> Value:
        """What is called: where methods stand apart from fields, the method of that name."""
        if self.machine.language.methods_apart:
            if isinstance(function, ir.Attribute):
                receiver = self.value(function.value)
                options_ = [
                    classes.own_method(option, function.name)
                    or access.attribute(self.machine, self.frame, option, function.name, self.frame.site(function))
                    for option in options(receiver)
                ]
                return join(options_) or NOTHING
            if isinstance(function, ir.Name):
                return self.called(function.name, function)
        return self.value(function)

    def _command(self, expression: ir.Command) -> Value:
        return stripped(shell_calls.printed(self, expression))

    def printed(self, expression: ir.Expression) -> Value:
        """What an expression hands to the command behind it in a pipeline."""
        if isinstance(expression, ir.Command):
            return shell_calls.printed(self, expression)
        return self.value(expression)

    def _outside(self, expression: ir.Outside) -> Value:
        site = self.frame.site(expression)
        if expression.origin == ir.HELD:
            held = self.machine.held
            number = int(expression.name) if expression.name.isdecimal() else len(held)
            return held[number] if number < len(held) else unknown("", site)
        if expression.origin == "environment":
            return from_environment(self.machine, self.frame, expression.name, site)
        source = Source(expression.origin, expression.name, site)
        self.observe("read", source, site)
        return source

    def _initialize(self, expression: ir.Initialize) -> Value:
        made = self.value(expression.value)
        site = self.frame.site(expression)
        for name, given in expression.attributes:
            value = self.value(given)
            self._note_named(name, value)
            role = access.store_attribute(self.machine, self.frame, made, name, value, site)
            if role is not None:
                target = ir.Attribute(given.start, given.end, expression.value, name)
                self._set_role(made, role, value, target)
        for entry in expression.entries:
            key = None if entry.key is None else self.value(entry.key)
            value = self.value(entry.value)
            access.store_item(self.machine, self.frame, made, key, value, site)
            self._note_entry(key, value, self.frame.site(entry.value))
        return made

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
            if argument.name == "*":
                value = _fullest(value)
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
        if len(values) == 1 and isinstance(values[0], Text):
            return values[0]  # a text in quotes is still the one that was put together elsewhere
        if not expression.sure:
            if all(isinstance(value, Constant) for value in values):
                return unknown("", site)
            if any(isinstance(value, Container) for value in values):
                return _sequence(values, site)
        return self.composed(concatenate(values, site), values)

    def _format(self, expression: ir.Format) -> Value:
        pattern = self.value(expression.template)
        values = self.value(expression.values)
        site = self.frame.site(expression)
        if isinstance(pattern, Constant):
            return unknown("", site)
        return self.composed(
            text_effects.as_text(text_effects.percent(self.machine, self.frame, pattern, values, site), site),
            values.items.values() if isinstance(values, Container) else (values,),
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
        self.note_writer(function)
        return function

    def note_writer(self, function: FunctionValue) -> None:
        """Have the frames that hold what a function sets outside itself know of the function."""
        for name in function.tree.outer:
            holder = Frame(self.frame.path, self.frame, function.tree.start).holder(name)
            holder.writers.setdefault(name, []).append(function)

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


def _fullest(value: Value) -> Value:
    """Of the lists that branches leave, the one with the most in it that is not written down: what may sign in."""
    lists = [option for option in options(value) if isinstance(option, Container) and option.rest is None]
    if len(lists) < 2 or len(lists) < len(options(value)):
        return value
    return max(lists, key=lambda each: sum(literal(item) is None for item in each.items.values()))


def _spelled(container: Container, key: str | int) -> str:
    spelled = container.keys.get(key)
    if isinstance(spelled, Text) and len(spelled.parts) == 1 and isinstance(spelled.parts[0], str):
        return spelled.parts[0]
    return str(key)


def _sequence(values: list[Value], site: Any) -> Value:
    """What adding containers gives: of mappings one that holds all that they hold, else a list."""
    if not any(isinstance(value, Container) and value.kind != "dict" for value in values):
        merged = Container("dict", site=site)
        for value in values:
            mapping_effects.pour(merged, value)
        return merged
    container = Container("list", site=site)
    index = 0
    for value in values:
        if isinstance(value, Text | Encoded) or (isinstance(value, Container) and value.kind == "dict"):
            container.items[index] = value  # what is no list is added as it is
            index += 1
        elif isinstance(value, Container):
            for item in value.items.values():
                container.items[index] = item
                index += 1
            container.rest = join([container.rest, value.rest])
        elif not isinstance(value, Nothing | Auth | Thing):
            container.rest = join(
                [container.rest, Member(value, "[]") if isinstance(value, Parameter | Field | Member) else value]
            )
    return container


_EXPRESSIONS: dict[type, Callable[[Expressions, Any], Value]] = {
    ir.Literal: Expressions._literal,
    ir.Name: Expressions._name,
    ir.Attribute: Expressions._attribute,
    ir.Index: Expressions._index,
    ir.Call: Expressions._call,
    ir.Join: Expressions._join,
    ir.Format: Expressions._format,
    ir.Operation: Expressions._operation,
    ir.Collection: Expressions._collection,
    ir.Mapping: Expressions._mapping,
    ir.Choice: Expressions._choice,
    ir.Bind: Expressions._bind,
    ir.Each: Expressions._each,
    ir.Super: Expressions._super,
    ir.Initialize: Expressions._initialize,
    ir.Command: Expressions._command,
    ir.Outside: Expressions._outside,
    ir.Reference: lambda self, expression: self.value(expression.target),
    ir.Function: Expressions._lambda,
}
